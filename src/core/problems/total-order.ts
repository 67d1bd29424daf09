/**
 * Total order broadcast, or a replicated log: every member delivers the same requests in the same order. Hadzilacos and
 * Toueg, "A Modular Approach to Fault-Tolerant Broadcasts and Related Problems" (1994). Each delivery has a place, from
 * 1 on. A member that crashes and restarts without its state begins again, and must then repeat what it delivered.
 */
import { canonicalJson } from '../json.ts';
import type { Failure, Json, NodeId, NodeView, Property, View } from '../protocol.ts';
import { isLive, spoken } from './decisions.ts';

export interface TotalOrderReading {
  /** the nodes that deliver */
  members(view: View): readonly NodeView[];
  /** the requests made so far, as `requested` shows them */
  requests(view: View): readonly Json[];
  /** those of them that must be delivered in the end; left out: all */
  mustDeliver?(view: View): readonly Json[];
  /** what was requested, inside a delivered item */
  requested(item: Json): Json;
  /** whose request it is: a traitor may have requested anything; left out: nobody who requests is taken for a traitor */
  by?(item: Json): NodeId;
  /** what makes it this one request and not another with the same words; left out: the words */
  identity?(item: Json): Json;
  /** its place in the order, from 1; `rank` counts the deliveries of that member, from 1 */
  place(item: Json, rank: number): number;
}

interface Delivery {
  readonly node: NodeView;
  readonly place: number;
  readonly identity: string;
  readonly item: Json;
}

export function totalOrder(given: TotalOrderReading): Property[] {
  // of a request that was changed on its way, parts may be missing
  const reading = { ...given, requested: (item: Json): Json => given.requested(item) ?? null };
  const honest = (view: View): readonly NodeView[] => reading.members(view).filter((node) => node.honest);
  const deliveries = (nodes: readonly NodeView[]): Delivery[] => nodes.flatMap((node) => deliveriesOf(reading, node));
  const shared = (nodes: readonly NodeView[]): boolean => {
    const all = deliveries(nodes);
    return all.some(({ node, place }) => all.some((other) => other.node !== node && other.place === place));
  };
  const conflict = (nodes: readonly NodeView[], clause: string) => conflictIn(reading, deliveries(nodes), clause);
  return [
    {
      name: 'total-order/same-order',
      kind: 'always',
      clauses: { 'same-order': 'No two running members deliver different requests at the same place.' },
      reads: ['deliveries', 'states'],
      test: (view) => conflict(honest(view).filter(isLive), 'same-order'),
    },
    {
      name: 'total-order/uniformity',
      kind: 'always',
      clauses: {
        uniformity: 'What a member has delivered binds the others, even when that member crashed afterwards.',
      },
      reads: ['deliveries'],
      test: (view) => conflict(honest(view), 'uniformity'),
    },
    {
      name: 'total-order/two-delivered',
      kind: 'sometimes',
      clauses: { reached: 'Two members have delivered at the same place, so that the order had something to forbid.' },
      reads: ['deliveries'],
      test: (view) => shared(honest(view)),
    },
    {
      name: 'total-order/no-gaps',
      kind: 'always',
      clauses: { 'no-gaps': 'A member delivers place after place and leaves none out.' },
      reads: ['deliveries'],
      test: (view) =>
        honest(view)
          .map((node) => gapIn(reading, node))
          .find((gap) => gap !== null) ?? true,
    },
    {
      name: 'total-order/second-delivered',
      kind: 'sometimes',
      clauses: { reached: 'A member has delivered a second request, so that there could have been a gap.' },
      reads: ['deliveries'],
      test: (view) => deliveries(honest(view)).some(({ place }) => place > 1),
    },
    {
      name: 'total-order/no-creation',
      kind: 'always',
      clauses: {
        'no-creation': 'Of an honest client only what it requested is delivered, and each request at one place only.',
      },
      reads: ['deliveries'],
      test: (view) => creation(reading, view, deliveries(honest(view))),
    },
    {
      name: 'total-order/delivered',
      kind: 'sometimes',
      clauses: { reached: 'A member has delivered something, so that it could have been made up.' },
      reads: ['deliveries'],
      test: (view) => deliveries(honest(view)).length > 0,
    },
    {
      name: 'total-order/delivery',
      kind: 'eventually',
      clauses: { delivery: 'Every running member delivers every request, and whatever any member has delivered.' },
      test: (view) => undelivered(reading, view, honest(view)),
    },
  ];
}

