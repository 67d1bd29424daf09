/**
 * Reliable broadcast: one node sends a message to all, and all loyal nodes deliver the same one or none does, even if the
 * sender is a traitor. Bracha and Toueg (1985); the clauses are those of Cachin, Guerraoui and Rodrigues, "Introduction to
 * Reliable and Secure Distributed Programming" (2011). There is no termination clause: under a traitor sender it is right
 * that nobody ever delivers. A node that crashed counts with the faulty ones.
 */
import { sameJson } from '../json.ts';
import type { Failure, Json, NodeView, Property, View } from '../protocol.ts';
import { isLive, spoken } from './decisions.ts';

export interface BroadcastReading {
  /** undefined: the scenario has none */
  sender(view: View): NodeView | undefined;
  /** the message that a loyal sender has been asked to broadcast; undefined: none yet */
  message(view: View): Json | undefined;
  /** the nodes that deliver */
  receivers(view: View): readonly NodeView[];
}

const isLoyal = (node: NodeView | undefined): boolean => node?.honest === true && !node.everCrashed;
const hasDelivered = (node: NodeView): boolean => node.delivered.length > 0;

export function broadcast(reading: BroadcastReading): Property[] {
  const loyal = (view: View): readonly NodeView[] => reading.receivers(view).filter(isLoyal);
  const senderIsLoyal = (view: View): boolean => isLoyal(reading.sender(view));
  return [
    {
      name: 'broadcast/consistency',
      kind: 'always',
      clauses: { consistency: 'No two loyal nodes deliver different messages.' },
      reads: ['deliveries', 'states'],
      test: (view) => difference(loyal(view)) ?? true,
    },
    {
      name: 'broadcast/two-delivered',
      kind: 'sometimes',
      clauses: { reached: 'Two loyal nodes have delivered, so that consistency had something to forbid.' },
      reads: ['deliveries', 'states'],
      test: (view) => loyal(view).filter(hasDelivered).length >= 2,
    },
    {
      name: 'broadcast/integrity',
      kind: 'always',
      clauses: {
        'no-duplication': 'A loyal node delivers at most once.',
        'no-creation': 'What a loyal node delivers of a loyal sender, that sender has broadcast.',
      },
      reads: ['deliveries', 'states'],
      test: (view) => repetition(loyal(view)) ?? (senderIsLoyal(view) ? invention(reading, view, loyal(view)) : true),
    },
    {
      name: 'broadcast/delivered',
      kind: 'sometimes',
      clauses: { reached: 'The sender is loyal and a loyal node has delivered: integrity had something to judge.' },
      reads: ['deliveries', 'states'],
      test: (view) => senderIsLoyal(view) && loyal(view).some(hasDelivered),
    },
    {
      name: 'broadcast/validity',
      kind: 'eventually',
      clauses: { validity: 'What a loyal sender broadcasts, every loyal node delivers.' },
      test: (view) => !senderIsLoyal(view) || reading.message(view) === undefined || missing(loyal(view), 'validity'),
    },
    {
      name: 'broadcast/totality',
      kind: 'eventually',
      clauses: { totality: 'If one loyal node delivers, every loyal node delivers.' },
      test: (view) => !loyal(view).some(hasDelivered) || missing(loyal(view), 'totality'),
    },
  ];
}

function difference(nodes: readonly NodeView[]): Failure | null {
  const [first, ...rest] = nodes.filter(hasDelivered);
  for (const node of rest) {
    const other = node.delivered.find((item) => !sameJson(item, first?.delivered[0]));
    if (first === undefined || other === undefined) continue;
    const why = `${first.id} delivered ${spoken(first.delivered[0])}, but ${node.id} delivered ${spoken(other)}`;
    return { clause: 'consistency', nodes: [first.id, node.id], why };
  }
  return null;
}

function repetition(nodes: readonly NodeView[]): Failure | null {
  const node = nodes.find(({ delivered }) => delivered.length > 1);
  if (node === undefined) return null;
  return { clause: 'no-duplication', nodes: [node.id], why: `${node.id} delivered ${node.delivered.length} times` };
}

function invention(reading: BroadcastReading, view: View, nodes: readonly NodeView[]): true | Failure {
  const message = reading.message(view);
  for (const node of nodes.filter(hasDelivered)) {
    const item = node.delivered.find((each) => message === undefined || !sameJson(each, message));
    if (item === undefined) continue;
    const why = `${node.id} delivered ${spoken(item)}, which the loyal sender did not broadcast`;
    return { clause: 'no-creation', nodes: [node.id], why };
  }
  return true;
}

function missing(nodes: readonly NodeView[], clause: string): true | Failure {
  const waiting = nodes.filter((node) => isLive(node) && !hasDelivered(node)).map(({ id }) => id);
  if (waiting.length === 0) return true;
  return {
    clause,
    nodes: waiting,
    why: `${waiting.join(', ')} ${waiting.length === 1 ? 'has' : 'have'} not delivered`,
  };
}
