/** Which row of a part the cursor is on, and which rows are in sight. Pure. */
import type { View } from '../view.ts';
import { type Body, keyOf } from './body.ts';
import type { Part } from './parts.ts';

export const cursorName = (view: View, part: Part): string => `${view.node.id} ${part}`;

/** Where it was left; a row that moved is found again, and one that is gone gives way to its neighbour. */
export function cursorRow(view: View, part: Part, { rows, anchor }: Body): number {
  const left = view.ui.inspector.cursors[cursorName(view, part)];
  if (left === undefined) return Math.min(anchor, Math.max(0, rows.length - 1));
  if (keyOf(rows[left.row] ?? { line: [] }, left.row) === left.key) return left.row;
  const moved = rows.findIndex((row, i) => keyOf(row, i) === left.key);
  return moved >= 0 ? moved : Math.max(0, Math.min(left.row, rows.length - 1));
}

/** The first row in sight: the start for as long as it will do; then a third of what is seen stands above the cursor. */
export function topRow(cursor: number, { rows, anchor, end = 0 }: Body, room: number): number {
  if (cursor === anchor ? Math.max(end, cursor + 1) <= room : cursor < room - 2) return 0;
  return Math.max(0, Math.min(cursor - Math.floor(room / 3), rows.length - room));
}
