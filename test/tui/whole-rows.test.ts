/** Rows taken as they are look on a terminal exactly as when Ink takes them apart and joins them again. */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import type { Terminal as Emulator } from '@xterm/headless';
import fc from 'fast-check';
import { type FrameClass, withPlainRows, withWholeRows } from '../../src/tui/whole-rows.ts';

const { Terminal } = createRequire(import.meta.url)('@xterm/headless') as { Terminal: typeof Emulator };
const ofInk = (name: string) => import(new URL(name, import.meta.resolve('ink')).href);
const InkFrame = (await ofInk('output.js')).default as FrameClass;
const sanitize = (await ofInk('sanitize-ansi.js')).default as (text: string) => string;
const OurFrame = withWholeRows(InkFrame);

const [columns, rows] = [40, 6];

/** Every cell with its character and its looks. */
async function cellsOf(output: string): Promise<string[]> {
  const terminal = new Terminal({ cols: columns, rows: rows + 1, allowProposedApi: true });
  await new Promise<void>((resolve) => terminal.write(output.replaceAll('\n', '\r\n'), resolve));
  const cells: string[] = [];
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const cell = terminal.buffer.active.getLine(y)?.getCell(x);
      const looks = [cell?.getFgColor(), cell?.getBgColor(), cell?.isBold(), cell?.isDim(), cell?.isInverse()];
      cells.push(`${cell?.getChars() || ' '} ${looks.join(' ')}`);
    }
  }
  terminal.dispose();
  return cells;
}

const codes = [
  ['2', '22'],
  ['1;36', '22;39'],
  ['38;5;208', '39'],
  ['7', '27'],
] as const;
const words = fc.string({
  unit: fc.constantFrom(...'ab 1│─▶…✓', '漢', '🙂', 'é', 'e\u0301', ' '),
  maxLength: 12,
});
const painted = fc.tuple(words, fc.option(fc.constantFrom(...codes))).map(([text, code]) => {
  return code === null || text === '' ? text : `\u001b[${code[0]}m${text}\u001b[${code[1]}m`;
});
const row = fc.array(painted, { maxLength: 4 }).map((pieces) => pieces.join(''));
const bracket = (line: string): string => `\u001b[1m<${line}>\u001b[22m`;

test('whole rows look as Ink draws them, colours and wide signs included', async () => {
  const transformed = fc.constantFrom([], [(line: string) => line], [bracket]);
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: rows }), transformed, async (texts, transformers) => {
      const frames = [new InkFrame({ width: columns, height: rows }), new OurFrame({ width: columns, height: rows })];
      const [theirs, ours] = frames.map((frame) => {
        texts.forEach((text, y) => {
          if (text !== '') frame.write(0, y, text, { transformers });
        });
        return frame.get();
      });
      assert.equal(ours?.height, theirs?.height);
      const [seen, expected] = [await cellsOf(ours?.output ?? ''), await cellsOf(theirs?.output ?? '')];
      const at = seen.findIndex((cell, i) => cell !== expected[i]);
      assert.equal(seen[at], expected[at], `cell ${at} of ${JSON.stringify(texts)}`);
    }),
    { numRuns: 150 },
  );
});

test('texts beside or over one another, several lines and clips go the way of Ink, byte by byte', () => {
  const none = { transformers: [] };
  const draws: ((frame: InstanceType<FrameClass>) => void)[] = [
    (frame) => {
      frame.write(0, 0, 'left', none);
      frame.write(10, 0, 'right', none);
    },
    (frame) => {
      frame.write(0, 1, 'under this one', none);
      frame.write(0, 1, 'over', none);
    },
    (frame) => frame.write(0, 0, 'one\ntwo', none),
    (frame) => frame.write(0, rows + 3, 'outside', none),
    (frame) => {
      frame.clip({ x1: 0, x2: 3, y1: 0, y2: 2 });
      frame.write(0, 0, 'clipped', none);
      frame.unclip();
    },
  ];
  for (const draw of draws) {
    const [theirs, ours] = [InkFrame, OurFrame].map((Frame) => {
      const frame = new Frame({ width: columns, height: rows });
      draw(frame);
      return frame.get();
    });
    assert.deepEqual(ours, theirs);
  }
});

test('the guard against control sequences still sees whatever is more than signs and colours', () => {
  const guarded = withPlainRows(sanitize);
  for (const text of [
    'a\u001b[2Jb',
    '\u001b]52;c;aGk=\u0007x',
    '\u009b31mx',
    'a\u0007b',
    'e\u001b[1m\u0301',
    'a\tb',
    '│ \u001b[2mdim\u001b[22m',
  ]) {
    assert.equal(guarded(text), sanitize(text), JSON.stringify(text));
  }
  assert.equal(guarded('\u001b[2Jx'), 'x');
});
