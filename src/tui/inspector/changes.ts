/** What one value became: a tree of what is new, changed, gone or the same, from two values as JSON. Pure. */
import { isObject, type Json, type JsonObject, sameJson } from '../../core/json.ts';

export type Change = 'same' | 'new' | 'changed' | 'gone';

export interface Branch {
  readonly name: string;
  readonly change: Change;
  /** null where there is none now */
  readonly now: Json | undefined;
  readonly was: Json | undefined;
  /** empty: a plain value */
  readonly inside: readonly Branch[];
}

type Tree = JsonObject | readonly Json[];
const isTree = (value: Json | undefined): value is Tree =>
  Array.isArray(value) || (isObject(value) && !Array.isArray(value));
const isList = (value: Json | undefined): boolean => Array.isArray(value);

const partsOf = (value: Json | undefined): ReadonlyMap<string, Json> =>
  new Map(isTree(value) ? (Object.entries(value).filter(([, item]) => item !== undefined) as [string, Json][]) : []);

/** Every name of either, those of now first. Without `before` nothing is known to have changed. */
export function changesOf(before: Json | undefined, now: Json | undefined): readonly Branch[] {
  const [old, fresh] = [partsOf(before), partsOf(now)];
  const gone = [...old.keys()].filter((name) => !fresh.has(name));
  return [...fresh.keys(), ...gone].map((name) => branch(name, old.get(name), fresh.get(name)));
}

function branch(name: string, was: Json | undefined, now: Json | undefined): Branch {
  const change = was === undefined ? 'new' : now === undefined ? 'gone' : sameJson(was, now) ? 'same' : 'changed';
  // what is wholly new or gone, or was something else altogether, is one thing: its parts are not told apart
  const comparable = change === 'changed' && isTree(was) && isTree(now) && isList(was) === isList(now);
  const inside = comparable
    ? changesOf(was, now)
    : [...partsOf(now === undefined ? was : now)].map(([key, item]) => same(key, item));
  return { name, change, was, now, inside };
}

const same = (name: string, value: Json): Branch => ({
  name,
  change: 'same',
  was: value,
  now: value,
  inside: [...partsOf(value)].map(([key, item]) => same(key, item)),
});
