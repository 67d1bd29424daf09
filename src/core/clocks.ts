/** Lamport's scalar clock (1978) and vector clocks (Fidge, Mattern 1988): every event and every message carries both. */

/**
 * A vector has an entry for every node, and every event and every message has a vector. Among more nodes than these, that
 * would be most of what a run costs: there nobody keeps any, and vectors are empty.
 */
export const mostNodesWithVectors = 128;

/** Where nothing has happened yet. */
export const noVector = (nodes: number): number[] =>
  new Array<number>(nodes > mostNodesWithVectors ? 0 : nodes).fill(0);

/** The relation of two events by their vectors. */
export type Order = 'before' | 'after' | 'concurrent' | 'same';

/** Component-wise comparison: `a` happened before `b` exactly when it is nowhere greater and somewhere less. */
export function compareVectors(a: readonly number[], b: readonly number[]): Order {
  let less = false;
  let greater = false;
  for (let i = 0; i < a.length; i++) {
    const x = a[i] as number;
    const y = b[i] as number;
    if (x < y) less = true;
    else if (x > y) greater = true;
  }
  if (less) return greater ? 'concurrent' : 'before';
  return greater ? 'after' : 'same';
}

interface Clock {
  readonly index: number;
  lamport: number;
  readonly vector: number[];
}

/** A local event, or a send: both clocks of the node go up by one. */
export function tick(node: Clock): void {
  node.lamport += 1;
  if (node.vector.length > 0) node.vector[node.index] = (node.vector[node.index] as number) + 1;
}

/** A receipt: the node's clocks take in the message's, then tick. */
export function receive(node: Clock, message: { readonly lamport: number; readonly vector: readonly number[] }): void {
  if (message.lamport > node.lamport) node.lamport = message.lamport;
  const { vector } = node;
  for (let i = 0; i < vector.length; i++) {
    const other = message.vector[i] as number;
    if (other > (vector[i] as number)) vector[i] = other;
  }
  tick(node);
}
