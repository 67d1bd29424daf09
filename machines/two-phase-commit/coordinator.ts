/** The coordinator: collects the votes, decides, and tells the decision. */
import { setup } from 'xstate';
import { effects, type NodeId, type NodeInput, nodesWithRole } from '../../src/core/protocol.ts';
import {
  type Decision,
  decide,
  type Event,
  log,
  named,
  type Parameters,
  recovered,
  senderOf,
  withMember,
} from './words.ts';

interface CoordinatorContext {
  parameters: Parameters;
  participants: NodeId[];
  transaction: string;
  /** the record found in the log at the start */
  record: string;
  /** who has voted yes */
  yes: NodeId[];
  /** who must still hear the decision and, with `acks`, acknowledge it */
  owed: NodeId[];
  /** a vote did not come in time: somebody is suspected, perhaps wrongly */
  timedOut: boolean;
}
const votesAfter = (context: CoordinatorContext, event: Event): NodeId[] => withMember(context.yes, senderOf(event));
const isInitiating = (event: Event): boolean => event.type === 'yes' && event.initiates === true;

const forCoordinator = setup({
  types: {} as { context: CoordinatorContext; events: Event; input: NodeInput<Parameters> },
  actions: effects,
  delays: {
    voteTimeout: ({ context }) => context.parameters.voteTimeout,
    ackTimeout: ({ context }) => context.parameters.ackTimeout,
  },
  guards: {
    hasCommitted: ({ context }) => context.record === 'committed',
    hasAborted: ({ context }) => context.record === 'aborted',
    mayBegin: ({ context }) => context.parameters.initiator === 'coordinator',
    isInitiating: ({ event }) => isInitiating(event),
    isOnlyVote: ({ context, event }) => isInitiating(event) && context.participants.length === 1,
    isLastVote: ({ context, event }) => votesAfter(context, event).length === context.participants.length,
    isMissingVoter: ({ context, event }) =>
      context.participants.includes(senderOf(event)) && !context.yes.includes(senderOf(event)),
    isOwedAcks: ({ context }) => context.parameters.acks && context.owed.length > 0,
    isLastAck: ({ context, event }) => context.owed.every((node) => node === senderOf(event)),
  },
});
const nameTransaction = forCoordinator.assign({ transaction: ({ context, event }) => named(context, event) });
const countVote = forCoordinator.assign({ yes: ({ context, event }) => votesAfter(context, event) });
const oweAll = forCoordinator.assign({ owed: ({ context }) => context.participants });
const oweAllButNo = forCoordinator.assign({
  owed: ({ context, event }) => context.participants.filter((node) => event.type !== 'no' || node !== event.from),
});
const askForVotes = {
  type: 'send' as const,
  params: ({ context, event }: { context: CoordinatorContext; event: Event }) => ({
    to: context.participants.filter((node) => node !== senderOf(event)),
    message: { type: 'prepare', transaction: context.transaction },
  }),
};
/** The commit point is the forced write: after it, nothing can undo the commit. */
const decideCommit = [nameTransaction, countVote, oweAll, log('committed'), decide('commit')];
const decideAbort = [nameTransaction, oweAllButNo, log('aborted'), decide('abort')];

/** What the coordinator does with its decision: tell everybody; with `acks`, until everybody has acknowledged it. */
const decided = (decision: Decision) =>
  forCoordinator.createStateConfig({
    description: `The decision is ${decision}; it is in the log and is told to whoever asks.`,
    initial: 'informing',
    on: {
      'decision-request': {
        actions: {
          type: 'send',
          params: ({ context, event }) => ({
            to: senderOf(event),
            message: { type: decision, transaction: context.transaction },
          }),
        },
      },
    },
    states: {
      informing: {
        entry: {
          type: 'send',
          params: ({ context }) => ({
            to: context.owed,
            message: { type: decision, transaction: context.transaction },
          }),
        },
        always: [{ guard: 'isOwedAcks', target: 'waitingAcks' }, { target: 'settled' }],
      },
      waitingAcks: {
        description: 'Repeats the decision to those who have not acknowledged it.',
        after: { ackTimeout: 'informing' },
        on: {
          ack: [
            { guard: 'isLastAck', target: 'settled', actions: forCoordinator.assign({ owed: [] }) },
            {
              actions: forCoordinator.assign({
                owed: ({ context, event }) => context.owed.filter((node) => node !== senderOf(event)),
              }),
            },
          ],
        },
      },
      settled: { description: 'Nothing more to do, except to answer.' },
    },
  });

export const coordinator = forCoordinator.createMachine({
  id: 'coordinator',
  description: 'Collects the votes, decides, and tells the decision.',
  context: ({ input }) => {
    const { record, transaction } = recovered(input.stable);
    const participants = nodesWithRole(input, 'participant');
    const owed = record === '' ? [] : participants;
    return { parameters: input.parameters, participants, transaction, record, yes: [], owed, timedOut: false };
  },
  initial: 'recovering',
  states: {
    recovering: {
      description: 'Reads its log. A decision that is in it is told again.',
      always: [
        { guard: 'hasCommitted', target: 'committed' },
        { guard: 'hasAborted', target: 'aborted' },
        { target: 'idle' },
      ],
    },
    idle: {
      description: 'Knows of no transaction. Whoever asks about one is told that it is aborted: presumed abort.',
      on: {
        begin: { guard: 'mayBegin', target: 'waitingVotes', actions: [nameTransaction, askForVotes] },
        yes: [
          { guard: 'isOnlyVote', target: 'committed', actions: decideCommit },
          { guard: 'isInitiating', target: 'waitingVotes', actions: [nameTransaction, countVote, askForVotes] },
          { target: 'aborted', actions: decideAbort, description: 'A vote from before the crash.' },
        ],
        no: { target: 'aborted', actions: decideAbort },
        'decision-request': { target: 'aborted', actions: decideAbort },
      },
    },
    waitingVotes: {
      description: 'Phase one. Nothing is decided: a coordinator that crashes here has aborted.',
      after: {
        voteTimeout: { target: 'aborted', actions: [forCoordinator.assign({ timedOut: true }), ...decideAbort] },
      },
      on: {
        yes: [
          { guard: 'isLastVote', target: 'committed', actions: decideCommit },
          { guard: 'isMissingVoter', actions: countVote },
        ],
        no: { target: 'aborted', actions: decideAbort },
        farewell: { guard: 'isMissingVoter', target: 'aborted', actions: decideAbort },
      },
    },
    committed: decided('commit'),
    aborted: decided('abort'),
  },
});
