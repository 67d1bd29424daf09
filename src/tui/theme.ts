/**
 * How things look. Colours are never the only carrier of a meaning: each goes with a word or a symbol. Symbols are box
 * drawing and geometric shapes, one column wide, and each has a stand-in in ASCII.
 */
import { palettes, type ThemeName } from './palettes.ts';
import { characters, type Line, plain, width } from './text.ts';

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
  up: '↑',
  down: '↓',
  bookmark: '▾',
} as const;

/**
 * For terminals that have no more than ASCII: a stand-in of one column for each sign that the screen is drawn with. What
 * stands side by side on a screen has different stand-ins.
 */
export const asciiOf: Readonly<Record<string, string>> = {
  '─': '-',
  '│': '|',
  '┌': '+',
  '┐': '+',
  '└': '+',
  '┘': '+',
  '├': '+',
  '┤': '+',
  '┬': '+',
  '┴': '+',
  '┼': '+',
  '═': '=',
  '╫': '#',
  '╳': 'X',
  '━': '=',
  '╸': '>',
  '╌': '~',
  '┄': '-',
  '┃': '|',
  '╭': ',',
  '╍': '=',
  '╪': '+',
  '╎': ':',
  '┊': '.',
  '▸': '>',
  '›': '-',
  '▶': '>',
  '◀': '<',
  '▷': '}',
  '▼': 'v',
  '▾': 'M',
  '▤': '%',
  '■': '#',
  '●': '*',
  '○': 'o',
  '◆': '*',
  '◇': '+',
  '◷': '@',
  '‡': '!',
  '‖': '=',
  '✓': 'v',
  '✗': 'X',
  '…': '~',
  '·': '.',
  '→': '>',
  '←': '<',
  '↑': '^',
  '↓': 'v',
  '↺': '@',
  '»': '}',
  '«': '{',
  '⟨': '<',
  '⟩': '>',
  '“': '"',
  '”': '"',
  '‘': "'",
  '’': "'",
  '′': "'",
  '–': '-',
  '—': '-',
};

/** What is spelled out before lines are measured, for want of a sign of one column that means the same. */
const spelled: Readonly<Record<string, string>> = {
  '≤': '<=',
  '≥': '>=',
  '≠': '!=',
  '×': 'x',
  '²': '^2',
  '³': '^3',
  '½': '1/2',
  '√': 'sqrt ',
  '⌊': 'floor(',
  '⌋': ')',
  '⌈': 'ceil(',
  '⌉': ')',
  '…': '...',
  '→': '->',
  '←': '<-',
};

export interface Look {
  readonly theme: ThemeName;
  readonly ascii: boolean;
}

/** What the terminal's surroundings say: `NO_COLOR`, `FORCE_COLOR=0`, a dumb terminal; a light ground; no UTF-8. */
export function lookOf(env: Readonly<Record<string, string | undefined>>): Look {
  const isPlain = (env.NO_COLOR ?? '') !== '' || env.FORCE_COLOR === '0' || env.TERM === 'dumb';
  const ground = (env.COLORFGBG ?? '').split(';').at(-1);
  const locale = [env.LC_ALL, env.LC_CTYPE, env.LANG].find((value) => value !== undefined && value !== '');
  return {
    theme: isPlain ? 'none' : ground === '7' || ground === '15' ? 'light' : 'dark',
    // where no locale is named nothing is known, and nearly every terminal can
    ascii: env.TERM === 'linux' || (locale !== undefined && !/utf-?8/i.test(locale)),
  };
}

const hasManyColours = /256|truecolor|24bit|direct/.test(`${process.env.TERM} ${process.env.COLORTERM}`);
let look = lookOf(process.env);

/** There is one terminal, and it has one look. */
export const currentLook = (): Look => look;
export function setLook(change: Partial<Look>): void {
  look = { ...look, ...change };
}

/** What settings ask for. Colours that the surroundings forbid stay forbidden. */
export const wear = ({ theme, ascii }: Partial<Look>): void =>
  setLook({ theme: look.theme === 'none' ? 'none' : (theme ?? look.theme), ascii: ascii ?? look.ascii });

const isAscii = /^[\x20-\x7e]*$/;

function signInAscii(sign: string): string {
  const known = asciiOf[sign];
  if (known !== undefined) return known;
  const bare = sign.normalize('NFKD')[0] as string;
  const columns = width(sign);
  return columns === 1 && isAscii.test(bare) ? bare : '?'.repeat(columns);
}

const arrowKeys: Readonly<Record<string, string>> = { '↑': 'Up', '↓': 'Down', '←': 'Left', '→': 'Right' };

/** Words that name keys: in ASCII an arrow key would look like the key that its stand-in is. */
export const keyWords = (text: string): string =>
  look.ascii ? text.replaceAll('↑↓', 'Up/Down').replace(/[↑↓←→]/g, (arrow) => arrowKeys[arrow] as string) : text;

/** As wide as the text, in ASCII. */
export const inAscii = (text: string): string =>
  isAscii.test(text) ? text : characters(text).map(signInAscii).join('');

/** Words as this terminal can show them; not as wide as they were, so to be used before they are measured. */
export const spell = (text: string): string =>
  !look.ascii || isAscii.test(text) ? text : text.replace(/[^\x00-\x7e]/g, (sign) => spelled[sign] ?? sign);

/** The line without colours, as a file gets it. */
export const unpainted = (line: Line): string => (look.ascii ? inAscii(plain(line)) : plain(line));

/** The line as the terminal gets it. Pieces hold no control characters of their own: they went through `printable`. */
export function paint(line: Line): string {
  if (look.theme === 'none') return unpainted(line);
  const codes = palettes[look.theme][hasManyColours ? 'many' : 'few'];
  let out = '';
  for (const { text, style } of line) {
    const shown = look.ascii ? inAscii(text) : text;
    if (style === undefined || shown === '') out += shown;
    else out += `\u001b[${codes[style][0]}m${shown}\u001b[${codes[style][1]}m`;
  }
  return out;
}
