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
  return [
    {
      name: 'clock-sync/precision',
      kind: 'always',
      clauses: { precision: 'Once all have synchronized, no two nodes differ by more than is promised.' },
      test: (view) => imprecision(reading, view) ?? true,
    },
    {
      name: 'clock-sync/synchronized',
      kind: 'sometimes',
      clauses: { reached: 'All have synchronized, so that their precision could be judged.' },
      test: (view) => running(view).length > 1 && unsynchronized(reading, view).length === 0,
    },
    {
      name: 'clock-sync/apart',
      kind: 'sometimes',
      clauses: { reached: 'Clocks differed by more than the promised precision: there was something to do.' },
      test: (view) => (extremes(reading, view)?.apartMs ?? 0) > reading.promised(view).precisionMs,
    },
    {
      name: 'clock-sync/accuracy',
      kind: 'always',
      clauses: { accuracy: 'Who has synchronized differs from true time by no more than is promised.' },
      test: (view) => inaccuracy(reading, view) ?? true,
    },
    {
      name: 'clock-sync/error-bound',
      kind: 'always',
      clauses: { 'error-bound': 'Who sets its clock is then no farther from the reference than it reckons.' },
      test: (view) => miscalculation(reading, view) ?? true,
    },
    {
      name: 'clock-sync/reckoned',
      kind: 'sometimes',
      clauses: { reached: 'A node has set its clock and reckoned its error: the error could have been greater.' },
      test: (view) => justSet(reading, view).length > 0,
    },
    {
      name: 'clock-sync/termination',
      kind: 'eventually',
      clauses: { termination: 'Every running node synchronizes.' },
      test(view) {
        const ids = unsynchronized(reading, view).map(({ id }) => id);
        if (ids.length === 0) return true;
        return { clause: 'termination', nodes: ids, why: `${ids.join(', ')} not synchronized` };
      },
    },
  ];
}

const running = (view: View): readonly NodeView[] => view.honest.filter(isLive);
const unsynchronized = (reading: ClockSyncReading, view: View): readonly NodeView[] =>
  running(view).filter((node) => !reading.isSynchronized(node, view));
const believed = (reading: ClockSyncReading, view: View, node: NodeView): number =>
  view.clockMs(node.id) + reading.adjustmentMs(node);

/** The nodes that are farthest behind and farthest ahead; null: there are none. */
function extremes(reading: ClockSyncReading, view: View) {
  const sorted = running(view)
    .map((node) => ({ node, ms: believed(reading, view, node) }))
    .sort((a, b) => a.ms - b.ms);
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (first === undefined || last === undefined) return null;
  return { first: first.node, last: last.node, apartMs: last.ms - first.ms };
}

function imprecision(reading: ClockSyncReading, view: View): Failure | null {
  const ends = unsynchronized(reading, view).length === 0 ? extremes(reading, view) : null;
  if (ends === null || ends.apartMs <= reading.promised(view).precisionMs) return null;
  const { first, last, apartMs } = ends;
  return { clause: 'precision', nodes: [first.id, last.id], why: `${last.id} is ${apartMs} ms ahead of ${first.id}` };
}

function inaccuracy(reading: ClockSyncReading, view: View): Failure | null {
  const { accuracyMs } = reading.promised(view);
  const off = (node: NodeView): number => believed(reading, view, node) - view.nowMs;
  const node = running(view).find((each) => reading.isSynchronized(each, view) && Math.abs(off(each)) > accuracyMs);
  if (node === undefined) return null;
  return { clause: 'accuracy', nodes: [node.id], why: `${node.id} is ${spokenOff(off(node))} of true time` };
}

/** The nodes that have this moment set their clocks, how far they are from the reference, and how far they reckon to be. */
function justSet(reading: ClockSyncReading, view: View) {
  const reference = reading.reference(view);
  if (reference === undefined || !reference.honest) return [];
  return running(view).flatMap((node) => {
    const claim = reading.claim(node);
    if (claim === null || claim.clockMs !== view.clockMs(node.id)) return [];
    const offMs = believed(reading, view, node) - believed(reading, view, reference);
    return [{ node, offMs, errorMs: claim.errorMs }];
  });
}

function miscalculation(reading: ClockSyncReading, view: View): Failure | null {
  const wrong = justSet(reading, view).find(({ offMs, errorMs }) => Math.abs(offMs) > errorMs);
  if (wrong === undefined) return null;
  const { node, offMs, errorMs } = wrong;
  const why = `${node.id} is ${spokenOff(offMs)} of the reference, and reckons with at most ${errorMs} ms`;
  return { clause: 'error-bound', nodes: [node.id], why };
}

const spokenOff = (ms: number): string => `${Math.abs(ms)} ms ${ms < 0 ? 'behind' : 'ahead'}`;
