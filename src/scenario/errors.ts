/**
 * Mistakes in files from outside, as one line each: `file:line:column: what is wrong, what would be right`.
 * What is quoted from such a file is made harmless first, so that a line stays a line on every terminal.
 */
import { printable } from '../core/printable.ts';

export interface Mistake {
  readonly file: string;
  /** from 1; null when the mistake is about the file as a whole */
  readonly line: number | null;
  readonly column: number | null;
  readonly what: string;
}

/** A value from outside as text. `String` would call a `toString` that comes from outside, too. */
export const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));

const LONGEST_QUOTE = 60;

/** A value from outside, in backquotes, shortened and harmless. */
export function quote(value: unknown): string {
  const text = textOf(value);
  const short = text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
  return `\`${printable(short)}\``;
}

export function formatMistake(mistake: Mistake): string {
  const place = mistake.line === null ? '' : `:${mistake.line}:${mistake.column ?? 1}`;
  return `${printable(mistake.file)}${place}: ${printable(mistake.what)}`;
}

/** A file that cannot be used. The message is its first mistake; `errors` holds all. */
export class ScenarioError extends Error {
  readonly errors: readonly Mistake[];
  readonly file: string;
  readonly line: number | null;
  readonly column: number | null;
  readonly exitCode = 3;

  constructor(mistakes: readonly [Mistake, ...Mistake[]]) {
    super(formatMistake(mistakes[0]));
    this.name = 'ScenarioError';
    this.errors = mistakes;
    this.file = mistakes[0].file;
    this.line = mistakes[0].line;
    this.column = mistakes[0].column;
  }
}

/** One mistake, as an error. */
export const mistakeIn = (
  file: string,
  what: string,
  line: number | null = null,
  column: number | null = null,
): ScenarioError => new ScenarioError([{ file, line, column, what }]);
