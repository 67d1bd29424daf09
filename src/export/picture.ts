/** The sequence diagram laid out for a picture: the rows that the screen draws, with room for every column and more words. */
import type { TraceEvent } from '../core/world.ts';
import type { Row } from '../tui/diagram/elements.ts';
import { type Geometry, lifeline } from '../tui/diagram/geometry.ts';
import { eventRows, startsRow } from '../tui/diagram/rows.ts';
import { createTraceIndex, type Drawing, extendIndex } from '../tui/diagram/trace-index.ts';
import { safe } from '../tui/format.ts';
import { cut, width } from '../tui/text.ts';
import { type Extent, eventsWithin, type Subject } from './subject.ts';

/** All in cells. */
export interface Picture {
  readonly geometry: Geometry;
  readonly names: readonly { readonly x: number; readonly text: string; readonly role: string }[];
  readonly rows: readonly Row[];
}

const columnLeast = 18;
const columnMost = 26;
/** an arrow beside its label: two ends, a tip and a cell of shaft on both sides */
const aroundLabel = 5;
const timeWidth = 11;
const marginWidth = 72;

export function pictureOf(subject: Subject, extent: Extent): Picture {
  const { world, trace } = subject;
  const geometry = roomFor(subject, extent);
  const drawing: Drawing = { world, trace, index: extendIndex(createTraceIndex(world.indexOf), trace) };
  const names = geometry.places.map((place) => ({
    x: lifeline(geometry, place),
    text: cut(safe(world.ids[place] as string), geometry.columnWidth - 2),
    role: cut(safe(world.nodes[place]?.role ?? ''), geometry.columnWidth - 2),
  }));
  return { geometry, names, rows: rowsOf(drawing, geometry, eventsWithin(subject, extent)) };
}

function roomFor({ world, trace }: Subject, { nodes }: Extent): Geometry {
  const places = nodes ?? world.nodes.map(({ index }) => index);
  const longest = Math.max(0, ...Object.keys(world.protocol.messages).map((kind) => width(safe(kind))));
  const columnWidth = Math.min(columnMost, Math.max(columnLeast, longest + aroundLabel));
  const digits = Math.max(4, String(trace.length).length);
  const gutter = digits + 1 + timeWidth;
  const margin = gutter + places.length * columnWidth;
  return {
    width: margin + marginWidth,
    gutter,
    digits,
    showTime: true,
    from: 0,
    count: places.length,
    nodes: places.length,
    places,
    columnWidth,
    margin,
    marginWidth,
  };
}

/** Starts that follow one another are one row. */
function rowsOf(drawing: Drawing, geometry: Geometry, events: readonly TraceEvent[]): Row[] {
  const rows: Row[] = [];
  for (let i = 0; i < events.length; i++) {
    const first = i;
    while (events[i]?.choice.type === 'start' && events[i + 1]?.choice.type === 'start') i += 1;
    if (i > first) rows.push(startsRow(drawing, geometry, events.slice(first, i + 1)));
    else rows.push(...eventRows(drawing, geometry, events[i] as TraceEvent));
  }
  return rows;
}
