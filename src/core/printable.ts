/**
 * Makes text from outside harmless on a screen. Scenario labels, message fields and recordings are data: whatever could
 * move the cursor, recolour, reorder or pile up on a line is shown escaped, as `\u{1b}`, and everything else as it is.
 */

/** ASCII needs no look at single characters: nearly every text takes this way out. */
const harmless = /^[\x20-\x7e]*$/;
/** controls (C0, DEL, C1), invisible and bidirectional formats, line and paragraph separators, halves of surrogates */
const dangerous = /^[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]$/u;
const combining = /^\p{M}$/u;
/** more marks than this on one letter is not writing any more */
const marksMax = 3;

const escaped = (character: string): string => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;

/** The text on one line: line breaks and tabs are escaped as well. */
export function printable(text: string): string {
  if (harmless.test(text)) return text;
  let out = '';
  let marks = 0;
  for (const character of text) {
    marks = combining.test(character) ? marks + 1 : 0;
    // a mark at the very start would sit on whatever stands before the text
    const flood = marks > marksMax || (marks > 0 && out === '');
    out += flood || dangerous.test(character) ? escaped(character) : character;
  }
  return out;
}

/** The same for text of several lines (a lesson): line feeds stay, tabs become spaces. */
export const printableLines = (text: string): string =>
  text
    .split(/\r\n|\n/)
    .map((line) => printable(line.replaceAll('\t', '    ')))
    .join('\n');

/** what JSON may hold as it is, and a terminal should not get */
const unsafeInJson = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu;
const unitEscapes = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
  ).join('');

/** JSON of the same value in which no text moves a cursor or turns the line round. */
export const printableJson = (value: unknown, indent = 0): string =>
  JSON.stringify(value, null, indent).replace(unsafeInJson, unitEscapes);
