/** A stretch of the sequence diagram: the rows of the events shown, and the line of a cut between them. */
import type { Cut } from '../../core/cuts.ts';
import type { TraceEvent } from '../../core/world.ts';
import { safe } from '../format.ts';
import type { Element, Row } from './elements.ts';
import { type Geometry, lifeline } from './geometry.ts';
import { eventRows, lifelines, startsRow } from './rows.ts';
import type { Drawing } from './trace-index.ts';

export interface Stretch {
  readonly rows: readonly Row[];
  /** whether nothing comes before and after it */
  readonly fromStart: boolean;
  readonly toEnd: boolean;
}

const known = new WeakMap<TraceEvent, { readonly geometry: Geometry; readonly rows: readonly Row[] }>();

/** An event's rows are made once for a geometry: nothing that happens later changes them. */
function rowsOf(drawing: Drawing, geometry: Geometry, event: TraceEvent): readonly Row[] {
  const made = known.get(event);
  if (made?.geometry === geometry) return made.rows;
  const rows = eventRows(drawing, geometry, event);
  known.set(event, { geometry, rows });
  return rows;
}

/**
 * Rows that end with event `last` or the one shown before it, at least `count` when there are so many, oldest first.
 * @param shown the events that a filter shows, ascending; null: all
 */
export function stretchUpTo(
  drawing: Drawing,
  geometry: Geometry,
  shown: readonly number[] | null,
  last: number,
  count: number,
): Stretch {
  const { trace } = drawing;
  const chunks: (readonly Row[])[] = [];
  let have = 0;
  let at = shown === null ? last : placeOf(shown, last);
  const toEnd = shown === null ? last >= trace.length - 1 : (shown[at + 1] ?? trace.length) >= trace.length;
  for (; at >= 0 && have < count; at--) {
    const event = trace[shown === null ? at : (shown[at] as number)] as TraceEvent;
    if (shown === null && event.choice.type === 'start') {
      const last = at;
      while (trace[at - 1]?.choice.type === 'start') at -= 1;
      chunks.push([startsRow(drawing, geometry, trace.slice(at, last + 1))]);
      have += 1;
      continue;
    }
    const rows = rowsOf(drawing, geometry, event);
    chunks.push(rows);
    have += rows.length;
  }
  return { rows: chunks.reverse().flat(), fromStart: at < 0, toEnd };
}

/** The place of the last number that is not above `value`; -1: there is none. */
export function placeOf(list: readonly number[], value: number): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The rows with the cut's line between them: one row for each place at which it lies for some of the nodes shown. */
export function withCut(drawing: Drawing, geometry: Geometry, stretch: Stretch, cut: Cut): Stretch {
  const shown = geometry.places.map((node) => cut[node] as number);
  const rows = [...stretch.rows];
  for (const place of [...new Set(shown)].sort((a, b) => b - a)) {
    const next = rows.findIndex((row) => row.event >= place);
    const at = next < 0 ? rows.length : next;
    const inSight = (at > 0 || stretch.fromStart) && (next >= 0 || stretch.toEnd);
    if (inSight) rows.splice(at, 0, cutRow(drawing, geometry, cut, place));
  }
  return { ...stretch, rows };
}

function cutRow(drawing: Drawing, geometry: Geometry, cut: Cut, place: number): Row {
  const bars: Element[] = [];
  const names: string[] = [];
  let start = -1;
  const { places } = geometry;
  for (let i = 0; i <= places.length; i++) {
    const here = i < places.length && cut[places[i] as number] === place;
    if (here) names.push(safe(drawing.world.ids[places[i] as number] as string));
    if (here && start < 0) start = i;
    if (here || start < 0) continue;
    const [from, to] = [
      lifeline(geometry, places[start] as number) - 2,
      lifeline(geometry, places[i - 1] as number) + 2,
    ];
    bars.push({ kind: 'bar', from, to, of: 'cut', label: null });
    start = -1;
  }
  const whole = names.length === geometry.count;
  return {
    event: place,
    number: 'cut',
    time: '',
    elements: [...lifelines(drawing, geometry, place - 1), ...bars],
    facts: [{ text: whole ? 'the cut' : `the cut, for ${names.join(' ')}`, tone: 'accent' }],
  };
}
