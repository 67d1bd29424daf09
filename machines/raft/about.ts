/** What a server knows, and the conditions on which its statechart turns. */
import { setup } from 'xstate';
import { draw, effects, type NodeId, type NodeInput } from '../../src/core/protocol.ts';
import {
  type Append,
  type AppendReply,
  type Event,
  type Executed,
  isSame,
  isUpToDate,
  type Log,
  type Parameters,
  type Request,
  termAt,
} from './words.ts';

export interface ServerContext {
  parameters: Parameters;
  self: NodeId;
  servers: NodeId[];
  seed: number;
  /** how many random timeouts it has drawn */
  draws: number;
  term: number;
  votedFor: NodeId | null;
  log: Log;
  commitIndex: number;
  /** whom it takes for the leader of its term */
  leader: NodeId | null;
  /** a candidate's: who voted for it */
  votes: NodeId[];
  /** a leader's, for each other server: the next entry to send, and up to where its log is known to agree */
  nextIndex: Readonly<Record<NodeId, number>>;
  matchIndex: Readonly<Record<NodeId, number>>;
  executed: readonly Executed[];
}
export type About = { context: ServerContext; event: Event };

export const majorityOf = ({ servers }: ServerContext): number => Math.floor(servers.length / 2) + 1;
export const othersOf = ({ servers, self }: ServerContext): NodeId[] => servers.filter((server) => server !== self);
export const senderOf = (event: Event): NodeId => ('from' in event ? event.from : '');
export const termOf = (event: Event): number => ('term' in event ? Number(event.term) : 0);
export const isAppend = (event: Event): event is Append =>
  event.type === 'append-entries' || event.type === 'heartbeat';
export const isReply = (event: Event): event is AppendReply =>
  event.type === 'appended' || event.type === 'heartbeat-reply';
const isFrom = ({ context, event }: About, term = context.term): boolean => termOf(event) === term;
export const askedBy = ({ event }: About) => ({ client: senderOf(event), number: (event as Request).number });

export const forServer = setup({
  types: {} as { context: ServerContext; events: Event; input: NodeInput<Parameters> },
  actions: effects,
  delays: {
    electionTimeout: ({ context: { parameters, seed, draws } }) =>
      parameters.electionTimeout + Math.floor(draw(seed, draws) * parameters.electionSpread),
    heartbeatInterval: ({ context }) => context.parameters.heartbeatInterval,
  },
  guards: {
    isOfNewerTerm: ({ context, event }) => termOf(event) > context.term,
    mayVote: ({ context, event }) =>
      event.type === 'request-vote' &&
      event.term === context.term &&
      (context.votedFor === null || context.votedFor === event.from) &&
      isUpToDate(event, context.log),
    isGranted: (about) => about.event.type === 'vote' && about.event.granted && isFrom(about),
    hasMajority: ({ context }) => context.votes.length >= majorityOf(context),
    isFromLeader: (about) => isFrom(about),
    isConsistent: (about) =>
      isAppend(about.event) &&
      isFrom(about) &&
      termAt(about.context.log, about.event.prevLogIndex) === about.event.prevLogTerm,
    isAgreement: (about) => isReply(about.event) && isFrom(about) && about.event.success,
    isMismatch: (about) => isReply(about.event) && isFrom(about) && !about.event.success,
    hasExecuted: (about) => about.context.executed.some((each) => isSame(each, askedBy(about))),
    hasTakenIn: (about) =>
      about.context.log.some((entry) => entry.term === about.context.term && isSame(entry, askedBy(about))),
  },
});
