/** The sequence diagram of a run as one SVG file: no scripts, nothing from elsewhere, readable on light and dark grounds. */
import { escapeMarkup } from '../core/markup.ts';
import type { Element, Fact, Row } from '../tui/diagram/elements.ts';
import { whatText } from '../tui/event-text.ts';
import { safe } from '../tui/format.ts';
import { cut, width } from '../tui/text.ts';
import { type Picture, pictureOf } from './picture.ts';
import type { Extent, Subject } from './subject.ts';
import { cellWidth, middle, rowHeight, shapeOf, textAt } from './svg-shapes.ts';
import { svgStyle } from './svg-style.ts';
import { headLines, verdictRows } from './words.ts';

const headHeight = 96;
const verdictHeight = 20;

/** A document of its own. */
export const svgText = (subject: Subject, extent: Extent): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${svgElement(subject, extent)}\n`;

/** The element alone, for a page. */
export function svgElement(subject: Subject, extent: Extent): string {
  const picture = pictureOf(subject, extent);
  const { geometry, rows } = picture;
  const verdicts = verdictRows(subject);
  const wide = geometry.width * cellWidth + cellWidth;
  const foot = headHeight + rows.length * rowHeight + 24;
  const high = foot + (verdicts.length + 1) * verdictHeight;
  const [title, about] = headLines(subject);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" width="${wide}" height="${high}" viewBox="0 0 ${wide} ${high}">`,
    `<title>${escapeMarkup(title)}</title><style>${svgStyle}</style>`,
    `<rect class="ground" width="${wide}" height="${high}"/>`,
    textAt(cellWidth, 26, title, 'title'),
    textAt(cellWidth, 46, about, 'dim'),
    ...picture.names.flatMap(({ x, text, role }) => [
      textAt(middle(x) - 4, headHeight - 26, text, 'bold'),
      textAt(middle(x) - 4, headHeight - 12, role, 'small dim'),
    ]),
    ...lifelines(rows),
    ...rows.map((row, i) => rowText(subject, picture, row, headHeight + i * rowHeight + rowHeight / 2)),
    ...verdicts.map(({ sign, name, words, tone }, i) =>
      textAt(cellWidth, foot + i * verdictHeight, `${sign} ${name}  ${cut(words, 160)}`, tone),
    ),
    '</svg>',
  ]
    .filter((part) => part !== '')
    .join('\n');
}

/** Each column's line, in as few strokes as there are changes between up, down and paused. */
function lifelines(rows: readonly Row[]): string[] {
  const out: string[] = [];
  const open = new Map<number, { readonly from: number; readonly standing: string }>();
  const close = (x: number, at: number): void => {
    const { from, standing } = open.get(x) as { from: number; standing: string };
    const tone = standing === 'up' ? 'dim' : standing === 'down' ? 'bad' : 'warn';
    const [top, bottom] = [headHeight + from * rowHeight, headHeight + at * rowHeight];
    out.push(`<path class="s life ${tone} ${standing}" d="M${middle(x)} ${top}V${bottom}"/>`);
  };
  rows.forEach((row, i) => {
    for (const element of row.elements) {
      if (element.kind !== 'lifeline') continue;
      const { x, standing } = element;
      const known = open.get(x);
      if (known?.standing === standing) continue;
      if (known !== undefined) close(x, i);
      open.set(x, { from: i, standing });
    }
  });
  for (const x of open.keys()) close(x, rows.length);
  return out;
}

function rowText({ trace }: Subject, { geometry }: Picture, row: Row, y: number): string {
  const event = trace[row.event];
  const told = event === undefined ? '' : `#${event.index} ${safe(event.node ?? '')} ${whatText(event)}`;
  const from = Math.max(geometry.margin + 1, reach(row.elements));
  return [
    `<g><title>${escapeMarkup(told)}</title>`,
    textAt(middle(geometry.digits - row.number.length), y + 4, row.number, 'dim'),
    textAt(middle(geometry.digits + 1), y + 4, row.time, 'small dim'),
    ...row.elements.map((element) => shapeOf(element, y)),
    ...factsText(row.facts, from, geometry.width - 1, y + 4),
    '</g>',
  ].join('');
}

/** Where the words of the margin begin: after whatever reaches into it. */
const reach = (elements: readonly Element[]): number =>
  elements.reduce((most, element) => {
    if (element.kind === 'bar') return Math.max(most, element.to + 3);
    if (element.kind === 'mark' || element.kind === 'loop')
      return Math.max(most, element.label.x + width(element.label.text) + 1);
    return most;
  }, 0);

function factsText(facts: readonly Fact[], from: number, to: number, y: number): string[] {
  const out: string[] = [];
  let x = from;
  for (const { text, tone } of facts) {
    if (to - x < 4) break;
    const shown = cut(text, to - x);
    const kind = tone === 'plain' ? '' : tone === 'alert' ? 'bad bold' : tone;
    out.push(textAt(middle(x) - 4, y, shown, kind));
    x += width(shown) + 2;
  }
  return out;
}
