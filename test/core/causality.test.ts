/** Before, after or concurrent: the walk through the trace and the vector clocks say the same, and each proves it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type Causality,
  chainBetween,
  compareEvents,
  createCausality,
  extendCausality,
  happenedBefore,
  receivedIn,
  sentIn,
} from '../../src/core/causality.ts';
import { compareVectors } from '../../src/core/clocks.ts';
import { actInRun, createRun, type Run, stepRun } from '../../src/core/run.ts';
import type { TraceEvent } from '../../src/core/world.ts';
import { chatter, chatterScenario } from '../fixtures/chatter.ts';
import { course, runOf } from '../fixtures/random-runs.ts';

const causalityOf = ({ world, trace }: Run): Causality => extendCausality(createCausality(world.indexOf), trace);

/** Whether the event is one of its node's ticks: those are what vector clocks were made for. */
function ticked(run: Run, event: TraceEvent): boolean {
  if (event.node === null || event.choice.type === 'start') return false;
  const node = run.world.indexOf.get(event.node)!;
  const before = run.trace.slice(0, event.index).filter((earlier) => earlier.node === event.node);
  const ticks = before.flatMap((earlier) => [
    earlier.vector[node]!,
    ...earlier.sends.filter(({ from }) => from === event.node).map(({ vector }) => vector[node]!),
  ]);
  return event.vector[node]! > Math.max(0, ...ticks);
}

/** By the definition alone: everything that can be reached from an event, by node order and messages. */
function reachable({ trace }: Run, causality: Causality, start: number): Set<number> {
  const reached = new Set([start]);
  for (const event of trace.slice(start + 1)) {
    if (event.node === null) continue;
    const message = receivedIn(event);
    const own = [...reached].some((i) => trace[i]?.node === event.node);
    if (own || (message !== null && reached.has(sentIn(causality, message)))) reached.add(event.index);
  }
  return reached;
}

test('what happened before what agrees with the vector clocks, for every two ticks of a random run', () => {
  let pairs = 0;
  fc.assert(
    fc.property(course, (plan) => {
      const run = runOf(plan);
      const causality = causalityOf(run);
      const events = run.trace.filter((event) => ticked(run, event));
      for (const a of events)
        for (const b of events) {
          pairs += 1;
          const { order } = compareEvents(causality, run.trace, a.index, b.index);
          assert.equal(order, compareVectors(a.vector, b.vector), `#${a.index} and #${b.index}`);
        }
    }),
    { numRuns: 40 },
  );
  assert.ok(pairs > 10_000);
});

test('what happened before what is what node order and messages make it, starts, crashes and lost messages included', () => {
  fc.assert(
    fc.property(course, (plan) => {
      const run = runOf(plan);
      const causality = causalityOf(run);
      for (const a of run.trace) {
        if (a.node === null) continue;
        const reached = reachable(run, causality, a.index);
        for (const b of run.trace)
          assert.equal(
            happenedBefore(causality, a, b),
            a !== b && reached.has(b.index),
            `#${a.index} before #${b.index}`,
          );
      }
    }),
    { numRuns: 40 },
  );
});

test('a chain is there exactly when one event happened before the other, and every hop of it is real', () => {
  let longest = 0;
  fc.assert(
    fc.property(course, fc.nat(), fc.nat(), (plan, x, y) => {
      const run = runOf(plan);
      const causality = causalityOf(run);
      const [a, b] = [x % run.trace.length, y % run.trace.length].sort((one, other) => one - other) as [number, number];
      if (a === b) return;
      const chain = chainBetween(causality, run.trace, a, b);
      assert.equal(chain !== null, happenedBefore(causality, run.trace[a]!, run.trace[b]!));
      if (chain === null) return;
      longest = Math.max(longest, chain.length);
      assert.equal(chain[0]?.from, a);
      assert.equal(chain.at(-1)?.to, b);
      chain.forEach((hop, i) => {
        assert.ok(hop.from < hop.to);
        if (i > 0) assert.equal(hop.from, chain[i - 1]?.to);
        if (hop.message === null) assert.equal(run.trace[hop.from]?.node, run.trace[hop.to]?.node);
        else {
          assert.equal(sentIn(causality, hop.message), hop.from);
          assert.equal(receivedIn(run.trace[hop.to]!)?.id, hop.message.id);
        }
      });
    }),
    { numRuns: 300 },
  );
  assert.ok(longest >= 3);
});

test('concurrent events are proved by two components, each greater on its side', () => {
  let proved = 0;
  fc.assert(
    fc.property(course, fc.nat(), fc.nat(), (plan, x, y) => {
      const run = runOf(plan);
      const [a, b] = [x % run.trace.length, y % run.trace.length];
      const found = compareEvents(causalityOf(run), run.trace, a, b);
      if (found.order !== 'concurrent' || found.proof === null) return;
      proved += 1;
      const [own, other] = found.proof;
      assert.equal(own.node, run.trace[a]?.node);
      assert.equal(other.node, run.trace[b]?.node);
      assert.ok(own.a > own.b && other.b > other.a);
    }),
    { numRuns: 300 },
  );
  assert.ok(proved > 20);
});

test('an index that grows with the trace knows the same as one made at the end', () => {
  const run = createRun(chatterScenario(3), chatter);
  const growing = createCausality(run.world.indexOf);
  while (stepRun(run) !== null) extendCausality(growing, run.trace);
  assert.deepEqual(growing, causalityOf(run));
});

test('a copy made on the way stands for the sending of its original', () => {
  const run = createRun(chatterScenario(3), chatter);
  while (run.world.pending.size === 0) stepRun(run);
  const [original] = [...run.world.pending.values()];
  const [duplicated] = actInRun(run, { type: 'duplicate', message: original!.id });
  actInRun(run, { type: 'drop', message: original!.id });
  const copy = duplicated!.sends[0]!;
  while (run.trace.at(-1)?.message?.id !== copy.id) stepRun(run);
  const causality = causalityOf(run);
  const chain = chainBetween(causality, run.trace, original!.sentIndex, run.trace.length - 1);
  assert.deepEqual(
    chain?.map(({ from, message }) => [from, message?.id]),
    [[original!.sentIndex, copy.id]],
  );
});
