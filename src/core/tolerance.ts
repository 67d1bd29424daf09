/** n, f and the protocol's bound: how many faulty nodes a run has, and how many its protocol promises to stand. */
import type { Bound } from './protocol.ts';
import type { NodeRecord, World } from './world.ts';

export interface Tolerance {
  readonly formula: string;
  /** what the f are; `faulty`: traitors and crashed nodes */
  readonly of: 'traitors' | 'crashes' | 'faulty';
  /** nodes of the roles that the bound is about */
  readonly n: number;
  readonly greatest: number;
  /** how many of these n are faulty in the way that the bound is about */
  readonly faulty: number;
  /** traitors where the protocol stands none: under a bound on crashes, or in a role that must be honest */
  readonly liars: number;
  readonly isExceeded: boolean;
}

/**
 * n, f and the protocol's bound at this moment; null when the protocol states none.
 * @param except a node that is taken to be as it should be
 */
export function toleranceOf(world: World, except?: NodeRecord): Tolerance | null {
  const { bound } = world.protocol;
  if (bound === undefined) return null;
  const roles: Record<string, number> = {};
  for (const node of world.nodes) roles[node.role] = (roles[node.role] ?? 0) + 1;
  const counted = world.nodes.filter(({ role }) => bound.among?.includes(role) ?? true);
  const bad = counted.filter((node) => node !== except && isFaulty(bound, node));
  const of = bound.of === 'traitors' && bad.some(({ honest }) => honest) ? 'faulty' : bound.of;
  const faulty = bad.length;
  const liars = world.nodes.filter((node) => node !== except && !node.honest && mustBeHonest(bound, node)).length;
  const { parameters } = world.scenario;
  const greatest = bound.greatest(world.ids.length, roles, parameters);
  const formula = bound.caseOf?.(parameters) ?? bound.formula;
  return { formula, of, n: counted.length, greatest, faulty, liars, isExceeded: faulty > greatest || liars > 0 };
}

const isFaulty = ({ of, crashesCount }: Bound, { everCrashed, honest }: NodeRecord): boolean =>
  (of === 'traitors' && !honest) || (everCrashed && (of === 'crashes' || crashesCount === true));
const mustBeHonest = ({ of, honest }: Bound, { role }: NodeRecord): boolean =>
  of === 'crashes' || honest?.includes(role) === true;

/** In words, why the bound is exceeded. */
export const excessOf = ({ faulty, formula, greatest, liars, n, of }: Tolerance): string =>
  liars > 0
    ? `a traitor, but ${of === 'crashes' ? `${formula} is about crashes` : 'this one must be honest'}`
    : `${faulty} faulty of ${n}, but ${formula} stands only ${greatest}`;
