/**
 * From a row as it stands on the terminal to the row as it is to be: only what differs is written, from the first sign
 * that is another to the last one, when the rest keeps its place. Ink writes from the first difference to the end of the
 * row, with every colour that came before; over a slow line, and in processor time, that is most of a frame. The bundle
 * puts this before Ink's own (scripts/build.mjs), which still does the rows that hold more than signs and colours.
 */
import stringWidth from './string-width.ts';
import { plainRow } from './whole-rows.ts';

export type LineUpdate = (previous: string, next: string, columns: number | undefined) => string;

const esc = '\u001b';
const goTo = (column: number): string => `${esc}[${column + 1}G`;
const eraseRest = `${esc}[K`;
const reset = `${esc}[0m`;

/** Colours in force, by what they change: the same change later takes the place of the one before. */
type Pens = Map<string, string>;

const offOf: Readonly<Record<string, string>> = { '22': 'weight', '27': 'inverse', '39': 'ink', '49': 'ground' };

/** Takes one sequence's numbers in; false: there is one among them that is not known here. */
function take(pens: Pens, numbers: string): boolean {
  const parts = numbers.split(';');
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] as string;
    if (part === '' || part === '0') pens.clear();
    else if (part === '1' || part === '2') pens.set(`weight ${part}`, part);
    else if (part === '7') pens.set('inverse', part);
    else if (/^(3[0-7]|9[0-7])$/.test(part)) pens.set('ink', part);
    else if (part === '38' && parts[i + 1] === '5' && parts[i + 2] !== undefined) {
      pens.set('ink', `38;5;${parts[i + 2]}`);
      i += 2;
    } else if (part === '22') for (const weight of ['1', '2']) pens.delete(`weight ${weight}`);
    else if (offOf[part] !== undefined) pens.delete(offOf[part]);
    else return false;
  }
  return true;
}

const written = (pens: Pens): string => (pens.size === 0 ? '' : `${esc}[${[...pens.values()].join(';')}m`);

const known = new Uint8Array(0x2800);

/** The columns of one sign of those that a plain row can hold. */
function columnsOf(code: number): number {
  if (code < 0x7f) return 1;
  if (known[code] === 0) known[code] = 1 + stringWidth(String.fromCharCode(code));
  return (known[code] as number) - 1;
}

interface Place {
  /** in the text, never within a sequence */
  readonly index: number;
  readonly column: number;
  readonly pens: string;
}

/** The last place before `limit` where a sign or a sequence begins; null: there is a sequence that is not known here. */
function placeBefore(text: string, limit: number): Place | null {
  const pens: Pens = new Map();
  let column = 0;
  let index = 0;
  while (index < limit) {
    const code = text.charCodeAt(index);
    if (code !== 0x1b) {
      column += columnsOf(code);
      index += 1;
      continue;
    }
    const end = text.indexOf('m', index);
    if (end < 0 || end >= limit) break;
    if (!take(pens, text.slice(index + 2, end))) return null;
    index = end + 1;
  }
  return { index, column, pens: written(pens) };
}

const firstDifference = (a: string, b: string): number => {
  let i = 0;
  while (i < a.length && i < b.length && a.charCodeAt(i) === b.charCodeAt(i)) i++;
  return i;
};

/** How many signs at the end are the same, counted from where the row differs. */
function sameEnd(a: string, b: string, from: number): number {
  const most = Math.min(a.length, b.length) - from;
  let i = 0;
  while (i < most && a.charCodeAt(a.length - 1 - i) === b.charCodeAt(b.length - 1 - i)) i++;
  return i;
}

/** shorter ones are written again: the way to what follows them costs as much */
const tailMin = 8;

/** The tail that may stay: it begins where a sign or a sequence does, at the same column, in the same colours. */
function tailOf(previous: string, next: string, start: number): Place | null {
  let keep = sameEnd(previous, next, start);
  const opened = next.lastIndexOf(esc, next.length - keep - 1);
  const isWithin = opened >= 0 && !next.slice(opened, next.length - keep).includes('m');
  if (isWithin) keep -= next.slice(next.length - keep).indexOf('m') + 1;
  if (keep < tailMin) return null;
  const old = placeBefore(previous, previous.length - keep);
  const place = placeBefore(next, next.length - keep);
  const begins = old?.index === previous.length - keep && place?.index === next.length - keep;
  return begins && old.column === place.column && old.pens === place.pens ? place : null;
}

export const quickUpdate =
  (ofInk: LineUpdate): LineUpdate =>
  (previous, next, columns) => {
    if (columns === undefined || !plainRow.test(previous) || !plainRow.test(next))
      return ofInk(previous, next, columns);
    const start = placeBefore(next, firstDifference(previous, next));
    // a row that goes beyond the edge has been folded by the terminal
    const isNarrow = stringWidth(next) <= columns && stringWidth(previous) <= columns;
    if (start === null || start.column === 0 || !isNarrow) return ofInk(previous, next, columns);
    const tail = tailOf(previous, next, start.index);
    if (tail === null) return `${goTo(start.column)}${eraseRest}${start.pens}${next.slice(start.index)}`;
    return `${goTo(start.column)}${start.pens}${next.slice(start.index, tail.index)}${tail.pens === '' ? '' : reset}`;
  };
