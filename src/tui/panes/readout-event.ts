/** The selected event in a few words: its message and how long it took, the change of state, clocks, and what it led to. */
import type { TraceEvent } from '../../core/world.ts';
import { actText } from '../act-text.ts';
import { outcomeFacts } from '../diagram/margin.ts';
import type { TraceIndex } from '../diagram/trace-index.ts';
import { whatText } from '../event-text.ts';
import { clock, duration, safe, stamp, vectorText } from '../format.ts';
import { flow, type Line, line, piece } from '../text.ts';
import type { View } from '../view.ts';
import { explanationOf } from './findings.ts';

const ownSteps: readonly string[] = ['start', 'deliver', 'fire', 'input', 'fail'];

/** Who did what, in words: `C receives yes {transaction: t1} from P1`. */
export function eventText(event: TraceEvent): string {
  if (!ownSteps.includes(event.choice.type)) return actText(event.choice as Parameters<typeof actText>[0]);
  return `${safe(event.node ?? 'the network')} ${whatText(event)}`;
}

export function selectionLines(view: View, index: TraceIndex, room: number): Line[] {
  const event = view.ui.event === null ? undefined : view.trace[view.ui.event];
  // the explanation has named it already
  if (event === undefined || explanationOf(view, index)?.event === event.index) return [];
  return flow(chipsOf(view, index, event), room);
}

function chipsOf(view: View, index: TraceIndex, event: TraceEvent): Line[] {
  const { message } = event;
  const chips: Line[] = [
    line(piece(`#${event.index}`, 'bold'), ` ${clock(event.atMs)}`),
    line(piece(eventText(event), 'bold')),
  ];
  if (message !== null) {
    const wayMs = duration(event.atMs - message.sentAtMs);
    chips.push(
      line(`message ${message.id}, sent by #${message.sentIndex} at ${clock(message.sentAtMs)}, ${wayMs} ago`),
    );
  }
  if (event.after !== null) {
    const [before, after] = [safe(event.before ?? ''), safe(event.after)];
    if (event.before === event.after) chips.push(line(piece(`stays ${before || 'down'}`, 'dim')));
    else chips.push(line(`${before || 'not running'} → `, piece(after || 'down', 'bold')));
  }
  if (event.node !== null)
    chips.push(line(piece(`${stamp(event.lamport)}  ${vectorText(event.vector, view.world.ids)}`, 'dim')));
  const outcome = outcomeFacts({ world: view.world, trace: view.trace, index }, event);
  for (const { text, tone } of outcome) chips.push(line(tone === 'plain' ? text : piece(text, tone)));
  for (const name of event.violated) chips.push(line(piece(`violated: ${safe(name)}`, 'bad')));
  return chips;
}
