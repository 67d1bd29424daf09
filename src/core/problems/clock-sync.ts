/**
 * Clock synchronization: nodes whose clocks are off and drift come to believe in about the same time. How closely they agree
 * with one another is their precision, how closely with true time their accuracy; neither implies that the other is good.
 * Cristian, "Probabilistic Clock Synchronization" (1989); Lundelius Welch and Lynch (1988). Nobody but the property sees
 * true time.
 *
 * There may be very many nodes. What looks at all of them is `spaced`; whether a node that sets its clock has reckoned right
 * is judged at that moment, and of that node only.
 */
import type { Failure, Happened, Json, NodeId, NodeView, Property, View } from '../protocol.ts';
import { isLive } from './decisions.ts';

export interface ClockSyncReading {
  /** what the node adds to its clock to get what it believes */
  adjustmentMs(node: NodeView): number;
  /** has it done what is needed to be near the others? */
  isSynchronized(node: NodeView, view: View): boolean;
  /** does a node set its clock with this? */
  sets(happened: Happened): boolean;
  /** how far it may be from the reference, by its own reckoning, and what its clock showed then; null: it claims nothing */
  claim(node: NodeView): { readonly errorMs: number; readonly clockMs: number } | null;
  /** the node whose time the others are to have; undefined: there is none */
  reference(view: View): NodeView | undefined;
  /** the most by which nodes may differ from one another, and from true time */
  promised(view: View): { readonly precisionMs: number; readonly accuracyMs: number };
}

/** Who has set its clock last, and how often one was set. */
type Settings = { readonly last: NodeId | null; readonly count: number };

export function clockSync(reading: ClockSyncReading): Property[] {
  const atSettings = {
    reads: ['memory'],
    memory: {
      initial: { last: null, count: 0 } satisfies Settings,
      next: (before: Json, happened: Happened): Json =>
        reading.sets(happened) ? { last: happened.node, count: (before as Settings).count + 1 } : before,
    },
  } as const;
  return [
    {
      name: 'clock-sync/precision',
      kind: 'always',
      spaced: true,
      clauses: { precision: 'Once all have synchronized, no two nodes differ by more than is promised.' },
      test: (view) => imprecision(reading, view) ?? true,
    },
    {
      name: 'clock-sync/synchronized',
      kind: 'sometimes',
      spaced: true,
      clauses: { reached: 'All have synchronized, so that their precision could be judged.' },
      test: (view) => running(view).length > 1 && unsynchronized(reading, view).length === 0,
    },
    {
      name: 'clock-sync/apart',
      kind: 'sometimes',
      spaced: true,
      clauses: { reached: 'Clocks differed by more than the promised precision: there was something to do.' },
      test: (view) => (extremes(reading, view)?.apartMs ?? 0) > reading.promised(view).precisionMs,
    },
    {
      name: 'clock-sync/accuracy',
      kind: 'always',
      spaced: true,
      clauses: { accuracy: 'Who has synchronized differs from true time by no more than is promised.' },
      test: (view) => inaccuracy(reading, view) ?? true,
    },
    {
      ...atSettings,
      name: 'clock-sync/error-bound',
      kind: 'always',
      clauses: { 'error-bound': 'Who sets its clock is then no farther from the reference than it reckons.' },
      test: (view, settings) => miscalculation(justSet(reading, view, settings as Settings)) ?? true,
    },
    {
      ...atSettings,
      name: 'clock-sync/reckoned',
      kind: 'sometimes',
      clauses: { reached: 'A node has set its clock and reckoned its error: the error could have been greater.' },
      test: (view, settings) => justSet(reading, view, settings as Settings) !== null,
    },
    {
      name: 'clock-sync/termination',
      kind: 'eventually',
      clauses: { termination: 'Every running node synchronizes.' },
      test(view) {
        const late = unsynchronized(reading, view);
        if (late.length === 0) return true;
        const ids = late.slice(0, 8).map(({ id }) => id);
        const more = late.length > ids.length ? ` and ${late.length - ids.length} others` : '';
        return { clause: 'termination', nodes: ids, why: `${ids.join(', ')}${more} not synchronized` };
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
  let first: { node: NodeView; ms: number } | null = null;
  let last: { node: NodeView; ms: number } | null = null;
  for (const node of view.honest) {
    if (!isLive(node)) continue;
    const ms = believed(reading, view, node);
    if (first === null || ms < first.ms) first = { node, ms };
    if (last === null || ms > last.ms) last = { node, ms };
  }
  if (first === null || last === null) return null;
  return { first: first.node, last: last.node, apartMs: last.ms - first.ms };
}

function imprecision(reading: ClockSyncReading, view: View): Failure | null {
  const ends = extremes(reading, view);
  if (ends === null || ends.apartMs <= reading.promised(view).precisionMs) return null;
  if (unsynchronized(reading, view).length > 0) return null;
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

interface Setting {
  readonly node: NodeView;
  /** how far it is from the reference, and how far it reckons to be at most */
  readonly offMs: number;
  readonly errorMs: number;
}
/** The node that has this moment set its clock; null: it is none that can be judged. */
function justSet(reading: ClockSyncReading, view: View, { last }: Settings): Setting | null {
  const reference = reading.reference(view);
  if (last === null || reference === undefined || !reference.honest) return null;
  const node = view.node(last);
  const claim = node.honest && isLive(node) ? reading.claim(node) : null;
  if (claim === null || claim.clockMs !== view.clockMs(last)) return null;
  const offMs = believed(reading, view, node) - believed(reading, view, reference);
  return { node, offMs, errorMs: claim.errorMs };
}

function miscalculation(setting: Setting | null): Failure | null {
  if (setting === null || Math.abs(setting.offMs) <= setting.errorMs) return null;
  const { node, offMs, errorMs } = setting;
  const why = `${node.id} is ${spokenOff(offMs)} of the reference, and reckons with at most ${errorMs} ms`;
  return { clause: 'error-bound', nodes: [node.id], why };
}

const spokenOff = (ms: number): string => `${Math.abs(ms)} ms ${ms < 0 ? 'behind' : 'ahead'}`;
