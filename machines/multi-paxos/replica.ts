/** A replica: acceptor and learner always, proposer when it leads or would like to. */
import { type NodeInput, nodesWithRole } from '../../src/core/protocol.ts';
import { forReplica, type ReplicaContext, senderOf } from './about.ts';
import { onAccept, onPrepare, reject } from './acceptor.ts';
import {
  askForPromises,
  choose,
  countAccepted,
  countPromise,
  giveWay,
  logBallot,
  newBallot,
  proposeInherited,
  proposeRequest,
  showLife,
  takeOffice,
} from './leader.ts';
import { answerAgain, askForMissing, learn, redirect, tellChosen } from './learner.ts';
import type { Proposal, Slots } from './words.ts';

function recovered(stable: NodeInput['stable']): Pick<ReplicaContext, 'promised' | 'accepted'> {
  const accepted = (stable.accepted ?? {}) as Slots<Proposal>;
  const ballots = Object.values(accepted).map(({ ballot }) => ballot);
  return { promised: Math.max(Number(stable.promised ?? 0), ...ballots), accepted };
}
const follow = forReplica.assign({ leader: ({ event }) => senderOf(event) });

export const replica = forReplica.createMachine({
  id: 'replica',
  description: 'Proposer, acceptor and learner in one.',
  context: ({ input }) => ({
    parameters: input.parameters,
    self: input.self,
    replicas: nodesWithRole(input, 'replica'),
    seed: input.seed,
    draws: 0,
    leader: null,
    ...recovered(input.stable),
    ballot: 0,
    promises: [],
    reported: {},
    proposals: {},
    announced: 0,
    chosen: {},
    known: 0,
    register: null,
    executed: [],
  }),
  initial: 'following',
  on: {
    prepare: onPrepare,
    accept: onAccept,
    alive: [{ guard: 'isNotBelowItsPromise', target: '.following', actions: [follow, askForMissing] }, reject],
    chosen: { actions: learn },
    missing: { actions: tellChosen },
    request: { actions: redirect, description: 'Only the leader takes requests.' },
    lead: { target: '.preparing' },
  },
  states: {
    following: {
      description: 'Follows a leader. Hears nothing of one for a while: appoints itself.',
      entry: forReplica.assign({ draws: ({ context }) => context.draws + 1 }),
      after: { leaderTimeout: 'preparing' },
    },
    preparing: {
      description: 'A would-be leader. Phase 1a, once for all slots: who follows me, and what have you accepted?',
      entry: [newBallot, logBallot, askForPromises],
      always: { guard: 'hasMajority', target: 'leading', actions: [takeOffice, proposeInherited, choose] },
      after: {
        leaderTimeout: { target: 'preparing', reenter: true, description: 'Too few answered: a higher ballot.' },
      },
      on: {
        promise: { guard: 'isForThisBallot', actions: countPromise },
        reject: { guard: 'isPreempted', target: 'following', actions: giveWay },
      },
    },
    leading: {
      description: 'Phase 2 for one command after another: the next free slot, accepted by a majority, chosen.',
      entry: showLife,
      after: { aliveInterval: { target: 'leading', reenter: true } },
      on: {
        request: [
          { guard: 'hasExecuted', actions: answerAgain, description: 'It was asked before: the same answer.' },
          { guard: 'isUnderWay', description: 'It has a slot already.' },
          { actions: [proposeRequest, choose], description: 'Phase 2a.' },
        ],
        accepted: { guard: 'isForThisBallot', actions: [countAccepted, choose] },
        reject: { guard: 'isPreempted', target: 'following', actions: giveWay },
        lead: {},
      },
    },
  },
});
