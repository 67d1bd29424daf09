/** n, f and the protocol's bound: how many faulty nodes a run has, and how many its protocol promises to stand. */
import type { NodeRecord, World } from './world.ts';

export interface Tolerance {
  readonly formula: string;
  readonly of: 'traitors' | 'crashes';
  readonly n: number;
  readonly greatest: number;
  readonly faulty: number;
}

/** n, f and the protocol's bound at this moment; null when the protocol states none. */
export function toleranceOf(world: World): Tolerance | null {
  const { bound } = world.protocol;
  if (bound === undefined) return null;
  const roles: Record<string, number> = {};
  for (const node of world.nodes) roles[node.role] = (roles[node.role] ?? 0) + 1;
  const isFaulty =
    bound.of === 'traitors'
      ? (node: NodeRecord) => !node.honest
      : (node: NodeRecord) => node.everCrashed || !node.honest;
  return {
    formula: bound.formula,
    of: bound.of,
    n: world.ids.length,
    greatest: bound.greatest(world.ids.length, roles, world.scenario.parameters),
    faulty: world.nodes.filter(isFaulty).length,
  };
}
