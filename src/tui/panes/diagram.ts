/**
 * What happened: the sequence diagram, growing downward. It follows the run, or stands at the selected event; beneath it
 * what is asked of it is answered, and the timeline shows the whole run.
 */

import type { Protocol } from '../../core/protocol.ts';
import { drawRow } from '../diagram/draw.ts';
import type { Row } from '../diagram/elements.ts';
import type { Filter } from '../diagram/filter.ts';
import { type Geometry, geometryOf } from '../diagram/geometry.ts';
import { placeOf, type Stretch, stretchUpTo, withCut } from '../diagram/scene.ts';
import { type Drawing, matching, type TraceIndex } from '../diagram/trace-index.ts';
import { counted, safe, shortName } from '../format.ts';
import { keyOf } from '../keys/binding.ts';
import { columnsShown } from '../node-list.ts';
import { spotted } from '../spots.ts';
import { fit, type Line, line, piece, restyle, width } from '../text.ts';
import type { View } from '../view.ts';
import { namesLine } from './diagram-names.ts';
import { type Emphasis, emphasisOf } from './emphasis.ts';
import { readoutLines } from './readout.ts';
import { timelineLine } from './timeline.ts';

export function diagramTitle(view: View, index: TraceIndex): string {
  const { ui, world } = view;
  const { mark, filter, why } = ui.instrument;
  const parts = [`what happened · ${counted(world.events, 'event')}`];
  const shown = shownEvents(view, index);
  if (shown !== null) {
    const here = placeOf(shown, world.events - 1) + 1;
    const columns = columnsShown(ui.shown, ui.node)?.length ?? 0;
    const words = [
      columns === 0 ? '' : `those of ${counted(columns, 'node')}`,
      filter === null ? '' : filterText(filter),
    ];
    parts.push(`${here} shown: ${words.filter((part) => part !== '').join(' ')}`);
  }
  if (ui.event !== null) parts.push(`event ${ui.event} selected`);
  if (mark !== null) parts.push(`A is #${mark}`);
  if (why !== null)
    parts.push(`why ${why.kind === 'blocked' ? `${safe(why.node)} is blocked` : `${shortName(why.name)} is violated`}`);
  return parts.join(' · ');
}

/** The filter's words, made safe: `P2 decision agreement`. */
const filterText = ({ nodes, kinds, messages, properties }: Filter): string =>
  [...nodes, ...kinds, ...messages, ...properties.map(shortName)].map(safe).join(' ');

const noFilter: Filter = { nodes: [], kinds: [], messages: [], properties: [] };
let lastOfNodes = noFilter;

/** What was asked for; and where only some nodes have a column, the events of those. */
function filterInForce({ instrument, shown, node }: View['ui'], ids: readonly string[]): Filter | null {
  const { filter } = instrument;
  const columns = columnsShown(shown, node);
  if (columns === null || (filter !== null && filter.nodes.length > 0)) return filter;
  const wanted = { ...(filter ?? noFilter), nodes: columns.map((index) => ids[index] as string) };
  // the same filter is the same object: what was found for it stays found
  if (JSON.stringify(wanted) !== JSON.stringify(lastOfNodes)) lastOfNodes = wanted;
  return lastOfNodes;
}

/** The indices of the events that the filter shows; null: all are shown. */
export function shownEvents({ ui, world, session }: View, index: TraceIndex): readonly number[] | null {
  const filter = filterInForce(ui, world.ids);
  return filter === null ? null : matching(index, filter, world, session.trace);
}

const kindWidths = new WeakMap<Protocol, number>();

function longestKind(protocol: Protocol): number {
  const known = kindWidths.get(protocol);
  if (known !== undefined) return known;
  const longest = Object.keys(protocol.messages).reduce((most, kind) => Math.max(most, width(safe(kind))), 0);
  kindWidths.set(protocol, longest);
  return longest;
}

let lastGeometry: Geometry | null = null;

