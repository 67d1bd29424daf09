/** The nodes' names over their lifelines, and how many there are beyond either edge. */
import { type Canvas, createCanvas, put, toLine } from '../diagram/canvas.ts';
import { type Geometry, lifeline } from '../diagram/geometry.ts';
import { counted, safe } from '../format.ts';
import { keyOf } from '../keys/binding.ts';
import { cut, cutName, type Line } from '../text.ts';
import type { View } from '../view.ts';

export function namesLine(view: View, geometry: Geometry): Line {
  const canvas: Canvas = createCanvas(geometry.width);
  for (const i of geometry.places) {
    const name = cutName(safe(view.world.ids[i] as string), geometry.columnWidth - 1);
    put(canvas, lifeline(geometry, i), name, i === view.node.index ? 'title' : 'bold');
  }
  const before = geometry.from;
  const after = geometry.nodes - geometry.from - geometry.count;
  const left = geometry.gutter < 12 ? ` ◀ ${before}` : ` ◀ ${before} more`;
  if (before > 0) put(canvas, 0, left, 'warn');
  // a node may have no column at all: A gives every one its own again
  const without = view.world.nodes.length - geometry.nodes;
  const right = [
    after > 0 ? `${counted(after, 'more node')} ▶` : '',
    without > 0 ? `${without} not shown (${keyOf(view, 'show-listed')})` : '',
  ];
  const words = right.filter((part) => part !== '').join('  ');
  if (words !== '') put(canvas, geometry.margin + 1, cut(words, geometry.marginWidth - 1), 'warn');
  return toLine(canvas);
}
