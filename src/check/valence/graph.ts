/**
 * States and what leads from one to the next, with the decisions reachable from each. When a state is found in which
 * somebody has decided, that is passed back at once to all states that lead there. So what is known to be reachable is
 * so, however little has been explored; that nothing else is, is known when a search has come to its end (`Search`).
 */
import { canonicalJson } from '../../core/json.ts';
import type { Json } from '../../core/protocol.ts';
import type { Valence } from '../../core/valence.ts';
import { CheckError, type Model } from '../model.ts';
import type { Move } from '../moves.ts';
import { Seen, type Vectors } from '../seen.ts';
import { Transitions } from '../transitions.ts';
import { untracked } from './model.ts';

/** decisions are bits of a number */
const valuesMax = 30;

export class ValenceGraph {
  readonly transitions: Transitions;
  readonly #seen = new Seen(true);
  readonly #scratch = new Int32Array(1 << 14);
  readonly #values: Json[] = [];
  readonly #bitOf = new Map<string, number>();
  /** by state: the reachable decisions, as bits */
  readonly #reachable: number[] = [];
  /** by state: somebody has decided */
  readonly #isDecided: boolean[] = [];
  /** by state: the states after it; null: not expanded */
  readonly #after: (readonly number[] | null)[] = [];
  /** by state: the last link that leads to it, -1: none; by link: where it comes from, and the link before it */
  readonly #lastLink: number[] = [];
  readonly #linkFrom: number[] = [];
  readonly #linkBefore: number[] = [];
  /** by state: what is known to be reachable is all that is */
  readonly #isSettled: boolean[] = [];

  constructor(model: Model) {
    this.transitions = new Transitions(model, untracked);
  }

  get states(): number {
    return this.#seen.count;
  }

  /** The number of the state, known or new. */
  add(vector: Int32Array, length: number): number {
    const state = this.states;
    const known = this.#seen.add(vector, length, -1, 0);
    if (known !== state) return known;
    const bits = this.#decidedIn(vector);
    this.#reachable.push(bits);
    this.#isDecided.push(bits !== 0);
    this.#after.push(null);
    this.#lastLink.push(-1);
    this.#isSettled.push(false);
    return state;
  }

  isBivalent(state: number): boolean {
    const bits = this.#reachable[state] as number;
    return (bits & (bits - 1)) !== 0;
  }
  isSettled(state: number): boolean {
    return this.#isSettled[state] as boolean;
  }
  isDecided(state: number): boolean {
    return this.#isDecided[state] as boolean;
  }
  isExpanded(state: number): boolean {
    return this.#after[state] !== null;
  }
  /** Nothing more can be reached from it than is known. */
  settle(state: number): void {
    this.#isSettled[state] = true;
  }
  /** The same for all states from which nothing is reached that has not been expanded. */
  settleExplored(): void {
    const isOpen = this.#after.map((after) => after === null);
    const open = isOpen.flatMap((each, state) => (each ? [state] : []));
    for (let state = open.pop(); state !== undefined; state = open.pop()) {
      this.#forEachBefore(state, (before) => {
        if (isOpen[before]) return;
        isOpen[before] = true;
        open.push(before);
      });
    }
    for (let state = 0; state < this.states; state++) if (!isOpen[state]) this.settle(state);
  }
  isUnivalent(state: number): boolean {
    return this.isSettled(state) && !this.isBivalent(state) && this.#reachable[state] !== 0;
  }
  /** From both the same decisions are known to be reachable. */
  agree(a: number, b: number): boolean {
    return this.#reachable[a] === this.#reachable[b];
  }

  /** As far as it is known by now. */
  valence(state: number): Valence {
    const bits = this.#reachable[state] as number;
    const values = this.#values
      .filter((_, i) => (bits & (1 << i)) !== 0)
      .sort((a, b) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1));
    if (values.length > 1) return { kind: 'bivalent', values };
    if (!this.isSettled(state)) return { kind: 'unknown', values };
    return { kind: values.length === 1 ? 'univalent' : 'none', values };
  }

  /** The states after this one; found out when nobody has asked before. */
  after(state: number): readonly number[] {
    const known = this.#after[state];
    if (known != null) return known;
    const found = new Set<number>();
    this.#expand(state, (next, length) => found.add(this.add(next, length)));
    const after = [...found];
    this.#after[state] = after;
    for (const next of after) this.#link(state, next);
    return after;
  }

  /** What kinds of events may come after this state, one by one. */
  kindsAfter(state: number): Move['kind'][] {
    const kinds: Move['kind'][] = [];
    this.#expand(state, (_, __, move) => kinds.push(move().kind));
    return kinds;
  }

  /** The state after the `index`-th of these events. */
  follow(state: number, index: number): number {
    let at = 0;
    let to = state;
    this.#expand(state, (next, length) => {
      if (at++ === index) to = this.add(next, length);
    });
    this.#link(state, to);
    return to;
  }

  /** The events after this state, each with the state that it leads to. */
  events(state: number): { readonly move: Move; readonly to: number }[] {
    const events: { move: Move; to: number }[] = [];
    this.#expand(state, (next, length, move) => events.push({ move: move(), to: this.add(next, length) }));
    return events;
  }

  #link(from: number, to: number): void {
    this.#linkBefore.push(this.#lastLink[to] as number);
    this.#lastLink[to] = this.#linkFrom.push(from) - 1;
    this.#add(from, this.#reachable[to] as number);
  }

  /** What changes nothing is left out; so is, where messages may wait for ever, the arrival of one that changes nothing. */
  #expand(state: number, visit: Parameters<Transitions['expand']>[2]): void {
    const length = (this.#seen.exact as Vectors).copy(state, this.#scratch);
    const vector = this.#scratch.slice(0, length);
    const { layout, model } = this.transitions;
    const mayWait = model.network !== 'fifo' && !model.synchronous;
    this.transitions.expand(vector, length, (next, end, move) => {
      if (end === length && sameUntil(vector, next, length)) return;
      if (mayWait && end === length - 1 && sameUntil(vector, next, layout.network)) return;
      visit(next, end, move);
    });
  }

  #decidedIn(vector: Int32Array): number {
    const { layout, steps } = this.transitions;
    let bits = 0;
    for (let node = 0; node < layout.nodes; node++) {
      const { honest, decisions } = steps.local(node, vector[node] as number);
      if (honest) for (const value of decisions) bits |= 1 << this.#bit(value);
    }
    return bits;
  }

  #bit(value: Json): number {
    const key = canonicalJson(value);
    const known = this.#bitOf.get(key);
    if (known !== undefined) return known;
    if (this.#values.length === valuesMax)
      throw new CheckError(`more than ${valuesMax} different values are decided: valence is for protocols with few`);
    this.#values.push(value);
    this.#bitOf.set(key, this.#values.length - 1);
    return this.#values.length - 1;
  }

  #forEachBefore(state: number, visit: (before: number) => void): void {
    for (let link = this.#lastLink[state] as number; link >= 0; link = this.#linkBefore[link] as number)
      visit(this.#linkFrom[link] as number);
  }

  /** These decisions can be reached from this state, so they can from all before it. */
  #add(from: number, bits: number): void {
    const changed = [from];
    for (let state = changed.pop(); state !== undefined; state = changed.pop()) {
      const old = this.#reachable[state] as number;
      if ((old | bits) === old) continue;
      this.#reachable[state] = old | bits;
      this.#forEachBefore(state, (before) => changed.push(before));
    }
  }
}

function sameUntil(a: Int32Array, b: Int32Array, end: number): boolean {
  for (let i = 0; i < end; i++) if (a[i] !== b[i]) return false;
  return true;
}
