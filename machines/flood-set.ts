/**
 * FloodSet: consensus in rounds, when it is known how long a message can take.
 *
 * Every node has a value. In each round everybody tells everybody the values that are new to it; what was sent in a round
 * arrives in that round. After f + 1 rounds each decides the smallest value that it knows. f of the nodes may crash, at any
 * moment: in the middle of telling the others, too, so that some have heard and some have not.
 *
 * Why f + 1? If one node ends with a value that another has never heard of, it must have heard it in the last round, from
 * a node that crashed before it could tell the other; which had heard it in the round before, from a node that crashed; and
 * so on: a crash in every round. With f + 1 rounds and f crashes there is a round without one. In it all get to know
 * the same, and nothing that follows can part them. With f rounds the chain of crashes can be made.
 *
 * Early stopping: often fewer nodes crash than could. Who hears in some round from as many as in the round before has missed
 * nothing. It says so in the next round, with all that it knows, and decides at its end; so do those who hear it. With
 * f' actual crashes that takes at most min(f' + 2, f + 1) rounds, and no protocol can do with less.
 */
import { setup } from 'xstate';
import { consensus } from '../src/core/problems/consensus.ts';
import {
  type CostFigures,
  defineProtocol,
  effects,
  type Json,
  type JsonObject,
  type Message,
  type NodeId,
  type NodeInput,
  type Received,
  type RoleName,
  type View,
} from '../src/core/protocol.ts';

interface Parameters {
  readonly f: number;
  readonly rounds: number;
  readonly values: Readonly<Record<NodeId, number>>;
  readonly earlyStopping: boolean;
  readonly tellFirst: boolean;
  readonly roundTimeout: number;
}
type Values = Received<Message & { type: 'values'; round: number; values: readonly number[]; early: boolean }>;

interface NodeContext {
  parameters: Parameters;
  /** 0 while the nodes take their places */
  round: number;
  /** the values it knows, in ascending order, and those of them that it has not told yet */
  known: number[];
  fresh: number[];
  /** from whom it has heard in this round, and from how many nodes, itself included, in the round before */
  heard: NodeId[];
  heardBefore: number;
  /** nothing has escaped it: it has said so, or is about to */
  early: boolean;
  /** one that has missed nothing has said so in this round */
  toldEarly: boolean;
}
const lastRound = ({ f, rounds }: Parameters): number => (rounds === 0 ? f + 1 : rounds);
const ascending = (values: readonly number[]): number[] => [...new Set(values)].sort((a, b) => a - b);
const hasMissedNothing = ({ heard, heardBefore, toldEarly }: NodeContext): boolean =>
  toldEarly || heard.length + 1 === heardBefore;

const forNode = setup({
  types: {} as { context: NodeContext; events: Values; input: NodeInput<Parameters> },
  actions: effects,
  delays: { round: ({ context }) => context.parameters.roundTimeout },
  guards: {
    isOfThisRound: ({ context, event }) => event.round === context.round && !context.heard.includes(event.from),
    isLastRound: ({ context }) => context.round >= lastRound(context.parameters),
    hasSaidEnough: ({ context }) => context.parameters.earlyStopping && context.early,
    keepsItToItself: ({ context }) =>
      context.parameters.earlyStopping && !context.parameters.tellFirst && hasMissedNothing(context),
  },
});
const hear = forNode.assign(({ context, event }) => {
  const told = Array.isArray(event.values) ? event.values : [];
  return {
    heard: [...context.heard, event.from].sort(),
    known: ascending([...context.known, ...told]),
    fresh: ascending([...context.fresh, ...told.filter((value) => !context.known.includes(value))]),
    toldEarly: context.toldEarly || event.early === true,
  };
});
const nextRound = forNode.assign(({ context }) => ({
  round: context.round + 1,
  heard: [],
  heardBefore: context.round === 0 ? context.heardBefore : context.heard.length + 1,
  early: context.round > 0 && context.parameters.earlyStopping && hasMissedNothing(context),
  toldEarly: false,
}));
const tell = {
  type: 'broadcast' as const,
  params: ({ context: { early, fresh, round } }: { context: NodeContext }) => ({
    message: { type: 'values', round, values: fresh, early },
  }),
};
const forgetFresh = forNode.assign({ fresh: [] });
const decideSmallest = {
  type: 'decide' as const,
  params: ({ context }: { context: NodeContext }) => ({ value: context.known[0] ?? null }),
};
const beginRound = [nextRound, tell, forgetFresh];

