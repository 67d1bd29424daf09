/**
 * Electing a leader: there may be many terms, but a term has at most one leader, and in the end everybody who runs
 * follows one and the same. The protocol's word for a term may be another: ballot, view, epoch. Protocols without terms
 * elect the greatest of those that run; then nobody leads while a greater one runs who never went down.
 */
import type { Failure, Happened, Json, JsonObject, NodeId, NodeView, Property, View } from '../protocol.ts';
import { isLive } from './decisions.ts';

export interface LeaderReading {
  /** the nodes that elect one */
  members(view: View): readonly NodeView[];
  /** the term as whose leader a node acts by this effect; null: it does not act as one. Left out: there are no terms */
  leads?(happened: Happened): number | null;
  /** by what the greatest is found, where there are no terms */
  rank?(node: NodeView): number;
  /** whom a running member takes for the leader now, itself perhaps; null: nobody */
  leader(node: NodeView): NodeId | null;
  /** what the protocol calls a term; left out: term */
  word?: string;
}

/** Who has led in which term: `{ "3": ["S1"] }`. */
type Reigns = Readonly<Record<string, readonly NodeId[]>>;

export function leader(reading: LeaderReading): Property[] {
  return [
    ...(reading.leads === undefined ? [] : perTerm(reading)),
    ...(reading.rank === undefined ? [] : byRank(reading)),
    eventuallyOne(reading),
  ];
}

function perTerm(reading: LeaderReading): Property[] {
  const word = reading.word ?? 'term';
  const memory = { initial: {}, next: (reigns: Json, happened: Happened) => recordReign(reading, reigns, happened) };
  return [
    {
      name: 'leader/one-per-term',
      kind: 'always',
      clauses: { 'one-per-term': `At most one member leads in a ${word}, whatever crashed in between.` },
      reads: ['memory'],
      memory,
      test(_, reigns) {
        for (const [term, nodes] of Object.entries(reigns as Reigns)) {
          if (nodes.length > 1) {
            return { clause: 'one-per-term', nodes, why: `${nodes.join(' and ')} both lead in ${word} ${term}` };
          }
        }
        return true;
      },
    },
    {
      name: 'leader/elected',
      kind: 'sometimes',
      clauses: { reached: `A member leads in some ${word}.` },
      reads: ['memory'],
      memory,
      test: (_, reigns) => Object.keys(reigns as Reigns).length > 0,
    },
  ];
}

function byRank(reading: LeaderReading): Property[] {
  const leading = (view: View): readonly NodeView[] =>
    reading.members(view).filter((node) => node.honest && isLive(node) && reading.leader(node) === node.id);
  const rank = (node: NodeView): number => reading.rank?.(node) ?? 0;
  return [
    {
      name: 'leader/highest',
      kind: 'always',
      clauses: { highest: 'Whoever leads is greater than all running members that never went down.' },
      reads: ['states'],
      test(view) {
        for (const leader of leading(view)) {
          const greater = reading
            .members(view)
            .find((node) => node.honest && isLive(node) && !node.everCrashed && rank(node) > rank(leader));
          if (greater === undefined) continue;
          const why = `${leader.id} leads, although ${greater.id} is greater and runs`;
          return { clause: 'highest', nodes: [leader.id, greater.id], why };
        }
        return true;
      },
    },
    {
      name: 'leader/elected',
      kind: 'sometimes',
      clauses: { reached: 'A member leads.' },
      reads: ['states'],
      test: (view) => leading(view).length > 0,
    },
  ];
}

const eventuallyOne = (reading: LeaderReading): Property => ({
  name: 'leader/eventually-one',
  kind: 'eventually',
  clauses: { 'eventually-one': 'All running members follow one leader, who runs and knows it.' },
  test: (view) => division(reading, view),
});

function recordReign(reading: LeaderReading, reigns: Json, happened: Happened): Json {
  const term = happened.honest ? reading.leads?.(happened) : null;
  if (term == null) return reigns;
  const before = (reigns as Reigns)[term] ?? [];
  if (before.includes(happened.node)) return reigns;
  return { ...(reigns as JsonObject), [term]: [...before, happened.node].sort() };
}

function division(reading: LeaderReading, view: View): true | Failure {
  const members = reading.members(view).filter((node) => node.honest && isLive(node));
  const lost = members.find((node) => reading.leader(node) === null);
  if (lost !== undefined) return { clause: 'eventually-one', nodes: [lost.id], why: `${lost.id} follows nobody` };
  const [first] = members;
  const chosen = first === undefined ? null : reading.leader(first);
  const other = members.find((node) => reading.leader(node) !== chosen);
  if (first === undefined || chosen === null) return true;
  if (other !== undefined) {
    const why = `${first.id} follows ${chosen}, but ${other.id} follows ${reading.leader(other)}`;
    return { clause: 'eventually-one', nodes: [first.id, other.id], why };
  }
  if (!isLive(view.node(chosen)))
    return { clause: 'eventually-one', nodes: [chosen], why: `${chosen}, whom all follow, is down` };
  return true;
}
