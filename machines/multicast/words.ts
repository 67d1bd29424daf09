/** What the members of a multicast say to one another, and what each keeps. */
import type { Message, NodeId, Received } from '../../src/core/protocol.ts';

export type Order = 'best-effort' | 'fifo' | 'causal' | 'sequencer' | 'abcast';
export interface Parameters {
  readonly order: Order;
  readonly chatter: number;
  readonly pause: number;
  readonly answers: Readonly<Record<NodeId, string | null>>;
  readonly senderOnly: boolean;
  readonly skipGaps: boolean;
  readonly finalTimestamp: 'greatest' | 'least';
}

/** One multicast message: the how-manieth of its sender, and how many messages of each member that had delivered. */
export type Letter = {
  readonly from: NodeId;
  readonly number: number;
  readonly vector: readonly number[];
  readonly text: string;
};
/** ABCAST: a time, and the place of the member who proposed it, which breaks ties. */
export type Timestamp = { readonly time: number; readonly by: number };

export type Event =
  | Received<Message & { type: 'message'; number: number; vector: readonly number[]; text: string }>
  | Received<Message & { type: 'order'; name: string; place: number }>
  | Received<Message & { type: 'propose'; name: string; time: number; by: number }>
  | Received<Message & { type: 'final'; name: string; time: number; by: number }>
  | { type: 'multicast'; text: string };

export interface Context {
  parameters: Parameters;
  self: NodeId;
  /** every member, in scenario order; the first is the sequencer */
  members: NodeId[];
  seed: number;
  /** how many messages it has multicast, and how many of each member it has delivered */
  sent: number;
  delivered: number[];
  /** the text that it is about to multicast, and whether that is its one answer */
  text: string;
  question: boolean;
  answered: boolean;
  /** names of all that has arrived: a copy is no news */
  seen: string[];
  /** arrived, and not dealt with yet */
  arrived: Letter[];
  /** total orders: dealt with in the order of sending, not delivered; how many of each member */
  queue: Letter[];
  taken: number[];
  /** sequencer: the places known by now, and how many are given or used up */
  places: Readonly<Record<string, number>>;
  given: number;
  used: number;
  /** ABCAST: the greatest time seen, what each message in the queue has, and what others propose for the own ones */
  clock: number;
  proposed: Readonly<Record<string, Timestamp>>;
  final: Readonly<Record<string, Timestamp>>;
  proposals: Readonly<Record<string, readonly Timestamp[]>>;
}

export const nameOf = ({ from, number }: Pick<Letter, 'from' | 'number'>): string => `${from}#${number}`;
export const indexOf = ({ members }: Pick<Context, 'members'>, member: NodeId): number => members.indexOf(member);
/** Total orders are agreed upon; the others each member can tell by itself. */
export const isTotal = ({ order }: Parameters): boolean => order === 'sequencer' || order === 'abcast';
export const isEarlier = (a: Timestamp, b: Timestamp): boolean => a.time < b.time || (a.time === b.time && a.by < b.by);
export const without = <T>(all: Readonly<Record<string, T>>, name: string): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(all).filter(([each]) => each !== name));
