/**
 * Reads a recording, strictly: limits, JSON, shape, order, chains. Whatever is wrong becomes one `RecordingError` with
 * line and column. A file that was cut off is no error: it opens without an end.
 */
import { checkpointEvery } from '../core/digest.ts';
import { ScenarioError } from '../scenario/errors.ts';
import { lineText, type RawLine, readFileBytes, splitLines, wrongBeginning } from './bytes.ts';
import {
  Chain,
  type Entry,
  type Header,
  limits,
  type Recording,
  RecordingError,
  splitLink,
  type Trailer,
} from './format.ts';
import { readEntry, readHeader, readTrailer } from './lines.ts';
import { isForbiddenKey, scanJson } from './scan.ts';
import { Changed, type Fields, Misshape, objectAt } from './shape.ts';

export const readRecordingFile = (file: string): Recording => readRecording(readFileBytes(file), file);

export function readRecording(bytes: Uint8Array, file: string): Recording {
  const objection = wrongBeginning(bytes);
  if (objection !== null) throw new RecordingError(file, 1, 1, objection);
  const reader = new Reader(file);
  for (const line of splitLines(bytes, file)) reader.take(line);
  return reader.recording();
}

class Reader {
  readonly #file: string;
  readonly #chain = new Chain();
  readonly #entries: Entry[] = [];
  #order = new Order(checkpointEvery(0));
  #header: Header | null = null;
  #end: Trailer | null = null;
  #halfLine: number | null = null;

  constructor(file: string) {
    this.#file = file;
  }

  take(line: RawLine): void {
    if (this.#end !== null) throw this.#afterEnd(line);
    const text = lineText(line.bytes);
    if (typeof text !== 'string') {
      this.#spoilt(line, text.column, text.what);
      return;
    }
    const fields = this.#parse(text, line);
    if (fields === null) return;
    this.#checkLink(text, line.number, fields.c !== undefined);
    try {
      this.#understand(fields, line.number);
    } catch (error) {
      // what it says of a field is about the header's scenario
      if (error instanceof ScenarioError) throw this.#error(line.number, 1, error.errors[0]?.what ?? error.message);
      if (!(error instanceof Misshape)) throw error;
      const column = scanJson(text).columns.get(error.path) ?? 1;
      throw this.#error(line.number, column, error.message, error instanceof Changed ? 'changed' : 'unreadable');
    }
    this.#chain.add(text);
  }

  recording(): Recording {
    if (this.#header === null) throw this.#error(1, 1, 'the header is cut off in the middle');
    return { file: this.#file, header: this.#header, entries: this.#entries, end: this.#end, halfLine: this.#halfLine };
  }

  #parse(text: string, line: RawLine): Fields | null {
    try {
      const fields = objectAt(JSON.parse(text), '');
      if (isTame(fields, 0)) return fields;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
    const { mistake } = scanJson(text);
    this.#spoilt(line, mistake?.column ?? 1, mistake?.what ?? 'this is not JSON');
    return null;
  }

  /** A line that cannot be read: the half line of a file that was cut off, or a mistake. */
  #spoilt(line: RawLine, column: number, what: string): void {
    if (line.complete) throw this.#error(line.number, column, what);
    this.#halfLine = line.number;
  }

  #checkLink(text: string, number: number, isThere: boolean): void {
    const { bare, link } = splitLink(text);
    const expected = this.#chain.link(bare);
    if (link === expected || !isThere) return;
    const what = 'the line was changed: its "c" does not fit its text and the lines before it';
    throw this.#error(number, text.length - 13, what, 'changed');
  }

  #understand(fields: Fields, number: number): void {
    if (this.#header === null) {
      this.#header = readHeader(fields, this.#file);
      this.#order = new Order(checkpointEvery(Object.keys(this.#header.scenario.nodes).length));
    } else if (fields.end !== undefined) {
      const { trailer, chain } = readTrailer(fields, number);
      this.#order.end(trailer);
      if (chain !== this.#chain.whole)
        throw new Changed('chain', 'the chain does not fit the lines above: one was changed, added or removed');
      this.#end = trailer;
    } else {
      const entry = readEntry(fields, number, this.#header);
      this.#order.next(entry);
      this.#entries.push(entry);
    }
  }

  #afterEnd(line: RawLine): RecordingError {
    const text = lineText(line.bytes);
    const second = typeof text === 'string' && text.includes('"format"');
    return this.#error(
      line.number,
      1,
      second ? 'a second recording starts here; give each its own file' : 'a line after the end',
    );
  }

  #error(line: number, column: number, what: string, kind: RecordingError['kind'] = 'unreadable'): RecordingError {
    return new RecordingError(this.#file, line, column, what, kind);
  }
}

/** Not too deep, no keys that reach a prototype, only finite numbers. */
function isTame(value: unknown, depth: number): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  if (depth > 32) return false;
  if (Array.isArray(value)) return value.every((item) => isTame(item, depth + 1));
  return Object.entries(value).every(([key, item]) => !isForbiddenKey(key) && isTame(item, depth + 1));
}

/** Holds the lines to their order: indices and times do not go back, and no index acts twice. */
class Order {
  /** so many events lie between two checkpoints */
  readonly #every: number;
  #i = 0;
  #executed = 0;
  #atMs = 0;
  #block = 0;
  #lastAct = -1;

  constructor(every: number) {
    this.#every = every;
  }

  next(entry: Entry): void {
    if (entry.kind === 'branch') {
      this.#branch(entry.i, entry.from, entry.atMs);
      return;
    }
    this.#forward('i', entry.i, entry.atMs);
    const block = Math.floor(entry.i / this.#every);
    if (entry.kind === 'checkpoint') {
      if (block <= this.#block) throw new Misshape('i', `a second checkpoint for the same ${this.#every} events`);
      this.#block = block;
    } else if (entry.kind === 'act') {
      if (block > this.#block) throw new Misshape('i', `the checkpoint before event ${entry.i} is missing`);
      if (entry.i === this.#lastAct) throw new Misshape('i', `a second input at index ${entry.i}`);
      this.#lastAct = entry.i;
    }
  }

  end(trailer: Trailer): void {
    this.#forward('events', trailer.events, trailer.atMs);
    if (trailer.events === this.#lastAct) throw new Misshape('events', 'the end does not count the last input');
    if (Math.floor(trailer.events / this.#every) > this.#block) {
      throw new Misshape('events', `the checkpoint before event ${trailer.events} is missing`);
    }
  }

  #forward(field: string, i: number, atMs: number): void {
    if (i < this.#i) throw new Misshape(field, `the index goes back from ${this.#i} to ${i}`);
    if (atMs < this.#atMs) throw new Misshape('at', `the time goes back from ${this.#atMs} to ${atMs}`);
    this.#count(field, i);
    this.#i = i;
    this.#atMs = atMs;
  }

  /** What was left by a branch is executed too: without a limit a short file could take for ever. */
  #count(field: string, to: number): void {
    this.#executed += to - this.#i;
    if (this.#executed > limits.events)
      throw new Misshape(field, `more than ${limits.events} events, all branches together`);
  }

  #branch(to: number, from: number, atMs: number): void {
    if (from < this.#i) throw new Misshape('branch', `a branch from ${from}, but the run had come to ${this.#i}`);
    if (to > from) throw new Misshape('i', `a branch goes back, but this one goes from ${from} to ${to}`);
    this.#count('branch', from);
    this.#i = to;
    this.#atMs = atMs;
    this.#block = Math.floor(to / this.#every);
    this.#lastAct = -1;
  }
}
