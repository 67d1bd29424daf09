/** A participant: votes, hears of the commit before it happens, and can take the coordinator's place. */
import { setup } from 'xstate';
import { effects, type NodeId, type NodeInput, nodesWithRole, others } from '../../src/core/protocol.ts';
import {
  decide,
  type Event,
  log,
  named,
  note,
  type Parameters,
  recovered,
  reply,
  senderOf,
  type Told,
  tell,
  tellState,
} from './words.ts';

interface ParticipantContext {
  parameters: Parameters;
  participants: NodeId[];
  /** everybody else, the coordinator included */
  others: NodeId[];
  self: NodeId;
  coordinator: NodeId;
  vote: 'yes' | 'no';
  transaction: string;
  record: string;
  /** how many coordinators it has given up: so many of the participants' list have had their turn */
  passedOver: number;
  /** as the new coordinator: what the others said of themselves, itself included */
  states: Readonly<Record<NodeId, Told>>;
  /** as the new coordinator: who has yet to acknowledge the pre-commit */
  awaited: NodeId[];
  timedOut: boolean;
}
const isAnyone = ({ states }: ParticipantContext, state: Told): boolean => Object.values(states).includes(state);
/** The next in line: participants take the coordinator's place in the order of the scenario, and then all over again. */
const successor = ({ participants, passedOver }: ParticipantContext): NodeId =>
  participants[passedOver % participants.length] as NodeId;

const forParticipant = setup({
  types: {} as { context: ParticipantContext; events: Event; input: NodeInput<Parameters> },
  actions: effects,
  delays: {
    workTimeout: ({ context }) => context.parameters.workTimeout,
    decisionTimeout: ({ context }) => context.parameters.decisionTimeout,
    ackTimeout: ({ context }) => context.parameters.ackTimeout,
  },
  guards: {
    hasCommitted: ({ context }) => context.record === 'committed',
    hasAborted: ({ context }) => context.record === 'aborted',
    hasPrepared: ({ context }) => context.record === 'prepared',
    votesNo: ({ context }) => context.vote === 'no',
    isAlone: ({ context }) => !context.parameters.terminationRule,
    isNext: ({ context }) => successor(context) === context.self,
    isHasty: ({ context }) => context.parameters.hasty && isAnyone(context, 'pre-committed'),
    someHaveAborted: ({ context }) => isAnyone(context, 'aborted'),
    someHaveCommitted: ({ context }) => isAnyone(context, 'committed'),
    allAreUncertain: ({ context }) => !isAnyone(context, 'pre-committed'),
    allHaveAcknowledged: ({ context }) => context.awaited.length === 0,
  },
});
const learnTransaction = forParticipant.assign({ transaction: ({ context, event }) => named(context, event) });
const sendVote = (type: 'yes' | 'no') => tell<ParticipantContext>(type, ({ coordinator }) => [coordinator]);
const confirm = {
  type: 'send' as const,
  params: ({ context, event }: { context: ParticipantContext; event: Event }) => ({
    to: context.parameters.acks && senderOf(event) === context.coordinator ? [context.coordinator] : [],
    message: { type: 'done', transaction: context.transaction },
  }),
};
const passOver = forParticipant.assign({ passedOver: ({ context }) => context.passedOver + 1, timedOut: true });
const elect = tell<ParticipantContext>('elected', (context) => [successor(context)]);
const takeOver = (own: Told) => forParticipant.assign({ states: ({ context }) => ({ [context.self]: own }) });
const noteState = forParticipant.assign({
  states: ({ context, event }) =>
    event.type === 'state' ? { ...context.states, [event.from]: event.state } : context.states,
});
const uncertainOnes = ({ states, self }: ParticipantContext): NodeId[] =>
  Object.keys(states).filter((node) => node !== self && states[node] === 'uncertain');
const awaitUncertain = forParticipant.assign({ awaited: ({ context }) => uncertainOnes(context) });
const countOff = forParticipant.assign({
  awaited: ({ context, event }) => context.awaited.filter((node) => node !== senderOf(event)),
});

const everybodyElse = (context: ParticipantContext): NodeId[] => context.others;
const commit = [log('committed'), decide('commit')];
const abort = [log('aborted'), decide('abort')];
const leadToCommit = [...commit, tell('commit', everybodyElse)];
const leadToAbort = [...abort, tell('abort', everybodyElse)];
const abortAlone = [learnTransaction, ...abort];
const obey = {
  commit: { target: '#participant.committed', actions: [learnTransaction, ...commit, confirm] },
  abort: { target: '#participant.aborted', actions: [learnTransaction, ...abort, confirm] },
} as const;

