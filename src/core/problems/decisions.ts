/** Small helpers that the problems share: who decided what, and how to say so. */
import { canonicalJson, sameJson } from '../json.ts';
import type { Failure, Json, NodeView } from '../protocol.ts';

/** A value as a sentence shows it: text without its quotes. */
export const spoken = (value: Json | undefined): string =>
  typeof value === 'string' ? value : canonicalJson(value ?? null);

/** Nodes that are running, slow ones included: those of whom progress may be asked. */
export const isLive = (node: NodeView): boolean => node.status === 'up' || node.status === 'paused';

/** The first two nodes that decided differently, as a failure of `clause`; null when all that decided agree. */
export function disagreement(nodes: readonly NodeView[], clause: string): Failure | null {
  let first: NodeView | null = null;
  for (const node of nodes) {
    for (const value of node.decisions) {
      first ??= node;
      if (node !== first && !sameJson(value, first.decisions[0])) {
        return {
          clause,
          nodes: [first.id, node.id],
          why: `${first.id} decided ${spoken(first.decisions[0])}, but ${node.id} decided ${spoken(value)}`,
        };
      }
    }
  }
  return null;
}

/** A node that changed its mind, as a failure of `clause`; null when every node decided at most once. */
export function changeOfMind(nodes: readonly NodeView[], clause: string): Failure | null {
  const fickle = nodes.find((node) => node.decisions.length > 1);
  if (fickle === undefined) return null;
  const [first, second] = fickle.decisions;
  return { clause, nodes: [fickle.id], why: `${fickle.id} decided ${spoken(first)}, and later ${spoken(second)}` };
}

/** The live nodes that have not decided, as a failure of `clause`; `true` when every live node has. */
export function undecided(nodes: readonly NodeView[], clause: string): true | Failure {
  const waiting = nodes.filter((node) => isLive(node) && node.decisions.length === 0).map((node) => node.id);
  if (waiting.length === 0) return true;
  return { clause, nodes: waiting, why: `${waiting.join(', ')} ${waiting.length === 1 ? 'has' : 'have'} not decided` };
}
