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
  /** the first of the columns in sight, how many there are in sight and in all, and whose they are, by index */
  readonly from: number;
  readonly count: number;
  readonly nodes: number;
  readonly places: readonly number[];
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
  /** the first column to show; null: a window around the selected node */
  readonly from: number | null;
  /** the nodes that have a column, ascending; left out: all */
  readonly only?: readonly number[] | null;
  /** cells of the longest kind of message: columns are as wide as that where the words of the margin can spare it */
  readonly kindWidth?: number;
}

const lifelineOffset = 2;
const columnMin = 9;
const columnWish = 14;
const columnMax = 20;
/** what the margin can always use: the time on the way, clocks, a change of state and a sending */
const marginEnough = 42;
/** beside its label an arrow has two ends, a tip and a cell of shaft on both sides */
const aroundLabel = 5;

export function geometryOf({
  width,
  nodes: all,
  events,
  selected,
  from,
  only = null,
  kindWidth = 0,
}: Wanted): Geometry {
  const columns = only ?? Array.from({ length: all }, (_, i) => i);
  const nodes = columns.length;
  const place = only === null ? selected : Math.max(0, columns.indexOf(selected));
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
  const spared = Math.floor((room - marginEnough) / nodes);
  columnWidth = Math.max(columnWidth, Math.min(columnMax, kindWidth + aroundLabel, spared));
  const most = Math.max(1, Math.floor((room - 10) / columnWidth));
  // when not all fit anyway, words get their room back
  const count = nodes <= most ? nodes : Math.max(1, Math.floor((room - Math.min(marginWish, 30)) / columnWidth));
  if (count === nodes && columnWidth === columnMin) columnWidth = Math.max(columnMin, Math.floor((room - 22) / nodes));
  const first = Math.max(0, Math.min(nodes - count, from ?? place - Math.floor(count / 2)));
  const margin = gutter + count * columnWidth;
  return {
    width,
    gutter,
    digits,
    showTime,
    from: first,
    count,
    nodes,
    places: columns.slice(first, first + count),
    columnWidth,
    margin,
    marginWidth: width - margin,
  };
}

/** The column of a node's lifeline; of one that is out of sight: just outside of the window, on the side where the node is. */
export function lifeline(geometry: Geometry, node: number): number {
  const place = geometry.places.indexOf(node);
  if (place < 0) return node < (geometry.places[0] ?? 0) ? geometry.gutter : geometry.margin - 1;
  return geometry.gutter + place * geometry.columnWidth + lifelineOffset;
}

export const isShown = ({ places }: Geometry, node: number): boolean => places.includes(node);
