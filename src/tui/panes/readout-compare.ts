/** Before, after or concurrent: the verdict on two events, and what proves it. */
import type { Component, Hop } from '../../core/causality.ts';
import { mostNodesWithVectors } from '../../core/clocks.ts';
import type { TraceEvent } from '../../core/world.ts';
import type { TraceIndex } from '../diagram/trace-index.ts';
import { safe } from '../format.ts';
import { flow, type Line, line, piece, wrap } from '../text.ts';
import type { View } from '../view.ts';
import { comparison } from './findings.ts';

export function comparisonLines(view: View, index: TraceIndex, room: number): Line[] {
  const { mark } = view.ui.instrument;
  if (mark === null) return [];
  const nodes = view.world.ids.length;
  if (nodes > mostNodesWithVectors)
    return wrap(`among ${nodes} nodes no vector clocks are kept: events cannot be compared`, room).map((words) =>
      line(words),
    );
  const found = comparison(view, index);
  if (found === null) return [line(piece(`A is #${mark}`, 'accent'), ': select another event to compare it with')];
  const [a, b] = [`A (#${mark})`, `#${view.ui.event}`];
  const verdict = (word: string): Line => line(`${a} is `, piece(word, 'title'), ` ${b}`);
  switch (found.order) {
    case 'same':
      return [line(piece(`A is #${mark}`, 'accent'), ': select another event to compare it with')];
    case 'none':
      return wrap(
        `${a} and ${b} cannot be compared: a fault of the network is no node's event and has no clock`,
        room,
      ).map((words) => line(words));
    case 'before':
      return proved(verdict('BEFORE'), view, found.chain, room);
    case 'after':
      return proved(verdict('AFTER'), view, found.chain, room);
    case 'concurrent': {
      const both = line(`${a} and ${b} are `, piece('CONCURRENT', 'title'), ': neither can have caused the other');
      return [both, ...componentLines(view, found.proof, a, b, room)];
    }
  }
}

/** The verdict, and the chain under it: `#4 C ─prepare→ #6 P1 ┄ #9 P1`. */
function proved(verdict: Line, { trace }: View, chain: readonly Hop[], room: number): Line[] {
  const [only] = chain;
  if (chain.length === 1 && only?.message === null) {
    const node = safe((trace[only.from] as TraceEvent).node ?? '');
    return [line(verdict, `: both are ${node}'s own, and a node's events follow one another`)];
  }
  const place = (at: number): string => `#${at} ${safe((trace[at] as TraceEvent).node ?? '')}`;
  const chips = [line(piece(place(chain[0]?.from ?? 0), 'bold'))];
  for (const { to, message } of chain) {
    const way = message === null ? '┄' : `─${safe(message.body.type)}→`;
    chips.push(line(piece(way, message === null ? 'dim' : 'accent'), ' ', piece(place(to), 'bold')));
  }
  return [line(verdict, ', as this chain proves:'), ...flow(chips, room, 1)];
}

function componentLines(
  { world }: View,
  proof: readonly [Component, Component] | null,
  a: string,
  b: string,
  room: number,
): Line[] {
  if (proof === null) return [line(piece('no message leads from one to the other, however indirectly', 'dim'))];
  const ids = world.ids.length;
  const [own, other] = proof;
  const text =
    `of ${safe(own.node)}'s clock ${a} knows ${own.a} and ${b} only ${own.b}; ` +
    `of ${safe(other.node)}'s, ${b} knows ${other.b} and ${a} only ${other.a}` +
    (ids > 2 ? ': the vectors cross' : '');
  return wrap(text, room).map((words) => line(words));
}
