/** The words of the quorum register: versions, copies, messages. */
import type { Json, Message, NodeId, Received } from '../../src/core/protocol.ts';

export interface Parameters {
  readonly readQuorum: number;
  readonly writeQuorum: number;
  readonly readRepair: 'write-back' | 'background' | 'none';
  readonly writers: 'many' | 'one';
  readonly retryTimeout: number;
}

/** Versions are ordered by time, and at one time by the writer's name: no two writes ever have the same. */
export type Version = { readonly time: number; readonly writer: string };
export type Copy = Version & { readonly value: Json };
export const empty: Copy = { time: 0, writer: '', value: null };
export const isNewer = (a: Version, b: Version): boolean =>
  a.time > b.time || (a.time === b.time && a.writer > b.writer);

/** Every phase of a client has a name of its own, so that a late answer to an earlier one counts for nothing. */
type Phase = { phase: string };
export type Query = Received<Message & { type: 'query' } & Phase>;
export type Told = Received<Message & { type: 'version' } & Phase & Copy>;
export type Update = Received<Message & { type: 'update' } & Phase & Copy>;
export type Stored = Received<Message & { type: 'stored' } & Phase>;

export const copyIn = ({ time, writer, value }: Copy): Copy => ({ time, writer, value });

/** How many of the replicas must answer; 0 stands for a majority. */
export const quorumOf = (quorum: number, replicas: readonly NodeId[]): number =>
  quorum === 0 ? Math.floor(replicas.length / 2) + 1 : quorum;
