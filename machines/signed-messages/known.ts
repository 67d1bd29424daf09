/**
 * What a lieutenant knows: the set V of the paper, with the first witness of each order. The first witness of
 * `attack:C:L1:L2` is L1, the lieutenant who had the order from the commander himself.
 *
 * Plain SM(m) needs the orders only. Early stopping also counts the witnesses. Which lieutenants have signed which order
 * as its first witness spreads like the orders themselves, so that after the last round all loyal lieutenants know the
 * same. It then does no harm to let the count decide: an order with `enough` first witnesses is obeyed even if there is
 * another one with few. And this makes the outcome certain early, because what a loyal first witness signs is known to all
 * after round 2: whatever is still missing then can only come from the traitors among the lieutenants, and when there are
 * two orders the commander is a traitor, which leaves at most m - 1 of them.
 */
import type { Json, NodeId } from '../../src/core/protocol.ts';

export interface Known {
  readonly value: Json;
  readonly witness: NodeId;
}
export interface Rule {
  readonly m: number;
  readonly earlyStopping: boolean;
  readonly defaultOrder: Json;
  readonly lieutenants: number;
}

export const orders: readonly Json[] = ['attack', 'retreat'];

export const ordersIn = (known: readonly Known[]): Json[] =>
  orders.filter((order) => known.some(({ value }) => value === order));
const witnessesOf = (known: readonly Known[], order: Json): number =>
  known.filter(({ value }) => value === order).length;

/** First witnesses that settle an order: as many as a loyal commander finds in any case, and more than can appear late. */
export const enough = ({ m, lieutenants }: Rule): number => Math.max(m, lieutenants - m);

/** What a lieutenant obeys who knows this at the end: the paper's `choice(V)`, with early stopping the count first. */
export function choice(known: readonly Known[], rule: Rule): Json {
  const settled = orders.filter((order) => witnessesOf(known, order) >= enough(rule));
  if (rule.earlyStopping && settled.length === 1) return settled[0] as Json;
  const given = ordersIn(known);
  return given.length === 1 ? (given[0] as Json) : rule.defaultOrder;
}

/** From round 2 on: whether nothing that may still come can change the choice. */
export function isCertain(known: readonly Known[], rule: Rule): boolean {
  const late = rule.m - 1;
  const settled = orders.filter((order) => witnessesOf(known, order) >= enough(rule));
  const open = orders.filter((order) => !settled.includes(order) && witnessesOf(known, order) + late >= enough(rule));
  return open.length === 0 && (settled.length > 0 || ordersIn(known).length > 1);
}
