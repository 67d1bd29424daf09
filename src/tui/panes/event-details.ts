/** Everything about one event: its message, the change of state, its effects, its clocks and what came of its sends. */
import type { Effect } from '../../core/protocol.ts';
import type { TraceEvent } from '../../core/world.ts';
import { actText } from '../act-text.ts';
import { whatText } from '../event-text.ts';
import { clock, link, messageInFull, safe, stamp, value, vectorText } from '../format.ts';
import { type Line, line, piece, wrapLine } from '../text.ts';
import { symbols } from '../theme.ts';
import type { View } from '../view.ts';

function effectText(effect: Effect): string | null {
  switch (effect.type) {
    case 'send':
      return null;
    case 'persist':
      return `${symbols.stable} writes ${safe(effect.key)}=${value(effect.value)} to stable storage`;
    case 'setTimer':
      return `${symbols.timer} sets ${safe(effect.timer)} to ${effect.delayMs}ms`;
    case 'cancelTimer':
      return `${symbols.timer} stops ${safe(effect.timer)}`;
    case 'decide':
      return `${symbols.decided} decides ${value(effect.value)}`;
    case 'deliver':
      return `${symbols.delivered} delivers ${value(effect.item)}`;
    case 'note':
      return `“${safe(effect.text)}”`;
  }
}

const isFault = (event: TraceEvent): boolean =>
  !['start', 'deliver', 'fire', 'input', 'fail'].includes(event.choice.type);

/** Everything that the lines say, on as many as they need. */
export const eventDetails = (view: View, room: number): Line[] =>
  factsOf(view).flatMap((each) => wrapLine(each, room - 1, 5));

function factsOf(view: View): Line[] {
  const event = view.trace[view.ui.event ?? -1];
  if (event === undefined) return [line('  nothing is selected')];
  const who = event.node === null ? 'the network' : safe(event.node);
  const what = isFault(event) ? actText(event.choice as Parameters<typeof actText>[0]) : `${who} ${whatText(event)}`;
  const lines: Line[] = [
    line(
      ' ',
      piece(`#${event.index}`, 'bold'),
      `  ${clock(event.atMs)}  `,
      piece(what, 'title'),
      piece(`  (${event.origin})`, 'dim'),
    ),
    line(piece(`   ${stamp(event.lamport)}   ${vectorText(event.vector, view.world.ids)}`, 'dim')),
  ];
  if (event.message !== null)
    lines.push(
      line(
        `   message ${event.message.id}, sent by #${event.message.sentIndex} at ${clock(event.message.sentAtMs)}, ${stamp(event.message.lamport)}`,
      ),
    );
  if (event.message?.was !== undefined)
    lines.push(
      line(piece(`   ${symbols.traitor} changed on its way; it was: ${messageInFull(event.message.was)}`, 'traitor')),
    );
  if (event.after !== null)
    lines.push(
      line(
        '   state  ',
        safe(event.before ?? 'not started'),
        event.before === event.after ? '  unchanged' : line(piece('  →  '), piece(safe(event.after) || 'down', 'bold')),
      ),
    );
  const effects = event.effects.map(effectText).filter((text) => text !== null);
  if (effects.length > 0)
    lines.push([], line(piece(' effects', 'title')), ...effects.map((text) => line(`   ${text}`)));
  if (event.sends.length > 0)
    lines.push([], line(piece(' sends', 'title')), ...event.sends.flatMap((message) => sendLines(message)));
  const strange = event.fates.filter((fate) => fate.place !== 'delivered');
  if (strange.length > 0)
    lines.push(
      [],
      line(piece(' messages that changed their place', 'title')),
      ...strange.map((fate) =>
        line(`   ${fate.id} ${fate.place}${fate.why === undefined ? '' : ` by ${fate.why.by}`}`),
      ),
    );
  if (event.violated.length > 0)
    lines.push(
      [],
      line(piece(' violated here', 'bad')),
      ...event.violated.map((name) => line(`   ${symbols.violated} ${safe(name)}`)),
    );
  if (event.notes.length > 0)
    lines.push([], line(piece(' remarks', 'title')), ...event.notes.map((note) => line(`   ${safe(note)}`)));
  return lines;
}

function sendLines(message: TraceEvent['sends'][number]): Line[] {
  const sent = line(
    `   ${message.id} ${link(message)}  ${messageInFull(message.body)}`,
    piece(`  ${stamp(message.lamport)}`, 'dim'),
  );
  if (message.lie === undefined) return [sent];
  const honest = message.lie.honest === null ? 'nothing' : messageInFull(message.lie.honest);
  return [
    sent,
    line(
      piece(`       ${symbols.traitor} ${safe(message.lie.behaviour)}: an honest node would send ${honest}`, 'traitor'),
    ),
  ];
}
