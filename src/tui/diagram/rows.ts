/**
 * The rows of one event in the sequence diagram. A delivery is an arrow from sender to receiver, drawn where it arrives;
 * a fault is a bar across; a message that is lost or held on its way is an arrow that breaks off. The margin says the rest.
 */
import type { Envelope, Fate, TraceEvent } from '../../core/world.ts';
import { actText } from '../act-text.ts';
import { clock, counted, faultNumber, safe, value } from '../format.ts';
import { cut, width } from '../text.ts';
import { symbols } from '../theme.ts';
import { arrowElements } from './arrows.ts';
import type { Element, Fact, MarkKind, Row } from './elements.ts';
import { type Geometry, isShown, lifeline } from './geometry.ts';
import { factsOf } from './margin.ts';
import { type Drawing, standing } from './trace-index.ts';

/** The lifelines as they stand just after an event. */
export function lifelines(drawing: Drawing, geometry: Geometry, at: number): Element[] {
  const out: Element[] = [];
  for (const i of geometry.places)
    out.push({
      kind: 'lifeline',
      x: lifeline(geometry, i),
      standing: standing(drawing.index, drawing.world.ids[i] as string, at),
    });
  return out;
}

const first = (
  drawing: Drawing,
  geometry: Geometry,
  event: TraceEvent,
  elements: Element[],
  facts: readonly Fact[],
): Row => ({
  event: event.index,
  number: String(event.index),
  time: clock(event.atMs),
  elements: [...lifelines(drawing, geometry, event.index), ...elements],
  facts,
});
const more = (
  drawing: Drawing,
  geometry: Geometry,
  event: TraceEvent,
  elements: Element[],
  facts: readonly Fact[] = [],
): Row => ({ ...first(drawing, geometry, event, elements, facts), number: '', time: '' });

interface Marked {
  readonly elements: Element[];
  readonly facts: readonly Fact[];
}

/** A sign on a node's lifeline, with words as far as the next one; where they do not fit they go into the margin. */
function mark(geometry: Geometry, node: number, kind: MarkKind, words: string): Marked {
  const fact: Fact[] = words === '' ? [] : [{ text: words, tone: 'bold' }];
  if (!isShown(geometry, node)) return { elements: [], facts: fact };
  const x = lifeline(geometry, node);
  const isLast = node === geometry.places.at(-1);
  const fits = width(words) <= geometry.columnWidth - 3 || (isLast && width(words) <= geometry.marginWidth / 2);
  const label = { x: x + 2, text: fits ? words : '' };
  return { elements: [{ kind: 'mark', x, mark: kind, label }], facts: fits ? [] : fact };
}

/** A bar across all lifelines with words in it. */
function bar(geometry: Geometry, words: string, of: 'fault' | 'heal' | 'violation'): Element {
  const from = lifeline(geometry, geometry.places[0] ?? 0);
  const last = lifeline(geometry, geometry.places.at(-1) ?? 0);
  const to = Math.max(last, Math.min(geometry.width - 2, from + width(words) + 5));
  return { kind: 'bar', from, to, of, label: { x: from + 2, text: ` ${cut(words, to - from - 5)} ` } };
}

/** Sends that got lost or stuck at once, and what a fault did to messages on their way: a broken arrow each. */
function brokenArrows(drawing: Drawing, geometry: Geometry, event: TraceEvent): Row[] {
  const broken = (fate: Fate): boolean =>
    (fate.place === 'dropped' || fate.place === 'held') && fate.id !== event.message?.id;
  return event.fates
    .filter(broken)
    .slice(0, 12)
    .flatMap((fate) => {
      const { elements, facts } = arrow(drawing, geometry, fate.message, fate.place === 'held' ? 'held' : 'lost');
      return more(drawing, geometry, event, elements, [
        ...facts,
        { text: `${fate.id} ${whyText(fate)}`, short: `${fate.id} ${fate.place}`, tone: 'warn' },
      ]);
    });
}

const arrow = (drawing: Drawing, geometry: Geometry, message: Envelope, end: 'arrives' | 'lost' | 'held') =>
  arrowElements(geometry, drawing.world.indexOf, message, end);

function whyText({ why, place }: Fate): string {
  if (why === undefined) return place;
  if (why.by === 'loss') return 'lost by the network';
  if (why.by === 'forged') return `rejected: ${safe(why.signer)} never signed this`;
  if (why.by === 'pause') return 'waits for a paused node';
  const number = why.fault === null ? '' : ` ${faultNumber(why.fault)}`;
  return `${place} by ${why.by}${number}`;
}

