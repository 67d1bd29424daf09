/**
 * The recordings in a folder, newest first, as the picker lists them. Of each file only the first and the last line are
 * read, and nothing of it is believed further than to be shown: opening one reads and checks all of it.
 */
import { closeSync, constants, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isObject } from '../core/json.ts';
import { formatName, limits } from './format.ts';

export interface RunInfo {
  readonly file: string;
  /** the preset's name, or the scenario file's */
  readonly name: string;
  readonly title: string;
  readonly protocol: string;
  readonly seed: number | null;
  /** when it was written last, in milliseconds of the wall clock */
  readonly modifiedMs: number;
  /** how many events, as far as the last line says; null: it says nothing */
  readonly events: number | null;
  /** virtual */
  readonly atMs: number | null;
  /** false: it was cut off, and has no end */
  readonly complete: boolean;
}
export interface Runs {
  readonly runs: readonly RunInfo[];
  /** how many older ones are there, which were not looked into */
  readonly older: number;
}

const mostRuns = 200;
/** enough for the end of a run, and for the line before it */
const tailBytes = 4096;
const headBytes = 32 * 1024;

export function listRuns(folder: string, most = mostRuns): Runs {
  const files = namesIn(folder)
    .flatMap((name) => withTime(join(folder, name)))
    .sort((a, b) => b.modifiedMs - a.modifiedMs || (a.file < b.file ? 1 : -1));
  const runs: RunInfo[] = [];
  let seen = 0;
  for (const { file, modifiedMs } of files) {
    if (runs.length >= most) break;
    seen += 1;
    const info = runInfo(file, modifiedMs);
    if (info !== null) runs.push(info);
  }
  return { runs, older: files.length - seen };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
  } catch {
    return [];
  }
}

function withTime(file: string): { readonly file: string; readonly modifiedMs: number }[] {
  try {
    const status = statSync(file);
    return status.isFile() && status.size <= limits.fileBytes ? [{ file, modifiedMs: status.mtimeMs }] : [];
  } catch {
    return [];
  }
}

/** Null: this is no recording, or it cannot be read. */
function runInfo(file: string, modifiedMs: number): RunInfo | null {
  const ends = endsOf(file);
  const header = ends === null ? null : objectIn(ends.first);
  if (ends === null || header === null || header.format !== formatName || !isObject(header.scenario)) return null;
  const { name, title, protocol, seed } = header.scenario as Record<string, unknown>;
  const last = objectIn(ends.last) ?? {};
  const complete = last.end === true;
  return {
    file,
    name: textOr(name, file),
    title: textOr(title, ''),
    protocol: textOr(protocol, ''),
    seed: countOr(seed),
    modifiedMs,
    events: countOr(complete ? last.events : last.i),
    atMs: countOr(last.at),
    complete,
  };
}

const textOr = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);
const countOr = (value: unknown): number | null => (Number.isSafeInteger(value) ? (value as number) : null);

function objectIn(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** The first line, and the last one that is whole; null: the file cannot be read, or its first line has no end. */
function endsOf(file: string): { readonly first: string; readonly last: string } | null {
  let descriptor: number;
  try {
    descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch {
    return null;
  }
  try {
    const { size } = fstatSync(descriptor);
    const first = firstLine(descriptor, size);
    if (first === null) return null;
    const from = Math.max(0, size - tailBytes);
    const lines = read(descriptor, from, size - from)
      .toString('utf8')
      .split('\n');
    // what stands after the last line feed is a line that was cut off, or nothing
    return { first, last: lines.at(-2) ?? '' };
  } catch {
    return null;
  } finally {
    closeSync(descriptor);
  }
}

function firstLine(descriptor: number, size: number): string | null {
  for (const bytes of [headBytes, limits.lineBytes + 1]) {
    const head = read(descriptor, 0, Math.min(bytes, size));
    const end = head.indexOf(0x0a);
    if (end >= 0) return head.toString('utf8', 0, end);
  }
  return null;
}

function read(descriptor: number, from: number, count: number): Buffer {
  const buffer = Buffer.alloc(count);
  return buffer.subarray(0, readSync(descriptor, buffer, 0, count, from));
}
