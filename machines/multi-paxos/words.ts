/** The words of Multi-Paxos that its roles share: ballots, slots, commands, messages, and the register that is replicated. */
import type { Json, Message, NodeId, Received } from '../../src/core/protocol.ts';

export interface Parameters {
  readonly leaderTimeout: number;
  readonly leaderSpread: number;
  readonly aliveInterval: number;
  readonly retryTimeout: number;
  readonly uniform: boolean;
  readonly ignoreAccepted: boolean;
}

/** What a client asks for. `nothing` is what a leader proposes to fill a hole. */
export type Command = {
  readonly client: NodeId;
  /** the client counts its requests, so that one that is chosen twice is executed once */
  readonly number: number;
  readonly operation: 'write' | 'read' | 'nothing';
  readonly value: Json;
};
export const nothing: Command = { client: '', number: 0, operation: 'nothing', value: null };
export const isSame = (a: { client: NodeId; number: number }, b: { client: NodeId; number: number }): boolean =>
  a.client === b.client && a.number === b.number;

/** What an acceptor has accepted in one slot, and the ballot in which it did. */
export type Proposal = { readonly ballot: number; readonly command: Command };
/** By the number of the slot: one instance of Paxos each. */
export type Slots<T> = Readonly<Record<string, T>>;
export const lastSlot = (...all: readonly Slots<unknown>[]): number =>
  Math.max(0, ...all.flatMap((slots) => Object.keys(slots).map(Number)));

type Ballot = { ballot: number };
export type Prepare = Received<Message & { type: 'prepare'; slot: number } & Ballot>;
export type Promised = Received<
  Message & { type: 'promise'; accepted: readonly (Proposal & { slot: number })[] } & Ballot
>;
export type Accept = Received<Message & { type: 'accept'; slot: number; command: Command } & Ballot>;
export type Accepted = Received<Message & { type: 'accepted'; slot: number } & Ballot>;
export type Request = Received<
  Message & { type: 'request'; number: number; operation: Command['operation']; value: Json }
>;
export type Event =
  | Prepare
  | Promised
  | Accept
  | Accepted
  | Received<Message & { type: 'reject'; promised: number } & Ballot>
  | Received<Message & { type: 'chosen'; slot: number; command: Command }>
  | Received<Message & { type: 'alive'; known: number } & Ballot>
  | Received<Message & { type: 'missing'; slot: number }>
  | Request
  | { readonly type: 'lead' };

/** As in `paxos`: with n replicas, the i-th of them (from 0) owns ballot (round - 1) * n + i + 1 of each of its rounds. */
export const ballotAbove = (ballot: number, index: number, replicas: number): number =>
  Math.max(0, Math.floor((ballot - index - 1) / replicas) + 1) * replicas + index + 1;

/** A command that was executed: its place in the order, and what came of it. */
export type Executed = Command & { readonly place: number; readonly result: Json };
/** The replicated service: one register. It executes the chosen commands slot by slot, and stops before the first hole. */
export interface Service {
  readonly chosen: Slots<Command>;
  /** every slot up to here is executed */
  readonly known: number;
  readonly register: Json;
  readonly executed: readonly Executed[];
}

export function execute({ chosen, known, register, executed }: Service): Service {
  const after = { chosen, known, register, executed: [...executed] };
  for (;;) {
    const command = chosen[after.known + 1];
    if (command === undefined) return after;
    after.known += 1;
    if (command.operation === 'nothing' || after.executed.some((each) => isSame(each, command))) continue;
    if (command.operation === 'write') after.register = command.value;
    after.executed.push({ ...command, place: after.executed.length + 1, result: after.register });
  }
}
