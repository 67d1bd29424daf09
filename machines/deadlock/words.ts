/** What processes, resources and the detector say to one another. */
import type { Message, NodeId, Received } from '../../src/core/protocol.ts';

export interface Parameters {
  readonly detector: 'poll' | 'snapshot';
  readonly ignoreChannels: boolean;
  readonly period: number;
  readonly rounds: number;
  readonly steps: number;
  readonly think: number;
}
export type Event =
  | Received<Message & { type: 'request' | 'grant' | 'release' }>
  | Received<Message & { type: 'ask' | 'marker'; round: number }>
  | Received<Message & { type: 'state'; round: number; next: NodeId | null }>
  | { type: 'lock' | 'unlock'; resource: NodeId };
