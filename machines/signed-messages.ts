/**
 * Signed messages, SM(m): the Byzantine generals with signatures.
 *
 * A commander sends a signed order. Whoever receives an order that he has not seen before adds his own signature and
 * passes it on. What was signed cannot be altered, so a traitor in between can only withhold it; and a commander who
 * signs two orders is found out as soon as somebody holds both. After m + 1 rounds every loyal lieutenant holds the same
 * set V of orders, and obeys `choice(V)`: the order, if there is exactly one, and otherwise the default. This masks m
 * traitors among any number of generals; three generals and one traitor, hopeless with oral messages, are no problem.
 *
 * Why m + 1 rounds? In round r an order counts only with r signatures. One that first reaches a loyal lieutenant in the
 * last round therefore has m + 1, so that one signer is loyal, and he has told everybody. With a round fewer, m traitors
 * can hand an order along among themselves and reveal it to one lieutenant when it is too late for him to tell (Dolev
 * and Strong).
 *
 * Early stopping: m + 1 rounds are for the worst case. With `earlyStopping` a lieutenant also reports who else had the
 * order from the commander, and stops once nothing can change his choice any more: after two rounds under a loyal
 * commander if n > 2m, whatever the traitors do, and after m + 1 at the latest. `signed-messages/known.ts` says why. It
 * saves rounds, not messages. With n > 2m it takes at most min(t + 2, m + 1) rounds, t being the number of actual
 * traitors, unless the commander is one and t < m - 1; the algorithms that always keep to this bound are far less simple.
 */
