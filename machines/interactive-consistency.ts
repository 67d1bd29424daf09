/**
 * Interactive consistency, and the reductions between the three problems of agreement.
 *
 * Every general has a value of his own. In the end all loyal generals hold the same vector, with one entry for every
 * general, and the entry of a loyal one is his value. Pease, Shostak and Lamport posed agreement in this form first.
 *
 *   consensus C                    everybody proposes a value, all decide the same one
 *   Byzantine generals BG          one commander proposes, all the others decide the same
 *   interactive consistency IC     everybody proposes, all decide the same vector
 *
 * If one of them can be solved, all can, by reduction, and `solve` chooses how far to go:
 *
 *   IC from BG    run BG once for every general, with him as the commander. Here BG is OM(m), the oral messages; the n
 *                 instances run side by side in the same m + 1 rounds, and cost n times as much.
 *   C from IC     run IC, then let everybody apply the same function to the same vector: here the majority.
 *   BG from C     the commander tells everybody his order, in a round of its own; then all run C on what they were told.
 *                 Loyal generals with a loyal commander all propose his order, and so they decide it.
 *
 * `solve: byzantine-generals` therefore goes once around: BG from C from IC from BG. It works, and is an absurd way to
 * give an order. The use of a reduction is to show what is possible, and what is not: one impossibility serves for all.
 */
