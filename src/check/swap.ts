/**
 * Two nodes change places in everything that states are made of: local states, messages, history variables and lists of
 * inputs, each by its number. Doing it twice leads back.
 */
import { canonicalJson, type Json, type JsonObject } from '../core/json.ts';
import type { Message } from '../core/protocol.ts';
import type { ScheduledInput } from '../core/scenario.ts';
import { swapped } from './interchangeable.ts';
import type { Letter } from './messages.ts';
import { CheckError } from './model.ts';
import { type Names, renamed } from './names.ts';
import type { Transitions } from './transitions.ts';

/** The nodes are not interchangeable after all; `message` says what tells them apart. */
export class Asymmetric extends CheckError {
  constructor(what: string) {
    super(`symmetry would be wrong here: ${what}; leave this reduction out`);
  }
}

/** Where each thing goes when nodes change places. */
export interface Renaming {
  node(node: number): number;
  local(node: number, number: number): number;
  letter(number: number): number;
  memory(p: number, number: number): number;
  inputs(number: number): number;
}

export class Swap implements Renaming {
  readonly #transitions: Transitions;
  readonly #a: number;
  readonly #b: number;
  readonly #names: Names;
  readonly #locals: number[][];
  readonly #letters: number[] = [];
  readonly #memories: number[][];
  readonly #inputs: number[] = [];

  /** @param sequences fields with lists of nodes whose order says something */
  constructor(transitions: Transitions, a: number, b: number, sequences: Names['sequences']) {
    const { model } = transitions;
    this.#transitions = transitions;
    this.#a = a;
    this.#b = b;
    this.#names = swapped(model, a, b, sequences);
    this.#locals = model.ids.map(() => []);
    this.#memories = model.protocol.properties.map(() => []);
  }

  get words(): string {
    const { ids } = this.#transitions.model;
    return `${ids[this.#a]} and ${ids[this.#b]}`;
  }

  node(node: number): number {
    return node === this.#a ? this.#b : node === this.#b ? this.#a : node;
  }

  value(value: Json): Json {
    return renamed(value, this.#names);
  }

  local(node: number, number: number): number {
    const known = this.#locals[node] as number[];
    known[number] ??= this.#localOf(node, number);
    return known[number];
  }

  letter(number: number): number {
    this.#letters[number] ??= this.#letterOf(number);
    return this.#letters[number];
  }

  memory(p: number, number: number): number {
    const { histories } = this.#transitions;
    const known = this.#memories[p] as number[];
    known[number] ??= histories.intern(p, this.value((histories.memories[p] as Json[])[number] as Json));
    return known[number];
  }

  inputs(number: number): number {
    const { histories } = this.#transitions;
    return (histories.inputLists[number] as ScheduledInput[]).reduce(
      (list, input) => histories.inputs(list, this.input(this.#transitions.model.inputs.indexOf(input))),
      0,
    );
  }

  /** The same input at the other node, by index: of those that are alike, the one in the same place. */
  input(index: number): number {
    this.#inputs[index] ??= this.#inputOf(index);
    return this.#inputs[index];
  }

  #inputOf(index: number): number {
    const { inputs } = this.#transitions.model;
    const texts = inputs.map((input) => canonicalJson(input));
    const nth = texts.slice(0, index).filter((text) => text === texts[index]).length;
    const image = canonicalJson(this.value(inputs[index] as unknown as JsonObject));
    const alike = [...texts.keys()].filter((i) => texts[i] === image);
    return alike[nth] as number;
  }

  #localOf(node: number, number: number): number {
    const { steps } = this.#transitions;
    const local = steps.local(node, number);
    const { state, stable, decisions, delivered } = local;
    const parts = {
      ...local,
      state: state && { ...state, context: this.value(state.context) as JsonObject },
      stable: this.value(stable) as typeof stable,
      decisions: this.value(decisions) as readonly Json[],
      delivered: this.value(delivered) as readonly Json[],
    };
    return (steps.nodes[this.node(node)] as (typeof steps.nodes)[number]).intern(parts).number;
  }

  #letterOf(number: number): number {
    const { steps, model } = this.#transitions;
    const { from, to, body } = steps.letters.all[number] as Letter;
    return steps.letters.intern(this.node(from), model.ids[this.node(to)] as string, this.value(body) as Message);
  }
}

/** One renaming after another, remembered. */
export class Composed implements Renaming {
  readonly #first: Renaming;
  readonly #then: Swap;
  readonly #nodes: readonly number[];
  readonly #locals: readonly number[][];
  readonly #letters: number[] = [];

  constructor(first: Renaming, then: Swap, nodes: number) {
    this.#first = first;
    this.#then = then;
    this.#nodes = Array.from({ length: nodes }, (_, node) => then.node(first.node(node)));
    this.#locals = this.#nodes.map(() => []);
  }

  node(node: number): number {
    return this.#nodes[node] as number;
  }
  local(node: number, number: number): number {
    const known = this.#locals[node] as number[];
    known[number] ??= this.#then.local(this.#first.node(node), this.#first.local(node, number));
    return known[number];
  }
  letter(number: number): number {
    this.#letters[number] ??= this.#then.letter(this.#first.letter(number));
    return this.#letters[number];
  }
  memory(p: number, number: number): number {
    return this.#then.memory(p, this.#first.memory(p, number));
  }
  inputs(number: number): number {
    return this.#then.inputs(this.#first.inputs(number));
  }
}

export const identity: Renaming = {
  node: (node) => node,
  local: (_, number) => number,
  letter: (number) => number,
  memory: (_, number) => number,
  inputs: (number) => number,
};
