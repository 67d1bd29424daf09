/** Which nodes a scenario does not tell apart: were any two of them to change places, it would be the same scenario. */
import { canonicalJson, type Json } from '../core/json.ts';
import type { Model } from './model.ts';
import { type Names, renamed } from './names.ts';

/** Those with company, by index. Machines may still tell them apart: that is seen when they step. */
export function interchangeable(model: Model, sequences: Names['sequences']): number[][] {
  const classes: number[][] = [];
  for (const node of model.ids.keys()) {
    const home = classes.find(([first]) => isSameWith(model, first as number, node, sequences));
    if (home === undefined) classes.push([node]);
    else home.push(node);
  }
  return classes.filter(({ length }) => length > 1);
}

export function swapped({ ids }: Model, a: number, b: number, sequences: Names['sequences']): Names {
  const at = (place: number): string => ids[place === a ? b : place === b ? a : place] as string;
  return { of: new Map(ids.map((id, place) => [id, { name: at(place), place }])), sequences };
}

function isSameWith(model: Model, a: number, b: number, sequences: Names['sequences']): boolean {
  const parts = partsOf(model, swapped(model, a, a, sequences));
  const after = partsOf(model, swapped(model, a, b, sequences));
  return parts.every((part, i) => canonicalJson(part) === canonicalJson(after[i]));
}

/** What an exploration takes from a scenario, under other names. Inputs on offer at different nodes have no order among them. */
function partsOf({ scenario, atStart, later, anytime }: Model, names: Names): unknown[] {
  const { nodes, parameters, network, faults, constraint } = scenario;
  const under = (value: unknown): Json => renamed(value as Json, names);
  const unordered = (values: readonly unknown[]): string[] => values.map((each) => canonicalJson(under(each))).sort();
  const groups = faults.flatMap(({ fault }) =>
    fault.type === 'partition'
      ? [{ drop: fault.drop ?? false, groups: fault.groups.map((group) => unordered(group)) }]
      : [],
  );
  const byNode = Object.keys(nodes).map((id) => [
    renamed(id, names),
    atStart.flatMap((input) => (input.node === id ? [under(input)] : [])),
  ]);
  return [
    under(nodes),
    under(parameters),
    unordered(network.links ?? []),
    unordered(faults.flatMap(({ fault }) => (fault.type === 'traitor' ? [fault] : []))),
    groups,
    Object.fromEntries(byNode),
    under(later),
    unordered(anytime),
    unordered(Object.entries(constraint?.context ?? {}).map(([field, most]) => [...field.split('.'), most])),
  ];
}
