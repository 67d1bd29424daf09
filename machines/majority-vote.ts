/**
 * Majority vote: consensus on a bit in rounds, with neither a clock nor a coin.
 *
 * n nodes, each with a 0 or a 1, messages that take as long as they like, and f of the nodes may crash. A round has two
 * stages, and in each a node waits for n - f messages, its own among them; more may never come. First all *vote* for their
 * bit. Who counts more than n/2 votes for one bit says so in its *tally*; who does not, tallies nothing. Who then counts
 * f + 1 tallies for a bit decides it. Who counts fewer, but one, votes for that bit in the next round. Who counts none votes
 * for 0. Whoever hears from a later stage than its own catches up: it says there what the other has said. And whoever
 * decides, says the next round's tally for all that it would still have to say, and once more to whom that finds further on.
 *
 * Why it is safe, if n > 2f: two majorities share a node, so a round has tallies for one bit only. When f + 1 nodes have
 * tallied it, each n - f tallies have one of them among them, so all vote for that bit from the next round on.
 *
 * Why it need not end: while the votes are divided, it is the network that says whose vote a node counts, and it can divide
 * them anew in every round, although it delivers every message in the end. Fischer, Lynch and Paterson proved that this is
 * no weakness of this protocol. Each deterministic one that stands a single crash in an asynchronous network has such a
 * run: it starts in a configuration from which both bits can still be decided (a *bivalent* one), and goes on from each
 * bivalent configuration to the next. Ben-Or's protocol, which this one is without its coin, gets out of it by luck.
 */
import { setup } from 'xstate';
import { consensus } from '../src/core/problems/consensus.ts';
import {
  type CostFigures,
  defineProtocol,
  effects,
  type JsonObject,
  type Message,
  type NodeId,
  type NodeInput,
  others,
  type Received,
  type RoleName,
} from '../src/core/protocol.ts';

type Bit = 0 | 1;
interface Parameters {
  readonly f: number;
  readonly values: Readonly<Record<NodeId, Bit>>;
  readonly hasty: boolean;
}
type Event =
  | Received<Message & { type: 'vote'; round: number; bit: Bit }>
  | Received<Message & { type: 'tally'; round: number; bit: Bit | null }>;
interface Heard {
  readonly from: NodeId;
  readonly bit: Bit | null;
}
interface VoterContext {
  parameters: Parameters;
  self: NodeId;
  others: NodeId[];
  /** from 1 */
  round: number;
  /** what it says in this stage; null: it has counted no majority */
  says: Bit | null;
  /** the messages of this stage, its own among them, by sender */
  heard: Heard[];
}

const nodesIn = ({ others: rest }: VoterContext): number => rest.length + 1;
/** n - f. But who waited for nobody would run through rounds without any time passing: at least 2. */
const enough = (context: VoterContext): number =>
  Math.max(Math.min(2, nodesIn(context)), nodesIn(context) - context.parameters.f);
const count = ({ heard }: VoterContext, bit: Bit): number => heard.filter((one) => one.bit === bit).length;
const bits = [0, 1] as const;
const majority = (context: VoterContext): Bit | null =>
  bits.find((bit) => 2 * count(context, bit) > nodesIn(context)) ?? null;
/** The bit that is tallied in this round, as far as this node has heard. */
const tallied = (context: VoterContext): Bit | null => bits.find((bit) => count(context, bit) > 0) ?? null;
const ordered = (heard: readonly Heard[]): Heard[] => [...heard].sort((a, b) => (a.from < b.from ? -1 : 1));
const bitOf = ({ bit }: Event): Bit | null => (bit === 0 || bit === 1 ? bit : null);

