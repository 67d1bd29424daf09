/** Reads text files from outside without trusting them: no devices, no pipes that would hang, no giants, no odd bytes. */
import { accessSync, constants, readFileSync, type Stats, statSync } from 'node:fs';
import { mistakeIn } from './errors.ts';

/** Why this is no ordinary file of at most so many bytes, in words; null when it is. Opens nothing. */
export function fileTrouble(path: string, mostBytes: number): string | null {
  let stats: Stats;
  try {
    stats = statSync(path);
    accessSync(path, constants.R_OK);
  } catch (error) {
    return openTrouble(error);
  }
  return kindTrouble(stats, mostBytes);
}

/** The same of a file whose status is known. */
export function kindTrouble(stats: Stats, mostBytes: number): string | null {
  if (stats.isDirectory()) return 'this is a folder; name a file in it';
  if (!stats.isFile()) return 'this is a pipe, socket or device; an ordinary file is needed';
  if (stats.size > mostBytes) return `the file has ${stats.size} bytes; at most ${mostBytes} are read`;
  return null;
}

/** What the operating system says against opening a file, in words. */
export function openTrouble(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'there is no such file';
  if (code === 'EACCES' || code === 'EPERM') return 'the file may not be read: permission denied';
  if (code === 'ELOOP') return 'the file is a link to itself';
  if (code === 'ERR_INVALID_ARG_VALUE') return 'the path contains a NUL character';
  return `the file cannot be read (${code ?? 'unknown error'})`;
}

/** The text of a file, with a leading byte order mark taken off. Throws `ScenarioError`. */
export function readTextFile(path: string, mostBytes: number): string {
  const trouble = fileTrouble(path, mostBytes);
  if (trouble !== null) throw mistakeIn(path, trouble);
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw mistakeIn(path, openTrouble(error));
  }
  return decodeText(bytes, path);
}

/** UTF-8 and nothing else; a byte that is not says where it stands. */
export function decodeText(bytes: Uint8Array, path: string): string {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    throw mistakeIn(path, 'the file is UTF-16; save it as UTF-8', 1, 1);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const [line, column] = firstBadByte(bytes);
    throw mistakeIn(path, 'this is not valid UTF-8; save the file as UTF-8', line, column);
  }
}

function firstBadByte(bytes: Uint8Array): [number, number] {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const before = text.slice(0, text.indexOf('\uFFFD')).split('\n');
  return [before.length, (before.at(-1) as string).length + 1];
}
