/** Values, times and messages in few columns. Whatever comes from outside passes `printable` here. */
import { type Json, type JsonObject, sameJson } from '../core/json.ts';
import { printable } from '../core/printable.ts';
import type { Message } from '../core/protocol.ts';
import type { Envelope, Hold } from '../core/world.ts';
import { cutName, width } from './text.ts';
import { spell } from './theme.ts';

/** No line of a screen shows more than this of one text from outside; measuring more would only cost time. */
const longest = 600;

/** Text from outside, made harmless and not endless. */
export function safe(text: string): string {
  const harmless = spell(printable(text.length > longest ? text.slice(0, longest) : text));
  return text.length > longest || harmless.length > longest ? `${harmless.slice(0, longest)}…` : harmless;
}

/** `0:01.284` */
export function clock(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  const rest = ms - minutes * 60_000;
  const seconds = Math.floor(rest / 1000);
  return `${minutes}:${String(seconds).padStart(2, '0')}.${String(Math.floor(rest % 1000)).padStart(3, '0')}`;
}

/** `1 event`, `2 events` */
export const counted = (count: number, one: string, more = `${one}s`): string => `${count} ${count === 1 ? one : more}`;

/** `12ms`, `1.2s`, `3m` */
export function duration(ms: number): string {
  if (Math.abs(ms) < 1000) return `${Math.round(ms)}ms`;
  if (Math.abs(ms) < 60_000) return `${Number((ms / 1000).toFixed(ms % 1000 === 0 ? 0 : 1))}s`;
  return `${Number((ms / 60_000).toFixed(1))}m`;
}

/** A value as short as it can be and still be read: `yes`, `{votes: {P1: yes}}`, `[a, b]`. */
export function value(json: Json | undefined): string {
  if (json === undefined || json === null) return 'none';
  if (typeof json === 'string') return safe(json);
  if (typeof json !== 'object') return String(json);
  if (Array.isArray(json)) return `[${json.map((item: Json) => value(item)).join(', ')}]`;
  return `{${fields(json as JsonObject)}}`;
}
export const fields = (object: JsonObject): string =>
  Object.entries(object)
    .map(([key, item]) => `${safe(key)}: ${value(item)}`)
    .join(', ');

/** `commit t1`: the kind and the values of its fields, without their names. */
export function messageText(message: Message): string {
  const { type, ...rest } = message;
  const words = Object.values(rest).map((item) => value(item));
  return [safe(type), ...words].join(' ');
}
/** `commit {transaction: t1}` */
export function messageInFull(message: Message): string {
  const { type, ...rest } = message;
  return Object.keys(rest).length === 0 ? safe(type) : `${safe(type)} {${fields(rest)}}`;
}

/** Nobody honest has said this: a traitor has, or a fault has changed it on its way. */
export const isUntrue = ({ lie, was }: Envelope): boolean => lie !== undefined || was !== undefined;

/** How a traitor's message differs from an honest node's: it says something else, or only comes late; null: it does not. */
export function lieWord({ lie, body: { signed: _, ...said } }: Envelope): 'LIE' | 'LATE' | null {
  if (lie === undefined) return null;
  const onlyLate = lie.behaviour === 'delay' || (lie.behaviour === 'scripted' && sameJson(said, lie.honest));
  return onlyLate ? 'LATE' : 'LIE';
}

/** Of an input that came before the scenario has it come. */
export const aheadText = ({ early }: { readonly early?: true }): string =>
  early === true ? ', ahead of its time' : '';

export const link = (message: Envelope): string => `${safe(message.from)}→${safe(message.to)}`;
/** A link at most `columns` wide: both names are cut rather than one of them lost. */
export function linkWithin({ from, to }: Envelope, columns: number): string {
  const [sender, receiver] = [safe(from), safe(to)];
  const half = Math.floor((columns - 1) / 2);
  const shown = cutName(sender, Math.max(half, columns - 1 - width(receiver)));
  return `${shown}→${cutName(receiver, columns - 1 - width(shown))}`;
}

/** `partition #1`: faults are numbered from 1 in the order in which they struck. */
export const faultNumber = (index: number): string => `#${index + 1}`;
export const holdText = (hold: Hold): string =>
  hold.by === 'pause' ? 'receiver is paused' : `held by ${hold.by} ${faultNumber(hold.fault)}`;

/** `L=9`. Names of nodes have no `=` in them: a stamp cannot be taken for a node that is called L9. */
export const stamp = (lamport: number): string => `L=${lamport}`;
/** `L=4→9`: sent at 4, received at 9 */
export const stamps = (sent: number, received: number): string => `${stamp(sent)}→${received}`;

/** as many numbers as can be told apart by their place, and names as long as can be read among them */
const inPlaceMax = 9;
const idMax = 8;

/**
 * `C9 P1·2 P2·2`; `⟨9 2 2⟩` when the names are too long for that; of many nodes those whose events it knows:
 * `N4·2 N17·1, others 0`.
 */
export function vectorText(vector: readonly number[], ids: readonly string[]): string {
  const entry = (id: string, count: number): string => `${safe(id)}${/\d$/.test(id) ? '·' : ''}${count}`;
  if (ids.length <= inPlaceMax) {
    if (ids.some((id) => id.length > idMax)) return `⟨${vector.join(' ')}⟩`;
    return ids.map((id, i) => entry(id, vector[i] ?? 0)).join(' ');
  }
  const known = ids.flatMap((id, i) => ((vector[i] ?? 0) === 0 ? [] : [entry(id, vector[i] as number)]));
  if (known.length === ids.length || vector.length === 0) return known.join(' ');
  return known.length === 0 ? 'all 0' : `${known.join(' ')}, others 0`;
}

export const shortName = (property: string): string => safe(property.slice(property.lastIndexOf('/') + 1));