/** Null stands for parts that are missing. */
function identityOf(reading: TotalOrderReading, item: Json): string {
  const identity = (reading.identity ?? reading.requested)(item);
  return canonicalJson(Array.isArray(identity) ? identity.map((part) => part ?? null) : identity);
}

const deliveriesOf = (reading: TotalOrderReading, node: NodeView): Delivery[] =>
  node.delivered.map((item, i) => ({
    node,
    item,
    place: reading.place(item, i + 1),
    identity: identityOf(reading, item),
  }));

/** The first place at which two different requests were delivered, as a failure; `true` when there is none. */
function conflictIn(reading: TotalOrderReading, deliveries: readonly Delivery[], clause: string): true | Failure {
  const first = new Map<number, Delivery>();
  for (const delivery of deliveries) {
    const other = first.get(delivery.place);
    if (other === undefined) first.set(delivery.place, delivery);
    else if (other.identity !== delivery.identity) {
      const words = [other, delivery].map(({ node, item }) => `${node.id} delivers ${spoken(reading.requested(item))}`);
      return {
        clause,
        nodes: [...new Set<NodeId>([other.node.id, delivery.node.id])],
        why: `at place ${delivery.place} ${words.join(', but ')}`,
      };
    }
  }
  return true;
}

function gapIn(reading: TotalOrderReading, node: NodeView): Failure | null {
  let last = 0;
  for (const { place } of deliveriesOf(reading, node)) {
    const repeats = node.everCrashed && place <= last;
    if (place !== last + 1 && !repeats) {
      const why = `${node.id} delivers at place ${place} after ${last === 0 ? 'nothing' : `place ${last}`}`;
      return { clause: 'no-gaps', nodes: [node.id], why };
    }
    last = place;
  }
  return null;
}

function creation(reading: TotalOrderReading, view: View, deliveries: readonly Delivery[]) {
  const asked = new Set(reading.requests(view).map((request) => canonicalJson(request)));
  const isHonest = (item: Json): boolean => reading.by === undefined || view.node(reading.by(item)).honest;
  const placeOf = new Map<string, Delivery>();
  for (const delivery of deliveries) {
    const { node, item, identity, place } = delivery;
    const words = spoken(reading.requested(item));
    if (isHonest(item) && !asked.has(canonicalJson(reading.requested(item)))) {
      return { clause: 'no-creation', nodes: [node.id], why: `${node.id} delivers ${words}, which nobody requested` };
    }
    const before = placeOf.get(identity);
    if (before !== undefined && before.place !== place) {
      const why = `${words} is delivered at place ${before.place} by ${before.node.id} and at place ${place} by ${node.id}`;
      return { clause: 'no-creation', nodes: [...new Set([before.node.id, node.id])], why };
    }
    placeOf.set(identity, before ?? delivery);
  }
  return true;
}

function undelivered(reading: TotalOrderReading, view: View, members: readonly NodeView[]): true | Failure {
  const wanted = (reading.mustDeliver ?? reading.requests)(view).map((request) => canonicalJson(request));
  const delivered = members.flatMap((node) => node.delivered.map((item) => canonicalJson(reading.requested(item))));
  for (const node of members.filter(isLive)) {
    const own = new Set(node.delivered.map((item) => canonicalJson(reading.requested(item))));
    const missing = [...wanted, ...delivered].find((request) => !own.has(request));
    if (missing === undefined) continue;
    const why = `${node.id} has not delivered ${spoken(JSON.parse(missing) as Json)}`;
    return { clause: 'delivery', nodes: [node.id], why };
  }
  return true;
}
