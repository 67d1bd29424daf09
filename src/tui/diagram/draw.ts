/** A row of the sequence diagram in characters. What is drawn and where is the row's business; here is what it looks like. */
import { cut, type Line, padStart, width } from '../text.ts';
import { type Style, symbols } from '../theme.ts';
import { type Canvas, createCanvas, put, toLine } from './canvas.ts';
import type { Element, Fact, MarkKind, Row, Tone } from './elements.ts';
import type { Geometry } from './geometry.ts';

const lines: Readonly<Record<string, readonly [string, Style]>> = {
  up: ['│', 'dim'],
  down: ['┊', 'bad'],
  paused: ['╎', 'warn'],
};
const isLifeline = (cell: string | undefined): boolean => cell === '│' || cell === '┊' || cell === '╎';

const marks: Readonly<Record<MarkKind, readonly [string, Style]>> = {
  start: ['┬', 'dim'],
  timer: [symbols.timer, 'accent'],
  input: [symbols.input, 'accent'],
  failed: [symbols.lost, 'bad'],
  decided: [symbols.decided, 'good'],
  crash: [symbols.lost, 'bad'],
  restart: ['┬', 'good'],
  pause: [symbols.paused, 'warn'],
  resume: [symbols.running, 'good'],
  traitor: [symbols.traitor, 'traitor'],
  honest: [symbols.free, 'good'],
  skew: [symbols.timer, 'warn'],
  other: ['!', 'warn'],
};

const bars: Readonly<Record<'fault' | 'heal' | 'violation' | 'cut', readonly [string, string, Style]>> = {
  fault: ['═', '╫', 'warn'],
  heal: ['═', '╫', 'good'],
  violation: ['═', '╫', 'alert'],
  cut: ['╍', '╪', 'key'],
};

const styleOf = (tone: Tone): Style | undefined => (tone === 'plain' ? undefined : tone);

function arrow(canvas: Canvas, element: Extract<Element, { kind: 'arrow' }>): void {
  const { from, to, end, lie, label } = element;
  const right = to > from;
  const step = right ? 1 : -1;
  const style: Style | undefined = lie ? 'traitor' : end === 'arrives' ? undefined : 'bad';
  for (let x = from + step; x !== to; x += step)
    put(canvas, x, isLifeline(canvas.cells[x]) ? '┼' : lie ? '╌' : '─', style);
  put(canvas, from, element.fromShown ? (right ? '├' : '┤') : right ? '»' : '«', style);
  if (!element.toShown) put(canvas, to, right ? '»' : '«', style);
  else if (end !== 'arrives') put(canvas, to, end === 'lost' ? symbols.lost : symbols.held, style);
  if (end === 'arrives') put(canvas, to - step, right ? '▶' : '◀', style);
  if (label === null) return;
  if (lie) put(canvas, label.x - 1, symbols.traitor, style);
  put(canvas, label.x, label.text, style);
}

function bar(canvas: Canvas, { from, to, of, label }: Extract<Element, { kind: 'bar' }>): void {
  const [shaft, end, style] = bars[of];
  for (let x = from; x <= to; x++) put(canvas, x, of === 'cut' && isLifeline(canvas.cells[x]) ? end : shaft, style);
  if (of !== 'cut') {
    put(canvas, from, end, style);
    put(canvas, to, end, style);
  }
  if (label !== null) put(canvas, label.x, label.text, style);
}

function drawElement(canvas: Canvas, element: Element): void {
  switch (element.kind) {
    case 'lifeline': {
      const [character, style] = lines[element.standing] as readonly [string, Style];
      put(canvas, element.x, character, style);
      break;
    }
    case 'arrow':
      arrow(canvas, element);
      break;
    case 'loop': {
      const style: Style | undefined = element.lie ? 'traitor' : undefined;
      put(canvas, element.x + 2, '↺', style);
      put(canvas, element.label.x, element.label.text, style);
      break;
    }
    case 'mark': {
      const [sign, style] = marks[element.mark];
      put(canvas, element.x, sign, style);
      put(canvas, element.label.x, element.label.text, style);
      break;
    }
    case 'bar':
      bar(canvas, element);
  }
}

/** As many of the facts as fit whole, the most telling first; `…` says that there are more. */
function writeFacts(canvas: Canvas, geometry: Geometry, from: number, facts: readonly Fact[]): void {
  const end = geometry.margin + geometry.marginWidth;
  let x = from;
  facts.forEach(({ text, short = text, tone }, i) => {
    const isLast = i === facts.length - 1;
    // two blanks and the sign that there are more
    const room = end - x - (isLast ? 0 : 3);
    if (x > end) return;
    const whole = [text, short].find((words) => width(words) <= room);
    const shown = whole ?? (i === 0 ? cut(isLast ? short : `${short}…`, end - x) : '…');
    put(canvas, x, shown, styleOf(tone));
    x = whole === undefined ? end + 1 : x + width(whole) + 2;
  });
}

/** Where the words of the margin begin: after whatever reaches into it. */
function factsFrom(geometry: Geometry, elements: readonly Element[]): number {
  const reach = elements.reduce((most, element) => {
    if (element.kind === 'bar') return Math.max(most, element.to + 2);
    if (element.kind === 'mark' || element.kind === 'loop')
      return Math.max(most, element.label.x + width(element.label.text) + 1);
    return most;
  }, 0);
  return Math.max(geometry.margin + 1, reach);
}

const drawn = new WeakMap<Row, { readonly geometry: Geometry; readonly line: Line }>();

/** The first cell is left free for the cursor. The same row is drawn once. */
export function drawRow(geometry: Geometry, row: Row): Line {
  const known = drawn.get(row);
  if (known?.geometry === geometry) return known.line;
  const canvas = createCanvas(geometry.width);
  for (const element of row.elements) drawElement(canvas, element);
  put(canvas, 1, padStart(row.number, geometry.digits), 'dim');
  if (geometry.showTime) put(canvas, geometry.digits + 2, cut(row.time, 9), 'dim');
  writeFacts(canvas, geometry, factsFrom(geometry, row.elements), row.facts);
  const line = toLine(canvas);
  drawn.set(row, { geometry, line });
  return line;
}
