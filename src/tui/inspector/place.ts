/** Where the parts of the inspector stand: one alone on a small screen, beside and beneath one another on a large one. Pure. */
import type { View } from '../view.ts';
import { bodyOf, type Part, partOf, partsOf } from './parts.ts';

/** Rows of the inspector that name the node. */
export const headRows = 2;
/** From this many columns between the borders, two columns of parts; from the next, three. */
const twoColumns = 108;
const threeColumns = 176;
const rowsMin = 30;

export interface Place {
  readonly part: Part;
  /** rows for what is in it, its title not counted */
  readonly rows: number;
}
export interface Column {
  readonly width: number;
  readonly places: readonly Place[];
}

const grids: readonly (readonly (readonly Part[])[])[] = [
  [['states'], ['memory', 'storage', 'lies'], ['coming', 'events']],
  [
    ['states', 'memory'],
    ['storage', 'coming', 'lies', 'events'],
  ],
];

/** @param room columns between the borders; @param rows beneath the head, titles included */
export function placesOf(view: View, room: number, rows: number): readonly Column[] {
  const count =
    view.ui.inspector.whole || view.ui.rows < rowsMin || room < twoColumns ? 1 : room < threeColumns ? 2 : 3;
  if (count === 1) return [{ width: room, places: [{ part: partOf(view), rows: rows - 1 }] }];
  const there = partsOf(view);
  const columns =
    (count === 3 ? grids[0] : grids[1])?.map((parts) => parts.filter((part) => there.includes(part))) ?? [];
  const widths = shareWidth(room, count);
  return columns.map((parts, i) => {
    const width = widths[i] as number;
    const heights = shareRows(
      parts.map((part) => bodyOf(view, part, width).rows.length),
      rows - parts.length,
    );
    return { width, places: parts.map((part, j) => ({ part, rows: heights[j] as number })) };
  });
}

/** A border stands between two columns; the states get what is left over. */
function shareWidth(room: number, count: number): number[] {
  const each = Math.floor((room - (count - 1)) / count) - (count === 2 ? 3 : 0);
  const widths = new Array<number>(count).fill(each);
  widths[0] = room - (count - 1) - each * (count - 1);
  return widths;
}

/** Everybody what it wishes for as long as there is enough; then the smaller wishes first. The last gets what is left. */
export function shareRows(wishes: readonly number[], rows: number): number[] {
  const given = wishes.map(() => 0);
  let left = rows;
  const order = wishes.map((_, i) => i).sort((a, b) => (wishes[a] as number) - (wishes[b] as number));
  order.forEach((i, taken) => {
    given[i] = Math.max(0, Math.min(wishes[i] as number, Math.floor(left / (order.length - taken))));
    left -= given[i] as number;
  });
  const last = given.length - 1;
  if (last >= 0) given[last] = (given[last] as number) + left;
  return given;
}

/** How wide the part with the keys is. */
export const widthOf = (columns: readonly Column[], part: Part): number =>
  columns.find(({ places }) => places.some((place) => place.part === part))?.width ?? columns[0]?.width ?? 40;
