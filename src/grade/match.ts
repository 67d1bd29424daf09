/**
 * Is this a recording of the challenge? Everything that makes a run what it is must be the same; words (title, lesson,
 * expectations) may have changed since, and what the file says of the challenge's goal is not read at all.
 */
import { canonicalJson, isObject } from '../core/json.ts';
import type { Scenario } from '../core/scenario.ts';

/** What a run depends on, but for the seed. */
const decisive = [
  'protocol',
  'nodes',
  'model',
  'boundMs',
  'failures',
  'network',
  'clocks',
  'parameters',
  'inputs',
  'faults',
] as const satisfies readonly (keyof Scenario)[];

export interface Difference {
  /** `parameters.voteTimeout` */
  readonly field: string;
  /** as JSON; null: it is not there */
  readonly claimed: string | null;
  readonly right: string | null;
}

/** The first field in which the file's scenario would run otherwise than the challenge's; null: there is none. */
export function differenceOf(claimed: Scenario, right: Scenario): Difference | null {
  for (const field of decisive) {
    const found = compare(field, claimed[field], right[field]);
    if (found !== null) return found;
  }
  // the order of the nodes is the order in which they start
  return compare('nodes', Object.keys(claimed.nodes), Object.keys(right.nodes));
}

function compare(field: string, claimed: unknown, right: unknown): Difference | null {
  const [a, b] = [textOf(claimed), textOf(right)];
  if (a === b) return null;
  if (isObject(claimed) && isObject(right)) {
    for (const key of [...new Set([...Object.keys(right), ...Object.keys(claimed)])]) {
      const inner = compare(`${field}.${key}`, claimed[key], right[key]);
      if (inner !== null) return inner;
    }
  }
  return { field, claimed: a, right: b };
}

const textOf = (value: unknown): string | null => (value === undefined ? null : canonicalJson(value));
