/**
 * A log for ShiViz, which draws the happened-before order from vector clocks. It wants every event of a host to raise the
 * host's own entry by one, from 1, and knows of no messages: so each line here is an event of its node (a send, a receipt, a
 * timer, a crash), and the clocks are counted anew over the lines. Faults of the network stand on a host of their own.
 */
import type { Envelope, TraceEvent } from '../core/world.ts';
import { whatText } from '../tui/event-text.ts';
import { clock, lieWord, messageText, safe, value } from '../tui/format.ts';
import type { Subject } from './subject.ts';

/** The first line of the file, for ShiViz to read the others by; the second would part several executions. */
export const shivizPattern = '(?<host>\\S+) (?<clock>\\{[^}]*\\}) (?<time>\\S+) (?<event>.*)';

const network = 'network';
type Clock = Readonly<Record<string, number>>;

export function shivizText(subject: Subject): string {
  const log = new Log(subject);
  for (const event of subject.trace) log.add(event);
  return [shivizPattern, '', ...log.lines, ''].join('\n');
}

class Log {
  readonly lines: string[] = [];
  readonly #clocks = new Map<string, Clock>();
  /** by message: the clock of its sending */
  readonly #sent = new Map<number, Clock>();
  readonly #network: string;

  constructor({ world }: Subject) {
    // a node may bear that name
    this.#network = world.indexOf.has(network) ? `${network}-itself` : network;
  }

  add(event: TraceEvent): void {
    const { node, message, atMs } = event;
    const host = node ?? this.#network;
    const hasArrived = message !== null && event.fates.every(({ id }) => id !== message.id);
    this.#write(host, atMs, wordsOf(event), hasArrived ? this.#sent.get(message.id) : undefined);
    for (const send of event.sends) {
      const at = this.#write(send.from, atMs, sendText(send));
      this.#sent.set(send.id, at);
    }
    // a copy that a fault made is sent by nobody anew
    for (const { message: copy } of event.fates) {
      const original = copy.copyOf === undefined ? undefined : this.#sent.get(copy.copyOf);
      if (original !== undefined && !this.#sent.has(copy.id)) this.#sent.set(copy.id, original);
    }
  }

  #write(host: string, atMs: number, words: string, seen: Clock = {}): Clock {
    const before = this.#clocks.get(host) ?? {};
    const next: Record<string, number> = { ...before };
    for (const [other, count] of Object.entries(seen)) next[other] = Math.max(next[other] ?? 0, count);
    next[host] = (before[host] ?? 0) + 1;
    this.#clocks.set(host, next);
    this.lines.push(`${host} ${JSON.stringify(next)} ${clock(atMs)} ${words}`);
    return next;
  }
}

function wordsOf(event: TraceEvent): string {
  const { effects, before, after, fates, violated, choice } = event;
  const isFault = event.fault !== null || choice.type === 'fail';
  const parts = [`${isFault ? 'FAULT ' : ''}${whatText(event)}`];
  if (event.message?.was !== undefined) parts.push(`CHANGED on its way from ${messageText(event.message.was)}`);
  if (after !== null && after !== before && after !== '') parts.push(`now ${safe(after)}`);
  for (const effect of effects) {
    if (effect.type === 'decide') parts.push(`DECIDES ${value(effect.value)}`);
    if (effect.type === 'persist') parts.push(`persists ${safe(effect.key)}=${value(effect.value)}`);
  }
  for (const { id, place } of fates) if (place === 'dropped' || place === 'held') parts.push(`message ${id} ${place}`);
  parts.push(...event.notes.map(safe), ...violated.map((name) => `VIOLATED ${safe(name)}`));
  return parts.join('; ');
}

const sendText = (message: Envelope): string => {
  const { body, to, lie, id } = message;
  const untrue = lie === undefined ? '' : ` (${lieWord(message)}: ${safe(lie.behaviour)})`;
  return `sends ${messageText(body)} to ${safe(to)} as message ${id}${untrue}`;
};
