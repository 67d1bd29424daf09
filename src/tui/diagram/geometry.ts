/**
 * Where the columns of the sequence diagram stand: a gutter with the event's number and time, one lifeline a node, and a
 * margin for words. When there are more nodes than fit, a window of them is shown, around the selected one.
 */
export interface Geometry {
  readonly width: number;
  readonly gutter: number;
  readonly showTime: boolean;
  /** indices of the nodes shown */
  readonly from: number;
  readonly count: number;
  readonly columnWidth: number;
  /** where the margin begins, and how wide it is */
  readonly margin: number;
  readonly marginWidth: number;
}

const lifelineOffset = 2;
const columnMin = 9;
const columnWish = 14;
const columnMax = 20;

export function geometryOf(width: number, nodes: number, selected: number): Geometry {
  const showTime = width >= 96;
  const gutter = showTime ? 16 : 6;
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
  const from = Math.max(0, Math.min(nodes - count, selected - Math.floor(count / 2)));
  const margin = gutter + count * columnWidth;
  return { width, gutter, showTime, from, count, columnWidth, margin, marginWidth: width - margin };
}

/** The column of a node's lifeline; beyond the window: just outside of it, on the side where the node is. */
export function lifeline(geometry: Geometry, node: number): number {
  const place = node - geometry.from;
  if (place < 0) return geometry.gutter - 1;
  if (place >= geometry.count) return geometry.margin - 1;
  return geometry.gutter + place * geometry.columnWidth + lifelineOffset;
}

export const isShown = (geometry: Geometry, node: number): boolean =>
  node >= geometry.from && node < geometry.from + geometry.count;
