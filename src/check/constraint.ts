/**
 * The bounds that a scenario sets to its space: a state outside them is neither counted nor expanded.
 * `depth` is kept by whoever searches, since it depends on the way to a state; all else can be read off the state.
 */
import type { Json, JsonObject } from '../core/json.ts';
import type { Constraint } from '../core/scenario.ts';
import { rightName } from '../scenario/nearest.ts';
import type { Local } from './locals.ts';
import type { Letter } from './messages.ts';
import { CheckError } from './model.ts';

/** Are these two messages alike, by their numbers? */
type Alike = (a: number, b: number) => boolean;
const sameLetter: Alike = (a, b) => a === b;

export class Bounds {
  readonly #messagesMax: number;
  readonly #perLinkMax: number;
  readonly #copiesMax: number;
  readonly #letters: readonly Letter[];
  readonly #fields: readonly (readonly [path: readonly string[], most: number])[];
  /** of each node, by the number of the local state: is its context inside? */
  readonly #inside: boolean[][] = [];

  /** @param letters by their numbers; more may come */
  constructor({ messages, perLink, copies, context = {} }: Constraint, letters: readonly Letter[]) {
    this.#letters = letters;
    this.#perLinkMax = perLink ?? Number.POSITIVE_INFINITY;
    this.#messagesMax = messages ?? Number.POSITIVE_INFINITY;
    this.#copiesMax = copies ?? Number.POSITIVE_INFINITY;
    this.#fields = Object.entries(context).map(([field, most]) => [field.split('.'), most]);
  }

  /** @throws CheckError of a field that no node has when it has started */
  requireFields(locals: readonly Local[]): void {
    for (const [[field = '']] of this.#fields) {
      const known = new Set(locals.flatMap(({ context }) => Object.keys(context)));
      if (!known.has(field))
        throw new CheckError(`constraint: no context has a field ${field}; ${rightName(field, known)}`);
    }
  }

  /** @param start where the messages begin in the vector */
  excludes(vector: Int32Array, start: number, length: number, local: (node: number) => Local, nodes: number): boolean {
    if (length - start > this.#messagesMax) return true;
    if (this.#exceeds(this.#perLinkMax, vector, start, length, this.#onSameLink)) return true;
    if (this.#exceeds(this.#copiesMax, vector, start, length, sameLetter)) return true;
    if (this.#fields.length === 0) return false;
    for (let node = 0; node < nodes; node++) if (!this.#isInside(node, local(node))) return true;
    return false;
  }

  /** Are more messages alike than there may be? */
  #exceeds(most: number, vector: Int32Array, start: number, length: number, isAlike: Alike): boolean {
    if (length - start <= most) return false;
    for (let at = start; at < length; at++) {
      let count = 1;
      for (let before = start; before < at; before++)
        if (isAlike(vector[before] as number, vector[at] as number)) count += 1;
      if (count > most) return true;
    }
    return false;
  }

  readonly #onSameLink: Alike = (a, b) => (this.#letters[a] as Letter).link === (this.#letters[b] as Letter).link;

  #isInside(node: number, { number, context }: Local): boolean {
    const known = this.#inside[node] ?? [];
    this.#inside[node] = known;
    known[number] ??= this.#fields.every(([path, most]) => sizeAt(context, path) <= most);
    return known[number];
  }
}

/** The number that stands there, or how many items a list or a mapping has; 0 where there is nothing. */
function sizeAt(context: JsonObject, path: readonly string[]): number {
  let value: Json | undefined = context;
  for (const key of path) value = (value as JsonObject | null | undefined)?.[key];
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return value.length;
  return value == null || typeof value === 'boolean' ? 0 : Object.keys(value).length;
}

/** `depth ≤ 13, copies ≤ 1, term ≤ 1` */
export function constraintWords({ context = {}, ...others }: Constraint): string {
  return [...Object.entries(others), ...Object.entries(context)].map(([what, most]) => `${what} ≤ ${most}`).join(', ');
}
