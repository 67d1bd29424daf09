/**
 * Nodes by their places in scenario order, from 0. Who draws one of ten thousand others at random need not keep a list of
 * them: it knows its own place and how many there are, and sends to a place.
 */
import type { NodeId, NodeInput, RoleName } from './protocol.ts';

interface Order {
  readonly ids: readonly NodeId[];
  readonly places: ReadonlyMap<NodeId, number>;
  readonly firsts: ReadonlyMap<RoleName, NodeId>;
}

/** All nodes of a run have the same `nodes`: worked out once for all. */
const orders = new WeakMap<NodeInput['nodes'], Order>();

function orderOf(nodes: NodeInput['nodes']): Order {
  const known = orders.get(nodes);
  if (known !== undefined) return known;
  const ids = Object.keys(nodes);
  const firsts = new Map(ids.toReversed().map((id) => [nodes[id] as RoleName, id]));
  const order = { ids, places: new Map(ids.map((id, place) => [id, place])), firsts };
  orders.set(nodes, order);
  return order;
}

/** How many nodes there are, the asking one included. */
export const nodeCount = ({ nodes }: Pick<NodeInput, 'nodes'>): number => orderOf(nodes).ids.length;

/** The asking node's own place. */
export const placeOf = ({ nodes, self }: Pick<NodeInput, 'nodes' | 'self'>): number =>
  orderOf(nodes).places.get(self) ?? -1;

export const nodeAt = ({ nodes }: Pick<NodeInput, 'nodes'>, place: number): NodeId | undefined =>
  orderOf(nodes).ids[place];

/** The first node of this role; '' where there is none. */
export const firstWithRole = ({ nodes }: Pick<NodeInput, 'nodes'>, role: RoleName): NodeId =>
  orderOf(nodes).firsts.get(role) ?? '';
