/** Whether the cut that is drawn is consistent; if not, the message that breaks it; if so, what is on its way across it. */
import type { Offence } from '../../core/cuts.ts';
import type { TraceIndex } from '../diagram/trace-index.ts';
import { link, messageText } from '../format.ts';
import { keyOf } from '../keys/binding.ts';
import { flow, type Line, line, piece } from '../text.ts';
import { symbols } from '../theme.ts';
import type { View } from '../view.ts';
import { cutReport } from './findings.ts';

export function cutLines(view: View, index: TraceIndex, room: number): Line[] {
  const report = cutReport(view, index);
  if (report === null) return [];
  const { offences, crossing } = report;
  const [first] = offences;
  if (first !== undefined) return flow(offenceChips(view, first, offences.length - 1), room);
  const verdict = line(
    piece(`${symbols.holds} consistent cut`, 'good'),
    ': whatever was received inside it was also sent inside',
  );
  const ids = crossing.slice(0, 12).map(({ id }) => id);
  const more = crossing.length > ids.length ? ` and ${crossing.length - ids.length} more` : '';
  const channels =
    crossing.length === 0 ? 'nothing is on its way across it' : `on its way across it: ${ids.join(' ')}${more}`;
  return flow([verdict, line(piece(channels, 'dim'))], room);
}

function offenceChips(view: View, { message, sent, received }: Offence, others: number): Line[] {
  const what = `message ${message.id} ${messageText(message.body)} ${link(message)}`;
  return [
    line(piece(`${symbols.violated} not consistent`, 'bad')),
    line(`${what} is received inside it (#${received}), but sent outside (#${sent})`),
    ...(others === 0 ? [] : [line(piece(`and ${others} more`, 'warn'))]),
    line(piece(keyOf(view, 'cut-nearest'), 'key'), ' goes to the nearest consistent cut'),
  ];
}
