/** What states keep of the past: the values of history variables and the inputs taken, each known by a number. */
import { canonicalJson } from '../core/json.ts';
import type { Effect, Json, Property } from '../core/protocol.ts';
import type { ScheduledInput } from '../core/scenario.ts';
import type { Dictionary } from './dictionary.ts';
import type { Local } from './locals.ts';
import type { Model } from './model.ts';

export class Histories {
  /** the values of history variables, by property and number */
  readonly memories: Json[][];
  /** the lists of inputs taken, by number */
  readonly inputLists: ScheduledInput[][] = [[]];
  readonly #model: Model;
  readonly #dictionary: Dictionary;
  readonly #firstKind: number;
  readonly #memoryNumbers: Map<string, number>[];
  readonly #inputNumbers = new Map<string, number>();

  /** @param firstKind of its texts in the dictionary: a kind a property, then one for the lists of inputs */
  constructor(model: Model, dictionary: Dictionary, firstKind: number) {
    const { properties } = model.protocol;
    this.#model = model;
    this.#dictionary = dictionary;
    this.#firstKind = firstKind;
    this.memories = properties.map(({ memory }) => [memory?.initial ?? null]);
    this.#memoryNumbers = this.memories.map(([initial]) => new Map([[canonicalJson(initial), 0]]));
    for (const p of properties.keys()) dictionary.tell(firstKind + p, (text) => this.#addMemory(p, text));
    dictionary.tell(firstKind + properties.length, (text) => this.#addInputs(text));
  }

  /** The list of inputs `before`, and the one that is the `index`-th of all. */
  inputs(before: number, index: number): number {
    const text = `[${before},${index}]`;
    const isKnown = (): boolean => this.#inputNumbers.has(text);
    const kind = this.#firstKind + this.memories.length;
    if (!isKnown() && this.#dictionary.enter(kind, text, isKnown)) this.#addInputs(text);
    return this.#inputNumbers.get(text) as number;
  }

  /** The history variable after these effects at this node. */
  fold(p: number, before: number, { id, honest }: Pick<Local, 'id' | 'honest'>, effects: readonly Effect[]): number {
    const { memory } = this.#model.protocol.properties[p] as Property;
    let value = (this.memories[p] as Json[])[before] as Json;
    for (const effect of effects)
      value = (memory as NonNullable<Property['memory']>).next(value, { node: id, honest, effect });
    return this.intern(p, value);
  }

  /** The number of this value of a history variable. */
  intern(p: number, value: Json): number {
    const text = canonicalJson(value);
    const numbers = this.#memoryNumbers[p] as Map<string, number>;
    const isKnown = (): boolean => numbers.has(text);
    if (!isKnown() && this.#dictionary.enter(this.#firstKind + p, text, isKnown)) this.#addMemory(p, text);
    return numbers.get(text) as number;
  }

  #addMemory(p: number, text: string): void {
    const values = this.memories[p] as Json[];
    (this.#memoryNumbers[p] as Map<string, number>).set(text, values.length);
    values.push(JSON.parse(text));
  }

  #addInputs(text: string): void {
    const [before, index] = JSON.parse(text) as [number, number];
    this.#inputNumbers.set(text, this.inputLists.length);
    this.inputLists.push([
      ...(this.inputLists[before] as ScheduledInput[]),
      this.#model.inputs[index] as ScheduledInput,
    ]);
  }
}
