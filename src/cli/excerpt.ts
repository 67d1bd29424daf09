/** A piece of the sequence diagram as plain text, for results that are read outside of the program. */
import type { TraceEvent, World } from '../core/world.ts';
import { createCanvas, put, toLine } from '../tui/diagram/canvas.ts';
import { drawRow } from '../tui/diagram/draw.ts';
import { type Geometry, geometryOf, lifeline } from '../tui/diagram/geometry.ts';
import { stretchUpTo } from '../tui/diagram/scene.ts';
import { createTraceIndex, extendIndex } from '../tui/diagram/trace-index.ts';
import { safe } from '../tui/format.ts';
import { cut, plain, width } from '../tui/text.ts';

const columns = 96;
const rowsMax = 12;
/** so many events after it, for what came of it */
const after = 1;

/** The nodes' names, and the rows up to just after this event; `›` stands before its first one. */
export function drawExcerpt(
  { world, trace }: { readonly world: World; readonly trace: readonly TraceEvent[] },
  event: number,
): readonly string[] {
  const last = Math.min(trace.length - 1, event + after);
  const kinds = Object.keys(world.protocol.messages).map((kind) => width(safe(kind)));
  const geometry = geometryOf({
    width: columns,
    nodes: world.nodes.length,
    events: trace.length,
    selected: world.indexOf.get(trace[event]?.node ?? '') ?? 0,
    from: null,
    kindWidth: Math.max(0, ...kinds),
  });
  const index = extendIndex(createTraceIndex(world.indexOf), trace.slice(0, last + 1));
  const { rows, fromStart } = stretchUpTo({ world, trace, index }, geometry, null, last, rowsMax);
  const shown = rows.slice(-rowsMax);
  const lines = shown.map((row) => {
    const text = plain(drawRow(geometry, row));
    return row.event === event && row.number !== '' ? `›${text.slice(1)}` : text;
  });
  const isWhole = fromStart && shown.length === rows.length;
  return [namesOf(world, geometry), ...(isWhole ? [] : ['   …']), ...lines].map((text) => text.trimEnd());
}

function namesOf(world: World, geometry: Geometry): string {
  const canvas = createCanvas(geometry.width);
  for (const i of geometry.places)
    put(canvas, lifeline(geometry, i), cut(safe(world.ids[i] as string), geometry.columnWidth - 1));
  const hidden = geometry.nodes - geometry.count;
  if (hidden > 0) put(canvas, geometry.margin + 1, `and ${hidden} more nodes`);
  return plain(toLine(canvas));
}
