/**
 * Where the columns of the sequence diagram stand: a gutter with the event's number and time, one lifeline a node, and a
 * margin for words. When there are more nodes than fit, a window of them is shown, around the selected one or from the
 * one that was scrolled to. All in cells: what draws it decides how large a cell is.
 */
export interface Geometry {
  readonly width: number;
  readonly gutter: number;
  /** cells of an event's number */
  readonly digits: number;
  readonly showTime: boolean;
  /** indices of the nodes shown, and how many there are in all */
  readonly from: number;
  readonly count: number;
  readonly nodes: number;
  readonly columnWidth: number;
  /** where the margin begins, and how wide it is */
  readonly margin: number;
  readonly marginWidth: number;
}

export interface Wanted {
  readonly width: number;
  readonly nodes: number;
  /** how many events there are, for the width of their numbers */
  readonly events: number;
  readonly selected: number;
  /** the first node to show; null: a window around the selected one */
  readonly from: number | null;
}

const lifelineOffset = 2;
const columnMin = 9;
const columnWish = 14;
const columnMax = 20;

export function geometryOf({ width, nodes, events, selected, from }: Wanted): Geometry {
  const showTime = width >= 96;
  const digits = Math.max(4, String(Math.max(0, events - 1)).length);
  const gutter = digits + (showTime ? 12 : 2);
  const room = width - gutter;
  const marginWish = Math.max(12, Math.min(60, Math.floor(width * 0.36)));
  let columnWidth = Math.floor((room - marginWish) / nodes);
  if (columnWidth > columnWish) {
    columnWidth = Math.min(columnMax, Math.max(columnWish, Math.floor((room - 1.3 * marginWish) / nodes)));
  } else if (columnWidth < columnMin) {
    // words give way to lifelines, down to the clocks
    columnWidth = columnMin;
  }
  const most = Math.max(1, Math.floor((room - 10) / columnWidth));
  // when not all fit anyway, words get their room back
  const count = nodes <= most ? nodes : Math.max(1, Math.floor((room - Math.min(marginWish, 30)) / columnWidth));
  if (count === nodes && columnWidth === columnMin) columnWidth = Math.max(columnMin, Math.floor((room - 22) / nodes));
  const first = Math.max(0, Math.min(nodes - count, from ?? selected - Math.floor(count / 2)));
  const margin = gutter + count * columnWidth;
  return {
    width,
    gutter,
    digits,
    showTime,
    from: first,
    count,
    nodes,
    columnWidth,
    margin,
    marginWidth: width - margin,
  };
}

/** The column of a node's lifeline; beyond the window: just outside of it, on the side where the node is. */
export function lifeline(geometry: Geometry, node: number): number {
  const place = node - geometry.from;
  if (place < 0) return geometry.gutter;
  if (place >= geometry.count) return geometry.margin - 1;
  return geometry.gutter + place * geometry.columnWidth + lifelineOffset;
}

export const isShown = (geometry: Geometry, node: number): boolean =>
  node >= geometry.from && node < geometry.from + geometry.count;
