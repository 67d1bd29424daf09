/** The words that the three registers share: operations, copies, version vectors, messages. */
import type { Message, NodeId, Received } from '../../src/core/protocol.ts';
import type { Asked } from '../quorum-register/operations.ts';
import { type Copy, isNewer } from '../quorum-register/words.ts';

export interface Parameters {
  readonly system: 'cp' | 'ap' | 'ca';
  readonly answerTimeout: number;
  readonly exchangeInterval: number;
  readonly quorum: 'majority' | 'half';
  readonly resolve: 'latest' | 'own';
  readonly invalidate: boolean;
}

/** By replica, how many of its writes are in a copy. */
export type Vector = Readonly<Record<NodeId, number>>;
export type VectorCopy = Copy & { readonly vector: Vector };
export const covers = (a: Vector, b: Vector): boolean =>
  Object.entries(b).every(([node, count]) => (a[node] ?? 0) >= count);
export const isSameVector = (a: Vector, b: Vector): boolean => covers(a, b) && covers(b, a);

/**
 * What both become when they meet. If one has all the writes of the other, it is the newer one. If each has some that the
 * other lacks, they are in conflict: the later one by time and name is kept, everywhere the same, and has seen both.
 */
export function join(own: VectorCopy, other: VectorCopy, resolve: Parameters['resolve']): VectorCopy {
  if (covers(own.vector, other.vector)) return own;
  if (covers(other.vector, own.vector)) return other;
  const nodes = [...new Set([...Object.keys(own.vector), ...Object.keys(other.vector)])].sort();
  const vector = Object.fromEntries(
    nodes.map((node) => [node, Math.max(own.vector[node] ?? 0, other.vector[node] ?? 0)]),
  );
  return { ...(resolve === 'latest' && isNewer(other, own) ? other : own), vector };
}
export const isConflict = (a: VectorCopy, b: VectorCopy): boolean =>
  !covers(a.vector, b.vector) && !covers(b.vector, a.vector);

type Phase = { phase: string };
export type Exchange = Received<Message & { type: 'exchange'; isAnswer: boolean } & VectorCopy>;
export type Event =
  | Asked
  | Received<Message & { type: 'query' } & Phase>
  | Received<Message & { type: 'version' } & Phase & Copy>
  | Received<Message & { type: 'update' } & Phase & Copy>
  | Received<Message & { type: 'stored' } & Phase>
  | Exchange
  | Received<Message & { type: 'invalidate' } & Phase & Copy>
  | Received<Message & { type: 'acknowledge' } & Phase>
  | Received<Message & { type: 'validate'; time: number; writer: string; members: readonly NodeId[] }>;
