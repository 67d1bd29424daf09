/** The words of three-phase commit that both roles use: messages, parameters, the log, and the states that are told. */
import type { Message, NodeId, NodeInput, Received } from '../../src/core/protocol.ts';

export type Decision = 'commit' | 'abort';
export interface Parameters {
  readonly voteTimeout: number;
  readonly ackTimeout: number;
  readonly decisionTimeout: number;
  readonly workTimeout: number;
  readonly votes: Readonly<Record<NodeId, 'yes' | 'no'>>;
  readonly acks: boolean;
  readonly terminationRule: boolean;
  readonly hasty: boolean;
}
/** What a site says of itself when a new coordinator asks. */
export type Told = 'uncertain' | 'pre-committed' | 'committed' | 'aborted';
export type Kind =
  | 'prepare'
  | 'yes'
  | 'no'
  | 'pre-commit'
  | 'ack'
  | 'commit'
  | 'abort'
  | 'done'
  | 'elected'
  | 'state-request'
  | 'decision-request';
export type Event =
  | Received<Message & { type: Kind; transaction: string }>
  | Received<Message & { type: 'state'; transaction: string; state: Told }>
  | { type: 'begin'; transaction: string }
  | { type: 'rollback' };

export const senderOf = (event: Event): NodeId => ('from' in event ? event.from : '');
export const named = (context: { transaction: string }, event: Event): string =>
  context.transaction || ('transaction' in event ? event.transaction : '');

export type Record_ = 'began' | 'prepared' | 'committed' | 'aborted';
/** The record of the log that matters: the last step that was taken for the transaction. */
export function recovered(stable: NodeInput['stable']): { record: Record_ | ''; transaction: string } {
  for (const record of ['committed', 'aborted', 'prepared', 'began'] as const) {
    if (stable[record] !== undefined) return { record, transaction: String(stable[record]) };
  }
  return { record: '', transaction: '' };
}
export const log = (record: Record_) => ({
  type: 'persist' as const,
  params: ({ context }: { context: { transaction: string } }) => ({
    key: record,
    value: context.transaction || 'unnamed',
  }),
});
export const decide = (value: Decision) => ({ type: 'decide' as const, params: { value } });
export const note = (text: string) => ({ type: 'note' as const, params: { text } });

interface Addressing {
  readonly context: { readonly transaction: string };
  readonly event: Event;
}
/** Answers whoever sent the message at hand. */
export const reply = (type: Kind) => ({
  type: 'send' as const,
  params: ({ context, event }: Addressing) => ({
    to: senderOf(event),
    message: { type, transaction: context.transaction },
  }),
});
export const tellState = (state: Told) => ({
  type: 'send' as const,
  params: ({ context, event }: Addressing) => ({
    to: senderOf(event),
    message: { type: 'state', transaction: context.transaction, state },
  }),
});
/** Says it to these nodes. */
export const tell = <C extends { readonly transaction: string }>(
  type: Kind,
  to: (context: C) => readonly NodeId[],
) => ({
  type: 'send' as const,
  params: ({ context }: { context: C }) => ({
    to: to(context),
    message: { type, transaction: context.transaction },
  }),
});
