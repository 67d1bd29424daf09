/**
 * How a random walk chooses among what can happen. Evenly: each choice is as likely as any other. By priorities: where a
 * choice comes from (two nodes' messages, a node's timers, an input, a fault at one place) has a random priority, and the
 * choices of the highest one come first; now and then a priority is drawn anew. So some nodes are far apart for a while, and
 * some ahead of others, as in a real network, and long runs come about that even choices hardly ever make. The idea is that of
 * probabilistic concurrency testing (Burckhardt et al. 2010; for messages Ozkan et al. 2018), without its bound on how
 * often priorities change, and so without its guarantee.
 */
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { nextInteger, nextUnit } from '../core/rng.ts';
import type { Letter } from './messages.ts';
import type { Doing } from './moves.ts';

export const walkNames = ['uniform', 'priorities'] as const;
export type WalkName = (typeof walkNames)[number];
/** when nothing is said */
export const walkDefault: WalkName = 'uniform';

export interface Chooser {
  /** A new walk begins. */
  begin(): void;
  /** The index of one of the choices, of which it is told where each comes from; there is at least one. */
  choose(sources: readonly string[]): number;
}

export const createChooser = (name: WalkName, stream: RandomGenerator): Chooser =>
  name === 'priorities' ? new Priorities(stream) : new Evenly(stream);

class Evenly implements Chooser {
  readonly #stream: RandomGenerator;

  constructor(stream: RandomGenerator) {
    this.#stream = stream;
  }

  begin(): void {}

  choose(sources: readonly string[]): number {
    return nextInteger(this.#stream, 0, sources.length - 1);
  }
}

/** How likely a source gets another priority after one of its choices was taken: it is in front for three events or so. */
const changeProbability = 0.3;

class Priorities implements Chooser {
  readonly #stream: RandomGenerator;
  readonly #priorities = new Map<string, number>();

  constructor(stream: RandomGenerator) {
    this.#stream = stream;
  }

  begin(): void {
    this.#priorities.clear();
  }

  choose(sources: readonly string[]): number {
    let first = sources[0] as string;
    for (const source of sources) if (this.#priorityOf(source) > this.#priorityOf(first)) first = source;
    const among = [...sources.keys()].filter((i) => sources[i] === first);
    if (nextUnit(this.#stream) < changeProbability) this.#priorities.delete(first);
    return among[nextInteger(this.#stream, 0, among.length - 1)] as number;
  }

  #priorityOf(source: string): number {
    const priority = this.#priorities.get(source) ?? nextUnit(this.#stream);
    this.#priorities.set(source, priority);
    return priority;
  }
}

/**
 * Where a choice comes from. What two nodes say to one another, both ways, comes from one source: where it is slow, the two
 * are as good as cut off. A crash in the middle of a step is a crash, and a second copy not the connection's doing.
 */
export function sourceOf(doing: Doing, letters: readonly Letter[]): string {
  const { kind, node, keep, input, partition, manner } = doing;
  switch (kind) {
    case 'deliver':
    case 'fire':
    case 'input':
      if (manner.crashAfter > 0) return `crash ${node}`;
      if (kind === 'fire') return `fire ${node}`;
      if (kind === 'input') return `input ${input}`;
      return `${keep ? 'duplicate' : 'deliver'} ${connectionOf(letters[doing.letter] as Letter)}`;
    case 'drop':
      return `drop ${connectionOf(letters[doing.letter] as Letter)}`;
    case 'partition':
      return `partition ${partition}`;
    case 'crash':
    case 'restart':
      return `${kind} ${node}`;
    default:
      return kind;
  }
}

const connectionOf = ({ from, to }: Letter): string => `${Math.min(from, to)}-${Math.max(from, to)}`;
