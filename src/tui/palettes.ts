/**
 * The colours of the themes, as the numbers of SGR sequences: what switches a style on, and what switches it off again.
 * A palette has its colours twice: for terminals of 256 colours, where they can be chosen, and of 16, which have their own.
 */
import type { Style } from './theme.ts';

export type Codes = Readonly<Record<Style, readonly [on: string, off: string]>>;
export type ThemeName = 'dark' | 'light' | 'colour-blind' | 'none';

interface Colours {
  readonly dim: string;
  readonly good: string;
  readonly bad: string;
  readonly warn: string;
  readonly accent: string;
  readonly traitor: string;
}

const codesOf = (colours: Colours): Codes => ({
  dim: [colours.dim, colours.dim === '2' ? '22' : '39'],
  bold: ['1', '22'],
  title: [`1;${colours.accent}`, '22;39'],
  good: [colours.good, '39'],
  bad: [`1;${colours.bad}`, '22;39'],
  warn: [colours.warn, '39'],
  accent: [colours.accent, '39'],
  traitor: [colours.traitor, '39'],
  selected: ['7', '27'],
  key: ['1', '22'],
  past: [`7;${colours.warn}`, '27;39'],
  alert: [`7;${colours.bad}`, '27;39'],
});

const indexed = (dim: string, numbers: Readonly<Record<Exclude<keyof Colours, 'dim'>, number>>): Colours => ({
  dim,
  good: `38;5;${numbers.good}`,
  bad: `38;5;${numbers.bad}`,
  warn: `38;5;${numbers.warn}`,
  accent: `38;5;${numbers.accent}`,
  traitor: `38;5;${numbers.traitor}`,
});

/** The terminal's own sixteen: whoever chose a terminal's colours chose them to be read. */
const own: Colours = { dim: '2', good: '32', bad: '31', warn: '33', accent: '36', traitor: '35' };

export const palettes: Readonly<Record<Exclude<ThemeName, 'none'>, { few: Codes; many: Codes }>> = {
  dark: { few: codesOf(own), many: codesOf(own) },
  // yellow and cyan, which white swallows, give way to brown and blue
  light: {
    few: codesOf({ dim: '90', good: '32', bad: '31', warn: '35', accent: '34', traitor: '35' }),
    many: codesOf(indexed('38;5;242', { good: 28, bad: 160, warn: 130, accent: 25, traitor: 90 })),
  },
  // blue against orange, which nearly everybody tells apart; of middle lightness, for dark and light grounds alike
  'colour-blind': {
    few: codesOf({ dim: '2', good: '94', bad: '33', warn: '33', accent: '36', traitor: '35' }),
    many: codesOf(indexed('2', { good: 32, bad: 166, warn: 136, accent: 30, traitor: 132 })),
  },
};

export const themeNames: readonly ThemeName[] = ['dark', 'light', 'colour-blind', 'none'];
