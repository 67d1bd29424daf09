/**
 * Text that fits: everything on the screen is a line of styled pieces, measured in terminal columns, cut with an
 * ellipsis and padded to its exact width. Nothing here knows colours; `theme.ts` paints.
 */

import type { Spot } from './spots.ts';
import stringWidth, { simple } from './string-width.ts';
import type { Style } from './theme.ts';

export interface Piece {
  readonly text: string;
  readonly style?: Style;
  /** what a click on it, or on what follows it in its pane, is about */
  readonly spot?: Spot;
}
export type Line = readonly Piece[];

const ascii = /^[\x20-\x7e]*$/;
const widths = new Map<string, number>();

/** Terminal columns that a text takes. */
export function width(text: string): number {
  if (ascii.test(text)) return text.length;
  const known = widths.get(text);
  if (known !== undefined) return known;
  if (widths.size > 5000) widths.clear();
  const measured = stringWidth(text);
  widths.set(text, measured);
  return measured;
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** What a reader sees as single characters. */
export const characters = (text: string): string[] =>
  simple.test(text) ? text.split('') : [...graphemes.segment(text)].map((part) => part.segment);

/** At most `columns` wide; `…` says that something is missing. */
export function cut(text: string, columns: number): string {
  if (columns <= 0) return '';
  if (width(text) <= columns) return text;
  if (ascii.test(text)) return `${text.slice(0, columns - 1)}…`;
  let out = '';
  let used = 0;
  for (const character of characters(text)) {
    const step = width(character);
    if (used + step > columns - 1) break;
    out += character;
    used += step;
  }
  return `${out}…`;
}

/** A name at most `columns` wide, cut in its middle: names that begin alike mostly differ at their ends. */
export function cutName(name: string, columns: number): string {
  if (width(name) <= columns) return name;
  let tail = '';
  for (const character of characters(name).reverse()) {
    if (width(character + tail) > Math.floor((columns - 1) / 3)) break;
    tail = character + tail;
  }
  return cut(name, columns - width(tail)) + tail;
}

/** Exactly `columns` wide. */
export function pad(text: string, columns: number): string {
  const fitting = cut(text, columns);
  return fitting + ' '.repeat(Math.max(0, columns - width(fitting)));
}
export function padStart(text: string, columns: number): string {
  const fitting = cut(text, columns);
  return ' '.repeat(Math.max(0, columns - width(fitting))) + fitting;
}

export const piece = (text: string, style?: Style): Piece => (style === undefined ? { text } : { text, style });
export const line = (...parts: readonly (string | Piece | Line)[]): Line =>
  parts.flatMap((part) => (typeof part === 'string' ? [{ text: part }] : 'text' in part ? [part] : [...part]));
export const plain = (of: Line): string => of.map((part) => part.text).join('');
export const lineWidth = (of: Line): number => of.reduce((sum, part) => sum + width(part.text), 0);
export const restyle = (of: Line, style: Style): Line => of.map((part) => ({ ...part, style }));

/** At most `columns` wide, cut with `…`. */
export function cutLine(of: Line, columns: number): Line {
  if (lineWidth(of) <= columns) return of;
  const out: Piece[] = [];
  let left = columns;
  for (const part of of) {
    const wide = width(part.text);
    if (wide < left || (wide === left && part === of.at(-1))) {
      out.push(part);
      left -= wide;
      continue;
    }
    // the piece is cut even when it would just fit: what follows it is missing, and `…` must say so
    out.push({ ...part, text: wide <= left ? `${cut(part.text, left - 1).replace(/…$/, '')}…` : cut(part.text, left) });
    break;
  }
  return out;
}

/** Exactly `columns` wide. */
export function fit(of: Line, columns: number): Line {
  const fitting = cutLine(of, columns);
  const missing = columns - lineWidth(fitting);
  return missing > 0 ? [...fitting, { text: ' '.repeat(missing) }] : fitting;
}

/** `left` cut as needed, `right` whole at the right edge; when there is no room for both, `left` wins. */
export function ends(left: Line, right: Line, columns: number): Line {
  const room = columns - lineWidth(right) - 1;
  if (room < 8) return fit(left, columns);
  return [...fit(left, room), { text: ' ' }, ...right];
}

/** Chips set one after the other, `gap` columns apart, on as many lines as they need. A chip is never broken, only cut. */
export function flow(chips: readonly Line[], columns: number, gap = 2): Line[] {
  const lines: Piece[][] = [];
  let used = 0;
  for (const chip of chips) {
    const wide = Math.min(lineWidth(chip), columns);
    const current = lines.at(-1);
    if (current !== undefined && used + gap + wide <= columns) {
      current.push({ text: ' '.repeat(gap) }, ...cutLine(chip, columns));
      used += gap + wide;
    } else {
      lines.push([...cutLine(chip, columns)]);
      used = wide;
    }
  }
  return lines;
}

/** A line on as many lines as it needs, broken at blanks; all after the first are indented. */
export function wrapLine(of: Line, columns: number, indent: number): Line[] {
  if (lineWidth(of) <= columns) return [of];
  const lines: Piece[][] = [[]];
  let used = 0;
  for (const { text, ...look } of of) {
    for (const word of text.split(/(?<= )/).flatMap((each) => breakWord(each, columns - indent))) {
      const wide = width(word.trimEnd());
      if (used + wide > columns && used > indent) {
        lines.push([{ text: ' '.repeat(indent) }]);
        used = indent;
      }
      // a blank at the very end may find no room
      const shown = used + width(word) > columns ? word.trimEnd() : word;
      lines.at(-1)?.push({ ...look, text: shown });
      used += width(shown);
    }
  }
  return lines;
}

/** The first `most` lines of a text; `…` at the end of the last says that there are more. */
export function firstLines(text: string, columns: number, most: number): string[] {
  const lines = wrap(text, columns);
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most - 1), `${cut(lines[most - 1] as string, columns - 2)} …`];
}

/** A word in parts of at most `columns`: one part, nearly always. */
function breakWord(word: string, columns: number): string[] {
  if (width(word) <= columns) return [word];
  const parts = [''];
  let used = 0;
  for (const character of characters(word)) {
    const wide = width(character);
    if (used + wide > columns) {
      parts.push('');
      used = 0;
    }
    parts[parts.length - 1] += character;
    used += wide;
  }
  return parts;
}

/** Words on lines of at most `columns`; a longer word is broken. Leading spaces of a paragraph indent all its lines. */
export function wrap(text: string, columns: number): string[] {
  const indent = /^ */.exec(text)?.[0].slice(0, Math.max(0, columns - 10)) ?? '';
  const lines: string[] = [];
  let current = indent;
  for (const word of text.split(' ').filter((part) => part !== '')) {
    if (current !== indent && width(current) + 1 + width(word) > columns) {
      lines.push(current);
      current = indent;
    }
    const pieces = breakWord(word, columns - indent.length);
    const rest = pieces.pop() ?? '';
    for (const part of pieces) lines.push(indent + part);
    current += current === indent ? rest : ` ${rest}`;
  }
  lines.push(current === indent ? '' : current);
  return lines;
}
