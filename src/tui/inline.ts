/** Emphasis within the texts of scenarios: `*word*` is set in bold, and what stands between backticks looks like a key. */
import { type Line, type Piece, piece } from './text.ts';
import type { Style } from './theme.ts';

const emphasis = /(?<![\w*`])\*(?! )([^*`]+?)(?<! )\*(?![\w*`])/g;

/** Every emphasised word for itself, so that a text can be wrapped without tearing an emphasis apart. */
export const spread = (text: string): string =>
  text.replace(emphasis, (_, words: string) =>
    words
      .split(' ')
      .map((word) => `*${word}*`)
      .join(' '),
  );

/** @param lines of one paragraph, already wrapped; @param style of what is not set apart */
export function styled(lines: readonly string[], style?: Style): Line[] {
  let isQuoted = false;
  return lines.map((text) => {
    const pieces: Piece[] = [];
    for (const part of text.split(/(`)/)) {
      // the backticks stay: without colours nothing else would say where a key ends
      if (part === '`') isQuoted = !isQuoted;
      if (part === '`' || isQuoted) pieces.push(piece(part, 'key'));
      else pieces.push(...emphasised(part, style));
    }
    return pieces.filter((each) => each.text !== '');
  });
}

const emphasised = (text: string, style: Style | undefined): Piece[] =>
  text
    .split(/(\*[^\s*]+\*)/)
    .map((part) => (/^\*[^\s*]+\*$/.test(part) ? piece(part.slice(1, -1), 'bold') : piece(part, style)));
