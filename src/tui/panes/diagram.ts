/** What happened: the sequence diagram, growing downward. It follows the run, or stands at the selected event. */
import type { TraceEvent } from '../../core/world.ts';
import { type Canvas, createCanvas, put, toLine } from '../diagram/canvas.ts';
import { type Geometry, geometryOf, lifeline } from '../diagram/geometry.ts';
import { eventRows, type Row, startsRow } from '../diagram/rows.ts';
import type { Drawing, TraceIndex } from '../diagram/trace-index.ts';
import { safe } from '../format.ts';
import { cut, fit, type Line, line, piece, restyle } from '../text.ts';
import { symbols } from '../theme.ts';
import type { View } from '../view.ts';

export function diagramTitle({ ui, world }: View): string {
  const at = ui.event === null ? '' : ` · event ${ui.event} selected`;
  return `what happened · ${world.events} events${at}`;
}

/** The nodes' names over their lifelines, with arrows where there are more. */
function namesLine(view: View, geometry: Geometry): Line {
  const canvas: Canvas = createCanvas(geometry.width);
  for (let i = geometry.from; i < geometry.from + geometry.count; i++) {
    const name = cut(safe(view.world.ids[i] as string), geometry.columnWidth - 1);
    const chosen = i === view.node.index;
    put(canvas, lifeline(geometry, i), name, chosen ? 'title' : 'bold');
  }
  if (geometry.from > 0) put(canvas, geometry.gutter - 2, '◀', 'warn');
  const hidden = view.world.nodes.length - geometry.count;
  if (hidden > 0) put(canvas, geometry.margin + 1, cut(`+${hidden} more nodes`, geometry.marginWidth - 1), 'dim');
  return toLine(canvas);
}

/** Rows that end with event `last`, at most `count`, oldest first. */
function rowsUpTo(drawing: Drawing, geometry: Geometry, last: number, count: number): Row[] {
  const { trace } = drawing;
  const chunks: Row[][] = [];
  let have = 0;
  for (let i = last; i >= 0 && have < count; i--) {
    const event = trace[i] as TraceEvent;
    if (event.choice.type === 'start') {
      chunks.push([startsRow(drawing, geometry, trace.slice(0, i + 1))]);
      break;
    }
    const rows = eventRows(drawing, geometry, event);
    chunks.push(rows);
    have += rows.length;
  }
  return chunks.reverse().flat();
}

export function diagramLines(view: View, index: TraceIndex, room: number, rows: number): Line[] {
  const { ui, trace, world } = view;
  const geometry = geometryOf(room, world.nodes.length, view.node.index);
  const drawing: Drawing = { world, trace, index };
  const selected = ui.event === null || ui.event >= trace.length ? null : ui.event;
  const visible = rows - 1;
  // what follows the selected event fills the lower half
  const last = selected === null ? trace.length - 1 : Math.min(trace.length - 1, selected + Math.floor(visible / 2));
  const all = rowsUpTo(drawing, geometry, last, visible + (selected === null ? 0 : visible));
  const shown = selected === null ? all.slice(-visible) : around(all, selected, visible);
  const lines = shown.map((row) => {
    const first =
      row.event === selected || (selected !== null && row.event > selected && row.event === world.nodes.length - 1);
    return first ? marked(row, room, ui.focus === 'diagram') : fit(row.line, room);
  });
  if (lines.length === 0)
    lines.push(fit(line(piece('  nothing yet: space lets time pass, . takes one step', 'dim')), room));
  while (lines.length < visible) lines.push(fit([], room));
  return [fit(namesLine(view, geometry), room), ...lines];
}

function around(all: readonly Row[], selected: number, visible: number): Row[] {
  const at = all.findIndex((row) => row.event >= selected);
  const top = Math.max(0, Math.min(at - Math.floor(visible / 2), all.length - visible));
  return all.slice(top, top + visible);
}

function marked(row: Row, room: number, focused: boolean): Line {
  const text = fit(row.line, room);
  const [first, ...rest] = text;
  const withCursor: Line = [
    { text: symbols.cursor, style: 'accent' },
    { ...first, text: (first?.text ?? ' ').slice(1) },
    ...rest,
  ];
  return focused ? restyle(withCursor, 'selected') : withCursor;
}
