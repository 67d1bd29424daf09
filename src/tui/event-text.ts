/** What a node did, in a few words, without saying which node: `receives yes {transaction: t1} from P1`. */
import type { TraceEvent } from '../core/world.ts';
import { actText } from './act-text.ts';
import { aheadText, messageInFull, messageText, safe, value } from './format.ts';

const words = (event: TraceEvent, ofMessage: typeof messageText, ofTimer = safe): string => {
  const { choice, message } = event;
  if (message !== null) {
    const what = `${ofMessage(message.body)} from ${safe(message.from)}`;
    const fate = event.fates.find(({ id }) => id === message.id)?.place;
    if (fate === 'held') return `${what} waits at its door`;
    return `${fate === 'dropped' ? 'misses' : 'receives'} ${what}`;
  }
  switch (choice.type) {
    case 'start':
      return 'starts';
    case 'fire':
      return `timer ${ofTimer(choice.timer)} runs out`;
    case 'input':
      return `input ${safe(choice.input)} ${value(choice.data)}${aheadText(choice)}`;
    case 'fail':
      return `fails: ${safe(choice.reason)}`;
    case 'deliver':
      return 'receives a message';
    default:
      return actText(choice);
  }
};

export const whatText = (event: TraceEvent): string => words(event, messageInFull);
/** The same, with the values of a message's fields but without their names, and timers without their state. */
export const briefText = (event: TraceEvent): string =>
  words(event, messageText, (timer) => safe(timer.split('@')[0] as string));
