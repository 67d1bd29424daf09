/** The clocks that the world gives to every event, in every preset, against happens-before as the trace defines it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCausality, extendCausality, happenedBefore, receivedIn } from '../src/core/causality.ts';
import { compareVectors } from '../src/core/clocks.ts';
import { createRun, runToEnd } from '../src/core/run.ts';
import type { TraceEvent } from '../src/core/world.ts';
import { listPresets, loadScenario } from '../src/scenario/load.ts';

const most = 400;

/** By event, the set of all earlier ones that lead to it: by the node's own order, or by a message from its sending. */
function pasts(trace: readonly TraceEvent[]): Set<number>[] {
  const last = new Map<string, number>();
  const sentIn = new Map<number, number>();
  return trace.reduce<Set<number>[]>((known, event) => {
    const past = new Set<number>();
    const message = receivedIn(event);
    const causes = [
      event.node === null ? undefined : last.get(event.node),
      message === null ? undefined : sentIn.get(message.copyOf ?? message.id),
    ];
    for (const cause of causes) {
      if (cause === undefined) continue;
      past.add(cause);
      for (const earlier of known[cause] as Set<number>) past.add(earlier);
    }
    if (event.node !== null) last.set(event.node, event.index);
    for (const { id } of event.sends) if (!sentIn.has(id)) sentIn.set(id, event.index);
    known.push(past);
    return known;
  }, []);
}

for (const { id } of listPresets())
  test(`${id}: both clocks against happens-before`, async () => {
    const { scenario, protocol } = await loadScenario(id);
    const run = createRun(scenario, protocol);
    runToEnd(run, scenario.untilMs, most);
    const before = pasts(run.trace);
    const causality = extendCausality(createCausality(run.world.indexOf), run.trace);
    const ticked = ticking(run.trace);
    for (const b of run.trace)
      for (const a of run.trace.slice(0, b.index)) {
        if (a.node === null || b.node === null) continue;
        const really = (before[b.index] as Set<number>).has(a.index);
        const pair = `#${a.index} and #${b.index}`;
        assert.equal(happenedBefore(causality, a, b), really, pair);
        if (!ticked.has(a) || !ticked.has(b)) continue;
        assert.equal(compareVectors(a.vector, b.vector), really ? 'before' : 'concurrent', pair);
        if (really) assert.ok(a.lamport < b.lamport, pair);
      }
  });

/** The events with stamps of their own: a start, a crash, a message lost at the door carry the node's last one. */
function ticking(trace: readonly TraceEvent[]): ReadonlySet<TraceEvent> {
  const last = new Map<string, number>();
  return new Set(
    trace.filter(({ node, lamport, sends }) => {
      if (node === null) return false;
      const ticks = lamport > (last.get(node) ?? 0);
      const own = sends.filter(({ from, copyOf }) => from === node && copyOf === undefined);
      last.set(node, Math.max(lamport, ...own.map((message) => message.lamport)));
      return ticks;
    }),
  );
}
