/** One row of the sequence diagram while it is drawn: cells of one column, each with its style. */
import { characters, type Line, type Piece, width } from '../text.ts';
import type { Style } from '../theme.ts';

export interface Canvas {
  readonly cells: string[];
  readonly styles: (Style | undefined)[];
}

export const createCanvas = (columns: number): Canvas => ({
  cells: new Array<string>(columns).fill(' '),
  styles: new Array<Style | undefined>(columns).fill(undefined),
});

/** Writes over what is there. A wide character takes its two cells; what does not fit is left out. */
export function put(canvas: Canvas, at: number, text: string, style?: Style): void {
  let x = at;
  for (const character of characters(text)) {
    const wide = width(character);
    if (x >= 0 && x + wide <= canvas.cells.length) {
      canvas.cells[x] = character;
      canvas.styles[x] = style;
      for (let more = 1; more < wide; more++) canvas.cells[x + more] = '';
    }
    x += wide;
  }
}

/** The row as styled pieces, neighbours of one style joined. */
export function toLine(canvas: Canvas): Line {
  const out: Piece[] = [];
  let text = '';
  let style: Style | undefined;
  const flush = (): void => {
    if (text !== '') out.push(style === undefined ? { text } : { text, style });
    text = '';
  };
  canvas.cells.forEach((cell, x) => {
    if (cell === '') return;
    if (canvas.styles[x] !== style) {
      flush();
      style = canvas.styles[x];
    }
    text += cell;
  });
  flush();
  return out;
}