/** A site that has voted yes waits in one of two states; when that takes too long, the next in line takes over. */
const waiting = (here: 'uncertain' | 'preCommitted', own: Told, alone: 'aborted' | 'committed') =>
  forParticipant.createStateConfig({
    after: {
      decisionTimeout: [
        {
          guard: 'isAlone',
          target: alone,
          actions: alone === 'aborted' ? abort : commit,
          description: 'Wrong: follows its own timeout and asks nobody.',
        },
        { guard: 'isNext', target: 'leading', actions: [passOver, takeOver(own)] },
        { target: here, reenter: true, actions: [elect, passOver] },
      ],
    },
    on: {
      ...obey,
      'pre-commit': { target: 'preCommitted', reenter: true, actions: reply('ack') },
      'state-request': { target: here, reenter: true, actions: tellState(own) },
      elected: { target: 'leading', actions: takeOver(own) },
    },
  });

export const participant = forParticipant.createMachine({
  id: 'participant',
  description: 'Votes, hears of the commit before it happens, and can take the coordinator’s place.',
  context: ({ input }) => ({
    parameters: input.parameters,
    participants: nodesWithRole(input, 'participant'),
    others: others(input),
    self: input.self,
    coordinator: nodesWithRole(input, 'coordinator')[0] ?? input.self,
    vote: input.parameters.votes[input.self] ?? 'yes',
    ...recovered(input.stable),
    passedOver: 0,
    states: {},
    awaited: [],
    timedOut: false,
  }),
  initial: 'recovering',
  states: {
    recovering: {
      description: 'Reads its log. One that voted yes and was away cannot know what the others have decided since.',
      always: [
        { guard: 'hasCommitted', target: 'committed' },
        { guard: 'hasAborted', target: 'aborted' },
        { guard: 'hasPrepared', target: 'inDoubt' },
        { target: 'working' },
      ],
    },
    working: {
      description: 'Has promised nothing and may still abort by itself.',
      after: { workTimeout: { target: 'aborted', actions: abortAlone } },
      on: {
        prepare: { target: 'voting', actions: learnTransaction },
        rollback: { target: 'aborted', actions: abortAlone },
        elected: { target: 'aborted', actions: abortAlone },
        'state-request': { target: 'aborted', actions: [...abortAlone, tellState('aborted')] },
        'decision-request': { target: 'aborted', actions: [...abortAlone, reply('abort')] },
        abort: obey.abort,
      },
    },
    voting: {
      description: 'A yes is a promise: the record is forced before the vote is sent.',
      always: [
        { guard: 'votesNo', target: 'aborted', actions: [...abortAlone, sendVote('no')] },
        { target: 'uncertain', actions: [log('prepared'), sendVote('yes')] },
      ],
    },
    uncertain: {
      description:
        'Has voted yes, and does not know whether all did. While one running site is here, none has committed.',
      ...waiting('uncertain', 'uncertain', 'aborted'),
    },
    preCommitted: {
      description: 'Knows that all have voted yes. While one running site is here, none has aborted.',
      ...waiting('preCommitted', 'pre-committed', 'committed'),
    },
    leading: {
      description: 'The new coordinator. It decides by what the running sites know: the termination rule.',
      initial: 'asking',
      on: obey,
      states: {
        asking: {
          description: 'Asks everybody for their state; who does not answer in time is down.',
          entry: tell('state-request', everybodyElse),
          on: { state: { actions: noteState } },
          after: {
            ackTimeout: [
              { guard: 'someHaveAborted', target: '#participant.aborted', actions: leadToAbort },
              { guard: 'someHaveCommitted', target: '#participant.committed', actions: leadToCommit },
              { guard: 'allAreUncertain', target: '#participant.aborted', actions: leadToAbort },
              {
                guard: 'isHasty',
                target: '#participant.committed',
                actions: leadToCommit,
                description: 'Wrong: commits while a running site is still uncertain.',
              },
              { target: 'preCommitting', actions: awaitUncertain },
            ],
          },
        },
        preCommitting: {
          description: 'Brings the uncertain ones to pre-commit first, so that another crash cannot mislead them.',
          entry: tell('pre-commit', ({ awaited }) => awaited),
          always: { guard: 'allHaveAcknowledged', target: '#participant.committed', actions: leadToCommit },
          on: { ack: { actions: countOff } },
          after: { ackTimeout: { target: '#participant.committed', actions: leadToCommit } },
        },
      },
    },
    inDoubt: {
      description:
        'Voted yes and was away. It takes no part in the termination any more, and asks who knows the outcome.',
      entry: tell('decision-request', everybodyElse),
      after: { decisionTimeout: { target: 'inDoubt', reenter: true } },
      on: obey,
    },
    committed: {
      description: 'Its part of the transaction is permanent.',
      on: {
        elected: { actions: reply('commit') },
        'state-request': { actions: tellState('committed') },
        'decision-request': { actions: reply('commit') },
        commit: { actions: confirm },
        abort: { actions: note('told to abort after it has committed: too late') },
      },
    },
    aborted: {
      description: 'Its part of the transaction is undone.',
      on: {
        prepare: { actions: sendVote('no') },
        elected: { actions: reply('abort') },
        'state-request': { actions: tellState('aborted') },
        'decision-request': { actions: reply('abort') },
        abort: { actions: confirm },
        commit: { actions: note('told to commit after it has aborted: too late') },
      },
    },
  },
});
