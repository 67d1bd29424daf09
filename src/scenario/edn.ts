/** Reads EDN, the notation of Clojure's data, as far as histories use it: a file of any number of values. */
import type { Json } from '../core/json.ts';
import { mistakeIn } from './errors.ts';

export interface EdnValue {
  readonly value: Json;
  /** line on which it begins, from 1 */
  readonly line: number;
}

const space = /[\s,]/;
const atom = /[^\s,()[\]{}";]/;
const mostDepth = 32;

/** Keywords become texts without their colon, `nil` null; of a tagged value the tag is left out. Throws `ScenarioError`. */
export function readEdn(text: string, file: string): EdnValue[] {
  let at = 0;
  let line = 1;
  const wrong = (what: string): Error => mistakeIn(file, what, line, at - text.lastIndexOf('\n', at - 1));

  function skip(): void {
    for (; at < text.length; at++) {
      const c = text[at] as string;
      if (c === ';') while (at + 1 < text.length && text[at + 1] !== '\n') at++;
      else if (c === '\n') line++;
      else if (!space.test(c)) return;
    }
  }

  function readText(): string {
    const start = at++;
    while (at < text.length && text[at] !== '"') {
      if (text[at] === '\\') at++;
      if (text[at] === '\n') line++;
      at++;
    }
    if (at >= text.length) throw wrong('a text is not closed: a " is missing');
    at++;
    try {
      return JSON.parse(text.slice(start, at).replaceAll('\n', '\\n').replaceAll('\t', '\\t')) as string;
    } catch {
      throw wrong('a text has an escape that is none');
    }
  }

  function readAll(close: string, depth: number): Json[] {
    const values: Json[] = [];
    at++;
    for (;;) {
      skip();
      if (at >= text.length) throw wrong(`a ${close} is missing`);
      if (text[at] === close) {
        at++;
        return values;
      }
      values.push(read(depth + 1));
    }
  }

  function readMap(depth: number): Json {
    const values = readAll('}', depth);
    if (values.length % 2 === 1) throw wrong('a map has a key without a value');
    const map: Record<string, Json> = Object.create(null) as Record<string, Json>;
    for (let i = 0; i < values.length; i += 2) map[String(values[i])] = values[i + 1] as Json;
    return map;
  }

  function readAtom(): Json {
    const start = at;
    while (at < text.length && atom.test(text[at] as string)) at++;
    const word = text.slice(start, at);
    if (word === '') throw wrong(`\`${text[at]}\` stands where a value should`);
    if (word === 'nil') return null;
    if (word === 'true' || word === 'false') return word === 'true';
    if (/^[-+]?\d+N?$/.test(word) || /^[-+]?\d+(\.\d+)?([eE][-+]?\d+)?M?$/.test(word)) return Number.parseFloat(word);
    return word.startsWith(':') ? word.slice(1) : word;
  }

  function read(depth: number): Json {
    if (depth > mostDepth) throw wrong(`values are nested more than ${mostDepth} deep`);
    skip();
    switch (text[at]) {
      case '"':
        return readText();
      case '[':
        return readAll(']', depth);
      case '(':
        return readAll(')', depth);
      case '{':
        return readMap(depth);
      case '#': {
        at++;
        if (text[at] === '{') return readAll('}', depth);
        while (at < text.length && atom.test(text[at] as string)) at++;
        return read(depth + 1);
      }
      default:
        return readAtom();
    }
  }

  const values: EdnValue[] = [];
  for (skip(); at < text.length; skip()) values.push({ line, value: read(0) });
  return values;
}
