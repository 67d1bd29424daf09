/** The coordinator: collects the votes, announces the commit, and commits when everybody that runs has heard of it. */
import { setup } from 'xstate';
import { effects, type NodeId, type NodeInput, nodesWithRole } from '../../src/core/protocol.ts';
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
  tell,
  tellState,
} from './words.ts';

interface CoordinatorContext {
  parameters: Parameters;
  participants: NodeId[];
  transaction: string;
  /** the record found in the log at the start */
  record: string;
  /** whose vote, or whose acknowledgement, is still missing */
  awaited: NodeId[];
  /** the one whose no settled it */
  vetoer: NodeId;
  /** something did not come in time: somebody is suspected, perhaps wrongly */
  timedOut: boolean;
}

const forCoordinator = setup({
  types: {} as { context: CoordinatorContext; events: Event; input: NodeInput<Parameters> },
  actions: effects,
  delays: {
    voteTimeout: ({ context }) => context.parameters.voteTimeout,
    ackTimeout: ({ context }) => context.parameters.ackTimeout,
    decisionTimeout: ({ context }) => context.parameters.decisionTimeout,
  },
  guards: {
    hasCommitted: ({ context }) => context.record === 'committed',
    hasAborted: ({ context }) => context.record === 'aborted',
    hasBegun: ({ context }) => context.record === 'began',
    isLast: ({ context, event }) => context.awaited.every((node) => node === senderOf(event)),
    mayForget: ({ context, event }) =>
      context.parameters.acks && context.awaited.every((node) => node === senderOf(event)),
  },
});
const nameTransaction = forCoordinator.assign({ transaction: ({ context, event }) => named(context, event) });
const awaitAll = forCoordinator.assign({ awaited: ({ context }) => context.participants });
const countOff = forCoordinator.assign({
  awaited: ({ context, event }) => context.awaited.filter((node) => node !== senderOf(event)),
});
const suspect = forCoordinator.assign({ timedOut: true });
const tellAll = (type: 'prepare' | 'pre-commit' | 'commit') =>
  tell<CoordinatorContext>(type, ({ participants }) => participants);
const decideCommit = [log('committed'), decide('commit'), awaitAll, tellAll('commit')];
const decideAbort = [
  log('aborted'),
  decide('abort'),
  awaitAll,
  tell<CoordinatorContext>('abort', ({ participants, vetoer }) => participants.filter((node) => node !== vetoer)),
];
/** Told by one who knows, after a crash. */
const learnCommit = [nameTransaction, log('committed'), decide('commit')];
const learnAbort = [nameTransaction, log('aborted'), decide('abort')];

/** With `acks`, participants say when the decision is in their logs; after the last of them it may be forgotten. */
const telling = {
  initial: 'telling',
  states: {
    telling: { on: { done: [{ guard: 'mayForget', target: 'settled', actions: countOff }, { actions: countOff }] } },
    settled: { description: 'Everybody has the decision in its log: nobody will ever ask again.' },
  },
} as const;

export const coordinator = forCoordinator.createMachine({
  id: 'coordinator',
  description: 'Collects the votes, announces the commit, and commits when everybody that runs has heard of it.',
  context: ({ input }) => ({
    parameters: input.parameters,
    participants: nodesWithRole(input, 'participant'),
    ...recovered(input.stable),
    awaited: [],
    vetoer: '',
    timedOut: false,
  }),
  initial: 'recovering',
  states: {
    recovering: {
      description: 'Reads its log. Having begun and not decided, it cannot know how the others went on without it.',
      always: [
        { guard: 'hasCommitted', target: 'committed' },
        { guard: 'hasAborted', target: 'aborted' },
        { guard: 'hasBegun', target: 'inDoubt' },
        { target: 'idle' },
      ],
    },
    idle: {
      description: 'Knows of no transaction.',
      on: {
        begin: { target: 'waitingVotes', actions: [nameTransaction, log('began'), awaitAll, tellAll('prepare')] },
      },
    },
    waitingVotes: {
      description: 'Phase one. Nobody can have committed yet, so it may still abort when a vote is late.',
      after: { voteTimeout: { target: 'aborted', actions: [suspect, ...decideAbort] } },
      on: {
        yes: [
          { guard: 'isLast', target: 'waitingAcks', actions: [awaitAll, tellAll('pre-commit')] },
          { actions: countOff },
        ],
        no: {
          target: 'aborted',
          actions: [forCoordinator.assign({ vetoer: ({ event }) => senderOf(event) }), ...decideAbort],
        },
        commit: { target: 'committed', actions: learnCommit },
        abort: { target: 'aborted', actions: learnAbort },
      },
    },
    waitingAcks: {
      description:
        'Phase two. All have voted yes; it tells them so. Whoever is late now has crashed, and will commit when it is back.',
      after: { ackTimeout: { target: 'committed', actions: [suspect, ...decideCommit] } },
      on: {
        ack: [{ guard: 'isLast', target: 'committed', actions: decideCommit }, { actions: countOff }],
        commit: { target: 'committed', actions: learnCommit },
        abort: { target: 'aborted', actions: learnAbort },
      },
    },
    inDoubt: {
      description: 'Was away, and the others have decided without it. It asks until one of them answers.',
      entry: tell<CoordinatorContext>('decision-request', ({ participants }) => participants),
      after: { decisionTimeout: { target: 'inDoubt', reenter: true } },
      on: {
        commit: { target: 'committed', actions: learnCommit },
        abort: { target: 'aborted', actions: learnAbort },
      },
    },
    committed: {
      description: 'Phase three. The decision is commit; it is in the log.',
      ...telling,
      on: {
        'state-request': { actions: tellState('committed') },
        'decision-request': { actions: reply('commit') },
        abort: { actions: note('told to abort after it has committed: too late') },
      },
    },
    aborted: {
      description: 'The decision is abort; it is in the log.',
      ...telling,
      on: {
        'state-request': { actions: tellState('aborted') },
        'decision-request': { actions: reply('abort') },
        commit: { actions: note('told to commit after it has aborted: too late') },
      },
    },
  },
});
