/**
 * Does a machine treat interchangeable nodes alike? Whatever a step leads to, the same step after two nodes have changed
 * places must lead to the same with those two exchanged; and so must what history variables make of it. Steps that
 * this asks about are watched in their turn, so that all orders of the nodes are covered by swaps of two.
 */
import { canonicalJson, type Json } from '../core/json.ts';
import type { Histories } from './histories.ts';
import type { Letter } from './messages.ts';
import type { Learnt, Outcome, Steps } from './steps.ts';
import type { Folded } from './successor.ts';
import { Asymmetric, type Swap } from './swap.ts';
import type { Transitions } from './transitions.ts';

export class Agreement {
  readonly #transitions: Transitions;
  readonly #swaps: readonly Swap[];
  /** of an outcome, after each swap: the one that it becomes */
  readonly #twins = new Map<Outcome, Outcome[]>();
  /** to be compared; learning about one may add others */
  readonly #waiting: Learnt[] = [];
  #isComparing = false;

  constructor(transitions: Transitions, swaps: readonly Swap[]) {
    this.#transitions = transitions;
    this.#swaps = swaps;
  }

  /** From now on every step and every history variable is compared. @throws Asymmetric there */
  watch(): void {
    this.#steps.onLearnt = (learnt) => this.#compareAll(learnt);
    this.#transitions.successor.onFolded = (folded) => this.#compareFolds(folded);
  }

  get #steps(): Steps {
    return this.#transitions.steps;
  }
  get #histories(): Histories {
    return this.#transitions.histories;
  }

  #compareAll(learnt: Learnt): void {
    this.#waiting.push(learnt);
    if (this.#isComparing) return;
    this.#isComparing = true;
    for (let next = this.#waiting.pop(); next !== undefined; next = this.#waiting.pop())
      for (const [i, swap] of this.#swaps.entries()) this.#compare(next, swap, i);
    this.#isComparing = false;
  }

  #compare(learnt: Learnt, swap: Swap, i: number): void {
    const { node, local, key, event, timer, outcomes } = learnt;
    const there = swap.node(node);
    const localThere = swap.local(node, local);
    const keyThere = keyAfter(key, swap);
    const eventThere = event && (swap.value(event) as NonNullable<Learnt['event']>);
    const found =
      this.#steps.known(there, localThere, keyThere) ??
      this.#steps.learn(there, localThere, keyThere, eventThere, timer);
    const wanted = inOrder(outcomes, (outcome) => this.#textOf(node, outcome, swap));
    const actual = inOrder(found, (outcome) => this.#textOf(there, outcome, null));
    for (let at = 0; at < Math.max(wanted.length, actual.length); at++) {
      if (wanted[at]?.text !== actual[at]?.text) {
        // were it for a list that is no set, this says so
        for (const outcome of found) this.#textOf(there, outcome, swap);
        throw this.#asymmetric(learnt, swap);
      }
      const outcome = (wanted[at] as Ordered).outcome;
      const twins = this.#twins.get(outcome) ?? [];
      twins[i] = (actual[at] as Ordered).outcome;
      this.#twins.set(outcome, twins);
    }
  }

  #asymmetric({ node, event, timer, outcomes }: Learnt, swap: Swap): Asymmetric {
    const when = timer === undefined ? (event === null ? 'at its start' : `on ${event.type}`) : `on its timer ${timer}`;
    const cut = outcomes.length > 1 ? ', or what cuts that step off,' : '';
    return new Asymmetric(`what ${this.#transitions.model.ids[node]} does ${when}${cut} tells ${swap.words} apart`);
  }

  /** All that matters of an outcome, for comparison. In which order it tells different nodes makes no difference. */
  #textOf(node: number, { local, sends, effects, handled, crashAfter }: Outcome, swap: Swap | null): string {
    const { all } = this.#steps.letters;
    const letters = sends.map((letter) => all[swap === null ? letter : swap.letter(letter)] as Letter);
    const isFifo = this.#transitions.model.network === 'fifo';
    const told = letters.sort((a, b) => a.link - b.link || (isFifo ? 0 : a.number - b.number));
    const rest = effects.filter(({ type }) => type !== 'send') as unknown as Json;
    return canonicalJson([
      swap === null ? local : swap.local(node, local),
      told.map(({ number }) => number),
      swap === null ? rest : swap.value(rest),
      effects.length,
      handled,
      crashAfter,
    ]);
  }

  /** What is not yet known of a history variable is learnt here, and compared in its turn. */
  #compareFolds(folded: Folded): void {
    const waiting = [folded];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { p, node, honest, outcome, before, after } = next;
      for (const [i, swap] of this.#swaps.entries()) {
        const twin = this.#twins.get(outcome)?.[i] as Outcome;
        const nodeThere = swap.node(node);
        const id = this.#transitions.model.ids[nodeThere] as string;
        const beforeThere = swap.memory(p, before);
        twin.memories[p] ??= new Map();
        const known = twin.memories[p] as Map<number, number>;
        let afterThere = known.get(beforeThere);
        if (afterThere === undefined) {
          afterThere = this.#histories.fold(p, beforeThere, { id, honest }, twin.effects);
          known.set(beforeThere, afterThere);
          waiting.push({ p, node: nodeThere, honest, outcome: twin, before: beforeThere, after: afterThere });
        }
        if (afterThere === swap.memory(p, after)) continue;
        const { name } = this.#transitions.model.protocol.properties[p] as { name: string };
        throw new Asymmetric(`what ${name} remembers tells ${swap.words} apart`);
      }
    }
  }
}

/** The number of an event after the swap: see `Steps.known`. */
function keyAfter(key: number, swap: Swap): number {
  const [number, kind] = [Math.floor(key / 4), key % 4];
  if (kind === 0) return swap.letter(number) * 4;
  return kind === 2 ? swap.input(number) * 4 + 2 : key;
}

interface Ordered {
  readonly text: string;
  readonly outcome: Outcome;
}

const inOrder = (outcomes: readonly Outcome[], textOf: (outcome: Outcome) => string): Ordered[] =>
  outcomes
    .map((outcome) => ({ text: textOf(outcome), outcome }))
    .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