import { setup } from 'xstate';
import { byzantineGenerals } from '../src/core/problems/byzantine-generals.ts';
import {
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
import { type Chain, hearsay, liesAbout, type News, readChain, type Signed } from './signed-messages/chains.ts';
import { choice, isCertain, type Known, orders, ordersIn, type Rule } from './signed-messages/known.ts';

interface Parameters {
  readonly m: number;
  readonly order: Json;
  readonly defaultOrder: Json;
  readonly roundTimeout: number;
  readonly earlyStopping: boolean;
  readonly readSignatures: boolean;
  readonly countSignatures: boolean;
}
type Order = Received<Message & { type: 'order'; value: Json; proof: Signed | null; signed: Signed }>;

const forCommander = setup({
  types: {} as { context: { parameters: Parameters }; events: Order; input: NodeInput<Parameters> },
  actions: effects,
  delays: { round: ({ context }) => context.parameters.roundTimeout },
});

const commander = forCommander.createMachine({
  id: 'commander',
  description: 'Signs the order, sends it, and obeys it.',
  context: ({ input }) => ({ parameters: input.parameters }),
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
                message: { type: 'order', value: context.parameters.order, proof: null },
                signed: true,
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
  known: readonly Known[];
  /** what was learnt in this round, to be passed on in the next */
  news: readonly News[];
}

const ruleOf = ({ parameters, lieutenants }: LieutenantContext): Rule => ({
  ...parameters,
  lieutenants: lieutenants.length,
});
/** Whoever had it from the commander himself; for an order fresh from the commander, its reader. */
const knownBy = ({ value, signers }: Chain, self: NodeId): Known => ({ value, witness: signers[1] ?? self });

/** The chain in this message, if it is one that counts: signed by enough generals for this round, and news. */
function accepted(context: LieutenantContext, order: Order): Chain | null {
  const { self, commander: first, lieutenants, round, known, parameters } = context;
  const chain = parameters.readSignatures ? readChain(order.signed) : hearsay(order.signed);
  if (chain === null || !orders.includes(chain.value)) return null;
  const { signers } = chain;
  const witnesses = signers.slice(1);
  const travelled =
    signers[0] === first &&
    signers.at(-1) === order.from &&
    witnesses.every((node) => lieutenants.includes(node)) &&
    new Set([...signers, self]).size === signers.length + 1;
  if (!travelled || (parameters.countSignatures && signers.length < round)) return null;
  const fact = knownBy(chain, self);
  const isOld = known.some(
    ({ value, witness }) => value === fact.value && (!parameters.earlyStopping || witness === fact.witness),
  );
  return isOld ? null : chain;
}

const forLieutenant = setup({
  types: {} as { context: LieutenantContext; events: Order; input: NodeInput<Parameters> },
  actions: effects,
  delays: { round: ({ context }) => context.parameters.roundTimeout },
  guards: {
    counts: ({ context, event }) => event.type === 'order' && accepted(context, event) !== null,
    isLastRound: ({ context }) => context.round > context.parameters.m,
    needsNoMore: ({ context }) =>
      context.parameters.earlyStopping && context.round >= 2 && isCertain(context.known, ruleOf(context)),
  },
});

/** Shows every order that is news to everybody who has not signed it, with one more signature. */
const passOn = forLieutenant.enqueueActions(({ context, enqueue }) => {
  const { self, lieutenants, news } = context;
  for (const { value, signers, proof } of news) {
    const to = lieutenants.filter((node) => node !== self && !signers.includes(node));
    enqueue({ type: 'send', params: { to, message: { type: 'order', value, proof }, signed: true } });
  }
});
const nextRound = forLieutenant.assign({ round: ({ context }) => context.round + 1, news: [] });
const learn = forLieutenant.assign(({ context, event }) => {
  const chain = accepted(context, event);
  if (chain === null) return {};
  return {
    known: [...context.known, knownBy(chain, context.self)],
    news: [...context.news, { ...chain, proof: event.signed }],
  };
});
const obey = {
  type: 'decide',
  params: ({ context }: { context: LieutenantContext }) => ({ value: choice(context.known, ruleOf(context)) }),
} as const;

const lieutenant = forLieutenant.createMachine({
  id: 'lieutenant',
  description: 'Signs every order that is new to him and passes it on; in the end he obeys, if there is only one.',
  context: ({ input }) => ({
    parameters: input.parameters,
    self: input.self,
    commander: nodesWithRole(input, 'commander')[0] ?? '',
    lieutenants: nodesWithRole(input, 'lieutenant'),
    round: 0,
    known: [],
    news: [],
  }),
  initial: 'mustering',
  states: {
    mustering: {
      description: 'The generals take their places.',
      after: { round: { target: 'listening', actions: nextRound } },
    },
    listening: {
      description: 'A round: the orders that are new in this round, it passes on at its end.',
      on: { order: { guard: 'counts', actions: learn } },
      after: {
        round: [
          { guard: 'isLastRound', target: 'decided', actions: obey },
          { guard: 'needsNoMore', target: 'stoppedEarly', actions: [passOn, obey] },
          { target: 'listening', reenter: true, actions: [passOn, nextRound] },
        ],
      },
    },
    stoppedEarly: { description: 'Nothing could change its choice any more; it obeys, and has told the others why.' },
    decided: { description: 'The rounds are over; it obeys.' },
  },
});

type Roles = Readonly<Record<RoleName, number>>;
const generals = (roles: Roles): number => (roles.commander ?? 0) + (roles.lieutenant ?? 0);
const roundsOf = (parameters: JsonObject): number => Number(parameters.m) + 1;

/** Every lieutenant passes on the one order; with early stopping also, once, who else had it from the commander. */
function messagesOf(n: number, rounds: number, early: boolean): number {
  const [first, second, third] = [n - 1, (n - 1) * (n - 2), (n - 1) * (n - 2) * (n - 3)];
  return first + (rounds > 1 ? second : 0) + (early && rounds > 2 ? third : 0);
}
const lamport = 'Lamport, Shostak and Pease, "The Byzantine Generals Problem" (1982)';

export default defineProtocol({
  id: 'signed-messages',
  title: 'Byzantine generals, signed messages',
  source: `${lamport}; Dolev and Strong, "Authenticated Algorithms for Byzantine Agreement" (1983)`,
  problem: 'byzantine-generals',
  about:
    'SM(m): a commander signs an order; whoever sees a new one adds his signature and passes it on, for m + 1 rounds. Traitors can withhold, but not alter. It masks m traitors among any number of generals, with at most about (m+1)n² messages (early stopping costs more of them).',
  roles: { commander, lieutenant },
  messages: {
    order: {
      fields: { value: 'value', proof: 'value' },
      about: 'The order, and what its sender was shown: the same order, signed by the one before him.',
    },
  },
  inputs: {},
  parameters: {
    m: { kind: 'integer', default: 1, min: 0, max: 8, about: 'How many traitors to mask; there are m + 1 rounds.' },
    order: { kind: 'choice', choices: orders, default: 'attack', about: 'What a loyal commander orders.' },
    defaultOrder: {
      kind: 'choice',
      choices: orders,
      default: 'retreat',
      about: 'What is done when there is no order, or more than one.',
    },
    roundTimeout: { kind: 'duration', default: 100, min: 1, about: 'A round; longer than any message travels.' },
    earlyStopping: {
      kind: 'flag',
      default: false,
      about: 'Stop as soon as nothing can change the choice any more; it matters from m = 2 on.',
    },
    readSignatures: {
      kind: 'flag',
      default: true,
      about: 'false: take the order from the messenger instead of from what was signed. Wrong.',
    },
    countSignatures: {
      kind: 'flag',
      default: true,
      about: 'false: accept an order in any round, with however few signatures. Wrong.',
    },
  },
  properties: byzantineGenerals({
    commander: (view) => view.nodes.find((node) => node.role === 'commander'),
    lieutenants: (view) => view.nodes.filter((node) => node.role === 'lieutenant'),
    order: (view) => view.parameters.order ?? null,
  }),
  lies: { order: (order, { parameters }) => liesAbout(order, parameters.readSignatures !== false) },
  costs: [
    {
      name: 'messages',
      formula: '(n-1) + (n-1)(n-2) = (n-1)²; with early stopping and m > 1, (n-1)(n-2)(n-3) more',
      caseOf: (_, { earlyStopping, m }) =>
        ['n-1', '(n-1)²', '(n-1)² + (n-1)(n-2)(n-3)'][Math.min(Number(m), earlyStopping === true ? 2 : 1)] as string,
      source: `counted from the rounds of ${lamport}`,
      expected: (roles, parameters) =>
        messagesOf(generals(roles), roundsOf(parameters), parameters.earlyStopping === true),
      measured: (figures) => figures.messages,
    },
    {
      name: 'message delays',
      formula: '2: when nobody lies, all is said in two rounds (1 with m = 0)',
      caseOf: (_, { m }) => (m === 0 ? '1' : '2'),
      source: `counted from the rounds of ${lamport}`,
      expected: (roles, parameters) => Math.min(roundsOf(parameters), generals(roles) > 2 ? 2 : 1),
      measured: (figures) => figures.messageDelays,
    },
  ],
  bound: { formula: 'f ≤ m', of: 'traitors', crashesCount: true, greatest: (n, _, { m }) => Math.min(n, Number(m)) },
  summary({ context, value }) {
    const { round, known, parameters } = context as unknown as LieutenantContext;
    if (known === undefined) return [{ label: 'order', value: parameters.order }];
    const isOver = value === 'decided' || value === 'stoppedEarly';
    return [
      { label: 'round', value: isOver ? 'over' : round },
      { label: 'V', value: `{ ${ordersIn(known).join(', ')} }` },
      {
        label: parameters.earlyStopping ? 'had it from the commander' : 'first heard through',
        value: known.map(({ value: order, witness }) => `${witness}: ${String(order)}`).join(', '),
      },
    ];
  },
  wrongVariants: [
    {
      parameters: { m: 0 },
      breaks: 'byzantine-generals/IC1',
      about: 'A round too few: nobody shows his order to anybody, and a commander who signs two splits them.',
    },
    {
      parameters: { readSignatures: false },
      breaks: 'byzantine-generals/IC2',
      about: 'The signatures are verified, but the order is taken from the messenger: one liar is enough.',
    },
    {
      parameters: { countSignatures: false },
      breaks: 'byzantine-generals/IC1',
      about:
        'An order counts however late it comes: a traitor reveals it to some when no round is left to tell the rest.',
    },
  ],
});
