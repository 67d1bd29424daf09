/** The words of two-phase commit that both roles use: messages, parameters, and the records of the log. */
import type { Message, NodeId, NodeInput, Received } from '../../src/core/protocol.ts';

export type Decision = 'commit' | 'abort';
export interface Parameters {
  readonly voteTimeout: number;
  readonly decisionTimeout: number;
  readonly ackTimeout: number;
  readonly workTimeout: number;
  readonly requestLimit: number;
  readonly votes: Readonly<Record<NodeId, 'yes' | 'no'>>;
  readonly initiator: 'coordinator' | 'participant';
  readonly acks: boolean;
  readonly cooperative: boolean;
  readonly logVote: boolean;
  readonly impatient: boolean;
}
export type Kind = 'prepare' | 'yes' | 'no' | 'commit' | 'abort' | 'ack' | 'decision-request' | 'uncertain';
export type Event =
  | Received<Message & { type: Kind; transaction: string; initiates?: boolean }>
  | { type: 'farewell'; from: NodeId }
  | { type: 'begin'; transaction: string }
  | { type: 'rollback' };

export const senderOf = (event: Event): NodeId => ('from' in event ? event.from : '');
export const named = (context: { transaction: string }, event: Event): string =>
  context.transaction || ('transaction' in event ? event.transaction : '');

/** The one record of the log that matters: what is known of which transaction. */
export function recovered(stable: NodeInput['stable']): {
  record: 'committed' | 'aborted' | 'prepared' | '';
  transaction: string;
} {
  for (const record of ['committed', 'aborted', 'prepared'] as const) {
    if (stable[record] !== undefined) return { record, transaction: String(stable[record]) };
  }
  return { record: '', transaction: '' };
}
export const log = (record: 'committed' | 'aborted' | 'prepared') => ({
  type: 'persist' as const,
  params: ({ context }: { context: { transaction: string } }) => ({
    key: record,
    value: context.transaction || 'unnamed',
  }),
});
export const decide = (value: Decision) => ({ type: 'decide' as const, params: { value } });
/** The list with this node in it, once. */
export const withMember = (list: readonly NodeId[], node: NodeId): NodeId[] => [
  ...list.filter((one) => one !== node),
  node,
];
