/** An act in the words in which the command line takes it: what the history, the diagram and the messages show. */
import type { Fault, MessageTarget, Word } from '../core/faults.ts';
import type { JsonObject } from '../core/protocol.ts';
import type { Act } from '../core/session.ts';
import { duration, messageText, safe } from './format.ts';

const list = (names: readonly string[]): string => names.map(safe).join(',');

/** `31`, `C->P1 commit x2`, `*->P1` */
export function targetText(target: MessageTarget): string {
  if (target.message !== undefined) return String(target.message);
  const parts = [`${safe(target.from ?? '*')}->${safe(target.to ?? '*')}`];
  if (target.kind !== undefined) parts.push(safe(target.kind));
  if (target.count !== undefined) parts.push(`x${target.count}`);
  return parts.join(' ');
}

const groupsText = (groups: readonly (readonly string[])[]): string => groups.map(list).join(' | ');

function traitorText(fault: Extract<Fault, { type: 'traitor' }>): string {
  const parts = ['traitor', safe(fault.node), fault.behaviour];
  if (fault.targets !== undefined) parts.push(list(fault.targets));
  if (fault.kinds !== undefined) parts.push(list(fault.kinds));
  if (fault.byMs !== undefined) parts.push(duration(fault.byMs));
  if (fault.says !== undefined)
    parts.push(`says ${fault.says.map((word, i) => wordText(word, fault.lateMs?.[i])).join(', ')}`);
  return parts.join(' ');
}

const wordText = (word: Word, lateMs = 0): string =>
  `${typeof word === 'string' ? word : messageText(word)}${lateMs === 0 ? '' : ` ${duration(lateMs)} late`}`;

function skewText(fault: Extract<Fault, { type: 'skew' }>): string {
  const parts = ['skew', safe(fault.node)];
  if (fault.offsetMs !== undefined) parts.push(`${fault.offsetMs < 0 ? '' : '+'}${duration(fault.offsetMs)}`);
  if (fault.rate !== undefined) parts.push(`x${fault.rate}`);
  return parts.join(' ');
}

/** `vote=no round=2 name="7"`: as the command line reads it, which takes for JSON what could be JSON. */
export const fieldWords = (fields: JsonObject): string =>
  Object.entries(fields)
    .map(
      ([key, item]) => `${safe(key)}=${safe(typeof item === 'string' && !isJson(item) ? item : JSON.stringify(item))}`,
    )
    .join(' ');

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

export function actText(act: Act): string {
  switch (act.type) {
    case 'crash':
      return `crash ${safe(act.node)}${act.afterSends === undefined ? '' : ` after ${act.afterSends}`}`;
    case 'restart':
    case 'pause':
    case 'resume':
    case 'honest':
      return `${act.type} ${safe(act.node)}`;
    case 'skew':
      return skewText(act);
    case 'partition':
      return `partition ${groupsText(act.groups)}${act.drop ? ' drop' : ''}`;
    case 'cut':
      return `cut ${safe(act.from)}->${safe(act.to)}${act.drop ? ' drop' : ''}`;
    case 'heal':
      return 'heal';
    case 'delay':
      return `delay ${targetText(act)} ${duration(act.byMs)}`;
    case 'hold':
    case 'release':
    case 'drop':
    case 'duplicate':
      return `${act.type} ${targetText(act)}`;
    case 'deliver-now':
      return `deliver ${act.message}`;
    case 'reorder':
      return `reorder ${act.message}`;
    case 'corrupt':
      return `corrupt ${act.message} ${fieldWords(act.values)}`;
    case 'traitor':
      return traitorText(act);
    case 'input':
      return ['input', safe(act.node), safe(act.input), fieldWords(act.data)].filter((part) => part !== '').join(' ');
  }
}
