/**
 * Properties, judged in states: `always` and `sometimes` in every one, `eventually` where nothing more can happen. The
 * tests are the protocol's own; they see the local states as they are. What a property reads decides how often it is
 * asked: of states that look the same to it, once.
 */

import { NotTheirs } from '../core/authored.ts';
import type { Json, NodeView, Property, Verdict, View } from '../core/protocol.ts';
import { disturbanceOf } from './disturbance.ts';
import type { Layout, Tracked } from './layout.ts';
import type { Local } from './locals.ts';
import { TimelessError } from './model.ts';
import type { Transitions } from './transitions.ts';

/** A property looked at something that states did not keep: the exploration has to begin anew, keeping it. */
export class Untracked extends NotTheirs {
  readonly what: keyof Tracked;
  constructor(what: keyof Tracked) {
    super(`a property reads ${what}`);
    this.what = what;
  }
}

/** What a property looks at, besides its history variable; `states`: everything. */
interface Reads {
  readonly states: boolean;
  readonly decisions: boolean;
  readonly deliveries: boolean;
}

/** @param place -1: it is not kept */
const differsAt = (place: number, before: Int32Array, after: Int32Array): boolean =>
  place >= 0 && before[place] !== after[place];

const timeless = (): TimelessError => new TimelessError('a property of this protocol reads the time');

export class Judge {
  readonly #transitions: Transitions;
  readonly #layout: Layout;
  readonly #nodes: Local[] = [];
  readonly #view: View;
  readonly #caches: readonly (VerdictCache | null)[];
  readonly #reads: readonly Reads[];
  #vector: Int32Array = new Int32Array(0);

  constructor(transitions: Transitions, tracked: Tracked) {
    this.#transitions = transitions;
    this.#layout = transitions.layout;
    this.#view = this.#createView(tracked);
    this.#reads = transitions.model.protocol.properties.map(({ reads }) => ({
      states: reads === undefined || reads.includes('states'),
      decisions: reads?.includes('decisions') ?? false,
      deliveries: reads?.includes('deliveries') ?? false,
    }));
    this.#caches = this.#reads.map(({ states }) => (states ? null : new VerdictCache()));
  }

  /** Makes this state the one that is judged. */
  look(vector: Int32Array): void {
    this.#vector = vector;
    const { steps } = this.#transitions;
    for (let node = 0; node < this.#layout.nodes; node++) this.#nodes[node] = steps.local(node, vector[node] as number);
  }

  test(p: number): Verdict {
    const { model, histories } = this.#transitions;
    const place = this.#layout.memory[p] as number;
    const memory = place < 0 ? null : ((histories.memories[p] as Json[])[this.#vector[place] as number] as Json);
    return (model.protocol.properties[p] as Property).test(this.#view, memory);
  }

  /** Does the test give `true`? */
  succeeds(p: number): boolean {
    const cache = this.#caches[p];
    if (cache == null) return this.test(p) === true;
    const reads = this.#reads[p] as Reads;
    cache.begin();
    for (const node of this.#nodes) {
      if (reads.decisions) cache.add(node.decided);
      if (reads.deliveries) cache.add(node.delivery);
    }
    for (const place of [this.#layout.memory[p] as number, this.#layout.inputsTaken, this.#layout.anyFault])
      if (place >= 0) cache.add(this.#vector[place] as number);
    return cache.verdict(() => this.test(p) === true);
  }

  /**
   * Which properties have to be asked anew after a step, as bits by their index: the others look at nothing that changed.
   */
  questions(before: Int32Array, after: Int32Array): number {
    const { properties } = this.#transitions.model.protocol;
    if (properties.length > 31) return -1;
    const { steps } = this.#transitions;
    const { inputsTaken, anyFault, memory } = this.#layout;
    let states = false;
    let decisions = false;
    let deliveries = false;
    for (let node = 0; node < this.#layout.nodes; node++) {
      if (before[node] === after[node]) continue;
      const was = steps.local(node, before[node] as number);
      const is = steps.local(node, after[node] as number);
      states = true;
      if (was.decided !== is.decided) decisions = true;
      if (was.delivery !== is.delivery) deliveries = true;
    }
    const all = differsAt(inputsTaken, before, after) || differsAt(anyFault, before, after);
    let bits = 0;
    for (let p = 0; p < properties.length; p++) {
      const reads = this.#reads[p] as Reads;
      const isConcerned =
        (states && reads.states) || (decisions && reads.decisions) || (deliveries && reads.deliveries);
      if (all || isConcerned || differsAt(memory[p] as number, before, after)) bits |= 1 << p;
    }
    return bits;
  }

  /** Why a liveness verdict would not be fair here; null: it is. */
  disturbance(): string | null {
    const { partition } = this.#layout;
    const isParted = partition >= 0 && (this.#vector[partition] as number) > 0;
    return disturbanceOf(this.#transitions.model.scenario, this.#nodes, isParted);
  }

  #createView(tracked: Tracked): View {
    const nodes: readonly NodeView[] = this.#nodes;
    const { model, steps, histories } = this.#transitions;
    const { atStart, later, anytime, scenario } = model;
    const taken = (): number => {
      if (later.length + anytime.length === 0) return -1;
      if (!tracked.inputs) throw new Untracked('inputs');
      return this.#vector[this.#layout.inputsTaken] as number;
    };
    const isFaulty = (): boolean => {
      if (!tracked.anyFault) throw new Untracked('anyFault');
      return this.#vector[this.#layout.anyFault] === 1;
    };
    return {
      nodes,
      parameters: scenario.parameters,
      get inputs() {
        const number = taken();
        return number < 0 ? atStart : (histories.inputLists[number] as typeof atStart);
      },
      node(id) {
        const index = steps.letters.indexOf(id);
        if (index === undefined) throw new Error(`a property asks for ${id}, who is no node`);
        return nodes[index] as NodeView;
      },
      get honest() {
        return nodes.filter(({ honest }) => honest);
      },
      get anyFault() {
        return isFaulty();
      },
      get nowMs(): number {
        throw timeless();
      },
      clockMs() {
        throw timeless();
      },
    };
  }
}

/** Verdicts by a sequence of numbers; every step of a sequence is one number more. */
class VerdictCache {
  readonly #steps = new Map<number, number>();
  readonly #verdicts: (boolean | undefined)[] = [];
  #at = 0;

  begin(): void {
    this.#at = 0;
  }
  add(number: number): void {
    const key = this.#at * 0x100000 + number;
    let next = this.#steps.get(key);
    if (next === undefined) {
      next = this.#steps.size + 1;
      this.#steps.set(key, next);
    }
    this.#at = next;
  }
  verdict(test: () => boolean): boolean {
    const known = this.#verdicts[this.#at];
    if (known !== undefined) return known;
    const verdict = test();
    this.#verdicts[this.#at] = verdict;
    return verdict;
  }
}
