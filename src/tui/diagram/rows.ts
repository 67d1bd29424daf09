/**
 * The rows of one event in the sequence diagram. A delivery is an arrow from sender to receiver, drawn where it arrives;
 * a fault is a bar across; a message that is lost or held on its way is an arrow that breaks off. The margin says the rest.
 */
import type { Envelope, Fate, TraceEvent } from '../../core/world.ts';
import { actText } from '../act-text.ts';
import { clock, faultNumber, messageText, safe, value } from '../format.ts';
import { cut, type Line, padStart, width } from '../text.ts';
import { type Style, symbols } from '../theme.ts';
import { type Canvas, createCanvas, put, toLine } from './canvas.ts';
import { type Geometry, isShown, lifeline } from './geometry.ts';
import { marginOf } from './margin.ts';
import { type Drawing, standing } from './trace-index.ts';

export interface Row {
  readonly event: number;
  readonly line: Line;
}

const lines: Readonly<Record<string, readonly [string, Style]>> = {
  up: ['│', 'dim'],
  down: ['┊', 'bad'],
  paused: ['╎', 'warn'],
};

/** A row with its lifelines and nothing on them. */
function blank(drawing: Drawing, geometry: Geometry, at: number): Canvas {
  const canvas = createCanvas(geometry.width);
  for (let i = geometry.from; i < geometry.from + geometry.count; i++) {
    const [character, style] = lines[standing(drawing.index, drawing.world.ids[i] as string, at)] as readonly [
      string,
      Style,
    ];
    put(canvas, lifeline(geometry, i), character, style);
  }
  return canvas;
}

function gutter(canvas: Canvas, geometry: Geometry, event: TraceEvent): void {
  put(canvas, 1, padStart(String(event.index), 4), 'dim');
  if (geometry.showTime) put(canvas, 6, cut(clock(event.atMs), 9), 'dim');
}

/** As many of the parts as fit whole, the most telling first; `…` says that there are more. */
function margin(canvas: Canvas, geometry: Geometry, parts: Line): void {
  const end = geometry.margin + geometry.marginWidth;
  let x = geometry.margin + 1;
  parts.forEach(({ text, style }, i) => {
    const room = end - x - (i === parts.length - 1 ? 0 : 2);
    if (x > end) return;
    const shown = width(text) <= room ? text : i === 0 ? cut(text, end - x) : '…';
    put(canvas, x, shown, style);
    x = shown === text ? x + width(text) + 2 : end + 1;
  });
}

type End = 'arrives' | 'lost' | 'held';

/** An arrow with its label over the shaft; broken off half way when the message does not arrive. */
function arrow(drawing: Drawing, geometry: Geometry, canvas: Canvas, message: Envelope, end: End): void {
  const { indexOf } = drawing.world;
  const from = lifeline(geometry, indexOf.get(message.from) ?? 0);
  const to = lifeline(geometry, indexOf.get(message.to) ?? 0);
  const style: Style | undefined = message.lie !== undefined ? 'traitor' : end === 'arrives' ? undefined : 'bad';
  const mark = message.lie === undefined ? '' : symbols.traitor;
  const labels = [`${mark}${messageText(message.body)}`, `${mark}${safe(message.body.type)}`];
  if (from === to) {
    put(canvas, from + 1, cut(` ↺ ${labels[0]}`, geometry.columnWidth), style);
    return;
  }
  const right = to > from;
  const tip = end === 'arrives' ? to : to + (right ? -1 : 1) * Math.max(1, Math.floor(geometry.columnWidth / 3));
  const [low, high] = right ? [from + 1, tip - 1] : [tip + 1, from - 1];
  const shaft = message.lie === undefined ? '─' : '╌';
  for (let x = low; x <= high; x++) put(canvas, x, canvas.cells[x] === '│' ? '┼' : shaft, style);
  put(canvas, from, right ? '├' : '┤', style);
  if (end === 'arrives') put(canvas, right ? tip - 1 : tip + 1, right ? '▶' : '◀', style);
  else put(canvas, tip, end === 'lost' ? symbols.lost : symbols.held, style);
  writeLabel(canvas, labels, right, low + 1, high - 1, geometry, style);
}

