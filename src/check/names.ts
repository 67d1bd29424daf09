/** Values in which nodes go by other names. */
import type { Json } from '../core/json.ts';

export interface Names {
  /** of every node: the name that it goes by, and its place in the scenario */
  readonly of: ReadonlyMap<string, { readonly name: string; readonly place: number }>;
  /** fields with lists of names whose order says something */
  readonly sequences: ReadonlySet<string>;
}

/** Names stand under this field in another order than the scenario's: the list is no set. */
export class Disorder extends Error {
  readonly field: string;
  constructor(field: string) {
    super(`${field} is a sequence`);
    this.field = field;
  }
}

/**
 * Texts and keys that are names, replaced, however deep. A list of names is a set that is kept in the scenario's order,
 * and stands in that order again, unless its field is a sequence. @throws Disorder
 */
export function renamed(value: Json, names: Names, field = ''): Json {
  if (typeof value === 'string') return names.of.get(value)?.name ?? value;
  if (value === null || typeof value !== 'object') return value;
  if (isList(value)) {
    const list = value.map((each) => renamed(each, names, field));
    if (names.sequences.has(field) || !value.every((each) => typeof each === 'string' && names.of.has(each)))
      return list;
    if (!isInOrder(value as readonly string[], names)) throw new Disorder(field);
    return (list as string[]).sort((a, b) => placeOf(a, names) - placeOf(b, names));
  }
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) =>
      inner === undefined ? [] : [[names.of.get(key)?.name ?? key, renamed(inner, names, key)]],
    ),
  );
}

const isList = (value: object): value is readonly Json[] => Array.isArray(value);
const placeOf = (id: string, { of }: Names): number => of.get(id)?.place ?? 0;
const isInOrder = (list: readonly string[], names: Names): boolean =>
  list.every((each, i) => i === 0 || placeOf(list[i - 1] as string, names) <= placeOf(each, names));
