/** A leader: the first one starts the commit and counts; another one takes over when a resource manager asks it to. */
import { countReport, forSite, learnTransaction, nextBallot, type SiteContext, say, suspect } from './setup.ts';
import { senderOf, suitable, type Votes } from './words.ts';

const askToPrepare = say('prepare', ({ context, event }) =>
  context.managers.filter((manager) => manager !== senderOf(event)),
);
/** In the faster variant everybody counts for himself, and nobody needs to be told. */
const tellOutcome = (type: 'commit' | 'abort') =>
  say(type, ({ context }) => (context.parameters.faster ? [] : context.managers));
const answer = (type: 'commit' | 'abort') => say(type, ({ event }) => [senderOf(event)]);
const logBallot = {
  type: 'persist' as const,
  params: ({ context }: { context: SiteContext }) => ({ key: 'ballot', value: context.ballot }),
};
const sendPhase1a = {
  type: 'send' as const,
  params: ({ context: { acceptors, ballot, transaction } }: { context: SiteContext }) => ({
    to: acceptors,
    message: { type: 'phase-1a', transaction, ballot },
  }),
};
const proposal = ({ managers, parameters, promises }: SiteContext): Votes =>
  suitable(parameters.presumeAbort ? {} : promises, managers);
const sendPhase2a = {
  type: 'send' as const,
  params: ({ context }: { context: SiteContext }) => ({
    to: context.acceptors,
    message: {
      type: 'phase-2a',
      transaction: context.transaction,
      ballot: context.ballot,
      votes: proposal(context),
    },
  }),
};
const countPromise = forSite.assign({
  promises: ({ context, event }) =>
    event.type === 'phase-1b' ? { ...context.promises, [event.from]: event.accepted } : context.promises,
});

export const leading = forSite.createStateConfig({
  description: 'The leader, or one that could lead.',
  initial: 'idle',
  on: {
    'phase-2b': [
      { guard: 'completesCommit', target: '.committed', actions: [countReport, tellOutcome('commit')] },
      { guard: 'completesAbort', target: '.aborted', actions: [countReport, tellOutcome('abort')] },
      { actions: countReport },
    ],
  },
  states: {
    idle: {
      description: 'Does not lead.',
      on: {
        'phase-2a': {
          guard: 'isBeginning',
          target: 'waitingVotes',
          actions: [learnTransaction, askToPrepare],
          description: 'The first proposal to reach the leader begins the commit.',
        },
        inquiry: { target: 'preparing', actions: [learnTransaction, nextBallot] },
      },
    },
    waitingVotes: {
      description: 'Ballot 0: the resource managers propose, the acceptors accept, the leader counts.',
      after: { voteTimeout: { guard: 'isSlower', target: 'preparing', actions: [suspect, nextBallot] } },
      on: { inquiry: { guard: 'isFaster', target: 'preparing', actions: nextBallot } },
    },
    preparing: {
      description: 'Phase 1a of a ballot of its own, in all instances: asks what was accepted.',
      entry: [logBallot, sendPhase1a],
      after: { retryTimeout: { target: 'preparing', reenter: true, actions: nextBallot } },
      on: {
        'phase-1b': [
          { guard: 'isLastPromise', target: 'proposing', actions: countPromise },
          { guard: 'isForThisBallot', actions: countPromise },
        ],
      },
    },
    proposing: {
      description: 'Phase 2a: proposes what may have been chosen, and aborted for those of whom nobody has heard.',
      entry: sendPhase2a,
      after: { retryTimeout: { target: 'preparing', actions: nextBallot } },
    },
    committed: {
      description: 'Every instance has chosen prepared.',
      on: { inquiry: { actions: answer('commit') }, 'phase-2b': {} },
    },
    aborted: {
      description: 'An instance has chosen aborted.',
      on: { inquiry: { actions: answer('abort') }, 'phase-2b': {} },
    },
  },
});