const forVoter = setup({
  types: {} as { context: VoterContext; events: Event; input: NodeInput<Parameters> },
  actions: effects,
  guards: {
    isOfThisStage: ({ context, event }) =>
      event.round === context.round && !context.heard.some(({ from }) => from === event.from),
    isOfLaterRound: ({ context, event }) => event.round > context.round,
    isOfThisOrLaterRound: ({ context, event }) => event.round >= context.round,
    hasEnough: ({ context }) => context.heard.length >= enough(context),
    /** it has been overtaken by one who may still wait for it; if two are enough, that one has them already */
    isMissed: ({ context, event }) => event.round > context.round && enough(context) > 2,
    canDecide: ({ context }) => {
      const bit = tallied(context);
      const needed = context.parameters.hasty ? 1 : context.parameters.f + 1;
      return context.heard.length >= enough(context) && bit !== null && count(context, bit) >= needed;
    },
  },
});
const hear = forVoter.assign({
  heard: ({ context, event }) => ordered([...context.heard, { from: event.from, bit: bitOf(event) }]),
});
const catchUp = forVoter.assign(({ context, event }) => ({
  round: event.round,
  says: bitOf(event),
  heard: ordered([
    { from: context.self, bit: bitOf(event) },
    { from: event.from, bit: bitOf(event) },
  ]),
}));
const say = (type: Event['type']) => ({
  type: 'broadcast' as const,
  params: ({ context: { round, says } }: { context: VoterContext }) => ({ message: { type, round, bit: says } }),
});
/** What it says itself is the first that it counts, and does not travel. */
const own = (context: VoterContext, round: number, says: Bit | null) => ({
  round,
  says,
  heard: [{ from: context.self, bit: says }],
});
const toTally = forVoter.assign(({ context }) => own(context, context.round, majority(context)));
const toNextVote = forVoter.assign(({ context }) => own(context, context.round + 1, tallied(context) ?? 0));
const toLastTally = forVoter.assign(({ context }) => own(context, context.round + 1, tallied(context)));

const voter = forVoter.createMachine({
  id: 'voter',
  description: 'Votes, tallies, and decides what enough others have tallied, too; round after round.',
  context: ({ input }) => ({
    parameters: input.parameters,
    self: input.self,
    others: others(input),
    round: 1,
    says: input.parameters.values[input.self] ?? 0,
    heard: [{ from: input.self, bit: input.parameters.values[input.self] ?? 0 }],
  }),
  initial: 'voting',
  states: {
    voting: {
      description: 'First stage: has told all others its bit, and waits for n - f votes.',
      entry: say('vote'),
      on: {
        vote: [
          { guard: 'isOfThisStage', actions: hear },
          { guard: 'isOfLaterRound', target: 'voting', reenter: true, actions: catchUp },
        ],
        tally: { guard: 'isOfThisOrLaterRound', target: 'tallying', actions: catchUp },
      },
      always: { guard: 'hasEnough', target: 'tallying', actions: toTally },
    },
    tallying: {
      description: 'Second stage: has said for which bit it counted a majority, and waits for n - f tallies.',
      entry: say('tally'),
      on: {
        vote: { guard: 'isOfLaterRound', target: 'voting', actions: catchUp },
        tally: [
          { guard: 'isOfThisStage', actions: hear },
          { guard: 'isOfLaterRound', target: 'tallying', reenter: true, actions: catchUp },
        ],
      },
      always: [
        {
          guard: 'canDecide',
          target: 'decided',
          actions: [{ type: 'decide', params: ({ context }) => ({ value: tallied(context) }) }, toLastTally],
          description: 'f + 1 of them for one bit.',
        },
        {
          guard: 'hasEnough',
          target: 'voting',
          actions: toNextVote,
          description: 'Fewer: the next round, with the bit that one of them is for, or else with 0.',
        },
      ],
    },
    decided: {
      description: 'Has decided. Its last tally takes the others to where it is.',
      entry: say('tally'),
      on: {
        tally: {
          guard: 'isMissed',
          actions: {
            type: 'send',
            params: ({ context, event }) => ({
              to: event.from,
              message: { type: 'tally', round: event.round, bit: context.says },
            }),
          },
        },
      },
    },
  },
});

