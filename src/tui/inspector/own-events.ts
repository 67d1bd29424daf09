/** A node's own history: its events, the newest first, each to be jumped to; where the shown moment stands among them. */
import type { Effect } from '../../core/protocol.ts';
import { enteredRegions } from '../../core/state-path.ts';
import type { TraceEvent } from '../../core/world.ts';
import { briefText } from '../event-text.ts';
import { clock, safe, value } from '../format.ts';
import { cut, ends, type Line, line, lineWidth, padStart, piece, width } from '../text.ts';
import { symbols } from '../theme.ts';
import type { View } from '../view.ts';
import { type Body, type Row, rowOf } from './body.ts';

/** How many are listed, and how far back they are looked for: the rest of a long run is in the diagram. */
const listed = 200;
const lookedAt = 20_000;

export function ownEventsBody(view: View, room: number): Body {
  const { node, session, world } = view;
  // all of the run's, also those after the moment that is shown: one can go back and forth among them
  const { trace } = session;
  const rows: Row[] = [];
  let anchor = -1;
  const stop = Math.max(0, trace.length - lookedAt);
  for (let i = trace.length - 1; i >= stop && rows.length < listed; i--) {
    const event = trace[i] as TraceEvent;
    if (event.node !== node.id) continue;
    const later = event.index >= world.events;
    if (!later && anchor < 0) anchor = rows.length;
    rows.push(eventRow(event, later, !later && anchor === rows.length && !view.live, room));
  }
  if (rows.length === 0) rows.push(rowOf(line(piece('   nothing has happened to it', 'dim'))));
  return { rows, anchor: Math.max(0, anchor) };
}

function eventRow(event: TraceEvent, later: boolean, here: boolean, room: number): Row {
  const left = line(
    piece(here ? ` ${symbols.mark}` : '  ', 'past'),
    piece(padStart(`#${event.index}`, 6), later ? 'dim' : 'accent'),
    piece(` ${clock(event.atMs)}  `, 'dim'),
  );
  const text = briefText(event);
  const spare = room - lineWidth(left) - width(text) - 2;
  const right = later ? line(piece('later', 'dim')) : outcome(event, spare);
  const space = room - lineWidth(left) - lineWidth(right) - 2;
  const whole = line(left, piece(cut(text, Math.max(12, space)), later ? 'dim' : undefined));
  return rowOf(space < 12 ? whole : ends(whole, right, room), { kind: 'event', index: event.index });
}

/** What came of it, in signs: the gravest always, the rest as far as there is room beside the words. */
function outcome({ before, after, effects, sends, violated }: TraceEvent, room: number): Line {
  const state =
    after !== null && after !== before
      ? piece(`→ ${safe(enteredRegions(before ?? '', after)) || 'down'}`, after === '' ? 'bad' : 'bold')
      : null;
  const lies = sends.filter(({ lie }) => lie !== undefined).length;
  const parts: Line[number][] = [];
  if (violated.length > 0) parts.push(piece(`${symbols.violated} violates`, 'bad'));
  if (lies > 0) parts.push(piece(`${symbols.traitor} ${lies === 1 ? '1 lie' : `${lies} lies`}`, 'traitor'));
  const small = [...effects.map(effectPiece), sends.length > 0 ? piece(`sends ${sends.length}`, 'dim') : null];
  let used = parts.reduce((sum, { text }) => sum + width(text) + 2, state === null ? 0 : width(state.text));
  for (const part of small) {
    if (part === null || parts.some(({ text }) => text === part.text) || used + width(part.text) + 2 > room) continue;
    parts.push(part);
    used += width(part.text) + 2;
  }
  if (state !== null) parts.push(state);
  return parts.flatMap((part, i) => (i === 0 ? [part] : [piece('  '), part]));
}

function effectPiece(effect: Effect): Line[number] | null {
  switch (effect.type) {
    case 'persist':
      return piece(`${symbols.stable} ${safe(effect.key)}`, 'dim');
    case 'decide':
      return piece(`${symbols.decided} ${cut(value(effect.value), 16)}`, 'good');
    case 'deliver':
      return piece(`${symbols.delivered} ${cut(value(effect.item), 16)}`, 'good');
    default:
      return null;
  }
}
