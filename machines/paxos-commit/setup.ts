/** What the three parts share, so that one node can play several: the context, the guards and the delays. */
import { setup } from 'xstate';
import { draw, effects, type NodeId, type NodeInput } from '../../src/core/protocol.ts';
import {
  type Accepted,
  acceptorsAmong,
  ballotAbove,
  ballotIn,
  type Event,
  managersAmong,
  outcome,
  type Parameters,
  quorumOf,
  type Reports,
  senderOf,
  type Value,
  type Votes,
  votesIn,
  withReport,
} from './words.ts';

export interface SiteContext {
  parameters: Parameters;
  self: NodeId;
  seed: number;
  managers: NodeId[];
  acceptors: NodeId[];
  transaction: string;
  /** the resource manager: what it found in its log, whether it began the commit, how often it has asked */
  record: Value | '';
  begins: boolean;
  inquiries: number;
  /** the acceptor: the ballot it promised, what it accepted, and what it was told in ballot 0 and has not accepted yet */
  promised: number;
  accepted: Accepted;
  heard: Votes;
  /** the leader: its ballot, and who promised what in it */
  ballot: number;
  promises: Readonly<Record<NodeId, Accepted>>;
  /** what the acceptors said in phase 2b */
  reports: Reports;
  /** something did not come in time: somebody is suspected, perhaps wrongly */
  timedOut: boolean;
}

export function initialContext({ input }: { input: NodeInput<Parameters> }): SiteContext {
  const { nodes, parameters, self, seed, stable } = input;
  const acceptor = (stable.acceptor ?? { promised: 0, accepted: {} }) as { promised: number; accepted: Accepted };
  return {
    parameters,
    self,
    seed,
    managers: managersAmong(nodes),
    acceptors: acceptorsAmong(nodes, parameters.f),
    transaction: String(stable.prepared ?? stable.aborted ?? ''),
    record: stable.aborted !== undefined ? 'aborted' : stable.prepared !== undefined ? 'prepared' : '',
    begins: false,
    inquiries: 0,
    ...acceptor,
    heard: {},
    ballot: Number(stable.ballot ?? 0),
    promises: {},
    reports: {},
    timedOut: false,
  };
}

export const leaderOf = ({ acceptors }: SiteContext): NodeId => acceptors[0] as NodeId;
export const heardAfter = ({ heard }: SiteContext, event: Event): Votes => ({ ...heard, ...votesIn(event) });
const outcomeAfter = ({ reports, managers, acceptors }: SiteContext, event: Event): string | null =>
  outcome(withReport(reports, event), managers, quorumOf(acceptors));
const isWhole = ({ managers }: SiteContext, votes: Votes): boolean =>
  managers.every((manager) => votes[manager] !== undefined) || Object.values(votes).includes('aborted');

export const forSite = setup({
  types: {} as { context: SiteContext; events: Event; input: NodeInput<Parameters> },
  actions: effects,
  delays: {
    workTimeout: ({ context }) => context.parameters.workTimeout,
    decisionTimeout: ({ context }) => context.parameters.decisionTimeout,
    voteTimeout: ({ context }) => context.parameters.voteTimeout,
    /** up to twice as long, by lot: two leaders that pre-empt each other do not do so for ever */
    retryTimeout: ({ context }) => context.parameters.retryTimeout * (1 + draw(context.seed, context.ballot)),
  },
  guards: {
    votesNo: ({ context }) => context.parameters.votes[context.self] === 'no',
    hasPrepared: ({ context }) => context.record === 'prepared',
    hasAborted: ({ context }) => context.record === 'aborted',
    completesCommit: ({ context, event }) => outcomeAfter(context, event) === 'commit',
    completesAbort: ({ context, event }) => outcomeAfter(context, event) === 'abort',
    isNoAcceptor: ({ context }) => !context.acceptors.includes(context.self),
    hasAccepted: ({ context }) => Object.keys(context.accepted).length > 0,
    hasPromised: ({ context }) => context.promised > 0,
    forgetsOnCrash: ({ context }) => !context.parameters.stableAcceptors,
    isLastOfBallot0: ({ context, event }) =>
      ballotIn(event) === 0 && context.promised === 0 && isWhole(context, heardAfter(context, event)),
    isOfBallot0: ({ context, event }) => ballotIn(event) === 0 && context.promised === 0,
    isAboveItsPromise: ({ context, event }) => ballotIn(event) > context.promised,
    isNotBelowItsPromise: ({ context, event }) => ballotIn(event) > 0 && ballotIn(event) >= context.promised,
    isBeginning: ({ context, event }) =>
      event.type === 'phase-2a' && event.begins === true && leaderOf(context) === context.self,
    isFaster: ({ context }) => context.parameters.faster,
    isSlower: ({ context }) => !context.parameters.faster,
    isForThisBallot: ({ context, event }) => ballotIn(event) === context.ballot,
    isLastPromise: ({ context, event }) =>
      ballotIn(event) === context.ballot &&
      new Set([...Object.keys(context.promises), senderOf(event)]).size >= quorumOf(context.acceptors),
  },
});

export const learnTransaction = forSite.assign({
  transaction: ({ context, event }) =>
    context.transaction || ('transaction' in event ? event.transaction : '') || 'unnamed',
});
export const countReport = forSite.assign({ reports: ({ context, event }) => withReport(context.reports, event) });
/** A leader's next ballot is above its own last one and above all that its acceptor has heard of. */
export const nextBallot = forSite.assign(({ context }) => ({
  ballot: ballotAbove(
    Math.max(context.ballot, context.promised),
    context.acceptors.indexOf(context.self),
    context.acceptors.length,
  ),
  promises: {},
}));
export const suspect = forSite.assign({ timedOut: true });

interface Asking {
  readonly context: SiteContext;
  readonly event: Event;
}
export const say = (type: 'prepare' | 'commit' | 'abort' | 'inquiry', to: (asking: Asking) => readonly NodeId[]) => ({
  type: 'send' as const,
  params: (asking: Asking) => ({ to: to(asking), message: { type, transaction: asking.context.transaction } }),
});
