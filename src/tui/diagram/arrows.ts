/** An arrow from sender to receiver with its label; broken off when the message does not arrive, up to the edge when one of the two is out of sight. */
import type { Envelope } from '../../core/world.ts';
import { isUntrue, link, messageText, safe } from '../format.ts';
import { width } from '../text.ts';
import type { Element, Fact, Label } from './elements.ts';
import { type Geometry, isShown, lifeline } from './geometry.ts';

interface Drawn {
  readonly elements: Element[];
  /** what the arrow alone cannot say, because an end of it is out of sight */
  readonly facts: readonly Fact[];
}

export function arrowElements(
  geometry: Geometry,
  indexOf: ReadonlyMap<string, number>,
  message: Envelope,
  end: 'arrives' | 'lost' | 'held',
): Drawn {
  const [sender, receiver] = [indexOf.get(message.from) ?? 0, indexOf.get(message.to) ?? 0];
  const [fromShown, toShown] = [isShown(geometry, sender), isShown(geometry, receiver)];
  const lie = isUntrue(message);
  const whole = messageText(message.body);
  const kind = safe(message.body.type);
  const facts = (label: Label | null): Fact[] => {
    const where = fromShown && toShown ? '' : link(message);
    const what = label === null ? kind : '';
    return where + what === '' ? [] : [{ text: [where, what].filter((part) => part !== '').join(' '), tone: 'bold' }];
  };
  const from = lifeline(geometry, sender);
  if (sender === receiver) {
    if (!fromShown) return { elements: [], facts: facts(null) };
    const room = geometry.columnWidth - 5;
    const text = [whole, kind].find((words) => width(words) <= room);
    const label: Label = { x: from + 4, text: text ?? '' };
    const said: Fact[] = text === undefined ? [{ text: kind, tone: 'bold' }] : [];
    return { elements: [{ kind: 'loop', x: from, lie, label }], facts: said };
  }
  const target = lifeline(geometry, receiver);
  // both beyond the same edge: there is nothing to draw it across
  if (from === target) return { elements: [], facts: facts(null) };
  const right = target > from;
  const short = Math.max(1, Math.floor(geometry.columnWidth / 3));
  const to = end === 'arrives' || !toShown ? target : target + (right ? -short : short);
  const label = labelOf(geometry, [whole, kind], lie, from, to);
  return { elements: [{ kind: 'arrow', from, to, end, lie, fromShown, toShown, label }], facts: facts(label) };
}

/** Next to the sender, in one segment if it can: whole, or else the kind alone; null: there is room for neither. */
function labelOf(geometry: Geometry, texts: readonly string[], lie: boolean, from: number, to: number): Label | null {
  // a cell of shaft on both sides, and the tip
  const low = Math.min(from, to) + 2;
  const sign = lie ? 1 : 0;
  const room = Math.abs(to - from) - 3 - sign;
  const near = Math.min(room, geometry.columnWidth - 3 - sign);
  const text = texts.find((text) => width(text) <= near) ?? texts.find((text) => width(text) <= room);
  if (text === undefined) return null;
  return { x: to > from ? low + sign : low + sign + room - width(text), text };
}
