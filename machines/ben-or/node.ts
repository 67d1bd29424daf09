/** A node: reports, proposes, and decides or takes over a proposal or tosses a coin; round after round. */
import { setup } from 'xstate';
import {
  draw,
  effects,
  type Json,
  type Message,
  type NodeId,
  type NodeInput,
  others,
  type Received,
} from '../../src/core/protocol.ts';

type Bit = 0 | 1;
export interface Parameters {
  readonly f: number;
  readonly values: Readonly<Record<NodeId, Bit>>;
  readonly coins: Readonly<Record<NodeId, Json>>;
  readonly hasty: boolean;
  readonly startTimeout: number;
}
type Event =
  | Received<Message & { type: 'report'; round: number; value: Bit }>
  | Received<Message & { type: 'proposal'; round: number; value: Bit | null }>;

/** One message of a phase, as its receiver keeps it. */
type Heard = {
  readonly phase: Event['type'];
  readonly round: number;
  readonly from: NodeId;
  readonly value: Bit | null;
};
export interface NodeContext {
  parameters: Parameters;
  self: NodeId;
  seed: number;
  others: NodeId[];
  value: Bit;
  /** 0 before the first */
  round: number;
  /** what it has heard for this round and for later ones, in the order of arrival */
  heard: Heard[];
  tosses: number;
  /** the round in which it decided; 0: it has not */
  decidedIn: number;
}
const nodesIn = (context: NodeContext): number => context.others.length + 1;
/** n - f, itself included. But one who waited for nobody would run through rounds without any time passing: at least 2. */
export const enough = (context: NodeContext): number =>
  Math.max(Math.min(2, nodesIn(context)), nodesIn(context) - context.parameters.f);
/** The first n - f messages of this phase; what comes later comes too late. */
export const received = (context: NodeContext, phase: Heard['phase']): Heard[] =>
  context.heard.filter((one) => one.phase === phase && one.round === context.round).slice(0, enough(context));
const count = (heard: readonly Heard[], value: Bit): number => heard.filter((one) => one.value === value).length;
const proposable = (context: NodeContext): Bit | null =>
  ([0, 1] as const).find((bit) => 2 * count(received(context, 'report'), bit) > nodesIn(context)) ?? null;
/** The value proposed in this round, as far as this node has heard. */
const proposed = (context: NodeContext): Bit | null =>
  ([0, 1] as const).find((bit) => count(received(context, 'proposal'), bit) > 0) ?? null;
const supporters = (context: NodeContext): number => {
  const value = proposed(context);
  return value === null ? 0 : count(received(context, 'proposal'), value);
};
function toss({ parameters, self, seed, tosses }: NodeContext): Bit {
  const given = parameters.coins[self] ?? [];
  const falls = Array.isArray(given) ? given : [given];
  if (falls.length > 0) return falls[tosses % falls.length] === 1 ? 1 : 0;
  return draw(seed, tosses) < 0.5 ? 0 : 1;
}

const forNode = setup({
  types: {} as { context: NodeContext; events: Event; input: NodeInput<Parameters> },
  actions: effects,
  delays: { start: ({ context }) => context.parameters.startTimeout },
  guards: {
    isNews: ({ context, event }) =>
      event.round >= context.round &&
      !context.heard.some(
        ({ phase, round, from }) => phase === event.type && round === event.round && from === event.from,
      ),
    hasReports: ({ context }) => received(context, 'report').length >= enough(context),
    hasProposals: ({ context }) => received(context, 'proposal').length >= enough(context),
    hasHelpedOn: ({ context }) => context.decidedIn > 0 && context.round > context.decidedIn,
    hasSupport: ({ context }) =>
      context.decidedIn === 0 && supporters(context) >= (context.parameters.hasty ? 1 : context.parameters.f + 1),
    hasProposal: ({ context }) => proposed(context) !== null,
  },
});
const hear = forNode.assign({
  heard: ({ context, event: { type, round, from, value } }) => [
    ...context.heard,
    { phase: type, round, from, value: value === 0 || value === 1 ? value : null },
  ],
});
/** Its own message is the first that it counts, and does not travel. */
const own = (context: NodeContext, phase: Heard['phase'], value: Bit | null): Heard[] => [
  { phase, round: context.round, from: context.self, value },
  ...context.heard,
];
const nextRound = forNode.assign({
  round: ({ context }) => context.round + 1,
  heard: ({ context }) => context.heard.filter(({ round }) => round > context.round),
});
const report = [
  {
    type: 'broadcast' as const,
    params: ({ context: { round, value } }: { context: NodeContext }) => ({
      message: { type: 'report', round, value },
    }),
  },
  forNode.assign({ heard: ({ context }) => own(context, 'report', context.value) }),
];
const propose = [
  {
    type: 'broadcast' as const,
    params: ({ context }: { context: NodeContext }) => ({
      message: { type: 'proposal', round: context.round, value: proposable(context) },
    }),
  },
  forNode.assign({ heard: ({ context }) => own(context, 'proposal', proposable(context)) }),
];
const adopt = forNode.assign({ value: ({ context }) => proposed(context) ?? context.value });
const decide = [
  adopt,
  forNode.assign({ decidedIn: ({ context }) => context.round }),
  { type: 'decide' as const, params: ({ context }: { context: NodeContext }) => ({ value: context.value }) },
];
const tossCoin = forNode.assign(({ context }) => ({ value: toss(context), tosses: context.tosses + 1 }));

export const node = forNode.createMachine({
  id: 'node',
  description: 'Reports, proposes, and decides or takes over a proposal or tosses a coin; round after round.',
  context: ({ input }) => ({
    parameters: input.parameters,
    self: input.self,
    seed: input.seed,
    others: others(input),
    value: input.parameters.values[input.self] ?? 0,
    round: 0,
    heard: [],
    tosses: 0,
    decidedIn: 0,
  }),
  initial: 'waking',
  on: { report: { guard: 'isNews', actions: hear }, proposal: { guard: 'isNews', actions: hear } },
  states: {
    waking: { description: 'Not everybody begins at the same moment.', after: { start: 'reporting' } },
    reporting: {
      description: 'Phase 1: has said its value, and waits for n - f reports.',
      entry: [nextRound, ...report],
      always: { guard: 'hasReports', target: 'proposing' },
    },
    proposing: {
      description: 'Phase 2: has proposed what a majority reported, or nothing, and waits for n - f proposals.',
      entry: propose,
      always: { guard: 'hasProposals', target: 'concluding' },
    },
    concluding: {
      description: 'What the n - f proposals mean.',
      always: [
        { guard: 'hasHelpedOn', target: 'halted' },
        { guard: 'hasSupport', target: 'reporting', actions: decide, description: 'f + 1 of them: decides.' },
        { guard: 'hasProposal', target: 'reporting', actions: adopt, description: 'At least one: takes it over.' },
        { target: 'reporting', actions: tossCoin, description: 'None: tosses a coin.' },
      ],
    },
    halted: { description: 'Decided a round ago. Everybody else has what it needs to decide, too.' },
  },
});