const node = forNode.createMachine({
  id: 'node',
  description: 'Tells everybody what is new to it, round by round, and decides the smallest value it knows.',
  context: ({ input }) => {
    const own = input.parameters.values[input.self] ?? 0;
    return {
      parameters: input.parameters,
      round: 0,
      known: [own],
      fresh: [own],
      heard: [],
      heardBefore: Object.keys(input.nodes).length,
      early: false,
      toldEarly: false,
    };
  },
  initial: 'mustering',
  states: {
    mustering: {
      description: 'Nothing is said yet; there is time to prepare a crash.',
      after: { round: { target: 'flooding', actions: beginRound } },
    },
    flooding: {
      description: 'A round: it has told the others what was new to it, and hears what is new to them.',
      on: { values: { guard: 'isOfThisRound', actions: hear } },
      after: {
        round: [
          { guard: 'isLastRound', target: 'decided', actions: decideSmallest },
          {
            guard: 'hasSaidEnough',
            target: 'decided',
            actions: decideSmallest,
            description: 'Early: everybody who runs has been told what it knows.',
          },
          {
            guard: 'keepsItToItself',
            target: 'decided',
            actions: decideSmallest,
            description: 'Wrong: it has missed nothing, but others may have.',
          },
          { target: 'flooding', reenter: true, actions: beginRound },
        ],
      },
    },
    decided: { description: 'Has decided, and says no more.' },
  },
});

type Roles = Readonly<Record<RoleName, number>>;
const read = (parameters: JsonObject): Parameters => parameters as unknown as Parameters;
/** Without a crash, early stopping takes two rounds: one to hear from all, one to say so. */
const roundsOf = (parameters: JsonObject): number => {
  const { earlyStopping, tellFirst } = read(parameters);
  return earlyStopping ? Math.min(tellFirst ? 2 : 1, lastRound(read(parameters))) : lastRound(read(parameters));
};
const lynch = 'Lynch, "Distributed Algorithms" (1996), section 6.2';
const all = (view: View) => view.nodes;

export default defineProtocol({
  id: 'flood-set',
  title: 'FloodSet',
  source: `${lynch}; early stopping: Dolev, Reischuk and Strong, "Early Stopping in Byzantine Agreement" (1990)`,
  problem: 'consensus',
  about:
    'In each of f + 1 rounds everybody tells everybody what is new, and then decides the smallest value. It stands f crashes, also in mid-broadcast, because one of the rounds has no crash in it.',
  roles: { node },
  messages: {
    values: {
      fields: { round: 'number', values: 'list', early: 'flag' },
      about: 'These values are new to me. With early: I have missed nothing, and decide at the end of this round.',
    },
  },
  inputs: {},
  parameters: {
    f: { kind: 'integer', default: 1, min: 0, max: 20, about: 'How many crashes to stand.' },
    rounds: {
      kind: 'integer',
      default: 0,
      min: 0,
      max: 21,
      about: 'How many rounds; 0: f + 1. Wrong when it is f or less.',
    },
    values: { kind: 'per-node', of: { kind: 'integer', default: 1 }, about: 'What each node proposes.' },
    earlyStopping: { kind: 'flag', default: false, about: 'Stop when nothing can have been missed.' },
    tellFirst: {
      kind: 'flag',
      default: true,
      about: 'Wrong when false: who has missed nothing decides at once, without telling the others what it knows.',
    },
    roundTimeout: { kind: 'duration', default: 100, min: 1, about: 'A round; longer than any message travels.' },
  },
  properties: consensus({
    proposals: (view) => view.nodes.map(({ id }) => read(view.parameters).values[id] ?? null),
    deciders: all,
  }),
  lies: { values: { values: (honest: Json | undefined) => [Array.isArray(honest) && honest.length > 0 ? [] : [0]] } },
  costs: [
    {
      name: 'messages',
      formula: 'R n(n-1), R = f + 1; early stopping without a crash: R = min(2, f + 1)',
      source: `counted from the rounds of ${lynch}`,
      expected: ({ node: n = 0 }: Roles, parameters) => roundsOf(parameters) * n * (n - 1),
      measured: (figures: CostFigures) => figures.messages,
    },
    {
      name: 'message delays',
      formula: 'R rounds: f + 1; early stopping: min(f′ + 2, f + 1) with f′ crashes',
      source: 'Dolev, Reischuk and Strong, "Early Stopping in Byzantine Agreement" (1990)',
      expected: (_, parameters) => roundsOf(parameters),
      measured: (figures) => figures.messageDelays,
    },
  ],
  bound: { formula: 'f crashes, f + 1 rounds', of: 'crashes', greatest: (_, __, parameters) => read(parameters).f },
  summary({ context, value }) {
    const { round, known, heard } = context as unknown as NodeContext;
    return [
      { label: 'round', value: value === 'decided' ? `over after ${round}` : round },
      { label: 'knows', value: known.join(' ') },
      { label: 'heard from', value: heard.join(' ') },
    ];
  },
  wrongVariants: [
    {
      parameters: { rounds: 1 },
      breaks: 'consensus/agreement',
      about:
        'A round too few: a crash in mid-broadcast leaves the smallest value with some, and there is no round to pass it on.',
    },
    {
      parameters: { earlyStopping: true, tellFirst: false },
      breaks: 'consensus/agreement',
      about: 'Stops early without a word: the only one who knows the smallest value decides it and keeps it to itself.',
    },
  ],
});
