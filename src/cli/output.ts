/** The two ways out: results on stdout, everything else on stderr. A reader that goes away changes no verdict. */
import { printable, printableJson } from '../core/printable.ts';
import { endProgram } from '../scenario/own-process.ts';
import { exitCodes } from './exit-codes.ts';

/** what a write meets when the reader has gone, the first time and every later one */
const readerGone = ['EPIPE', 'ERR_STREAM_DESTROYED'];

/**
 * Call once, before anything is printed. With `| head -1` the run goes on unread to its end: its exit code is its verdict,
 * and its recording is whole.
 */
export function goOnWithoutReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (readerGone.includes(error.code ?? '')) return;
      if (stream === process.stdout) complain(`stdout: cannot be written: ${error.message}`);
      endProgram(exitCodes.invalid);
    });
  }
}

export const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** The one object of `--json`. */
export const printJson = (value: unknown): void => print(printableJson(value, 2));

/** One line on stderr, whatever the text holds. */
export const complain = (text: string): void =>
  void process.stderr.write(`${printable(text.trim().replace(/\s*\n\s*/g, ' '))}\n`);

/** Can the screen be used? It needs a terminal on both sides, and one that can move its cursor. */
export const hasScreen = (): boolean =>
  process.stdout.isTTY === true && process.stdin.isTTY === true && process.env.TERM !== 'dumb';

/** Rows as columns of equal width, two spaces apart; the last column is as wide as it is. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, cell] of row.slice(0, -1).entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  }
  return rows
    .map((row) =>
      row
        .map((cell, i) => (i < row.length - 1 ? cell.padEnd(widths[i] ?? 0) : cell))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
