/** What a part of the inspector shows: rows that scroll, of which some lead somewhere. Pure data, laid out by `frame.ts`. */
import type { Line } from '../text.ts';

/** Where Enter leads from a row. */
export type Target =
  | { readonly kind: 'event'; readonly index: number }
  | { readonly kind: 'message'; readonly id: number }
  | { readonly kind: 'fold'; readonly path: string };

export interface Row {
  readonly line: Line;
  readonly target?: Target;
}

export interface Body {
  readonly rows: readonly Row[];
  /** the row to be in sight as long as nobody scrolls */
  readonly anchor: number;
  /** so many rows from the start are best seen together, if there is room for them */
  readonly end?: number;
}

export const rowOf = (line: Line, target?: Target): Row => (target === undefined ? { line } : { line, target });
export const rowsOf = (lines: readonly Line[]): Row[] => lines.map((line) => ({ line }));

/** What stays the same about a row while others come and go: its target, or else its place. */
export function keyOf(row: Row, place: number): string {
  const { target } = row;
  if (target === undefined) return `row ${place}`;
  if (target.kind === 'fold') return `fold ${target.path}`;
  return `${target.kind} ${target.kind === 'event' ? target.index : target.id}`;
}
