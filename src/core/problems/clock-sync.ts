/**
 * Clock synchronization: nodes whose clocks are off and drift come to believe in about the same time. How closely they agree
 * with one another is their precision, how closely with true time their accuracy; neither implies that the other is good.
 * Cristian, "Probabilistic Clock Synchronization" (1989); Lundelius Welch and Lynch (1988). Nobody but the property sees
 * true time.
 */
import type { Failure, NodeView, Property, View } from '../protocol.ts';
import { isLive } from './decisions.ts';

export interface ClockSyncReading {
  /** what the node adds to its clock to get what it believes */
  adjustmentMs(node: NodeView): number;
  /** has it done what is needed to be near the others? */
  isSynchronized(node: NodeView, view: View): boolean;
  /** how far it may be from the reference, by its own reckoning, and what its clock showed then; null: it claims nothing */
  claim(node: NodeView): { readonly errorMs: number; readonly clockMs: number } | null;
  /** the node whose time the others are to have; undefined: there is none */
  reference(view: View): NodeView | undefined;
  /** the most by which nodes may differ from one another, and from true time */
  promised(view: View): { readonly precisionMs: number; readonly accuracyMs: number };
}

export function clockSync(reading: ClockSyncReading): Property[] {
  const nodes = (view: View): readonly NodeView[] => view.honest.filter(isLive);
  const believed = (view: View, node: NodeView): number => view.clockMs(node.id) + reading.adjustmentMs(node);
  const allSynchronized = (view: View): boolean => nodes(view).every((node) => reading.isSynchronized(node, view));
  const farthest = (view: View): { first: NodeView; last: NodeView; apartMs: number } | null => {
    const sorted = [...nodes(view)].sort((a, b) => believed(view, a) - believed(view, b));
    const [first, last] = [sorted[0], sorted.at(-1)];
    if (first === undefined || last === undefined) return null;
    return { first, last, apartMs: believed(view, last) - believed(view, first) };
  };
  /** the nodes that have this moment set their clocks, with how far they are from the reference */
  const fresh = (view: View): { node: NodeView; offMs: number; errorMs: number }[] =>
    nodes(view).flatMap((node) => {
      const [claim, reference] = [reading.claim(node), reading.reference(view)];
      if (claim === null || reference === undefined || !reference.honest) return [];
      if (claim.clockMs !== view.clockMs(node.id)) return [];
      return [{ node, offMs: believed(view, node) - believed(view, reference), errorMs: claim.errorMs }];
    });
  return [
    {
      name: 'clock-sync/precision',
      kind: 'always',
      clauses: { precision: 'Once all have synchronized, no two nodes differ by more than is promised.' },
      test(view) {
        const ends = allSynchronized(view) ? farthest(view) : null;
        if (ends === null || ends.apartMs <= reading.promised(view).precisionMs) return true;
        const { first, last, apartMs } = ends;
        return {
          clause: 'precision',
          nodes: [first.id, last.id],
          why: `${last.id} is ${apartMs} ms ahead of ${first.id}`,
        };
      },
    },
    {
      name: 'clock-sync/synchronized',
      kind: 'sometimes',
      clauses: { reached: 'All have synchronized, so that their precision could be judged.' },
      test: (view) => nodes(view).length > 1 && allSynchronized(view),
    },
    {
      name: 'clock-sync/apart',
      kind: 'sometimes',
      clauses: { reached: 'Clocks differed by more than the promised precision: there was something to do.' },
      test: (view) => (farthest(view)?.apartMs ?? 0) > reading.promised(view).precisionMs,
    },
    {
      name: 'clock-sync/accuracy',
      kind: 'always',
      clauses: { accuracy: 'Who has synchronized differs from true time by no more than is promised.' },
      test(view) {
        const { accuracyMs } = reading.promised(view);
        const off = (node: NodeView): number => believed(view, node) - view.nowMs;
        const node = nodes(view).find((each) => reading.isSynchronized(each, view) && Math.abs(off(each)) > accuracyMs);
        if (node === undefined) return true;
        return { clause: 'accuracy', nodes: [node.id], why: `${node.id} is ${spokenOff(off(node))} of true time` };
      },
    },
    {
      name: 'clock-sync/error-bound',
      kind: 'always',
      clauses: { 'error-bound': 'Who sets its clock is then no farther from the reference than it reckons.' },
      test(view): true | Failure {
        const wrong = fresh(view).find(({ offMs, errorMs }) => Math.abs(offMs) > errorMs);
        if (wrong === undefined) return true;
        const why = `${wrong.node.id} is ${spokenOff(wrong.offMs)} of the reference, and reckons with at most ${wrong.errorMs} ms`;
        return { clause: 'error-bound', nodes: [wrong.node.id], why };
      },
    },
    {
      name: 'clock-sync/reckoned',
      kind: 'sometimes',
      clauses: { reached: 'A node has set its clock and reckoned its error: the error could have been greater.' },
      test: (view) => fresh(view).length > 0,
    },
    {
      name: 'clock-sync/termination',
      kind: 'eventually',
      clauses: { termination: 'Every running node synchronizes.' },
      test(view) {
        const waiting = nodes(view).filter((node) => !reading.isSynchronized(node, view));
        if (waiting.length === 0) return true;
        const ids = waiting.map(({ id }) => id);
        return { clause: 'termination', nodes: ids, why: `${ids.join(', ')} not synchronized` };
      },
    },
  ];
}

const spokenOff = (ms: number): string => `${Math.abs(ms)} ms ${ms < 0 ? 'behind' : 'ahead'}`;
