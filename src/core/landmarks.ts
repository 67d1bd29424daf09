/** The events of a run at which somebody looking back wants to stop: what was done to it, what was decided, what broke. */
import type { TraceEvent } from './world.ts';

export const landmarkKinds = ['fault', 'decision', 'violation'] as const;
export type LandmarkKind = (typeof landmarkKinds)[number];

const nothing: readonly LandmarkKind[] = [];

/** What an event is remembered for; most are for nothing. */
export function landmarksOf(event: TraceEvent): readonly LandmarkKind[] {
  const { fault, choice, before, after, effects, violated } = event;
  // a crash in the middle of a broadcast has no event of its own: its step ends without a state
  const isFault = fault !== null || choice.type === 'fail' || (after === '' && before !== null && before !== '');
  const decides = effects.length > 0 && effects.some(isDecision);
  if (!isFault && !decides && violated.length === 0) return nothing;
  return landmarkKinds.filter((kind) => ({ fault: isFault, decision: decides, violation: violated.length > 0 })[kind]);
}
const isDecision = ({ type }: TraceEvent['effects'][number]): boolean => type === 'decide';

/** Indices of events by kind, ascending. */
export class Landmarks {
  readonly #byKind: Readonly<Record<LandmarkKind, number[]>> = { fault: [], decision: [], violation: [] };

  of(kind: LandmarkKind): readonly number[] {
    return this.#byKind[kind];
  }

  add(event: TraceEvent): void {
    for (const kind of landmarksOf(event)) this.#byKind[kind].push(event.index);
  }

  /** The events from this one on never happened. */
  cutAt(count: number): void {
    for (const kind of landmarkKinds) {
      const list = this.#byKind[kind];
      list.length = firstAtLeast(list, count);
    }
  }
}

/** How many numbers of an ascending list are smaller than this one: where it would stand. */
export function firstAtLeast(list: readonly number[], value: number): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
