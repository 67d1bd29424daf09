/** Reads EDN, the notation of Clojure's data, as far as histories use it: a file of any number of values. */
import type { Json } from '../core/json.ts';
import { mistakeIn } from './errors.ts';

export interface EdnValue {
  readonly value: Json;
  /** line on which it begins, from 1 */
  readonly line: number;
}

/** Keywords become texts without their colon, `nil` null; of a tagged value the tag is left out. Throws `ScenarioError`. */
export function readEdn(text: string, file: string): EdnValue[] {
  const reader = new Reader(text, file);
  const values: EdnValue[] = [];
  while (!reader.atEnd()) values.push({ line: reader.line, value: reader.read(0) });
  return values;
}

const space = /[\s,]/;
const atom = /[^\s,()[\]{}";]/;
const mostDepth = 32;

class Reader {
  line = 1;
  readonly #text: string;
  readonly #file: string;
  #at = 0;

  constructor(text: string, file: string) {
    this.#text = text;
    this.#file = file;
  }

  /** Passes over space, commas and remarks. */
  atEnd(): boolean {
    for (; this.#at < this.#text.length; this.#at++) {
      const c = this.#text[this.#at] as string;
      if (c === ';') this.#toLineEnd();
      else if (c === '\n') this.line++;
      else if (!space.test(c)) return false;
    }
    return true;
  }

  read(depth: number): Json {
    if (depth > mostDepth) throw this.#wrong(`values are nested more than ${mostDepth} deep`);
    if (this.atEnd()) throw this.#wrong('a value is missing at the end');
    switch (this.#text[this.#at]) {
      case '"':
        return this.#readText();
      case '[':
        return this.#readAll(']', depth);
      case '(':
        return this.#readAll(')', depth);
      case '{':
        return this.#readMap(depth);
      case '#':
        return this.#readTagged(depth);
      default:
        return this.#readAtom();
    }
  }

  #toLineEnd(): void {
    while (this.#at + 1 < this.#text.length && this.#text[this.#at + 1] !== '\n') this.#at++;
  }

  #wrong(what: string): Error {
    return mistakeIn(this.#file, what, this.line, this.#at - this.#text.lastIndexOf('\n', this.#at - 1));
  }

  #readText(): string {
    const start = this.#at++;
    for (; this.#at < this.#text.length && this.#text[this.#at] !== '"'; this.#at++) {
      if (this.#text[this.#at] === '\\') this.#at++;
      if (this.#text[this.#at] === '\n') this.line++;
    }
    if (this.#at >= this.#text.length) throw this.#wrong('a text is not closed: a " is missing');
    this.#at++;
    try {
      return JSON.parse(this.#text.slice(start, this.#at).replaceAll('\n', '\\n').replaceAll('\t', '\\t')) as string;
    } catch {
      throw this.#wrong('a text has an escape that is none');
    }
  }

  #readAll(close: string, depth: number): Json[] {
    const values: Json[] = [];
    this.#at++;
    for (;;) {
      if (this.atEnd()) throw this.#wrong(`a ${close} is missing`);
      if (this.#text[this.#at] === close) {
        this.#at++;
        return values;
      }
      values.push(this.read(depth + 1));
    }
  }

  #readMap(depth: number): Json {
    const values = this.#readAll('}', depth);
    if (values.length % 2 === 1) throw this.#wrong('a map has a key without a value');
    // no prototype: a key may have any name
    const map = Object.create(null) as Record<string, Json>;
    for (let i = 0; i < values.length; i += 2) map[String(values[i])] = values[i + 1] as Json;
    return map;
  }

  /** A set, or a value behind its tag. */
  #readTagged(depth: number): Json {
    this.#at++;
    if (this.#text[this.#at] === '{') return this.#readAll('}', depth);
    while (this.#at < this.#text.length && atom.test(this.#text[this.#at] as string)) this.#at++;
    return this.read(depth + 1);
  }

  #readAtom(): Json {
    const start = this.#at;
    while (this.#at < this.#text.length && atom.test(this.#text[this.#at] as string)) this.#at++;
    const word = this.#text.slice(start, this.#at);
    if (word === '') throw this.#wrong(`\`${this.#text[this.#at]}\` stands where a value should`);
    if (word === 'nil') return null;
    if (word === 'true' || word === 'false') return word === 'true';
    if (/^[-+]?\d+(\.\d+)?([eE][-+]?\d+)?[NM]?$/.test(word)) return Number.parseFloat(word);
    return word.startsWith(':') ? word.slice(1) : word;
  }
}
