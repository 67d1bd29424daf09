/** What a run has cost so far, counted by the world, to stand beside the published formulas. */
import type { CostFigures } from './protocol.ts';

export interface Costs extends CostFigures {
  /** messages sent over the network, lies and a traitor's duplicates included; a node's messages to itself are not counted */
  messages: number;
  readonly byKind: Record<string, number>;
  delivered: number;
  dropped: number;
  /** the longest chain of messages that led to a decision */
  messageDelays: number;
  stableWrites: number;
  /** the most stable writes on one chain of messages that led to a decision */
  stableWriteDelays: number;
  items: number;
  readonly curve: number[];
}

export const noCosts = (): Costs => ({
  messages: 0,
  byKind: {},
  delivered: 0,
  dropped: 0,
  messageDelays: 0,
  stableWrites: 0,
  stableWriteDelays: 0,
  items: 0,
  curve: [],
});

export const cloneCosts = (costs: Costs): Costs => ({
  ...costs,
  byKind: { ...costs.byKind },
  curve: costs.curve.slice(),
});
