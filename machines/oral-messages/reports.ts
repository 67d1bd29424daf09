/**
 * What a lieutenant knows: who told him what, about whom. A *path* names a chain of generals: `C>L1>L2` is what L2 says
 * that L1 told him that C ordered. The reports form a tree, and the decision is a majority taken over the majorities of
 * its branches. This is the recursion of OM(m), with each of its inner rounds of OM(m-1), OM(m-2), ... laid out flat.
 */
import type { Json, NodeId } from '../../src/core/protocol.ts';

export type Path = readonly NodeId[];
export type Reports = Readonly<Record<string, Json>>;

export const keyOf = (path: Path): string => path.join('>');

/** Every path of `length` generals that begins with the commander and does not pass through `self`. */
export function pathsOf(length: number, commander: NodeId, lieutenants: readonly NodeId[], self: NodeId): Path[] {
  let paths: Path[] = [[commander]];
  for (let i = 1; i < length; i++) {
    paths = paths.flatMap((path) =>
      lieutenants.filter((node) => node !== self && !path.includes(node)).map((node) => [...path, node]),
    );
  }
  return paths;
}

/** The strict majority of the values, and when there is none, the default. */
export function majority(values: readonly Json[], otherwise: Json): Json {
  const counts = new Map<Json, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  for (const [value, times] of counts) if (times * 2 > values.length) return value;
  return otherwise;
}

/** What this lieutenant takes the order at the end of `path` to have been. */
export function resolve(
  reports: Reports,
  path: Path,
  depth: number,
  about: { readonly lieutenants: readonly NodeId[]; readonly self: NodeId; readonly otherwise: Json },
): Json {
  const heard = reports[keyOf(path)] ?? about.otherwise;
  if (path.length > depth) return heard;
  const relayers = about.lieutenants.filter((node) => node !== about.self && !path.includes(node));
  const relayed = relayers.map((node) => resolve(reports, [...path, node], depth, about));
  return majority([heard, ...relayed], about.otherwise);
}
