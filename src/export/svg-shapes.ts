/** The elements of a row of the sequence diagram as SVG. Places are cells in the row, and become pixels here. */
import { escapeMarkup } from '../core/markup.ts';
import type { Element, MarkKind } from '../tui/diagram/elements.ts';
import { width } from '../tui/text.ts';

export const cellWidth = 8;
export const rowHeight = 24;

/** The middle of a cell. */
export const middle = (cell: number): number => cell * cellWidth + cellWidth / 2;

export const textAt = (x: number, y: number, text: string, kind = ''): string =>
  text === '' ? '' : `<text class="${`t ${kind}`.trim()}" x="${x}" y="${y}">${escapeMarkup(text)}</text>`;

const stroke = (d: string, kind = ''): string => `<path class="${`s ${kind}`.trim()}" d="${d}"/>`;
const filled = (d: string, kind = ''): string => `<path class="${`f ${kind}`.trim()}" d="${d}"/>`;

const circle = 'm-6 0a6 6 0 1 0 12 0a6 6 0 1 0 -12 0';
const cross = 'm-5 -5l10 10m0 -10l-10 10';
const triangle = 'm-4 -5l9 5l-9 5z';
/** Drawn around the lifeline, with the words' tone. */
const marks: Readonly<Record<MarkKind, readonly [d: string, tone: string]>> = {
  start: ['m-5 0h10', 'dim'],
  timer: [`${circle}m6 -4v4h3`, 'accent'],
  input: [triangle, 'accent'],
  failed: [cross, 'bad'],
  decided: ['m0 -7l7 7l-7 7l-7 -7z', 'good'],
  crash: [cross, 'bad'],
  restart: ['m-6 0h12m-6 0v7', 'good'],
  pause: ['m-3 -5v10m6 0v-10', 'warn'],
  resume: [triangle, 'good'],
  traitor: ['m0 -7v14m-4 -10h8m-8 5h8', 'traitor'],
  honest: [circle, 'good'],
  skew: [`${circle}m6 -4v4h3`, 'warn'],
  other: ['m0 -6v8m0 3v1', 'warn'],
};

const barTones = { fault: 'warn', heal: 'good', violation: 'bad', cut: 'accent' } as const;

/** @param y the middle of the row. Lifelines are drawn apart, over many rows at once. */
export function shapeOf(element: Element, y: number): string {
  switch (element.kind) {
    case 'lifeline':
      return '';
    case 'arrow':
      return arrow(element, y);
    case 'loop': {
      const x = middle(element.x);
      const tone = element.lie ? 'traitor lie' : '';
      return stroke(`M${x} ${y - 5}h12v10h-10`, tone) + textAt(x + 18, y + 4, element.label.text, 'small');
    }
    case 'mark': {
      const [d, tone] = marks[element.mark];
      const x = middle(element.x);
      const draw = element.mark === 'decided' ? filled : stroke;
      return draw(`M${x} ${y}${d}`, tone) + textAt(x + 11, y + 4, element.label.text, `small ${tone}`);
    }
    case 'bar':
      return bar(element, y);
  }
}

function arrow(element: Extract<Element, { kind: 'arrow' }>, y: number): string {
  const { from, to, end, lie, label } = element;
  const [x1, x2] = [middle(from), middle(to)];
  const forward = x2 > x1 ? 1 : -1;
  const tone = lie ? 'traitor' : end === 'arrives' ? '' : 'bad';
  const shaft = stroke(`M${x1} ${y}H${end === 'arrives' ? x2 - forward * 7 : x2}`, lie ? `${tone} lie` : tone);
  const tip =
    end === 'arrives'
      ? filled(`M${x2} ${y}l${-forward * 8} -4v8z`, tone)
      : end === 'lost'
        ? stroke(`M${x2} ${y}${cross}`, tone)
        : stroke(`M${x2 - 2} ${y - 6}v12m4 0v-12`, tone);
  // an end that is out of sight
  const gaps = [element.fromShown ? null : x1, element.toShown ? null : x2].flatMap((x) =>
    x === null ? [] : stroke(`M${x - 3} ${y - 4}v8m3 -8v8`, 'dim'),
  );
  if (label === null) return shaft + tip + gaps.join('');
  const words = lie ? `‡${label.text}` : label.text;
  // on the shaft there is no room for words as large as the others
  const near = middle(label.x) - (lie ? cellWidth : 0);
  return shaft + tip + gaps.join('') + textAt(near, y - 5, words, `small ${tone}`);
}

function bar({ from, to, of, label }: Extract<Element, { kind: 'bar' }>, y: number): string {
  const tone = barTones[of];
  const [x1, x2] = [middle(from), middle(to)];
  const rule = stroke(`M${x1} ${y - 6}v12m0 -8H${x2}m0 4H${x1}m${x2 - x1} -8v12`, tone);
  if (label === null) return rule;
  const words = label.text.trim();
  const x = middle(label.x) + 4;
  const room = width(words) * cellWidth + 12;
  return `${rule}<rect class="${of === 'violation' ? 'alert' : 'ground'}" x="${x - 6}" y="${y - 9}" width="${room}" height="18"/>${textAt(x, y + 4, words, of === 'violation' ? 'on bold' : `${tone} bold`)}`;
}