import { setup } from 'xstate';
import { byzantineGenerals } from '../src/core/problems/byzantine-generals.ts';
import { consensus } from '../src/core/problems/consensus.ts';
import { interactiveConsistency } from '../src/core/problems/interactive-consistency.ts';
import {
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
import { keyOf, majority, type Path, pathsOf, type Reports, resolve } from './oral-messages/reports.ts';

type Problem = 'interactive-consistency' | 'consensus' | 'byzantine-generals';
interface Parameters {
  readonly solve: Problem;
  readonly m: number;
  readonly values: Readonly<Record<NodeId, Json>>;
  readonly defaultValue: Json;
  readonly roundTimeout: number;
}
/** BG from C: the commander's order, before anything is agreed on. */
type Order = Received<Message & { type: 'order'; value: Json }>;
/** A value, and through whose mouths it went, the one whose value it is first: his instance of OM(m). */
type Report = Received<Message & { type: 'report'; value: Json; path: Path }>;

interface Context {
  parameters: Parameters;
  self: NodeId;
  generals: NodeId[];
  commander: NodeId | null;
  /** what it proposes: its own value, or what the commander told it */
  value: Json;
  round: number;
  reports: Reports;
}

const choices: readonly Json[] = ['attack', 'retreat'];
/** Anything else that a traitor may say counts as silence. */
const understood = (value: Json, { defaultValue }: Parameters): Json =>
  choices.includes(value) ? value : defaultValue;

/** Believable in form: it comes from the last of its path, in the round for paths of that length, and is news. */
const isCredible = ({ generals, round, self, reports }: Context, { path, from }: Report): boolean =>
  Array.isArray(path) &&
  path.length === round &&
  path.at(-1) === from &&
  path.every((node) => generals.includes(node)) &&
  new Set([...path, self]).size === path.length + 1 &&
  reports[keyOf(path)] === undefined;

const forGeneral = setup({
  types: {} as { context: Context; events: Order | Report; input: NodeInput<Parameters> },
  actions: effects,
  delays: { round: ({ context }) => context.parameters.roundTimeout },
  guards: {
    givesOrder: ({ context }) =>
      context.parameters.solve === 'byzantine-generals' && context.self === context.commander,
    awaitsOrder: ({ context }) => context.parameters.solve === 'byzantine-generals',
    isFromCommander: ({ context, event }) => event.from === context.commander,
    isCredible: ({ context, event }) => event.type === 'report' && isCredible(context, event),
    isLastRound: ({ context }) => context.round > context.parameters.m,
  },
});

const order = {
  type: 'broadcast',
  params: ({ context }: { context: Context }) => ({ message: { type: 'order', value: context.value } }),
} as const;
const obey = forGeneral.assign({
  value: ({ context, event }) => (event.type === 'order' ? understood(event.value, context.parameters) : context.value),
});
/** The first round of all instances: each general is the commander of his own. */
const propose = {
  type: 'broadcast',
  params: ({ context }: { context: Context }) => ({
    message: { type: 'report', value: context.value, path: [context.self] },
  }),
} as const;
/** The next round of all instances but one's own: tell what was heard in this one, silence as the default. */
const relay = forGeneral.enqueueActions(({ context, enqueue }) => {
  const { self, generals, round, reports, parameters } = context;
  for (const source of generals.filter((node) => node !== self)) {
    for (const path of pathsOf(round, source, generals, self)) {
      const value = reports[keyOf(path)] ?? parameters.defaultValue;
      const to = generals.filter((node) => node !== self && !path.includes(node));
      enqueue({ type: 'send', params: { to, message: { type: 'report', value, path: [...path, self] } } });
    }
  }
});
const nextRound = forGeneral.assign({ round: ({ context }) => context.round + 1 });
const note = forGeneral.assign({
  reports: ({ context, event }) =>
    event.type === 'report'
      ? { ...context.reports, [keyOf(event.path)]: understood(event.value, context.parameters) }
      : context.reports,
});

/** IC from BG: for each general, what OM(m) makes of the reports about his value. */
function vectorOf({ generals, self, value, reports, parameters }: Context): Readonly<Record<NodeId, Json>> {
  const entry = (source: NodeId): Json => {
    const about = { lieutenants: generals, self, otherwise: parameters.defaultValue };
    return source === self ? value : resolve(reports, [source], parameters.m, about);
  };
  return Object.fromEntries(generals.map((source) => [source, entry(source)]));
}
/** C from IC: the same function of the same vector. */
function outcome(context: Context): Json {
  const vector = vectorOf(context);
  const { solve, defaultValue } = context.parameters;
  return solve === 'interactive-consistency' ? vector : majority(Object.values(vector), defaultValue);
}

const general = forGeneral.createMachine({
  id: 'general',
  description: 'Tells all its value, tells all what it was told, and computes the vector of all values.',
  context: ({ input }) => {
    const commander = Object.keys(input.nodes).find((node) => input.nodes[node] === 'commander') ?? null;
    const { solve, values, defaultValue } = input.parameters;
    const isTold = solve === 'byzantine-generals' && input.self !== commander;
    return {
      parameters: input.parameters,
      self: input.self,
      generals: Object.keys(input.nodes),
      commander,
      value: isTold ? defaultValue : (values[input.self] ?? defaultValue),
      round: 0,
      reports: {},
    };
  },
  initial: 'mustering',
  states: {
    mustering: {
      description: 'The generals take their places.',
      after: {
        round: [
          { guard: 'givesOrder', target: 'ordering', actions: order },
          { guard: 'awaitsOrder', target: 'ordering' },
          { target: 'exchanging', actions: [propose, nextRound] },
        ],
      },
    },
    ordering: {
      description: 'BG from C, step 1: the commander tells all the others; what they are told, they propose.',
      on: { order: { guard: 'isFromCommander', actions: obey } },
      after: { round: { target: 'exchanging', actions: [propose, nextRound] } },
    },
    exchanging: {
      description: 'A round of all n instances: what it hears in this round, it tells the others at its end.',
      on: { report: { guard: 'isCredible', actions: note } },
      after: {
        round: [
          {
            guard: 'isLastRound',
            target: 'decided',
            actions: { type: 'decide', params: ({ context }) => ({ value: outcome(context) }) },
          },
          { target: 'exchanging', reenter: true, actions: [relay, nextRound] },
        ],
      },
    },
    decided: { description: 'Has the vector, and what is made of it.' },
  },
});

type Roles = Readonly<Record<RoleName, number>>;
const generalsIn = (roles: Roles): number => (roles.general ?? 0) + (roles.commander ?? 0);
const roundsOf = (parameters: JsonObject): number => Number(parameters.m) + 1;
const membersFor = (problem: Problem) => (view: View) => (view.parameters.solve === problem ? view.nodes : []);
const isFromConsensus = ({ solve }: JsonObject): boolean => solve === 'byzantine-generals';
const proposalOf = ({ parameters }: View, id: NodeId | undefined): Json =>
  (parameters.values as Parameters['values'])[id ?? ''] ?? null;
const isCommander = ({ role }: { readonly role: RoleName }): boolean => role === 'commander';

/** n times OM(m): n(n-1)...(n-r) messages in round r, one for every path of generals and every listener. */
const messagesOf = (n: number, rounds: number, round = 1, inRound = n * (n - 1)): number =>
  round > rounds ? 0 : inRound + messagesOf(n, rounds, round + 1, inRound * Math.max(0, n - round - 1));
const lie = { value: (value: Json | undefined) => [value === 'attack' ? 'retreat' : 'attack'] };
const pease = 'Pease, Shostak and Lamport, "Reaching Agreement in the Presence of Faults" (1980)';

export default defineProtocol({
  id: 'interactive-consistency',
  title: 'Interactive consistency, and the reductions',
  source: pease,
  problem: 'interactive-consistency',
  about:
    'All loyal nodes compute the same vector of all values: one instance of the Byzantine generals, OM(m), for every node. From the vector follows consensus, and from consensus the Byzantine generals again.',
  roles: { general, commander: general },
  messages: {
    order: { fields: { value: 'value' }, about: 'BG from C: what the commander wants all to propose.' },
    report: {
      fields: { value: 'value', path: 'list' },
      about: 'A value, and through whose mouths it went, the one whose value it is first.',
    },
  },
  inputs: {},
  parameters: {
    solve: {
      kind: 'choice',
      choices: ['interactive-consistency', 'consensus', 'byzantine-generals'],
      default: 'interactive-consistency',
      about: 'The problem: IC from BG; C from that IC; BG from that C, for which one node must be a commander.',
    },
    m: { kind: 'integer', default: 1, min: 0, max: 3, about: 'How many traitors to mask; there are m + 1 rounds.' },
    values: { kind: 'per-node', of: { kind: 'choice', choices, default: 'attack' }, about: 'What each node proposes.' },
    defaultValue: { kind: 'choice', choices, default: 'retreat', about: 'What silence and a tie mean.' },
    roundTimeout: { kind: 'duration', default: 100, min: 1, about: 'A round; longer than any message travels.' },
  },
  properties: [
    ...interactiveConsistency({
      members: membersFor('interactive-consistency'),
      value: (view, { id }) => proposalOf(view, id),
    }),
    ...consensus({
      proposals: (view) =>
        membersFor('consensus')(view)
          .filter(({ honest }) => honest)
          .map(({ id }) => proposalOf(view, id)),
      deciders: (view) => membersFor('consensus')(view).filter(({ everCrashed }) => !everCrashed),
    }),
    ...byzantineGenerals({
      commander: (view) => membersFor('byzantine-generals')(view).find(isCommander),
      lieutenants: (view) => membersFor('byzantine-generals')(view).filter((node) => !isCommander(node)),
      order: (view) => proposalOf(view, view.nodes.find(isCommander)?.id),
    }),
  ],
  lies: { order: lie, report: lie },
  costs: [
    {
      name: 'messages',
      formula: 'n times OM(m): n(n-1) + n(n-1)(n-2) + ..., m + 1 terms; BG from C: n-1 more',
      caseOf: (_, parameters) => `n times OM(m)${isFromConsensus(parameters) ? ' + n-1' : ''}`,
      source: 'counted: OM(m), once for every node',
      expected: (roles, parameters) =>
        messagesOf(generalsIn(roles), roundsOf(parameters)) + (isFromConsensus(parameters) ? generalsIn(roles) - 1 : 0),
      measured: (figures) => figures.messages,
    },
    {
      name: 'message delays',
      formula: 'm + 1 rounds; BG from C: one more',
      caseOf: (_, parameters) => `m + ${isFromConsensus(parameters) ? 2 : 1} rounds`,
      source: 'counted: OM(m), once for every node',
      expected: (_, parameters) => roundsOf(parameters) + (isFromConsensus(parameters) ? 1 : 0),
      measured: (figures) => figures.messageDelays,
    },
  ],
  bound: {
    formula: 'n > 3f, f ≤ m',
    of: 'traitors',
    crashesCount: true,
    greatest: (n, _, parameters) => Math.max(0, Math.min(Number(parameters.m), Math.ceil(n / 3) - 1)),
  },
  summary({ context, value }) {
    const state = context as unknown as Context;
    const vector = Object.entries(vectorOf(state)).map(([id, entry]) => `${id}: ${String(entry)}`);
    return [
      { label: 'round', value: value === 'decided' ? 'over' : state.round },
      { label: 'proposes', value: state.value },
      { label: value === 'decided' ? 'vector' : 'vector so far', value: vector.join(', ') },
    ];
  },
  wrongVariants: [
    {
      parameters: { m: 0 },
      breaks: 'interactive-consistency/same-vector',
      about: 'A round too few: everybody writes down what he was told, and a traitor tells everybody something else.',
    },
    {
      parameters: { solve: 'consensus', m: 0 },
      breaks: 'consensus/agreement',
      about: 'The same mistake, seen from consensus: majorities of different vectors.',
    },
  ],
});
