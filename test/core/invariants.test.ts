/** Random schedules with random faults: what must hold of every world, whatever happens in it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareVectors } from '../../src/core/clocks.ts';
import { digestWorld } from '../../src/core/digest.ts';
import { refusal } from '../../src/core/refusal.ts';
import { actInRun, createRun, type Run, stepRun } from '../../src/core/run.ts';
import type { Act } from '../../src/core/session.ts';
import type { TraceEvent } from '../../src/core/world.ts';
import { cloneWorld } from '../../src/core/world-init.ts';
import { chatter, chatterScenario } from '../fixtures/chatter.ts';

const count = 4;
const node = fc.integer({ min: 0, max: count - 1 }).map((i) => `N${i}`);
const message = fc.integer({ min: 1, max: 60 });
const behaviour = fc.constantFrom(
  'silent',
  'omit',
  'equivocate',
  'wrong-value',
  'replay',
  'delay',
  'duplicate',
  'amnesia',
  'mutate',
  'collude',
);
const act = fc.oneof(
  fc.record({ type: fc.constantFrom('crash', 'restart', 'pause', 'resume', 'honest'), node }),
  fc.record({ type: fc.constant('crash'), node, afterSends: fc.integer({ min: 1, max: 4 }) }),
  fc.record({
    type: fc.constant('skew'),
    node,
    offsetMs: fc.integer({ min: -300, max: 300 }),
    rate: fc.constantFrom(0.5, 1, 2),
  }),
  fc.record({ type: fc.constantFrom('hold', 'release', 'drop', 'duplicate', 'deliver-now', 'reorder'), message }),
  fc.record({ type: fc.constant('corrupt'), message, values: fc.record({ word: fc.constantFrom('bent', 'said') }) }),
  fc.record({ type: fc.constant('delay'), message, byMs: fc.integer({ min: 0, max: 500 }) }),
  fc.record({ type: fc.constantFrom('hold', 'drop', 'duplicate'), from: node, count: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ type: fc.constant('traitor'), node, behaviour }),
  fc.constantFrom(
    {
      type: 'partition',
      groups: [
        ['N0', 'N1'],
        ['N2', 'N3'],
      ],
    },
    { type: 'partition', groups: [['N0'], ['N1', 'N3'], ['N2']], drop: true },
    { type: 'cut', from: 'N0', to: 'N1' },
    { type: 'heal' },
    { type: 'input', node: 'N2', input: 'say', data: { word: 'more' } },
  ),
) as fc.Arbitrary<Act>;
/** At each position: so many scheduled events, then one act (skipped when it is refused). */
const script = fc.record({
  seed: fc.nat(),
  order: fc.constantFrom('unordered' as const, 'fifo' as const),
  acts: fc.array(fc.tuple(fc.integer({ min: 0, max: 8 }), act), { maxLength: 25 }),
});
type Script = typeof script extends fc.Arbitrary<infer T> ? T : never;

function play({ seed, order, acts }: Script, check?: (run: Run, events: readonly TraceEvent[]) => void): Run {
  const network = { ...chatterScenario(count).network, order, loss: 0.05, duplicate: 0.05 };
  const run = createRun(chatterScenario(count, { seed, network }), chatter);
  const step = (): void => {
    const events = stepRun(run);
    if (events !== null) check?.(run, events);
  };
  for (const [steps, what] of acts) {
    for (let i = 0; i < steps; i++) step();
    if (refusal(run.world, what) === null) {
      const events = actInRun(run, what);
      check?.(run, events);
    }
  }
  for (let i = 0; i < 200; i++) step();
  return run;
}

test('every message is in exactly one place: in flight, held, delivered, or dropped with a reason', () => {
  fc.assert(
    fc.property(script, (input) => {
      const place = new Map<number, string>();
      play(input, (run, events) => {
        for (const event of events) {
          for (const { id } of event.sends) {
            assert.ok(!place.has(id), `message ${id} was sent twice`);
            place.set(id, 'pending');
          }
          for (const { id, place: where } of event.fates) {
            assert.equal(place.get(id), 'pending', `message ${id} is ${where} after it was ${place.get(id)}`);
            if (where === 'dropped') place.set(id, 'dropped');
          }
          const arrived = event.message;
          const stays = arrived !== null && event.fates.some(({ id }) => id === arrived.id);
          if (arrived !== null && !stays) {
            assert.equal(place.get(arrived.id), 'pending');
            place.set(arrived.id, 'delivered');
          }
        }
        const pending = [...place].filter(([, where]) => where === 'pending').map(([id]) => id);
        assert.deepEqual(
          [...run.world.pending.keys()].sort((a, b) => a - b),
          pending,
        );
        assert.equal(run.world.costs.dropped, [...place.values()].filter((where) => where === 'dropped').length);
      });
    }),
    { numRuns: 150 },
  );
});

