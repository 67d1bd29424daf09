/**
 * How things look. Colours are the terminal's own sixteen, so that light and dark themes both read well, and never the
 * only carrier of a meaning: each goes with a word or a symbol. Symbols are box drawing and geometric shapes, one column wide.
 */
import type { Line } from './text.ts';

export type Style =
  | 'dim'
  | 'bold'
  | 'title'
  | 'good'
  | 'bad'
  | 'warn'
  | 'accent'
  | 'traitor'
  | 'selected'
  | 'key'
  | 'past'
  | 'alert';

const codes: Readonly<Record<Style, readonly [on: string, off: string]>> = {
  dim: ['2', '22'],
  bold: ['1', '22'],
  title: ['1;36', '22;39'],
  good: ['32', '39'],
  bad: ['1;31', '22;39'],
  warn: ['33', '39'],
  accent: ['36', '39'],
  traitor: ['35', '39'],
  selected: ['7', '27'],
  key: ['1', '22'],
  past: ['7;33', '27;39'],
  alert: ['7;31', '27;39'],
};

export const symbols = {
  cursor: '▸',
  mark: '●',
  free: '○',
  timer: '◷',
  stable: '▤',
  traitor: '‡',
  decided: '◆',
  delivered: '▼',
  lost: '╳',
  paused: '‖',
  holds: '✓',
  violated: '✗',
  unknown: '…',
  skipped: '–',
  notReached: '○',
  reached: '◇',
  rec: '●',
  running: '▶',
  input: '▷',
  held: '╫',
} as const;

/** Whether the terminal is to get colours: `NO_COLOR`, `FORCE_COLOR=0` and a dumb terminal say no. */
export function wantsColour(env: Readonly<Record<string, string | undefined>>): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  return env.FORCE_COLOR !== '0' && env.TERM !== 'dumb';
}

const colourful = wantsColour(process.env);

/** The line as the terminal gets it. Pieces hold no control characters of their own: they went through `printable`. */
export function paint(line: Line): string {
  let out = '';
  for (const { text, style } of line) {
    if (style === undefined || !colourful || text === '') out += text;
    else out += `\u001b[${codes[style][0]}m${text}\u001b[${codes[style][1]}m`;
  }
  return out;
}
