/**
 * Oral messages, OM(m): the Byzantine generals without signatures.
 *
 * A commander sends an order to his lieutenants. Some generals are traitors, and a traitor may tell everyone something
 * else, or nothing. The loyal lieutenants must obey one and the same order (IC1), and if the commander is loyal, his
 * (IC2). With n > 3m generals, m of them traitors, that is possible; with 3m or fewer it is not.
 *
 * OM(0): the commander sends, the lieutenants obey. OM(m): the commander sends, and then each lieutenant acts as the
 * commander of an OM(m-1) to tell the others what he was told. In the end each has, for every other lieutenant, a value
 * for what that one was told, and obeys the majority; where there is none, or nothing came, the default, a retreat.
 *
 * It takes m + 1 rounds, in which everything sent arrives: the model is synchronous, and silence is noticed. Before the
 * first round lies one in which the generals take their places and nothing is said, so that there is time to turn one.
 *
 * Oral means that a listener knows who speaks to him, but not whether what he relays is true.
 */
import { setup } from 'xstate';
import { byzantineGenerals } from '../src/core/problems/byzantine-generals.ts';
import {
  type CostFigures,
  defineProtocol,
  effects,
  type Json,
  type JsonObject,
  type Message,
  type NodeId,
  type NodeInput,
  nodesWithRole,
  type Received,
  type RoleName,
} from '../src/core/protocol.ts';
import { keyOf, type Path, pathsOf, type Reports, resolve } from './oral-messages/reports.ts';

interface Parameters {
  readonly m: number;
  readonly order: Json;
  readonly defaultOrder: Json;
  readonly roundTimeout: number;
}
type Order = Received<Message & { type: 'order'; value: Json; path: Path }>;

const forCommander = setup({
  types: {} as { context: { parameters: Parameters; self: NodeId }; events: Order; input: NodeInput<Parameters> },
  actions: effects,
  delays: { round: ({ context }) => context.parameters.roundTimeout },
});

const commander = forCommander.createMachine({
  id: 'commander',
  description: 'Gives the order, and obeys it.',
  context: ({ input }) => ({ parameters: input.parameters, self: input.self }),
  initial: 'mustering',
  states: {
    mustering: {
      description: 'The generals take their places.',
      after: {
        round: {
          target: 'ordered',
          actions: [
            {
              type: 'broadcast',
              params: ({ context }) => ({
                to: 'lieutenant',
                message: { type: 'order', value: context.parameters.order, path: [context.self] },
              }),
            },
            { type: 'decide', params: ({ context }) => ({ value: context.parameters.order }) },
          ],
        },
      },
    },
    ordered: { description: 'Has given the order.' },
  },
});

interface LieutenantContext {
  parameters: Parameters;
  self: NodeId;
  commander: NodeId;
  lieutenants: NodeId[];
  round: number;
  reports: Reports;
}

/** Believable in form: it comes from the last of its path, in the round for paths of that length, and is news. */
function isCredible(context: LieutenantContext, { path, from }: Order): boolean {
  return (
    Array.isArray(path) &&
    path.length === context.round &&
    path[0] === context.commander &&
    path.at(-1) === from &&
    path.slice(1).every((node) => context.lieutenants.includes(node)) &&
    new Set([...path, context.self]).size === path.length + 1 &&
    context.reports[keyOf(path)] === undefined
  );
}
/** There are two orders; anything else that a traitor may say counts as silence. */
const understood = (value: Json, { defaultOrder }: Parameters): Json =>
  value === 'attack' || value === 'retreat' ? value : defaultOrder;

const forLieutenant = setup({
  types: {} as { context: LieutenantContext; events: Order; input: NodeInput<Parameters> },
  actions: effects,
  delays: { round: ({ context }) => context.parameters.roundTimeout },
  guards: {
    isCredible: ({ context, event }) => event.type === 'order' && isCredible(context, event),
    isLastRound: ({ context }) => context.round > context.parameters.m,
  },
});

/** Tells every lieutenant who has not said it himself what was heard in this round, silence as the default. */
const relay = forLieutenant.enqueueActions(({ context, enqueue }) => {
  const { self, commander: first, lieutenants, round, reports, parameters } = context;
  for (const path of pathsOf(round, first, lieutenants, self)) {
    const value = reports[keyOf(path)] ?? parameters.defaultOrder;
    const to = lieutenants.filter((node) => node !== self && !path.includes(node));
    enqueue({ type: 'send', params: { to, message: { type: 'order', value, path: [...path, self] } } });
  }
});
const nextRound = forLieutenant.assign({ round: ({ context }) => context.round + 1 });
const note = forLieutenant.assign({
  reports: ({ context, event }) => ({
    ...context.reports,
    [keyOf(event.path)]: understood(event.value, context.parameters),
  }),
});
const verdict = (context: LieutenantContext): Json =>
  resolve(context.reports, [context.commander], context.parameters.m, {
    ...context,
    otherwise: context.parameters.defaultOrder,
  });

