/** A row that is brought up to date looks as if it had been drawn whole, and costs fewer bytes. */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import type { Terminal as Emulator } from '@xterm/headless';
import fc from 'fast-check';
import width from 'string-width';
import { type LineUpdate, quickUpdate } from '../../src/tui/line-update.ts';

const { Terminal } = createRequire(import.meta.url)('@xterm/headless') as { Terminal: typeof Emulator };
const ofInk = (await import(new URL('line-update.js', import.meta.resolve('ink')).href)).default as LineUpdate;
const update = quickUpdate(ofInk);
const columns = 40;

/** The cells of the first row, their looks, and how what is written next would look. */
async function cellsAfter(...written: readonly string[]): Promise<string[]> {
  const terminal = new Terminal({ cols: columns, rows: 3, allowProposedApi: true });
  await new Promise<void>((resolve) => terminal.write(`${written.join('')}\r\nx`, resolve));
  const cells = [0, 1].flatMap((y) =>
    Array.from({ length: columns }, (_, x) => {
      const cell = terminal.buffer.active.getLine(y)?.getCell(x);
      const looks = [cell?.getFgColor(), cell?.getBgColor(), cell?.isBold(), cell?.isDim(), cell?.isInverse()];
      return `${cell?.getChars() || ' '} ${looks.join(' ')}`;
    }),
  );
  terminal.dispose();
  return cells;
}

const codes = [
  ['2', '22'],
  ['1;36', '22;39'],
  ['38;5;208', '39'],
  ['7;33', '27;39'],
  ['4', '24'],
] as const;
const words = fc.string({ unit: fc.constantFrom(...'ab 1│─▶', '漢', 'é', '  '), minLength: 1, maxLength: 9 });
const painted = fc.tuple(words, fc.option(fc.constantFrom(...codes))).map(([text, code]) => {
  return code === null ? text : `\u001b[${code[0]}m${text}\u001b[${code[1]}m`;
});
const pieces = fc.array(painted, { maxLength: 6 });

test('after an update a row looks as if it had been drawn whole, whatever stood there', async () => {
  // rows that are alike at both ends, as those of a frame and the next one are
  const rows = fc.tuple(pieces, pieces, pieces, pieces);
  await fc.assert(
    fc.asyncProperty(rows, async ([start, before, after, end]) => {
      const [previous, next] = [before, after].map((middle) => [...start, ...middle, ...end].join('')) as [
        string,
        string,
      ];
      if (previous === next || width(previous) > columns || width(next) > columns) return;
      const text = `${JSON.stringify(previous)} to ${JSON.stringify(next)}`;
      const seen = await cellsAfter(previous, update(previous, next, columns));
      const expected = await cellsAfter(next);
      const at = seen.findIndex((cell, i) => cell !== expected[i]);
      assert.equal(seen[at], expected[at], `cell ${at}, from ${text}`);
    }),
    { numRuns: 400 },
  );
});

test('what stays is not written again', () => {
  const bar = (filled: number): string =>
    `\u001b[2m│\u001b[22m 31 C→P1 \u001b[36m${'━'.repeat(filled)}${'─'.repeat(10 - filled)}\u001b[39m 12ms \u001b[2m│\u001b[22m`;
  const quick = update(bar(3), bar(4), columns);
  assert.equal(quick, '\u001b[14G\u001b[36m━\u001b[0m');
  assert.ok(quick.length < ofInk(bar(3), bar(4), columns).length);
});

test('rows with more than signs and colours are left to Ink', () => {
  for (const [previous, next] of [
    ['a\tb', 'a\tc'],
    ['a\u001b[4:3mb', 'a\u001b[4:3mc'],
    ['漢字 a', '漢字 b'],
    ['x'.repeat(50), `${'x'.repeat(49)}y`],
    ['a', 'b'],
  ] as const)
    assert.equal(update(previous, next, columns), ofInk(previous, next, columns), previous);
  assert.equal(update('ab', 'ac', undefined), ofInk('ab', 'ac', undefined));
});