/** The label stands next to the sender, in one segment if it can: whole, or else the kind alone, and cut only when even that is too long. */
function writeLabel(
  canvas: Canvas,
  labels: readonly string[],
  right: boolean,
  low: number,
  high: number,
  geometry: Geometry,
  style: Style | undefined,
): void {
  const whole = high - low + 1;
  if (whole < 2) return;
  const near = Math.min(whole, geometry.columnWidth - 3);
  const fitting = labels.find((label) => width(label) <= near) ?? labels.find((label) => width(label) <= whole);
  const text = fitting ?? cut(labels.at(-1) ?? '', whole);
  put(canvas, right ? low : high - width(text) + 1, text, style);
}

function onLifeline(
  canvas: Canvas,
  geometry: Geometry,
  node: number,
  symbol: string,
  words: string,
  style: Style,
): void {
  if (!isShown(geometry, node)) return;
  const x = lifeline(geometry, node);
  put(canvas, x, symbol, style);
  put(canvas, x + 1, cut(` ${words}`, geometry.columnWidth - 3), style);
}

/** A bar across all lifelines with words in it. */
function bar(canvas: Canvas, geometry: Geometry, words: string, style: Style): void {
  const first = lifeline(geometry, geometry.from);
  const last = lifeline(geometry, geometry.from + geometry.count - 1);
  const end = Math.max(last, Math.min(geometry.width - 1, first + width(words) + 5));
  for (let x = first; x <= end; x++) put(canvas, x, '═', style);
  put(canvas, first, '╫', style);
  put(canvas, end, '╫', style);
  put(canvas, first + 2, ` ${cut(words, end - first - 5)} `, style);
}

function extra(drawing: Drawing, geometry: Geometry, event: TraceEvent, draw: (canvas: Canvas) => void): Row {
  const canvas = blank(drawing, geometry, event.index);
  draw(canvas);
  return { event: event.index, line: toLine(canvas) };
}

/** Sends that got lost or stuck at once, and what a fault did to messages on their way: a broken arrow each. */
function brokenArrows(drawing: Drawing, geometry: Geometry, event: TraceEvent): Row[] {
  const broken = (fate: Fate): boolean =>
    (fate.place === 'dropped' || fate.place === 'held') && fate.id !== event.message?.id;
  return event.fates
    .filter(broken)
    .slice(0, 12)
    .flatMap((fate) => {
      const message = drawing.index.messages.get(fate.id);
      if (message === undefined) return [];
      return extra(drawing, geometry, event, (canvas) => {
        arrow(drawing, geometry, canvas, message, fate.place === 'held' ? 'held' : 'lost');
        margin(canvas, geometry, [{ text: `${fate.id} ${whyText(fate)}`, style: 'warn' }]);
      });
    });
}

function whyText({ why, place }: Fate): string {
  if (why === undefined) return place;
  if (why.by === 'loss') return 'lost by the network';
  if (why.by === 'forged') return `rejected: ${safe(why.signer)} never signed this`;
  if (why.by === 'pause') return 'waits for a paused node';
  const number = why.fault === null ? '' : ` ${faultNumber(why.fault)}`;
  return `${place} by ${why.by}${number}`;
}

