/** An acceptor: for all instances at once it promises and accepts, with one forced write and one message for all. */
import { forSite, heardAfter, leaderOf, learnTransaction, type SiteContext } from './setup.ts';
import { type Accepted, ballotIn, type Event, type Votes, votesIn } from './words.ts';

const acceptedIn = (ballot: number, votes: Votes): Accepted =>
  Object.fromEntries(Object.entries(votes).map(([manager, value]) => [manager, { ballot, value }]));

const hear = forSite.assign({ heard: ({ context, event }) => heardAfter(context, event) });
/** What it was told in ballot 0 it accepts when all have been heard, or when a higher ballot is about to begin. */
const acceptHeard = forSite.assign({
  accepted: ({ context: { accepted, heard, promised } }) =>
    promised === 0 ? { ...accepted, ...acceptedIn(0, heard) } : accepted,
});
const promise = forSite.assign({ promised: ({ event }) => ballotIn(event) });
const accept = forSite.assign({
  promised: ({ event }) => ballotIn(event),
  accepted: ({ event }) => acceptedIn(ballotIn(event), votesIn(event)),
});
const log = {
  type: 'persist' as const,
  params: ({ context: { promised, accepted } }: { context: SiteContext }) => ({
    key: 'acceptor',
    value: { promised, accepted },
  }),
};
const sendPhase1b = {
  type: 'send' as const,
  params: ({ context, event }: { context: SiteContext; event: Event }) => ({
    to: 'from' in event ? event.from : [],
    message: {
      type: 'phase-1b',
      transaction: context.transaction,
      ballot: context.promised,
      accepted: context.accepted,
    },
  }),
};
/** To the ballot's leader. In the faster variant to the resource managers themselves, which saves a message delay. */
const sendPhase2b = {
  type: 'send' as const,
  params: ({ context, event }: { context: SiteContext; event: Event }) => {
    const { accepted, managers, parameters, promised, transaction } = context;
    const leader = promised === 0 ? leaderOf(context) : 'from' in event ? event.from : '';
    const learners = parameters.faster ? managers : [];
    const told = promised === 0 && parameters.faster ? learners : [...new Set([leader, ...learners])];
    const votes = Object.fromEntries(Object.entries(accepted).map(([manager, { value }]) => [manager, value]));
    return { to: told, message: { type: 'phase-2b', transaction, ballot: promised, votes } };
  },
};

export const accepting = forSite.createStateConfig({
  description: 'The acceptor.',
  initial: 'recovering',
  on: {
    'phase-1a': { guard: 'isAboveItsPromise', target: '.promising', actions: [learnTransaction, acceptHeard, promise] },
    'phase-2a': { guard: 'isNotBelowItsPromise', target: '.accepting', actions: [learnTransaction, accept] },
  },
  states: {
    recovering: {
      description: 'Reads its log.',
      always: [
        { guard: 'isNoAcceptor', target: 'absent' },
        { guard: 'hasAccepted', target: 'accepted' },
        { guard: 'hasPromised', target: 'promised' },
        { target: 'collecting' },
      ],
    },
    absent: {
      description: 'This site holds no acceptor: there are 2F+1 already.',
      on: { 'phase-1a': {}, 'phase-2a': {} },
    },
    collecting: {
      description: 'Ballot 0: waits for the proposals of all resource managers, to accept them in one write.',
      on: {
        'phase-2a': [
          { guard: 'isLastOfBallot0', target: 'accepting', actions: [learnTransaction, hear, acceptHeard] },
          { guard: 'isOfBallot0', actions: hear },
        ],
      },
    },
    promising: {
      description: 'A promise, and what it had accepted before, must survive a crash.',
      always: [
        { guard: 'forgetsOnCrash', target: 'promised', actions: sendPhase1b, description: 'Wrong: it will forget.' },
        { target: 'promised', actions: [log, sendPhase1b] },
      ],
    },
    promised: { description: 'Takes part in no lower ballot any more.' },
    accepting: {
      description: 'What it accepted must survive a crash: the record is forced before it is said.',
      always: [
        { guard: 'forgetsOnCrash', target: 'accepted', actions: sendPhase2b, description: 'Wrong: it will forget.' },
        { target: 'accepted', actions: [log, sendPhase2b] },
      ],
    },
    accepted: { description: 'Has accepted a value for the instances. It may accept others, in a higher ballot.' },
  },
});
