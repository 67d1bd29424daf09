/** A proposer: it leads one ballot after another until it learns that a value is chosen. */
import { setup } from 'xstate';
import { effects, type Json, type NodeId, type NodeInput, nodesWithRole } from '../../src/core/protocol.ts';
import {
  ballotOf,
  completes,
  count,
  type Event,
  isProposal,
  type Parameters,
  type Proposal,
  quorumIn,
  roundAbove,
  type Tally,
} from './words.ts';

interface ProposerContext {
  parameters: Parameters;
  quorum: number;
  /** its place among the proposers, from 0, and how many there are */
  index: number;
  proposers: number;
  /** what it would like to be chosen */
  wanted: Json;
  /** the ballot that it leads, 0 before the first */
  ballot: number;
  /** the highest ballot that it has heard of */
  seen: number;
  /** the acceptors that promised in this ballot */
  promises: NodeId[];
  /** the latest proposal that one of them had accepted */
  latest: Proposal | null;
  tally: Tally;
}
const nextRound = ({ ballot, seen, index, proposers }: ProposerContext): number =>
  roundAbove(Math.max(ballot, seen), index, proposers);
const roundOf = ({ ballot, index, proposers }: ProposerContext): number => (ballot - index - 1) / proposers + 1;

/** The heart of Paxos. A value that a promise speaks of may have been chosen: then no other may be proposed. */
const suitable = ({ parameters, latest, wanted }: ProposerContext): Json =>
  latest === null || parameters.ignoreAccepted ? wanted : latest.value;

function withPromise(context: ProposerContext, event: Event): Pick<ProposerContext, 'promises' | 'latest'> {
  if (event.type !== 'promise') return context;
  const promises = [...context.promises.filter((node) => node !== event.from), event.from].sort();
  const told = isProposal(event.accepted) ? event.accepted : null;
  const isLater = told !== null && told.ballot > (context.latest?.ballot ?? 0);
  return { promises, latest: isLater ? told : context.latest };
}

const forProposer = setup({
  types: {} as { context: ProposerContext; events: Event; input: NodeInput<Parameters> },
  actions: effects,
  delays: {
    retryTimeout: ({ context }) =>
      context.parameters.retryTimeout + context.parameters.backoff * context.index * (roundOf(context) - 1),
  },
  guards: {
    hasAttempted: ({ context }) => context.ballot > 0,
    mayRetry: ({ context }) => context.parameters.maxRound === 0 || nextRound(context) <= context.parameters.maxRound,
    isForThisBallot: ({ context, event }) => event.type === 'promise' && event.ballot === context.ballot,
    isLastPromise: ({ context, event }) =>
      event.type === 'promise' &&
      event.ballot === context.ballot &&
      withPromise(context, event).promises.length >= context.quorum,
    isAboveThisBallot: ({ context, event }) => event.type === 'reject' && event.promised > context.ballot,
    completesQuorum: ({ context, event }) => completes(context.tally, event, context.quorum),
  },
});

const wish = forProposer.assign({
  wanted: ({ context, event }) => (event.type === 'propose' ? event.value : context.wanted),
});
const nextBallot = forProposer.assign(({ context }) => ({
  ballot: ballotOf(nextRound(context), context.index, context.proposers),
  promises: [],
  latest: null,
}));
const countPromise = forProposer.assign(({ context, event }) => withPromise(context, event));
const countAccepted = forProposer.assign({
  tally: ({ context, event }) => (event.type === 'accepted' ? count(context.tally, event) : context.tally),
});
const hearOfBallot = forProposer.assign({
  seen: ({ context, event }) => Math.max(context.seen, event.type === 'reject' ? event.promised : 0),
});
const decideChosen = {
  type: 'decide' as const,
  params: ({ event }: { event: Event }) => ({ value: event.type === 'accepted' ? event.value : null }),
};

export const proposer = forProposer.createMachine({
  id: 'proposer',
  description: 'Leads ballots, one after another, until a value is chosen.',
  context: ({ input }) => {
    const proposers = nodesWithRole(input, 'proposer');
    const attempt = isProposal(input.stable.attempt) ? input.stable.attempt : { ballot: 0, value: null };
    return {
      parameters: input.parameters,
      quorum: quorumIn(input),
      index: proposers.indexOf(input.self),
      proposers: proposers.length,
      wanted: attempt.value,
      ballot: attempt.ballot,
      seen: 0,
      promises: [],
      latest: null,
      tally: {},
    };
  },
  initial: 'recovering',
  on: {
    accepted: [
      { guard: 'completesQuorum', target: '.chosen', actions: [countAccepted, decideChosen] },
      { actions: countAccepted },
    ],
  },
  states: {
    recovering: {
      description: 'Reads its log. A ballot that it once led is never led again.',
      always: [{ guard: 'hasAttempted', target: 'proposing', actions: nextBallot }, { target: 'idle' }],
    },
    idle: {
      description: 'Has nothing to propose.',
      on: { propose: { target: 'proposing', actions: [wish, nextBallot] } },
    },
    proposing: {
      description: 'Leads a ballot. If that comes to nothing in time, the next one.',
      initial: 'preparing',
      // The ballot is logged after the messages have left: the write then overlaps with their travel. A crash in
      // between is harmless, since nothing has been asked to be accepted in this ballot.
      entry: [
        {
          type: 'broadcast',
          params: ({ context }) => ({ to: 'acceptor', message: { type: 'prepare', ballot: context.ballot } }),
        },
        {
          type: 'persist',
          params: ({ context }) => ({ key: 'attempt', value: { ballot: context.ballot, value: context.wanted } }),
        },
      ],
      after: { retryTimeout: { guard: 'mayRetry', target: 'proposing', reenter: true, actions: nextBallot } },
      on: {
        reject: { guard: 'isAboveThisBallot', target: '.preempted', actions: hearOfBallot },
      },
      states: {
        preparing: {
          description: 'Phase 1a: waits for a quorum of promises.',
          on: {
            promise: [
              { guard: 'isLastPromise', target: 'accepting', actions: countPromise },
              { guard: 'isForThisBallot', actions: countPromise },
            ],
          },
        },
        accepting: {
          description: 'Phase 2a: asks for one suitable value, and waits for a quorum of acceptances.',
          entry: {
            type: 'broadcast',
            params: ({ context }) => ({
              to: 'acceptor',
              message: { type: 'accept', ballot: context.ballot, value: suitable(context) },
            }),
          },
        },
        preempted: {
          description: 'An acceptor has promised a higher ballot. Waits before it tries a higher one still.',
        },
      },
    },
    chosen: { description: 'Knows the chosen value. It can never change.', on: { accepted: {} } },
  },
});
