/** A participant: votes, and then does as it is told. */
import { setup } from 'xstate';
import { effects, type NodeId, type NodeInput, nodesWithRole } from '../../src/core/protocol.ts';
import {
  decide,
  type Event,
  type Kind,
  log,
  named,
  type Parameters,
  recovered,
  senderOf,
  withMember,
} from './words.ts';

interface ParticipantContext {
  parameters: Parameters;
  coordinator: NodeId;
  peers: NodeId[];
  vote: 'yes' | 'no';
  transaction: string;
  record: string;
  /** how often it has asked for the decision; counted only when there is a limit */
  requests: number;
  /** peers that are as uncertain as this one */
  uncertain: NodeId[];
}

const forParticipant = setup({
  types: {} as { context: ParticipantContext; events: Event; input: NodeInput<Parameters> },
  actions: effects,
  delays: {
    workTimeout: ({ context }) => context.parameters.workTimeout,
    decisionTimeout: ({ context }) => context.parameters.decisionTimeout,
  },
  guards: {
    hasCommitted: ({ context }) => context.record === 'committed',
    hasAborted: ({ context }) => context.record === 'aborted',
    hasPrepared: ({ context }) => context.record === 'prepared',
    votesNo: ({ context }) => context.vote === 'no',
    logsItsVote: ({ context }) => context.parameters.logVote,
    mayBegin: ({ context }) => context.parameters.initiator === 'participant',
    isImpatient: ({ context }) => context.parameters.impatient,
    mayAsk: ({ context }) =>
      context.parameters.requestLimit === 0 || context.requests < context.parameters.requestLimit,
    isFromCoordinator: ({ context, event }) => senderOf(event) === context.coordinator,
  },
});
const learnTransaction = forParticipant.assign({ transaction: ({ context, event }) => named(context, event) });
const reply = (type: Kind) => ({
  type: 'send' as const,
  params: ({ context, event }: { context: ParticipantContext; event: Event }) => ({
    to: senderOf(event),
    message: { type, transaction: context.transaction },
  }),
});
const sendVote = (type: 'yes' | 'no') => ({
  type: 'send' as const,
  params: ({ context, event }: { context: ParticipantContext; event: Event }) => ({
    to: context.coordinator,
    message: { type, transaction: context.transaction, ...(event.type === 'begin' ? { initiates: true } : {}) },
  }),
});
const acknowledge = {
  type: 'send' as const,
  params: ({ context, event }: { context: ParticipantContext; event: Event }) => ({
    to: context.parameters.acks && senderOf(event) === context.coordinator ? [context.coordinator] : [],
    message: { type: 'ack', transaction: context.transaction },
  }),
};
const askForDecision = {
  type: 'send' as const,
  params: ({ context }: { context: ParticipantContext }) => ({
    to: context.parameters.cooperative ? [context.coordinator, ...context.peers] : [context.coordinator],
    message: { type: 'decision-request', transaction: context.transaction },
  }),
};
const countRequest = forParticipant.assign({
  requests: ({ context }) => context.requests + (context.parameters.requestLimit === 0 ? 0 : 1),
});
const abortAlone = [learnTransaction, log('aborted'), decide('abort')];
/** The outcome is safe in the coordinator's log, so acting on it need not wait for one's own. */
const obeyCommit = [learnTransaction, decide('commit'), log('committed'), acknowledge];
const obeyAbort = [learnTransaction, decide('abort'), log('aborted'), acknowledge];

export const participant = forParticipant.createMachine({
  id: 'participant',
  description: 'Votes, and then does as it is told.',
  context: ({ input }) => ({
    parameters: input.parameters,
    coordinator: nodesWithRole(input, 'coordinator')[0] ?? input.self,
    peers: nodesWithRole(input, 'participant').filter((node) => node !== input.self),
    vote: input.parameters.votes[input.self] ?? 'yes',
    ...recovered(input.stable),
    requests: 0,
    uncertain: [],
  }),
  initial: 'recovering',
  states: {
    recovering: {
      description: 'Reads its log. Without a record it has promised nothing.',
      always: [
        { guard: 'hasCommitted', target: 'committed' },
        { guard: 'hasAborted', target: 'aborted' },
        { guard: 'hasPrepared', target: 'prepared', actions: askForDecision },
        { target: 'working' },
      ],
    },
    working: {
      description: 'Has promised nothing and may still abort by itself.',
      after: { workTimeout: { target: 'aborted', actions: abortAlone } },
      on: {
        begin: { guard: 'mayBegin', target: 'voting', actions: learnTransaction },
        prepare: { target: 'voting', actions: learnTransaction },
        rollback: { target: 'aborted', actions: abortAlone },
        farewell: { guard: 'isFromCoordinator', target: 'aborted', actions: abortAlone },
        'decision-request': { target: 'aborted', actions: [...abortAlone, reply('abort')] },
        abort: { target: 'aborted', actions: obeyAbort },
        commit: {
          target: 'aborted',
          description: 'Only possible when its yes was not logged: the work was undone when it crashed.',
          actions: [{ type: 'note', params: { text: 'told to commit, but my log knows of no vote' } }, ...abortAlone],
        },
      },
    },
    voting: {
      description: 'A yes is a promise, and must survive a crash: the record is forced before the vote is sent.',
      always: [
        { guard: 'votesNo', target: 'aborted', actions: [...abortAlone, sendVote('no')] },
        { guard: 'logsItsVote', target: 'prepared', actions: [log('prepared'), sendVote('yes')] },
        { target: 'prepared', actions: sendVote('yes'), description: 'Wrong: the promise is not kept.' },
      ],
    },
    prepared: {
      description: 'Has promised to commit if told so, and to abort if told so: it may not decide by itself.',
      after: {
        decisionTimeout: [
          { guard: 'isImpatient', target: 'aborted', actions: abortAlone, description: 'Wrong: breaks the promise.' },
          { guard: 'mayAsk', target: 'prepared', reenter: true, actions: [countRequest, askForDecision] },
        ],
      },
      on: {
        commit: { target: 'committed', actions: obeyCommit },
        abort: { target: 'aborted', actions: obeyAbort },
        prepare: { actions: sendVote('yes') },
        'decision-request': { actions: reply('uncertain') },
        uncertain: {
          actions: forParticipant.assign({
            uncertain: ({ context, event }) => withMember(context.uncertain, senderOf(event)).sort(),
          }),
        },
      },
    },
    committed: {
      description: 'Its part of the transaction is permanent.',
      on: { commit: { actions: acknowledge }, 'decision-request': { actions: reply('commit') } },
    },
    aborted: {
      description: 'Its part of the transaction is undone.',
      on: {
        abort: { actions: acknowledge },
        prepare: { actions: sendVote('no') },
        commit: { actions: { type: 'note', params: { text: 'told to commit after it has aborted: too late' } } },
        'decision-request': { actions: reply('abort') },
      },
    },
  },
});