type Roles = Readonly<Record<RoleName, number>>;
const read = (parameters: JsonObject): Parameters => parameters as unknown as Parameters;
const counting = 'counted from the stages: a vote, a tally, and the last tally of those who have decided';
/** Of a run in which all begin with one bit. How others go is up to the network. */
const ifUnanimous =
  (figure: (n: number) => number) =>
  ({ voter: n = 0 }: Roles, parameters: JsonObject): number | null => {
    const { f, values } = read(parameters);
    return n > 2 * f && new Set(Object.values(values)).size === 1 ? figure(n) : null;
  };

export default defineProtocol({
  id: 'majority-vote',
  title: 'Majority vote in rounds',
  source:
    'Ben-Or, "Another Advantage of Free Choice" (1983), without its coin; why it need not end: Fischer, Lynch and Paterson, "Impossibility of Distributed Consensus with One Faulty Process" (1985)',
  problem: 'consensus',
  about:
    'Asynchronous consensus on a bit by repeated votes: vote, tally what a majority voted, decide what f + 1 have tallied. Always safe with n > 2f; an adversary who orders the messages can keep it from ending.',
  roles: { voter },
  messages: {
    vote: { fields: { round: 'number', bit: 'number' }, about: 'This is my bit in this round.' },
    tally: {
      fields: { round: 'number', bit: 'value' },
      about: 'More than half of all have voted for this bit; null: I have counted no majority.',
    },
  },
  inputs: {},
  parameters: {
    f: { kind: 'integer', default: 1, min: 0, max: 20, about: 'How many crashes to stand: n - f messages are enough.' },
    values: {
      kind: 'per-node',
      of: { kind: 'choice', choices: [0, 1], default: 0 },
      about: 'What each node proposes.',
    },
    hasty: { kind: 'flag', default: false, about: 'Wrong when true: decides on a single tally, not on f + 1.' },
  },
  properties: consensus({
    proposals: (view) => view.nodes.map(({ id }) => read(view.parameters).values[id] ?? 0),
    deciders: (view) => view.nodes,
  }),
  lies: {
    vote: { bit: (bit) => [bit === 0 ? 1 : 0] },
    tally: { bit: (bit) => [bit === 0 ? 1 : 0] },
  },
  costs: [
    {
      name: 'messages',
      formula: '3n(n-1) if all begin with one bit',
      source: counting,
      expected: ifUnanimous((n) => 3 * n * (n - 1)),
      measured: (figures: CostFigures) => figures.messages,
    },
    {
      name: 'message delays',
      formula: '2 if all begin with one bit, all messages being equally fast',
      source: counting,
      expected: ifUnanimous((n) => (n > 1 ? 2 : 0)),
      measured: (figures) => figures.messageDelays,
    },
  ],
  bound: {
    formula: 'n > 2f',
    of: 'crashes',
    greatest: (n, _, parameters) => Math.max(0, Math.min(read(parameters).f, Math.ceil(n / 2) - 1)),
  },
  summary({ context, value }) {
    const { round, says, heard } = context as unknown as VoterContext;
    const spoken = heard.map(({ from, bit }) => `${from}: ${bit ?? 'none'}`);
    return [
      { label: 'round', value: round },
      { label: value === 'voting' ? 'votes' : 'tallies', value: says ?? 'none' },
      { label: 'has heard', value: spoken.join(', ') },
    ];
  },
  waitsFor({ context, value }) {
    if (value === 'decided') return null;
    const waiting = context as unknown as VoterContext;
    const missing = waiting.others.filter((node) => !waiting.heard.some(({ from }) => from === node));
    return { nodes: missing, need: enough(waiting) - waiting.heard.length, answering: true };
  },
  wrongVariants: [
    {
      parameters: { hasty: true },
      breaks: 'consensus/agreement',
      about: 'Decides on one tally: others may have heard of none, and vote for 0.',
    },
  ],
});
