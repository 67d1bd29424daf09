/** Reading the words of a typed command: nodes, durations, messages and links. A mistake says what would be right. */
import type { MessageTarget } from '../../core/faults.ts';
import type { JsonObject } from '../../core/protocol.ts';
import type { World } from '../../core/world.ts';
import { safe } from '../format.ts';

/** A command that cannot be understood; the message is for the person who typed it. */
export class Mistyped extends Error {}

export function readNode(world: World, word: string | undefined): string {
  if (word === undefined) throw new Mistyped(`name a node: ${world.ids.slice(0, 8).map(safe).join(', ')}`);
  if (world.indexOf.has(word)) return word;
  const same = world.ids.filter((id) => id.toLowerCase() === word.toLowerCase());
  if (same.length === 1) return same[0] as string;
  throw new Mistyped(`there is no node ${safe(word)}; there are ${world.ids.slice(0, 12).map(safe).join(', ')}`);
}

export const readNodes = (world: World, words: string): string[] =>
  words
    .split(/[\s,]+/)
    .filter((word) => word !== '')
    .map((word) => readNode(world, word));

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };

/** Whole milliseconds, or null when the word is no duration. */
export function durationIn(word: string | undefined): number | null {
  const found = /^([+-]?\d+(?:\.\d+)?)(ms|s|m)$/.exec(word ?? '');
  return found === null ? null : Math.round(Number(found[1]) * (units[found[2] as string] as number));
}
export function readDuration(word: string | undefined, example: string): number {
  const ms = durationIn(word);
  if (ms !== null) return ms;
  throw new Mistyped(
    word === undefined ? `say how long: ${example}` : `${safe(word)} is no duration; write ${example}`,
  );
}

/** `C->P1`, `C→P1` or `C>P1`; `*` is anyone. Null when the word is no link. */
export function linkIn(world: World, word: string | undefined): { from?: string; to?: string } | null {
  const found = /^(.+?)(?:->|→|>)(.+)$/.exec(word ?? '');
  if (found === null) return null;
  const [, from = '*', to = '*'] = found;
  return {
    ...(from === '*' ? {} : { from: readNode(world, from) }),
    ...(to === '*' ? {} : { to: readNode(world, to) }),
  };
}

/** A message's number, or a rule: a link, a kind, and how many (`x2`). */
export function readTarget(world: World, words: readonly string[]): MessageTarget {
  const [first, ...rest] = words;
  if (first === undefined) throw new Mistyped('name a message by its number (31), or a link (C->P1, *->P1)');
  if (/^\d+$/.test(first)) {
    const message = Number(first);
    if (!world.pending.has(message)) throw new Mistyped(`message ${message} is not on its way`);
    return { message };
  }
  const target: { from?: string; to?: string; kind?: string; count?: number } = linkIn(world, first) ?? {};
  for (const word of linkIn(world, first) === null ? words : rest) {
    if (/^x\d+$/.test(word)) target.count = Number(word.slice(1));
    else target.kind = readKind(world, word);
  }
  return target;
}

export function readKind(world: World, word: string): string {
  if (Object.hasOwn(world.protocol.messages, word)) return word;
  const kinds = Object.keys(world.protocol.messages).map(safe).join(', ');
  throw new Mistyped(`${safe(word)} is no message, link or kind; the kinds are ${kinds}`);
}

/** `round=2 vote=no`: JSON where it is JSON, else a text. */
export function readData(words: readonly string[]): JsonObject {
  const data: Record<string, JsonObject[string]> = {};
  for (const word of words) {
    const at = word.indexOf('=');
    if (at < 1) throw new Mistyped(`${safe(word)} is no field; write name=value`);
    data[word.slice(0, at)] = readValue(word.slice(at + 1));
  }
  return data;
}

function readValue(text: string): JsonObject[string] {
  try {
    return JSON.parse(text) as JsonObject[string];
  } catch {
    return text;
  }
}
