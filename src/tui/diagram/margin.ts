/** The words beside an event: clocks, the change of state, what was sent, written and decided, and remarks. */
import type { Envelope, TraceEvent } from '../../core/world.ts';
import { safe, value } from '../format.ts';
import { type Line, type Piece, piece } from '../text.ts';
import { symbols } from '../theme.ts';
import type { Drawing } from './trace-index.ts';

/** One piece a fact. */
export function marginOf(drawing: Drawing, event: TraceEvent): Line {
  const parts: Piece[] = [];
  const lost = event.fates.find((fate) => fate.id === event.message?.id && fate.place === 'dropped');
  if (lost !== undefined) parts.push(piece(`${event.message?.id} lost: ${lossWords(event)}`, 'bad'));
  else if (event.message !== null) parts.push(piece(`L${event.message.lamport}→L${event.lamport}`, 'dim'));
  else if (event.choice.type === 'fire' || event.choice.type === 'input') parts.push(piece(`L${event.lamport}`, 'dim'));
  for (const note of event.notes) parts.push(piece(safe(note), note.startsWith('bound exceeded') ? 'alert' : 'warn'));
  for (const name of event.reached)
    parts.push(piece(`${symbols.reached} ${safe(name.slice(name.lastIndexOf('/') + 1))}`, 'good'));
  if (event.after !== null && event.after !== '' && event.after !== event.before)
    parts.push(piece(`${safe(event.node ?? '')}: ${safe(event.after)}`, 'bold'));
  if (event.sends.length > 0) parts.push(piece(sendsText(event.sends)));
  for (const effect of event.effects) {
    if (effect.type === 'persist')
      parts.push(piece(`${symbols.stable} ${safe(effect.key)}=${value(effect.value)}`, 'accent'));
    else if (effect.type === 'deliver') parts.push(piece(`${symbols.delivered} ${value(effect.item)}`, 'good'));
    else if (effect.type === 'note') parts.push(piece(`“${safe(effect.text)}”`, 'dim'));
  }
  if (event.choice.type === 'traitor' && event.choice.targets !== undefined)
    parts.unshift(piece(`to ${event.choice.targets.map(safe).join(' ')}`, 'traitor'));
  const crash =
    event.choice.type === 'crash'
      ? drawing.world.nodes.find((node) => node.crash?.index === event.index)?.crash
      : undefined;
  if (crash)
    parts.push(
      piece(`loses ${Object.keys(crash.lost).length} fields, keeps ${keptText(Object.keys(crash.kept))}`, 'warn'),
    );
  return parts;
}

const keptText = (keys: readonly string[]): string => (keys.length === 0 ? 'nothing' : keys.map(safe).join(', '));

function lossWords(event: TraceEvent): string {
  const receiver = safe(event.message?.to ?? '');
  return `${receiver} was down`;
}

/** `sends prepare → P1 P2 P3`; different kinds one after the other. */
function sendsText(sends: readonly Envelope[]): string {
  const kinds = [...new Set(sends.map((message) => message.body.type))];
  const texts = kinds.map((kind) => {
    const to = sends.filter((message) => message.body.type === kind).map((message) => message.to);
    const shown = to.length > 6 ? `${to.length} nodes` : to.map(safe).join(' ');
    return `${safe(kind)} → ${shown}`;
  });
  return `sends ${texts.join(', ')}`;
}
