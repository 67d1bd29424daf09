/**
 * Finds the column of a mistake in one line of JSON. Only asked once something is wrong: reading itself uses
 * `JSON.parse`, which is fast but does not say where.
 */
import { limits } from './format.ts';

export interface Mistake {
  readonly column: number;
  readonly what: string;
}
export interface Scan {
  /** the first offence against JSON or against what this project takes of it */
  readonly mistake: Mistake | null;
  /** columns by path: `act.groups[0]` for a value, `@act.groups` for a key */
  readonly columns: ReadonlyMap<string, number>;
}

export function scanJson(text: string): Scan {
  const scanner = new Scanner(text);
  try {
    scanner.document();
    return { mistake: null, columns: scanner.columns };
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return { mistake: error.mistake, columns: scanner.columns };
  }
}

class Stop extends Error {
  readonly mistake: Mistake;
  constructor(mistake: Mistake) {
    super(mistake.what);
    this.mistake = mistake;
  }
}

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const word = /true|false|null/y;

class Scanner {
  readonly columns = new Map<string, number>();
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): void {
    this.#value('', 0);
    this.#space();
    if (this.#at < this.#text.length) this.#stop('more text after the end of the object');
  }

  #value(path: string, depth: number): void {
    this.#space();
    this.columns.set(path, this.#at + 1);
    if (depth > limits.depth) this.#stop(`nested deeper than ${limits.depth} levels`);
    const next = this.#text[this.#at];
    if (next === '{') this.#object(path, depth);
    else if (next === '[') this.#array(path, depth);
    else if (next === '"') this.#string();
    else if (next === undefined) this.#stop('the line ends in the middle');
    else this.#scalar();
  }

  #scalar(): void {
    const from = this.#at;
    if (this.#match(word) !== null) return;
    const digits = this.#match(number);
    if (digits === null) this.#stop('not JSON: expected a value');
    if (!Number.isFinite(Number(digits))) this.#stop(`the number ${digits} is too large`, from);
  }

  #object(path: string, depth: number): void {
    const keys = new Set<string>();
    this.#list('}', () => {
      const from = this.#at;
      const key = this.#string();
      const inner = path === '' ? key : `${path}.${key}`;
      this.columns.set(`@${inner}`, from + 1);
      if (isForbiddenKey(key)) this.#stop(`the key "${key}" is not allowed`, from);
      if (keys.has(key)) this.#stop(`the key "${key}" stands twice`, from);
      keys.add(key);
      this.#expect(':');
      this.#value(inner, depth + 1);
    });
  }

  #array(path: string, depth: number): void {
    let index = 0;
    this.#list(']', () => this.#value(`${path}[${index++}]`, depth + 1));
  }

  #list(close: string, item: () => void): void {
    this.#at++;
    this.#space();
    if (this.#text[this.#at] === close) {
      this.#at++;
      return;
    }
    for (;;) {
      this.#space();
      item();
      this.#space();
      if (this.#text[this.#at] === close) break;
      this.#expect(',');
    }
    this.#at++;
  }

  #string(): string {
    const found = this.#match(string);
    if (found === null)
      this.#stop(
        this.#text[this.#at] === '"' ? 'this text has no end or holds a control character' : 'not JSON: expected "',
      );
    return JSON.parse(found) as string;
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? null;
    if (found !== null) this.#at += found.length;
    return found;
  }

  #expect(character: string): void {
    this.#space();
    if (this.#text[this.#at] !== character) {
      this.#stop(this.#at >= this.#text.length ? 'the line ends in the middle' : `not JSON: expected ${character}`);
    }
    this.#at++;
  }

  #space(): void {
    while (this.#text[this.#at] === ' ' || this.#text[this.#at] === '\t') this.#at++;
  }

  #stop(what: string, at = this.#at): never {
    throw new Stop({ column: at + 1, what });
  }
}

/** Keys that reach an object's prototype in careless code. */
export const isForbiddenKey = (key: string): boolean =>
  key === '__proto__' || key === 'constructor' || key === 'prototype';
