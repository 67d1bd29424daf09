/** havoc's own format: everything that is known. */
import type { Results } from '../results.ts';

/** What JSON may hold as it is, but a terminal should not get. */
const unsafe = /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Readable JSON in ASCII where it matters: no text in it moves a cursor or turns the line round. */
export const jsonText = (value: unknown): string =>
  `${JSON.stringify(value, null, 2).replace(unsafe, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;

export const jsonOf = (results: Results): string => jsonText(results);