const lieutenant = forLieutenant.createMachine({
  id: 'lieutenant',
  description: 'Hears the order, tells the others what he heard, and obeys the majority.',
  context: ({ input }) => ({
    parameters: input.parameters,
    self: input.self,
    commander: nodesWithRole(input, 'commander')[0] ?? '',
    lieutenants: nodesWithRole(input, 'lieutenant'),
    round: 0,
    reports: {},
  }),
  initial: 'mustering',
  states: {
    mustering: {
      description: 'The generals take their places.',
      after: { round: { target: 'listening', actions: nextRound } },
    },
    listening: {
      description: 'A round: what it hears in this round, it tells the others at its end.',
      on: { order: { guard: 'isCredible', actions: note } },
      after: {
        round: [
          {
            guard: 'isLastRound',
            target: 'decided',
            actions: { type: 'decide', params: ({ context }) => ({ value: verdict(context) }) },
          },
          { target: 'listening', reenter: true, actions: [relay, nextRound] },
        ],
      },
    },
    decided: { description: 'Obeys the majority.' },
  },
});

type Roles = Readonly<Record<RoleName, number>>;
const generals = (roles: Roles): number => (roles.commander ?? 0) + (roles.lieutenant ?? 0);

/** (n-1) + (n-1)(n-2) + ... : one message for every path of generals and every listener. */
function messagesOf(n: number, m: number): number {
  let [total, inThisRound] = [0, 1];
  for (let round = 1; round <= m + 1; round++) {
    inThisRound *= Math.max(0, n - round);
    total += inThisRound;
  }
  return total;
}
const lamport = 'Lamport, Shostak and Pease, "The Byzantine Generals Problem" (1982)';
const rounds = (parameters: JsonObject): number => Number(parameters.m);

export default defineProtocol({
  id: 'oral-messages',
  title: 'Byzantine generals, oral messages',
  source: lamport,
  problem: 'byzantine-generals',
  about:
    'OM(m): a commander gives an order, the lieutenants tell one another in m more rounds what they were told, and each obeys a majority of majorities. It masks m traitors among more than 3m generals.',
  roles: { commander, lieutenant },
  messages: {
    order: {
      fields: { value: 'value', path: 'list' },
      about: 'The order, and through whose mouths it went, the commander first.',
    },
  },
  inputs: {},
  parameters: {
    m: { kind: 'integer', default: 1, min: 0, max: 6, about: 'How many traitors to mask; there are m + 1 rounds.' },
    order: {
      kind: 'choice',
      choices: ['attack', 'retreat'],
      default: 'attack',
      about: 'What a loyal commander orders.',
    },
    defaultOrder: {
      kind: 'choice',
      choices: ['attack', 'retreat'],
      default: 'retreat',
      about: 'What silence and a tie mean.',
    },
    roundTimeout: { kind: 'duration', default: 100, min: 1, about: 'A round; longer than any message travels.' },
  },
  properties: byzantineGenerals({
    commander: (view) => view.nodes.find((node) => node.role === 'commander'),
    lieutenants: (view) => view.nodes.filter((node) => node.role === 'lieutenant'),
    order: (view) => view.parameters.order ?? null,
  }),
  lies: { order: { value: (value) => [value === 'attack' ? 'retreat' : 'attack'] } },
  costs: [
    {
      name: 'messages',
      formula: '(n-1) + (n-1)(n-2) + ..., m + 1 terms',
      source: lamport,
      expected: (roles, parameters) => messagesOf(generals(roles), rounds(parameters)),
      measured: (figures: CostFigures) => figures.messages,
    },
    {
      name: 'message delays',
      formula: 'm + 1 rounds',
      source: lamport,
      expected: (_, parameters) => rounds(parameters) + 1,
      measured: (figures) => figures.messageDelays,
    },
  ],
  bound: {
    formula: 'n > 3f, f ≤ m',
    of: 'traitors',
    crashesCount: true,
    greatest: (_, roles, parameters) => Math.max(0, Math.min(rounds(parameters), Math.ceil(generals(roles) / 3) - 1)),
  },
  summary({ context, value }) {
    const { round, reports, parameters } = context as unknown as LieutenantContext;
    if (reports === undefined) return [{ label: 'order', value: parameters.order }];
    const heard = Object.entries(reports).map(([path, said]) => `${path}: ${String(said)}`);
    return [
      { label: 'round', value: value === 'decided' ? 'over' : round },
      { label: 'heard', value: heard.join(', ') },
    ];
  },
  wrongVariants: [
    {
      parameters: { m: 0 },
      breaks: 'byzantine-generals/IC1',
      about: 'A round too few: the lieutenants obey without asking one another, and a traitor commander splits them.',
    },
  ],
});
