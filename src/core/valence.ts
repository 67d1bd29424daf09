/**
 * What can still be decided from a configuration: the term of Fischer, Lynch and Paterson (1985). A configuration is
 * bivalent when at least two decisions are reachable from it, and v-valent when v alone is. Here the words are for any
 * decisions, not only 0 and 1; the search itself is in `check/valence/`.
 */
import type { Json } from './json.ts';
import type { Choice } from './world.ts';

export interface Valence {
  /** `none`: no decision is reachable any more; `unknown`: the search ended before it had seen enough */
  readonly kind: 'none' | 'univalent' | 'bivalent' | 'unknown';
  /** the decisions found reachable: the one of a univalent configuration, two or more of a bivalent one */
  readonly values: readonly Json[];
}

/** A configuration, and those that its possible next events lead to, in the order in which the schedule has them. */
export interface Outlook {
  readonly now: Valence;
  readonly next: readonly Ahead[];
}
export interface Ahead {
  readonly choice: Choice;
  /** when it happens by itself, virtual ms */
  readonly atMs: number;
  readonly valence: Valence;
}

export const notYetKnown: Valence = { kind: 'unknown', values: [] };

const word = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** `0-valent`, `bivalent`, `no decision`, `unknown` */
export function valenceText({ kind, values: [value = null] }: Valence): string {
  if (kind === 'univalent') return `${word(value)}-valent`;
  return kind === 'none' ? 'no decision' : kind;
}

/** The same in as few characters as a queue has room for: `→0`, `→0/1`, `→–`, `→?` */
export function valenceSign({ kind, values }: Valence): string {
  if (kind === 'univalent' || kind === 'bivalent') return `→${values.map(word).join('/')}`;
  return kind === 'none' ? '→–' : '→?';
}