function mainRow(drawing: Drawing, geometry: Geometry, event: TraceEvent): Row {
  const canvas = blank(drawing, geometry, event.index);
  const { choice } = event;
  const node = event.node === null ? -1 : (drawing.world.indexOf.get(event.node) ?? -1);
  switch (choice.type) {
    case 'start':
      onLifeline(canvas, geometry, node, '┬', '', 'dim');
      break;
    case 'deliver':
      if (event.message !== null) {
        const lost = event.fates.some((fate) => fate.id === event.message?.id && fate.place === 'dropped');
        arrow(drawing, geometry, canvas, event.message, lost ? 'lost' : 'arrives');
      }
      break;
    case 'fire':
      onLifeline(
        canvas,
        geometry,
        node,
        symbols.timer,
        safe(choice.timer.split('@')[0] ?? '').replace(/Timeout$/, ''),
        'accent',
      );
      break;
    case 'input':
      onLifeline(canvas, geometry, node, symbols.input, safe(choice.input), 'accent');
      break;
    case 'fail':
      onLifeline(canvas, geometry, node, symbols.lost, 'failed', 'bad');
      break;
    default: {
      const words = actText(choice);
      const number = event.fault === null ? '' : `${faultNumber(event.fault)}  `;
      if (node >= 0 && isShown(geometry, node)) nodeFault(canvas, geometry, node, choice.type, words);
      else bar(canvas, geometry, `${number}${words}`, choice.type === 'heal' ? 'good' : 'warn');
    }
  }
  gutter(canvas, geometry, event);
  margin(canvas, geometry, marginOf(drawing, event));
  return { event: event.index, line: toLine(canvas) };
}

function nodeFault(canvas: Canvas, geometry: Geometry, node: number, type: string, words: string): void {
  const symbol: Readonly<Record<string, string>> = {
    crash: symbols.lost,
    restart: '┬',
    pause: symbols.paused,
    resume: symbols.running,
    traitor: symbols.traitor,
    skew: symbols.timer,
    honest: symbols.free,
  };
  const style: Style =
    type === 'crash'
      ? 'bad'
      : type === 'traitor'
        ? 'traitor'
        : type === 'restart' || type === 'resume' || type === 'honest'
          ? 'good'
          : 'warn';
  const short = words.split(' ');
  onLifeline(
    canvas,
    geometry,
    node,
    symbol[type] ?? '!',
    type === 'traitor' ? (short[2] ?? '') : (short[0] ?? ''),
    style,
  );
}

function outcomes(drawing: Drawing, geometry: Geometry, event: TraceEvent): Row[] {
  const rows: Row[] = [];
  const node = event.node === null ? -1 : (drawing.world.indexOf.get(event.node) ?? -1);
  for (const effect of event.effects) {
    if (effect.type !== 'decide') continue;
    rows.push(
      extra(drawing, geometry, event, (canvas) =>
        onLifeline(canvas, geometry, node, symbols.decided, value(effect.value), 'good'),
      ),
    );
  }
  for (const name of event.violated) {
    rows.push(
      extra(drawing, geometry, event, (canvas) =>
        bar(canvas, geometry, `${symbols.violated} violated: ${safe(name)}`, 'alert'),
      ),
    );
  }
  return rows;
}

export function eventRows(drawing: Drawing, geometry: Geometry, event: TraceEvent): Row[] {
  return [
    mainRow(drawing, geometry, event),
    ...brokenArrows(drawing, geometry, event),
    ...outcomes(drawing, geometry, event),
  ];
}

/** All starts together, as one row: they are the first events of every run. */
export function startsRow(drawing: Drawing, geometry: Geometry, starts: readonly TraceEvent[]): Row {
  const last = starts.at(-1) as TraceEvent;
  const canvas = blank(drawing, geometry, last.index);
  for (const { node } of starts)
    onLifeline(canvas, geometry, drawing.world.indexOf.get(node ?? '') ?? -1, '┬', '', 'dim');
  gutter(canvas, geometry, last);
  const sends = starts.flatMap((event) => event.sends);
  margin(canvas, geometry, [
    { text: `${starts.length} nodes start${sends.length > 0 ? `, ${sends.length} messages leave` : ''}`, style: 'dim' },
  ]);
  return { event: last.index, line: toLine(canvas) };
}
