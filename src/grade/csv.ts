/** Tables as RFC 4180 has them: fields with commas, quotes or line breaks in quotes, lines that end in CR LF. */

import { printable } from '../core/printable.ts';

/** A spreadsheet takes a text that begins so for a formula. */
const formula = /^[=+\-@\t\r]/;

/** what moves a terminal's cursor, but for tabs and line ends */
const control = /[^\P{Cc}\t\r\n]/gu;

/** A text from outside, which no spreadsheet may execute: in front of what could be a formula stands an apostrophe. */
function harmless(text: string): string {
  const tame = text.replace(control, printable);
  return formula.test(tame) ? `'${tame}` : tame;
}

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Numbers stay numbers, a negative one too; null is an empty field. */
export type Cell = string | number | null;

const field = (cell: Cell): string => {
  if (cell === null) return '';
  return typeof cell === 'number' ? String(cell) : quoted(harmless(cell));
};

export const csvText = (rows: readonly (readonly Cell[])[]): string =>
  rows.map((row) => `${row.map(field).join(',')}\r\n`).join('');

/** What is wrong with a table, and in which line, from 1. */
export class CsvError extends Error {
  readonly line: number;
  constructor(line: number, what: string) {
    super(what);
    this.name = 'CsvError';
    this.line = line;
  }
}

/** The fields of each line. A byte order mark is passed over, and so are lines without anything. Throws `CsvError`. */
export function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  const pattern = /"((?:[^"]|"")*)"|([^",\r\n]*)/y;
  let row: string[] = [];
  let line = 1;
  for (let at = text.startsWith('\ufeff') ? 1 : 0; at <= text.length; ) {
    pattern.lastIndex = at;
    const found = pattern.exec(text) as RegExpExecArray;
    const [whole, inQuotes, plain = ''] = found;
    row.push(inQuotes === undefined ? plain : inQuotes.replaceAll('""', '"'));
    at += whole.length;
    const breaks = /^(?:\r\n|\n|\r)/.exec(text.slice(at, at + 2))?.[0] ?? '';
    if (breaks === '' && at < text.length && text[at] !== ',')
      throw new CsvError(
        line,
        text[at] === '"' && whole === '' ? 'a quote has no end' : 'a quote in the middle of a field',
      );
    line += (whole.match(/\n/g) ?? []).length;
    if (text[at] === ',') {
      at += 1;
      continue;
    }
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
    line += 1;
    at += breaks.length;
    if (breaks === '') break;
  }
  return rows;
}