/** The same geometry is the same object: what was drawn for it stays drawn. */
export function geometryFor({ world, ui, node }: View, room: number): Geometry {
  const { column } = ui.instrument;
  const geometry = geometryOf({
    width: room,
    nodes: world.nodes.length,
    events: world.events,
    selected: node.index,
    from: column !== null && column.node === ui.node ? column.from : null,
    only: columnsShown(ui.shown, node.index),
    kindWidth: longestKind(world.protocol),
  });
  const last = lastGeometry as Readonly<Record<string, unknown>> | null;
  const isSame = (a: unknown, b: unknown): boolean => a === b || (Array.isArray(a) && String(a) === String(b));
  if (last === null || Object.entries(geometry).some(([key, value]) => !isSame(last[key], value)))
    lastGeometry = geometry;
  return lastGeometry as Geometry;
}

/** How much the answers beneath the diagram may take, so that enough of it stays to be read; an explanation takes half. */
const readoutRows = ({ ui }: View, rows: number): number =>
  ui.instrument.why === null ? (rows < 9 ? 2 : rows < 14 ? 3 : 5) : Math.max(2, Math.floor((rows - 2) / 2));

export function diagramLines(view: View, index: TraceIndex, room: number, rows: number): Line[] {
  const { world } = view;
  const geometry = geometryFor(view, room);
  const answers = readoutLines(view, index, room, readoutRows(view, rows));
  const visible = rows - 2 - answers.length;
  const lines = eventLines(view, index, geometry, visible);
  if (lines.length === 0) {
    const words =
      shownEvents(view, index) !== null && world.events > 0
        ? `  no such event: ${keyOf(view, 'filter')} changes the filter, ${keyOf(view, 'show-listed')} shows every node`
        : `  nothing yet: ${keyOf(view, 'run')} lets time pass, ${keyOf(view, 'step')} takes one step`;
    lines.push(fit(line(piece(words, 'dim')), room));
  }
  while (lines.length < visible) lines.push(fit([], room));
  return [fit(namesLine(view, geometry), room), ...lines, ...answers, timelineLine(view, index, room)];
}

function eventLines(view: View, index: TraceIndex, geometry: Geometry, visible: number): Line[] {
  const { ui, trace, world } = view;
  const drawing: Drawing = { world, trace, index };
  const selected = ui.event === null || ui.event >= trace.length ? null : ui.event;
  const shown = shownEvents(view, index);
  // what follows the selected event fills the lower half
  const last = Math.min(trace.length - 1, selected === null ? trace.length - 1 : selected + Math.floor(visible / 2));
  const wanted = stretchUpTo(drawing, geometry, shown, last, visible * (selected === null ? 1 : 2));
  const { cut } = ui.instrument;
  const stretch: Stretch = cut === null ? wanted : withCut(drawing, geometry, wanted, cut);
  const inSight = selected === null ? stretch.rows.slice(-visible) : around(stretch.rows, selected, visible);
  const emphasis = emphasisOf(view, index);
  return inSight.map((row) => spotted(emphasised(row, geometry, emphasis(row)), { kind: 'event', index: row.event }));
}

function around(all: readonly Row[], selected: number, visible: number): readonly Row[] {
  const at = all.findIndex((row) => row.event >= selected);
  const top = Math.max(0, Math.min(at - Math.floor(visible / 2), all.length - visible));
  return all.slice(top, top + visible);
}

/** The sign in the first cell, and what is more than a sign. */
function emphasised(row: Row, geometry: Geometry, { sign, style, dim, selected }: Emphasis): Line {
  const text = fit(drawRow(geometry, row), geometry.width);
  if (sign === ' ' && !dim) return text;
  const [start, ...rest] = text;
  const shade = dim ? restyle([...rest], 'dim') : rest;
  const head = { ...start, text: (start?.text ?? ' ').slice(1) };
  const signed: Line = [piece(sign, style), dim ? { ...head, style: 'dim' } : head, ...shade];
  return selected ? restyle(signed, 'selected') : signed;
}
