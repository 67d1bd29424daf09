/** What a member of the group knows, and the words it uses. */
import type { Message, NodeId, Received } from '../../src/core/protocol.ts';

export interface Parameters {
  readonly tick: number;
  readonly patience: number;
  readonly beats: number;
  readonly flush: boolean;
  readonly majority: boolean;
}
/** A multicast, as it travels and as it is kept. */
export type Said = { readonly id: string; readonly from: NodeId; readonly view: number; readonly text: string };
/** A next view, and what its members must have delivered before they are in it. */
export type Proposal = { readonly number: number; readonly members: NodeId[]; readonly messages: Said[] };
export type Accepted = { readonly ballot: number; readonly proposal: Proposal };
/** What a member answers to a flush. */
export type Flushed = { readonly messages: Said[]; readonly accepted: Accepted | null };

/** All messages but `alive` and `data` speak of the change from `view` to the next one. */
export type Event =
  | { type: 'say'; text: string }
  | Received<Message & { type: 'alive'; view: number }>
  | Received<Message & { type: 'data'; said: Said }>
  | Received<Message & { type: 'flush'; view: number; ballot: number }>
  | Received<Message & { type: 'flushed'; view: number; ballot: number; answer: Flushed }>
  | Received<Message & { type: 'propose'; view: number; ballot: number; proposal: Proposal }>
  | Received<Message & { type: 'accepted'; view: number; ballot: number }>
  | Received<Message & { type: 'view'; proposal: Proposal }>;

export interface Context {
  parameters: Parameters;
  self: NodeId;
  view: number;
  members: NodeId[];
  /** it has learnt that the group has gone on without it */
  isOut: boolean;
  /** all changes it has been through, for whoever missed one */
  changes: Proposal[];
  ticks: number;
  /** the tick at which it came into this view, or began to change it */
  sinceTick: number;
  /** at which of its ticks it last heard of each other member */
  heard: Record<NodeId, number>;
  /** delivered in this view */
  messages: Said[];
  /** arrived from a view that it is not in yet; words that wait for the next view; how much it has said */
  early: Said[];
  waiting: string[];
  count: number;
  /** of the present change: the greatest ballot it has answered (0: no change is under way), and what it has accepted */
  promised: number;
  accepted: Accepted | null;
  /** as the coordinator of the change: its ballot (0: it is not), the answers, what it proposed, and who accepted */
  ballot: number;
  answers: Record<NodeId, Flushed>;
  proposal: Proposal | null;
  acceptors: NodeId[];
}
