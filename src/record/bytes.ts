/** Takes a file from outside in, within limits, and cuts it into lines. Never waits on a pipe or a device. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { kindTrouble, openTrouble } from '../scenario/text-file.ts';
import { limits, RecordingError } from './format.ts';

export interface RawLine {
  /** from 1 */
  readonly number: number;
  readonly bytes: Uint8Array;
  /** false: the file ends without the line's line feed */
  readonly complete: boolean;
}

/** The bytes of a regular file of acceptable size. */
export function readFileBytes(file: string): Uint8Array {
  const fail = (reason: string): RecordingError => new RecordingError(file, null, null, reason);
  let descriptor: number;
  try {
    // without O_NONBLOCK, opening a FIFO would wait for a writer
    descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    throw fail(openTrouble(error));
  }
  try {
    const status = fstatSync(descriptor);
    const trouble = kindTrouble(status, limits.fileBytes);
    if (trouble !== null) throw fail(trouble);
    const bytes = new Uint8Array(status.size);
    let filled = 0;
    while (filled < bytes.length) {
      const count = readSync(descriptor, bytes, filled, bytes.length - filled, null);
      if (count === 0) break;
      filled += count;
    }
    return bytes.subarray(0, filled);
  } finally {
    closeSync(descriptor);
  }
}

/** What the first bytes say about a file that is no recording; null: nothing against it. */
export function wrongBeginning(bytes: Uint8Array): string | null {
  const [a, b, c] = bytes;
  if (a === undefined) return 'the file is empty';
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) return 'this is UTF-16; a recording is UTF-8';
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'the file starts with a byte order mark; a recording has none';
  if (a === 0x1f && b === 0x8b) return 'this is compressed; unpack it first';
  if (a !== 0x7b) return 'this is no recording: the first line must be a JSON object';
  return null;
}

export function* splitLines(bytes: Uint8Array, file: string): Generator<RawLine> {
  let from = 0;
  for (let number = 1; from < bytes.length; number++) {
    const found = bytes.indexOf(0x0a, from);
    const to = found === -1 ? bytes.length : found;
    if (to - from > limits.lineBytes) throw new RecordingError(file, number, 1, 'the line is longer than 1 MiB');
    if (number > limits.lines) throw new RecordingError(file, number, 1, `more than ${limits.lines} lines`);
    yield { number, bytes: bytes.subarray(from, to), complete: found !== -1 };
    from = to + 1;
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The line's text, or where and why it is none. */
export function lineText(bytes: Uint8Array): string | { readonly column: number; readonly what: string } {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    const lenient = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
    return { column: lenient.indexOf('\ufffd') + 1, what: 'this is not UTF-8' };
  }
  if (text === '') return { column: 1, what: 'an empty line; every line is a JSON object' };
  const nul = text.indexOf('\0');
  if (nul !== -1) return { column: nul + 1, what: 'a NUL byte' };
  if (text.endsWith('\r')) return { column: text.length, what: 'the line ends with CR LF; a recording uses LF alone' };
  if (!text.startsWith('{')) return { column: 1, what: 'a line must start with {' };
  if (!text.endsWith('}')) return { column: text.length, what: 'a line must end with }' };
  return text;
}
