/**
 * The whole run as one line of cells: how much of it is shown, and where something happened that one may want to go to.
 * Pure geometry: cells and kinds, no glyphs.
 */
import { type Landmark, type LandmarkKind, landmarkKinds } from './trace-index.ts';

export interface TimelineCell {
  /** the gravest of what happened here; null: nothing of note */
  readonly kind: LandmarkKind | null;
  /** before the moment that is shown */
  readonly past: boolean;
}

/**
 * @param total how many events there are
 * @param shown how many of them are shown: all, or those before a moment of the past
 */
export function timelineCells(
  landmarks: readonly Landmark[],
  total: number,
  shown: number,
  columns: number,
): TimelineCell[] {
  const gravest = new Array<number>(columns).fill(landmarkKinds.length);
  for (const { index, kind } of landmarks) {
    if (index >= total) break;
    const cell = cellOf(index, total, columns);
    gravest[cell] = Math.min(gravest[cell] as number, landmarkKinds.indexOf(kind));
  }
  const until = shownCells(total, shown, columns);
  return gravest.map((rank, cell) => ({ kind: landmarkKinds[rank] ?? null, past: cell < until }));
}

/** How many cells lie before the moment that is shown. */
export const shownCells = (total: number, shown: number, columns: number): number =>
  total === 0 ? columns : Math.round((shown / total) * columns);

/** The cell in which an event lies. */
export const cellOf = (index: number, total: number, columns: number): number =>
  Math.max(0, Math.min(columns - 1, Math.floor((index / Math.max(1, total)) * columns)));
