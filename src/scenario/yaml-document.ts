/**
 * Reads YAML as plain data that remembers where everything stood. It allows what JSON could say, comments and anchors:
 * no tags, no merge keys, no keys that are special to JavaScript, no key twice, no more than 32 levels, one document.
 */
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml';
import type { Json } from '../core/json.ts';
import { type Mistake, quote, ScenarioError } from './errors.ts';
import { tooMuch } from './yaml-guard.ts';

export type Path = readonly (string | number)[];
export interface Place {
  readonly file: string;
  /** null: of a setting on the command line */
  readonly line: number | null;
  readonly column: number | null;
}
/** Data from a file, and where in it each part stands. */
export interface SourceDocument {
  readonly file: string;
  readonly value: Json;
  /** of a part, or of the nearest part around it that exists; with `key`, of its key */
  locate(path: Path, key?: 'key'): Place;
}

const DEEPEST = 32;
const MOST_ALIASES = 100;
/** parts after all aliases are followed */
const MOST_PARTS = 300_000;
/** one slip makes the parser stumble many times */
const MOST_ERRORS = 5;
/** names that mean something to every JavaScript object */
export const FORBIDDEN_KEYS = ['__proto__', 'constructor', 'prototype'];

/** Throws `ScenarioError` with every mistake of the form. `file` is only a name here. */
export function parseYaml(text: string, file: string): SourceDocument {
  const lines = new LineCounter();
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const guarded = tooMuch(text);
  const nul = text.indexOf('\0');
  if (guarded !== null || nul >= 0) {
    lines.addNewLine(0);
    for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) lines.addNewLine(i + 1);
    const what = nul >= 0 ? 'the file contains a NUL character; it must be text' : (guarded?.what as string);
    throw new ScenarioError([{ ...place(nul >= 0 ? nul : (guarded?.offset as number)), what }]);
  }
  const document = parseDocument(text, {
    lineCounter: lines,
    stringKeys: true,
    prettyErrors: false,
    // quadratic in the library; `Reader` does it
    uniqueKeys: false,
    logLevel: 'error',
  });
  const mistakes: Mistake[] = [...document.errors, ...document.warnings]
    .slice(0, MOST_ERRORS)
    .map((error) => ({ ...place(error.pos[0]), what: yamlTrouble(error.code, error.message) }));
  const reader = new Reader(document, (offset, what) => mistakes.push({ ...place(offset), what }));
  const value = mistakes.length === 0 ? reader.read(document.contents, 0) : null;
  const [first, ...rest] = mistakes;
  if (first !== undefined) throw new ScenarioError([first, ...rest]);
  return { file, value, locate: (path, key) => place(findOffset(document, path, key)) };
}

function yamlTrouble(code: string, message: string): string {
  if (code === 'MULTIPLE_DOCS') return 'a second document begins here; a scenario is one document';
  if (code === 'TAG_RESOLVE_FAILED') return 'tags are not allowed here; write the plain value';
  if (code === 'NON_STRING_KEY') return 'a key must be plain text';
  if (code === 'BAD_DIRECTIVE') return 'directives are not allowed here; remove the line';
  const sentence = message.split('\n')[0] as string;
  return `this is not YAML: ${sentence.slice(0, 1).toLowerCase()}${sentence.slice(1, 160)}`;
}

class Reader {
  readonly #document: Document;
  readonly #complain: (offset: number, what: string) => void;
  #parts = 0;
  #aliases = 0;
  #full = false;

  constructor(document: Document, complain: (offset: number, what: string) => void) {
    this.#document = document;
    this.#complain = complain;
  }

  read(node: unknown, depth: number): Json {
    if (node === null || node === undefined || this.#full) return null;
    const offset = (node as Node).range?.[0] ?? 0;
    if ((node as { tag?: string }).tag !== undefined) return this.#refuse(offset, 'tags are not allowed here');
    if (depth > DEEPEST) return this.#stop(offset, `this is nested more than ${DEEPEST} levels deep`);
    if (++this.#parts > MOST_PARTS) return this.#stop(offset, 'aliases make this file too large');
    if (isAlias(node)) {
      if (++this.#aliases > MOST_ALIASES) return this.#stop(offset, `more than ${MOST_ALIASES} aliases`);
      const target = node.resolve(this.#document);
      return target === undefined
        ? this.#refuse(offset, 'there is no such anchor before this')
        : this.read(target, depth + 1);
    }
    if (isMap(node)) return this.#readMap(node.items, depth);
    if (isSeq(node)) return node.items.map((item) => this.read(item, depth + 1));
    return isScalar(node) ? this.#readScalar(node.value, offset) : null;
  }

  #readMap(pairs: readonly Pair[], depth: number): Json {
    const entries: [string, Json][] = [];
    const seen = new Set<string>();
    for (const { key, value } of pairs) {
      const offset = (key as Node | null)?.range?.[0] ?? 0;
      const name = isScalar(key) ? String(key.value ?? '') : null;
      if (name === null || isTagged(key)) this.#refuse(offset, 'a key must be plain text');
      else if (FORBIDDEN_KEYS.includes(name)) this.#refuse(offset, `the key ${quote(name)} is not allowed`);
      else if (name === '<<') this.#refuse(offset, 'merge keys are not allowed; write the fields out');
      else if (seen.has(name)) this.#refuse(offset, `the key ${quote(name)} stands here twice; remove one`);
      else entries.push([name, this.read(value, depth + 1)]);
      if (name !== null) seen.add(name);
    }
    return Object.fromEntries(entries);
  }

  #readScalar(value: unknown, offset: number): Json {
    if (typeof value === 'number' && !Number.isFinite(value)) {
      return this.#refuse(offset, 'this number is not finite or too large');
    }
    if (typeof value === 'bigint') return this.#refuse(offset, 'this number is too large');
    return value === undefined ? null : (value as Json);
  }

  #refuse(offset: number, what: string): null {
    this.#complain(offset, what);
    return null;
  }

  #stop(offset: number, what: string): null {
    this.#full = true;
    return this.#refuse(offset, what);
  }
}

const isTagged = (node: unknown): boolean => (node as { tag?: string } | null)?.tag !== undefined;

function findOffset(document: Document, path: Path, wanted?: 'key'): number {
  let node: unknown = document.contents;
  let offset = (node as Node | null)?.range?.[0] ?? 0;
  for (const [depth, step] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    const last = depth === path.length - 1;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value ?? '') === String(step));
      if (pair === undefined) return offset;
      const keyOffset = (pair.key as Node).range?.[0] ?? offset;
      const value = pair.value as Node | null;
      offset = (last && wanted === 'key') || value === null ? keyOffset : (value.range?.[0] ?? keyOffset);
      node = value;
    } else if (isSeq(node) && typeof step === 'number' && step < node.items.length) {
      node = node.items[step];
      offset = (node as Node | null)?.range?.[0] ?? offset;
    } else {
      return offset;
    }
  }
  return offset;
}
