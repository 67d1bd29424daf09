/** The words of Raft that its roles share: entries, logs, messages and parameters. Logs count from 1, as in the paper. */
import type { Json, JsonObject, Message, NodeId, Received } from '../../src/core/protocol.ts';

export interface Parameters {
  readonly electionTimeout: number;
  readonly electionSpread: number;
  readonly heartbeatInterval: number;
  readonly retryTimeout: number;
  readonly blankEntry: boolean;
  readonly commitOldTerms: boolean;
  readonly stableVote: boolean;
}

/** One line of the replicated log: a client's request, and the term in which a leader took it in. */
export type Entry = {
  readonly term: number;
  readonly client: NodeId;
  /** the client counts its requests, so that one that was sent twice is executed once */
  readonly number: number;
  readonly command: Json;
};
export type Log = readonly Entry[];
/** An entry that asks for nothing: a leader begins its term with it. */
export const blank = (term: number): Entry => ({ term, client: '', number: 0, command: null });
export const isBlank = ({ client }: Entry): boolean => client === '';

/** What a server hands to the machine that it replicates. */
export type Executed = {
  readonly place: number;
  readonly client: NodeId;
  readonly number: number;
  readonly command: Json;
};

interface AppendFields {
  readonly term: number;
  /** the entry just before the new ones: the follower must have it too */
  readonly prevLogIndex: number;
  readonly prevLogTerm: number;
  readonly entries: Log;
  readonly leaderCommit: number;
}
interface ReplyFields {
  readonly term: number;
  readonly success: boolean;
  /** up to here the two logs are known to agree; after a failure, up to here they may */
  readonly matchIndex: number;
}
export type RequestVote = Received<
  Message & { type: 'request-vote'; term: number; lastLogIndex: number; lastLogTerm: number }
>;
export type Append = Received<Message & { type: 'append-entries' | 'heartbeat' } & AppendFields>;
export type AppendReply = Received<Message & { type: 'appended' | 'heartbeat-reply' } & ReplyFields>;
export type Request = Received<Message & { type: 'request'; number: number; command: Json }>;
export type Event =
  | RequestVote
  | Received<Message & { type: 'vote'; term: number; granted: boolean }>
  | Append
  | AppendReply
  | Request
  | { readonly type: 'stand' };

export const termAt = (log: Log, index: number): number => log[index - 1]?.term ?? 0;
export const lastTerm = (log: Log): number => termAt(log, log.length);

/** Section 5.4.1: the log whose last entry has the later term is more up to date; of two such, the longer one. */
export const isUpToDate = (candidate: { lastLogIndex: number; lastLogTerm: number }, log: Log): boolean =>
  candidate.lastLogTerm > lastTerm(log) ||
  (candidate.lastLogTerm === lastTerm(log) && candidate.lastLogIndex >= log.length);

/** The follower's log after it took in the leader's entries. What agrees stays; from the first conflict on, all goes. */
export function merged(log: Log, prevLogIndex: number, entries: Log): Log {
  const conflict = entries.findIndex((entry, i) => termAt(log, prevLogIndex + 1 + i) !== entry.term);
  return conflict < 0 ? log : [...log.slice(0, prevLogIndex + conflict), ...entries.slice(conflict)];
}

export const isSame = (a: { client: NodeId; number: number }, b: { client: NodeId; number: number }): boolean =>
  a.client === b.client && a.number === b.number;

/** The state machine: it executes a request once, at the next free place, however often the log has it. */
export function execute(executed: readonly Executed[], entries: Log): readonly Executed[] {
  const after = [...executed];
  for (const { client, number, command } of entries.filter((entry) => !isBlank(entry))) {
    if (!after.some((each) => isSame(each, { client, number }))) {
      after.push({ place: after.length + 1, client, number, command });
    }
  }
  return after;
}

/** A record found in stable storage: the term, and for whom the server voted in it. */
export function recoveredVote(stable: Readonly<Record<string, Json>>): { term: number; votedFor: NodeId | null } {
  const { term = 0, votedFor = null } = (stable.vote ?? {}) as JsonObject;
  return { term: Number(term), votedFor: votedFor === null ? null : String(votedFor) };
}
