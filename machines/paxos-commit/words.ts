/** The words of Paxos Commit: messages, parameters, who plays which part, ballots, and when something is chosen. */
import type { Message, NodeId, NodeInput, Received } from '../../src/core/protocol.ts';

export interface Parameters {
  readonly f: number;
  readonly votes: Readonly<Record<NodeId, 'yes' | 'no'>>;
  readonly faster: boolean;
  readonly voteTimeout: number;
  readonly decisionTimeout: number;
  readonly retryTimeout: number;
  readonly workTimeout: number;
  readonly presumeAbort: boolean;
  readonly stableAcceptors: boolean;
}

/** What an instance chooses: whether its resource manager is prepared. */
export type Value = 'prepared' | 'aborted';
/** One value for each resource manager: an instance of Paxos each, all of them in one message. */
export type Votes = Readonly<Record<NodeId, Value>>;
/** What an acceptor has accepted, for each instance, and in which ballot. */
export type Accepted = Readonly<Record<NodeId, { readonly ballot: number; readonly value: Value }>>;
/** Who said in phase 2b of which ballot what it accepted: `{ "0": { A1: { R1: 'prepared' } } }`. */
export type Reports = Readonly<Record<string, Readonly<Record<NodeId, Votes>>>>;

export type Event =
  | Received<Message & { type: 'prepare' | 'commit' | 'abort' | 'inquiry'; transaction: string }>
  | Received<Message & { type: 'phase-1a'; transaction: string; ballot: number }>
  | Received<Message & { type: 'phase-1b'; transaction: string; ballot: number; accepted: Accepted }>
  | Received<Message & { type: 'phase-2a'; transaction: string; ballot: number; votes: Votes; begins?: boolean }>
  | Received<Message & { type: 'phase-2b'; transaction: string; ballot: number; votes: Votes }>
  | { type: 'begin'; transaction: string }
  | { type: 'rollback' };

export const senderOf = (event: Event): NodeId => ('from' in event ? event.from : '');
export const ballotIn = (event: Event): number => ('ballot' in event ? Number(event.ballot) : 0);
export const votesIn = (event: Event): Votes => ('votes' in event ? ((event.votes ?? {}) as Votes) : {});

/** The resource managers, in scenario order. */
export const managersAmong = (nodes: NodeInput['nodes']): NodeId[] =>
  Object.keys(nodes).filter((node) => nodes[node] === 'rm' || nodes[node] === 'site');

/** The acceptors: 2F+1 of them, on nodes of their own as far as there are any, then on sites. The first leads. */
export function acceptorsAmong(nodes: NodeInput['nodes'], f: number): NodeId[] {
  const able = (role: string): NodeId[] => Object.keys(nodes).filter((node) => nodes[node] === role);
  return [...able('acceptor'), ...able('site')].slice(0, 2 * f + 1);
}
/** F+1 of 2F+1. In the good case only so many acceptors are used. */
export const quorumOf = (acceptors: readonly NodeId[]): number => Math.floor(acceptors.length / 2) + 1;

/**
 * Ballot 0 of each instance belongs to its resource manager, which needs no phase 1. The others belong to the leaders:
 * the one on the i-th of n acceptors (from 0) owns i + 1, n + i + 1, 2n + i + 1, ... This is the lowest above `ballot`.
 */
export const ballotAbove = (ballot: number, index: number, acceptors: number): number =>
  Math.max(0, Math.floor((ballot - index - 1) / acceptors) + 1) * acceptors + index + 1;

export const withReport = (reports: Reports, event: Event): Reports =>
  event.type !== 'phase-2b'
    ? reports
    : { ...reports, [event.ballot]: { ...reports[event.ballot], [event.from]: event.votes } };

/** The value that a quorum has accepted in one ballot of this manager's instance; null: not known to be chosen. */
function chosen(reports: Reports, manager: NodeId, quorum: number): Value | null {
  for (const ballot of Object.values(reports)) {
    const values = Object.values(ballot).map((votes) => votes[manager]);
    for (const value of ['prepared', 'aborted'] as const) {
      if (values.filter((each) => each === value).length >= quorum) return value;
    }
  }
  return null;
}

/** Commit when every instance has chosen prepared; abort as soon as one has chosen aborted; null: still open. */
export function outcome(reports: Reports, managers: readonly NodeId[], quorum: number): 'commit' | 'abort' | null {
  const values = managers.map((manager) => chosen(reports, manager, quorum));
  if (values.includes('aborted')) return 'abort';
  return values.includes(null) ? null : 'commit';
}

/**
 * The heart of it, as in every Paxos: what may have been chosen is proposed again. Of what a quorum has accepted, the
 * value of the highest ballot; where nobody has accepted anything, the resource manager has not been heard: aborted.
 */
export function suitable(promises: Readonly<Record<NodeId, Accepted>>, managers: readonly NodeId[]): Votes {
  const valueFor = (manager: NodeId): Value => {
    const told = Object.values(promises).flatMap((accepted) => accepted[manager] ?? []);
    return told.sort((a, b) => b.ballot - a.ballot)[0]?.value ?? 'aborted';
  };
  return Object.fromEntries(managers.map((manager) => [manager, valueFor(manager)]));
}