test('clocks never run backwards at a node, and virtual time never does', () => {
  fc.assert(
    fc.property(script, (input) => {
      const last = new Map<string, TraceEvent>();
      let nowMs = 0;
      play(input, (run, events) => {
        assert.ok(run.world.nowMs >= nowMs);
        nowMs = run.world.nowMs;
        for (const event of events) {
          if (event.node === null) continue;
          const before = last.get(event.node);
          if (before !== undefined) {
            assert.ok(event.lamport >= before.lamport);
            assert.ok(['before', 'same'].includes(compareVectors(before.vector, event.vector)));
          }
          last.set(event.node, event);
        }
      });
    }),
    { numRuns: 100 },
  );
});

interface Happening {
  readonly node: string;
  readonly vector: readonly number[];
  readonly lamport: number;
  readonly causes: Set<number>;
}

/** Receipts and sends, with happens-before computed from the trace alone: program order, and send before receipt. */
function happensBefore(run: Run): Happening[] {
  const all: Happening[] = [];
  const lastAt = new Map<string, number>();
  const sendOf = new Map<number, number>();
  const add = (node: string, lamport: number, vector: readonly number[], cause: number | undefined): number => {
    const causes = new Set<number>();
    for (const direct of [lastAt.get(node), cause]) {
      if (direct === undefined) continue;
      causes.add(direct);
      for (const earlier of (all[direct] as Happening).causes) causes.add(earlier);
    }
    all.push({ node, lamport, vector, causes });
    lastAt.set(node, all.length - 1);
    return all.length - 1;
  };
  for (const event of run.trace) {
    const steps = event.node !== null && event.before !== null && event.choice.type !== 'start';
    const took = steps && !event.fates.some(({ id }) => id === event.message?.id) && event.vector.length > 0;
    const alive = took && (event.effects.length > 0 || event.message !== null);
    if (alive && event.node !== null) {
      add(event.node, event.lamport, event.vector, event.message === null ? undefined : sendOf.get(event.message.id));
    }
    for (const sent of event.sends) {
      if (sent.copyOf !== undefined) sendOf.set(sent.id, sendOf.get(sent.copyOf) as number);
      else sendOf.set(sent.id, add(sent.from, sent.lamport, sent.vector, undefined));
    }
  }
  return all;
}

test('vector order equals happens-before computed from the trace; Lamport order contains it', () => {
  fc.assert(
    fc.property(script, (input) => {
      const all = happensBefore(play(input)).slice(0, 150);
      all.forEach((b, j) => {
        all.slice(0, j).forEach((a, i) => {
          const before = b.causes.has(i);
          assert.equal(compareVectors(a.vector, b.vector) === 'before', before, `${i} ${a.node} and ${j} ${b.node}`);
          if (before) assert.ok(a.lamport < b.lamport);
        });
      });
    }),
    { numRuns: 60 },
  );
});

const more: Act = { type: 'input', node: 'N2', input: 'say', data: { word: 'elsewhere' } };

test('the same choices give the same digests, and a clone goes its own way without touching the original', () => {
  fc.assert(
    fc.property(script, (input) => {
      const run = play(input);
      assert.equal(digestWorld(run.world), digestWorld(play(input).world));
      const digest = digestWorld(run.world);
      const clocks = JSON.stringify(run.world.nodes.map(({ vector, timers, waiting }) => [vector, timers, waiting]));
      const twin: Run = { world: cloneWorld(run.world), trace: [], checkpoints: [] };
      assert.equal(digestWorld(twin.world), digest);
      actInRun(twin, { type: 'partition', groups: [['N0'], ['N1', 'N2', 'N3']] });
      if (refusal(twin.world, more) === null) actInRun(twin, more);
      for (let i = 0; i < 20; i++) stepRun(twin);
      assert.equal(digestWorld(run.world), digest);
      assert.equal(
        JSON.stringify(run.world.nodes.map(({ vector, timers, waiting }) => [vector, timers, waiting])),
        clocks,
      );
    }),
    { numRuns: 60 },
  );
});
