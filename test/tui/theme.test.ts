/** How things look: ASCII stand-ins of the same width, themes that can be read on their ground, and colours told apart. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { palettes } from '../../src/tui/palettes.ts';
import { line, piece, width } from '../../src/tui/text.ts';
import {
  asciiOf,
  inAscii,
  keyWords,
  lookOf,
  paint,
  type Style,
  setLook,
  spell,
  symbols,
  unpainted,
} from '../../src/tui/theme.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const usual = lookOf({ LANG: 'C.UTF-8' });
afterEach(() => setLook(usual));

test('every stand-in is ASCII and as wide as its sign', () => {
  for (const [sign, standIn] of Object.entries(asciiOf)) {
    assert.match(standIn, /^[\x20-\x7e]$/, sign);
    assert.equal(width(sign), 1, sign);
  }
  for (const text of ['┌─┐│▶…', 'plain', 'Zürich', '漢字 and 🙂', 'e\u0301']) {
    assert.match(inAscii(text), /^[\x20-\x7e]*$/);
    assert.equal(inAscii(text).length, width(text), text);
  }
  assert.equal(inAscii('Zürich 漢'), 'Zurich ??');
});

/** What is written in quotes: comments may hold what they like. */
const signsIn = (folder: string, ending: RegExp): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => ending.test(name))
    .flatMap((name) => [...readFileSync(join(root, folder, name), 'utf8').replace(/^\s*(\/\/|\*|\/\*\*|#).*$/gm, '')])
    .filter((sign) => /[^\x00-\x7e]/.test(sign));

test('no sign of the screen, of a preset or of a protocol lacks its stand-in', () => {
  setLook({ ascii: true });
  const signs = [...signsIn('src/tui', /\.tsx?$/), ...signsIn('presets', /\.yaml$/), ...signsIn('machines', /\.ts$/)];
  const lacking = new Set(signs.filter((sign) => inAscii(spell(sign)).includes('?')));
  assert.ok(signs.length > 100);
  assert.deepEqual([...lacking], []);
});

test('symbols that stand in one place for different things have different stand-ins', () => {
  const { holds, violated, unknown, notReached, reached, paused } = symbols;
  for (const group of [
    [holds, violated, unknown, notReached, reached, paused],
    [symbols.mark, symbols.free],
    [symbols.cursor, '›', ' '],
    [symbols.timer, symbols.stable, symbols.decided, symbols.delivered, symbols.traitor, symbols.input],
    ['│', '┊', '╎'],
  ]) {
    assert.equal(new Set(group.map(inAscii)).size, group.length, group.join(' '));
  }
});

test('signs without a stand-in that means the same are spelled out before they are measured', () => {
  assert.equal(spell('f ≤ ⌊n/3⌋'), 'f ≤ ⌊n/3⌋');
  setLook({ ascii: true });
  assert.equal(spell('f ≤ ⌊n/3⌋'), 'f <= floor(n/3)');
});

test('an arrow key is named in ASCII, where its stand-in is the name of another key', () => {
  assert.equal(keyWords('↑↓ choose  ← , back'), '↑↓ choose  ← , back');
  setLook({ ascii: true });
  assert.equal(keyWords('↑↓ choose  ← , back'), 'Up/Down choose  Left , back');
});

test('a terminal that is not known to do better gets ASCII; one of which nothing is known does not', () => {
  const isAscii = (env: Record<string, string>): boolean => lookOf(env).ascii;
  assert.equal(isAscii({ LANG: 'en_GB.UTF-8' }), false);
  assert.equal(isAscii({ LANG: 'de_DE.utf8' }), false);
  assert.equal(isAscii({}), false);
  assert.equal(isAscii({ LANG: 'C' }), true);
  assert.equal(isAscii({ LANG: 'en_GB.UTF-8', LC_ALL: 'POSIX' }), true);
  assert.equal(isAscii({ LANG: 'C', LC_ALL: 'C.UTF-8' }), false);
  assert.equal(isAscii({ LANG: 'C.UTF-8', TERM: 'linux' }), true);
});

test('the theme follows the ground that the terminal names, and whoever wants no colours gets none', () => {
  assert.equal(lookOf({}).theme, 'dark');
  assert.equal(lookOf({ COLORFGBG: '0;15' }).theme, 'light');
  assert.equal(lookOf({ COLORFGBG: '15;0' }).theme, 'dark');
  for (const env of [{ NO_COLOR: '1' }, { FORCE_COLOR: '0' }, { TERM: 'dumb' }])
    assert.equal(lookOf(env).theme, 'none');
  const text = line(piece('good', 'good'), piece(' ‖ held', 'warn'));
  setLook({ theme: 'none' });
  assert.equal(paint(text), 'good ‖ held');
  setLook({ theme: 'light', ascii: true });
  assert.match(paint(text), /^\u001b\[[\d;]+mgood\u001b\[39m\u001b\[[\d;]+m = held\u001b\[39m$/);
  assert.equal(unpainted(text), 'good = held');
});

type Rgb = readonly [number, number, number];
/** A colour of the table of 256, each part from 0 to 1; null: one of the sixteen that the terminal chooses. */
function rgbOf(code: string): Rgb | null {
  const number = Number(/38;5;(\d+)/.exec(code)?.[1] ?? Number.NaN);
  if (Number.isNaN(number)) return null;
  if (number >= 232) return [0, 1, 2].map(() => (8 + (number - 232) * 10) / 255) as unknown as Rgb;
  const level = (digit: number): number => (digit === 0 ? 0 : 55 + 40 * digit) / 255;
  const cube = number - 16;
  return [level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6)];
}
const linear = (rgb: Rgb): Rgb => rgb.map((part) => ((part + 0.055) / 1.055) ** 2.4) as unknown as Rgb;
const luminance = (rgb: Rgb): number => {
  const [r, g, b] = linear(rgb);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (a: number, b: number): number => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
const coloured: readonly Style[] = ['good', 'bad', 'warn', 'accent', 'traitor'];

test('chosen colours can be read on their ground: light on white, colour-blind on white and on black', () => {
  const grounds = { light: [1], 'colour-blind': [0, 1] } as const;
  for (const [theme, of] of Object.entries(grounds)) {
    const { many } = palettes[theme as keyof typeof grounds];
    for (const style of coloured) {
      const rgb = rgbOf(many[style][0]);
      assert.ok(rgb !== null, `${theme} ${style} is one of the 256`);
      for (const ground of of) {
        const ratio = contrast(luminance(rgb), ground);
        assert.ok(ratio >= 3, `${theme} ${style} on ${ground === 0 ? 'black' : 'white'}: ${ratio.toFixed(1)}`);
      }
    }
  }
});

/** What is left of a colour for eyes without one kind of cone (Machado, Oliveira and Fernandes, 2009). */
const blindness: Readonly<Record<string, readonly Rgb[]>> = {
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
};
const seen = (rgb: Rgb, kind: string): Rgb =>
  (blindness[kind] as readonly Rgb[]).map(
    (row) =>
      Math.max(
        0,
        row.reduce((sum, part, i) => sum + part * (linear(rgb)[i] as number), 0),
      ) **
      (1 / 2.4),
  ) as unknown as Rgb;
const apart = (a: Rgb, b: Rgb): number => Math.hypot(...a.map((part, i) => part - (b[i] as number)));

test('eyes that do not tell red from green tell good from bad in the colour-blind theme, and would not in others', () => {
  const of = (theme: 'light' | 'colour-blind', style: Style): Rgb => rgbOf(palettes[theme].many[style][0]) as Rgb;
  for (const kind of Object.keys(blindness)) {
    const between = (theme: 'light' | 'colour-blind', a: Style, b: Style): number =>
      apart(seen(of(theme, a), kind), seen(of(theme, b), kind));
    for (const other of ['bad', 'warn', 'traitor'] as const) {
      const distance = between('colour-blind', 'good', other);
      assert.ok(distance > 0.25, `${kind}: good and ${other} are ${distance.toFixed(2)} apart`);
    }
    assert.ok(between('light', 'good', 'bad') < between('colour-blind', 'good', 'bad'), kind);
  }
});