function mainRow(drawing: Drawing, geometry: Geometry, event: TraceEvent): Row {
  const { choice, message } = event;
  const node = event.node === null ? -1 : (drawing.world.indexOf.get(event.node) ?? -1);
  const failure = failureIn(event);
  const facts = factsOf(drawing, event).filter(({ text }) => text !== failure);
  const row = (drawn: Marked): Row => first(drawing, geometry, event, drawn.elements, [...drawn.facts, ...facts]);
  switch (choice.type) {
    case 'start':
      return row(mark(geometry, node, 'start', ''));
    case 'deliver': {
      if (message === null) return row({ elements: [], facts: [] });
      const fate = event.fates.find(({ id }) => id === message.id);
      const end = fate === undefined ? 'arrives' : fate.place === 'held' ? 'held' : 'lost';
      return row(arrow(drawing, geometry, message, end));
    }
    case 'fire':
      return row(mark(geometry, node, 'timer', safe(choice.timer.split('@')[0] ?? '').replace(/Timeout$/, '')));
    case 'input':
      return row(mark(geometry, node, 'input', safe(choice.input)));
    case 'fail':
      return row(mark(geometry, node, 'failed', 'failed'));
    default: {
      const words = actText(choice);
      if (node >= 0 && isShown(geometry, node)) return row(nodeFault(geometry, node, choice.type, words));
      const number = event.fault === null ? '' : `${faultNumber(event.fault)}  `;
      return row({
        elements: [bar(geometry, `${number}${words}`, choice.type === 'heal' ? 'heal' : 'fault')],
        facts: [],
      });
    }
  }
}

const nodeFaults: readonly string[] = ['crash', 'restart', 'pause', 'resume', 'traitor', 'honest', 'skew'];

function nodeFault(geometry: Geometry, node: number, type: string, words: string): Marked {
  const kind = nodeFaults.includes(type) ? (type as MarkKind) : 'other';
  const parts = words.split(' ');
  return mark(geometry, node, kind, (type === 'traitor' ? parts[2] : parts[0]) ?? '');
}

function outcomes(drawing: Drawing, geometry: Geometry, event: TraceEvent): Row[] {
  const node = event.node === null ? -1 : (drawing.world.indexOf.get(event.node) ?? -1);
  const decided = event.effects.flatMap((effect) => {
    if (effect.type !== 'decide') return [];
    const { elements, facts } = mark(geometry, node, 'decided', value(effect.value));
    return [more(drawing, geometry, event, elements, facts)];
  });
  const violated = event.violated.map((name) =>
    more(drawing, geometry, event, [bar(geometry, `${symbols.violated} violated: ${safe(name)}`, 'violation')]),
  );
  return [...decided, ...failureRows(drawing, geometry, event, node), ...violated];
}

/** The remark with which a node failed in its own step; null: it did not. */
function failureIn({ node, choice, notes }: TraceEvent): string | null {
  const note = choice.type === 'fail' ? undefined : notes.find((text) => text.startsWith(`${node} failed: `));
  return note === undefined ? null : safe(note);
}

function failureRows(drawing: Drawing, geometry: Geometry, event: TraceEvent, node: number): Row[] {
  const failure = failureIn(event);
  if (failure === null) return [];
  const { elements, facts } = mark(geometry, node, 'failed', 'failed');
  return [more(drawing, geometry, event, elements, [...facts, { text: failure, tone: 'bad' }])];
}

export function eventRows(drawing: Drawing, geometry: Geometry, event: TraceEvent): Row[] {
  return [
    mainRow(drawing, geometry, event),
    ...brokenArrows(drawing, geometry, event),
    ...outcomes(drawing, geometry, event),
  ];
}

/** Starts that follow one another, as one row. */
export function startsRow(drawing: Drawing, geometry: Geometry, starts: readonly TraceEvent[]): Row {
  const last = starts.at(-1) as TraceEvent;
  const nodes = starts.map(({ node }) => drawing.world.indexOf.get(node ?? '') ?? -1);
  const marks = nodes.flatMap((node) => mark(geometry, node, 'start', '').elements);
  const sends = starts.flatMap((event) => event.sends);
  const leaving = sends.length > 0 ? `, ${counted(sends.length, 'message leaves', 'messages leave')}` : '';
  return first(drawing, geometry, last, marks, [
    { text: `${counted(starts.length, 'node starts', 'nodes start')}${leaving}`, tone: 'dim' },
  ]);
}
