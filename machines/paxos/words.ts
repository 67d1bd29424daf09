/** The words of Paxos that its roles share: ballots, quorums, messages and parameters. */
import type { Json, JsonObject, Message, NodeId, NodeInput, Received } from '../../src/core/protocol.ts';
import { nodesWithRole } from '../../src/core/protocol.ts';

export interface Parameters {
  readonly retryTimeout: number;
  readonly backoff: number;
  readonly maxRound: number;
  readonly quorum: 'majority' | 'half';
  readonly stablePromises: boolean;
  readonly ignoreAccepted: boolean;
}

/** What an acceptor has accepted: a value, and the ballot in which it did. */
export type Proposal = { readonly ballot: number; readonly value: Json };

export type Event =
  | Received<Message & { type: 'prepare'; ballot: number }>
  | Received<Message & { type: 'promise'; ballot: number; accepted: Proposal | null }>
  | Received<Message & { type: 'accept'; ballot: number; value: Json }>
  | Received<Message & { type: 'accepted'; ballot: number; value: Json }>
  | Received<Message & { type: 'reject'; ballot: number; promised: number }>
  | { type: 'propose'; value: Json };

/**
 * Ballots are 1, 2, 3, ... and each belongs to one proposer: with n proposers, the i-th of them (from 0, in scenario
 * order) owns ballot (round - 1) * n + i + 1 of each of its rounds. So ballots never collide, and a later round is higher.
 */
export const ballotOf = (round: number, index: number, proposers: number): number =>
  (round - 1) * proposers + index + 1;

/** The lowest round in which this proposer's ballot is above `ballot`. */
export const roundAbove = (ballot: number, index: number, proposers: number): number =>
  Math.max(1, Math.floor((ballot - index - 1) / proposers) + 2);

/** How many acceptors are a quorum. Any two majorities share an acceptor; two halves need not, which is the mistake. */
export const quorumOf = (acceptors: number, quorum: Parameters['quorum']): number =>
  quorum === 'half' ? Math.max(1, Math.floor(acceptors / 2)) : Math.floor(acceptors / 2) + 1;

/** Who accepted in which ballot: `{ "3": { value, by: [A1, A2] } }`. */
export type Tally = Readonly<Record<string, { readonly value: Json; readonly by: readonly NodeId[] }>>;

export function count(tally: Tally, { ballot, value, from }: { ballot: number; value: Json; from: NodeId }): Tally {
  const before = tally[String(ballot)] ?? { value, by: [] };
  if (before.by.includes(from)) return tally;
  return { ...tally, [String(ballot)]: { value: before.value, by: [...before.by, from].sort() } };
}

/** Does this acceptance complete a quorum for its ballot? Then its value is chosen. */
export function completes(tally: Tally, event: Event, quorum: number): boolean {
  if (event.type !== 'accepted') return false;
  return (count(tally, event)[String(event.ballot)]?.by.length ?? 0) >= quorum;
}

export const quorumIn = (input: NodeInput<Parameters>): number =>
  quorumOf(nodesWithRole(input, 'acceptor').length, input.parameters.quorum);

export const isProposal = (value: unknown): value is Proposal =>
  typeof value === 'object' && value !== null && typeof (value as JsonObject).ballot === 'number';
