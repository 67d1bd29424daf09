/** What states keep of the past: the values of history variables and the inputs taken, each known by a number. */
import { canonicalJson } from '../core/json.ts';
import type { Effect, Json, Property } from '../core/protocol.ts';
import type { ScheduledInput } from '../core/scenario.ts';
import type { Local } from './locals.ts';

export class Histories {
  /** the values of history variables, by property and number */
  readonly memories: Json[][];
  /** the lists of inputs taken, by number */
  readonly inputLists: ScheduledInput[][] = [[]];
  readonly #properties: readonly Property[];
  readonly #memoryNumbers: Map<string, number>[];
  readonly #inputNumbers = new Map<string, number>();

  constructor(properties: readonly Property[]) {
    this.#properties = properties;
    this.memories = properties.map(({ memory }) => [memory?.initial ?? null]);
    this.#memoryNumbers = this.memories.map(([initial]) => new Map([[canonicalJson(initial), 0]]));
  }

  /** The list of inputs `before`, and this one, which is the `index`-th of all. */
  inputs(before: number, input: ScheduledInput, index: number): number {
    const key = `${before} ${index}`;
    let number = this.#inputNumbers.get(key);
    if (number === undefined) {
      number = this.inputLists.length;
      this.inputLists.push([...(this.inputLists[before] as ScheduledInput[]), input]);
      this.#inputNumbers.set(key, number);
    }
    return number;
  }

  /** The history variable after these effects at this node. */
  fold(p: number, before: number, { id, honest }: Local, effects: readonly Effect[]): number {
    const { memory } = this.#properties[p] as Property;
    const values = this.memories[p] as Json[];
    let value = values[before] as Json;
    for (const effect of effects)
      value = (memory as NonNullable<Property['memory']>).next(value, { node: id, honest, effect });
    const key = canonicalJson(value);
    const numbers = this.#memoryNumbers[p] as Map<string, number>;
    let number = numbers.get(key);
    if (number === undefined) {
      number = values.length;
      values.push(value);
      numbers.set(key, number);
    }
    return number;
  }
}
