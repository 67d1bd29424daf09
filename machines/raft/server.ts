/** A server: follower, candidate or leader. On stable storage it keeps its term, its vote in that term, and its log. */
import { nodesWithRole } from '../../src/core/protocol.ts';
import { forServer } from './about.ts';
import {
  answerVote,
  askForVotes,
  countVote,
  followNewerTerm,
  logVote,
  stand,
  takeOffice,
  voteFor,
} from './election.ts';
import {
  answerAgain,
  commitOwn,
  logEntries,
  onAppend,
  onReply,
  redirect,
  sendEntries,
  takeRequest,
} from './replication.ts';
import { type Log, recoveredVote } from './words.ts';

export const server = forServer.createMachine({
  id: 'server',
  description: 'Follows a leader, stands for election when it hears of none, or leads.',
  context: ({ input }) => ({
    parameters: input.parameters,
    self: input.self,
    servers: nodesWithRole(input, 'server'),
    seed: input.seed,
    draws: 0,
    ...recoveredVote(input.stable),
    log: (input.stable.log ?? []) as Log,
    commitIndex: 0,
    leader: null,
    votes: [],
    nextIndex: {},
    matchIndex: {},
    executed: [],
  }),
  initial: 'follower',
  on: {
    'request-vote': [
      followNewerTerm,
      { guard: 'mayVote', target: '.follower', actions: [voteFor, logVote, answerVote(true)] },
      { actions: answerVote(false), description: 'Has voted already, or has more in its log.' },
    ],
    vote: followNewerTerm,
    'append-entries': [followNewerTerm, ...onAppend],
    heartbeat: [followNewerTerm, ...onAppend],
    appended: followNewerTerm,
    'heartbeat-reply': followNewerTerm,
    request: { actions: redirect, description: 'Only the leader takes requests.' },
    stand: { target: '.candidate' },
  },
  states: {
    follower: {
      description: 'Answers leaders and candidates. Hears of no leader for a while: stands for election.',
      entry: forServer.assign({ draws: ({ context }) => context.draws + 1 }),
      after: { electionTimeout: 'candidate' },
    },
    candidate: {
      description: 'Stands for election in a new term, and votes for itself.',
      entry: [stand, logVote, askForVotes],
      always: { guard: 'hasMajority', target: 'leader', actions: [takeOffice, commitOwn] },
      after: { electionTimeout: { target: 'candidate', reenter: true, description: 'Nobody won: another term.' } },
      on: { vote: { guard: 'isGranted', actions: countVote } },
    },
    leader: {
      description: 'Takes requests into its log and has the others copy it. Never changes what its log already has.',
      entry: sendEntries,
      after: { heartbeatInterval: { target: 'leader', reenter: true } },
      on: {
        appended: onReply,
        'heartbeat-reply': onReply,
        request: [
          { guard: 'hasExecuted', actions: answerAgain, description: 'It was asked before: the same answer.' },
          { guard: 'hasTakenIn', description: 'It is on its way.' },
          { target: 'leader', reenter: true, actions: [takeRequest, logEntries, commitOwn] },
        ],
        stand: {},
      },
    },
  },
});
