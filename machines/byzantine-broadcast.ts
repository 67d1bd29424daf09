/**
 * Byzantine reliable broadcast: initial, echo, ready.
 *
 * One node sends a message to all. All loyal nodes are to deliver the same message, or none is to deliver any, even if
 * the sender tells everyone something else, with t traitors among n > 3t nodes and no bound on how long messages take.
 *
 *   initial   the sender sends v to all.
 *   echo      "v is what I got." A node sends it once, for the first v that it got from the sender.
 *   ready     "nobody will deliver anything but v." A node sends it once, after more than (n+t)/2 echoes of v: any two such
 *             crowds share a loyal node, which echoes only once, so no two loyal nodes are ready for different messages.
 *   deliver   after 2t + 1 readies: at least t + 1 of them come from loyal nodes. Everybody will hear those t + 1, and t + 1
 *             readies are enough to make a node ready too, echoes or not. So, if one loyal node delivers, all will.
 *
 * It is not consensus: under a traitor sender nobody need ever deliver, and that is why it can be done without any
 * assumption about time. It costs (n-1) + 2n(n-1) messages, and is what many protocols are built upon.
 *
 * `threshold: n-f` replaces both crowds by n - t nodes, which sounds reasonable: that many are loyal. With n > 3t it is
 * enough. With n = 3t, two crowds of n - t may share nobody but traitors, and two loyal nodes deliver different messages,
 * where the original thresholds lose no more than progress.
 */
import { setup } from 'xstate';
import { broadcast as broadcastProblem } from '../src/core/problems/broadcast.ts';
import {
  type Cost,
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

interface Parameters {
  readonly t: number;
  readonly threshold: 'bracha' | 'n-f';
  readonly skipReady: boolean;
}
type Word = Received<Message & { type: 'initial' | 'echo' | 'ready'; value: Json }>;
type Event = Word | { type: 'broadcast'; value: Json };

/** Who said what: the first word of each node counts, and no other. */
type Said = Readonly<Record<NodeId, Json>>;

interface Context {
  parameters: Parameters;
  self: NodeId;
  n: number;
  sender: NodeId;
  /** what the sender sent, if it has arrived */
  initial: Json;
  echoes: Said;
  readies: Said;
}

/** The value that at least `need` nodes named; null: there is none. */
function backed(said: Said, need: number): Json {
  const voices = Object.values(said);
  return voices.find((value) => voices.filter((each) => each === value).length >= need) ?? null;
}
const echoesNeeded = ({ n, parameters: { t, threshold } }: Context): number =>
  threshold === 'n-f' ? n - t : Math.floor((n + t) / 2) + 1;
const readiesNeeded = ({ n, parameters: { t, threshold } }: Context): number =>
  threshold === 'n-f' ? n - t : 2 * t + 1;

/** For what this node may now send its echo, send its ready, deliver; null: for nothing yet. */
const convinced = (context: Context): Json =>
  backed(context.echoes, echoesNeeded(context)) ?? backed(context.readies, context.parameters.t + 1);
const toEcho = (context: Context): Json => context.initial ?? convinced(context);
const toDeliver = (context: Context): Json =>
  context.parameters.skipReady
    ? backed(context.echoes, echoesNeeded(context))
    : backed(context.readies, readiesNeeded(context));

const forNode = setup({
  types: {} as { context: Context; events: Event; input: NodeInput<Parameters> },
  actions: effects,
  guards: {
    isSender: ({ context }) => context.self === context.sender,
    isFirstFromSender: ({ context, event }) =>
      event.type === 'initial' && event.from === context.sender && context.initial === null && event.value !== null,
    isFirstEcho: ({ context, event }) => event.type === 'echo' && context.echoes[event.from] === undefined,
    isFirstReady: ({ context, event }) => event.type === 'ready' && context.readies[event.from] === undefined,
    mayEcho: ({ context }) => toEcho(context) !== null,
    mayBeReady: ({ context }) => convinced(context) !== null,
    maySkipReady: ({ context }) => context.parameters.skipReady && toDeliver(context) !== null,
    mayDeliver: ({ context }) => toDeliver(context) !== null,
  },
});

const say = (type: Word['type'], what: (context: Context) => Json) =>
  ({
    type: 'broadcast',
    params: ({ context }: { context: Context }) => ({ message: { type, value: what(context) } }),
  }) as const;
/** A node hears its own words too. */
const hearOwnEcho = forNode.assign({
  echoes: ({ context }) => ({ ...context.echoes, [context.self]: toEcho(context) }),
});
const hearOwnReady = forNode.assign({
  readies: ({ context }) => ({ ...context.readies, [context.self]: convinced(context) }),
});
const hear = {
  initial: {
    guard: 'isFirstFromSender',
    actions: forNode.assign({ initial: ({ event }) => (event as Word).value }),
  },
  echo: {
    guard: 'isFirstEcho',
    actions: forNode.assign({
      echoes: ({ context, event }) => ({ ...context.echoes, [(event as Word).from]: (event as Word).value }),
    }),
  },
  ready: {
    guard: 'isFirstReady',
    actions: forNode.assign({
      readies: ({ context, event }) => ({ ...context.readies, [(event as Word).from]: (event as Word).value }),
    }),
  },
} as const;
const deliver = [
  { type: 'deliver', params: ({ context }: { context: Context }) => ({ item: toDeliver(context) }) },
  { type: 'decide', params: ({ context }: { context: Context }) => ({ value: toDeliver(context) }) },
] as const;

const node = forNode.createMachine({
  id: 'node',
  description: 'Echoes what the sender sent, is ready when enough echo the same, delivers when enough are ready.',
  context: ({ input }) => ({
    parameters: input.parameters,
    self: input.self,
    n: Object.keys(input.nodes).length,
    sender: nodesWithRole(input, 'sender')[0] ?? '',
    initial: null,
    echoes: {},
    readies: {},
  }),
  initial: 'waiting',
  on: hear,
  states: {
    waiting: {
      description: 'Has said nothing yet.',
      on: {
        broadcast: {
          guard: 'isSender',
          actions: [
            { type: 'broadcast', params: ({ event }) => ({ message: { type: 'initial', value: event.value } }) },
            forNode.assign({ initial: ({ event }) => event.value }),
          ],
        },
      },
      always: { guard: 'mayEcho', target: 'echoed', actions: [say('echo', toEcho), hearOwnEcho] },
    },
    echoed: {
      description: 'Has told all what the sender sent, and waits until enough nodes say the same.',
      always: [
        { guard: 'maySkipReady', target: 'delivered', actions: deliver },
        { guard: 'mayBeReady', target: 'ready', actions: [say('ready', convinced), hearOwnReady] },
      ],
    },
    ready: {
      description: 'Has told all that nothing else can be delivered, and waits until enough nodes say the same.',
      always: { guard: 'mayDeliver', target: 'delivered', actions: deliver },
    },
    delivered: { description: 'Has delivered; says nothing more.' },
  },
});

type Roles = Readonly<Record<RoleName, number>>;
const nodesIn = (roles: Roles): number => (roles.sender ?? 0) + (roles.receiver ?? 0);
const bracha = 'Bracha, "Asynchronous Byzantine Agreement Protocols" (1987)';
const imbs = 'Imbs and Raynal (2015), who count 2n² - n - 1 messages and three steps';
const counted = `counted from the steps of ${bracha}`;
const isOriginal = (parameters: JsonObject): boolean => parameters.skipReady !== true;
const countOf = (type: Word['type'], expected: (n: number) => number, formula: string): Cost => ({
  name: `${type} messages`,
  formula,
  source: counted,
  expected: (roles, parameters) => (isOriginal(parameters) ? expected(nodesIn(roles)) : null),
  measured: (figures) => figures.byKind[type] ?? 0,
});
const lie = { value: (value: Json | undefined) => [value === 'pay Bob' ? 'pay Alice' : 'pay Bob'] };
const field = { value: 'text' } as const;

export default defineProtocol({
  id: 'byzantine-broadcast',
  title: 'Byzantine reliable broadcast',
  source: bracha,
  problem: 'broadcast',
  about:
    'Initial, echo, ready: all loyal nodes deliver the same message or none delivers any, even under a traitor sender, without any assumption about time. It masks t traitors among n > 3t nodes.',
  roles: { sender: node, receiver: node },
  messages: {
    initial: { fields: field, about: 'The sender broadcasts this.' },
    echo: { fields: field, about: 'This is what the sender sent me.' },
    ready: { fields: field, about: 'Nobody will deliver anything but this.' },
  },
  inputs: {
    broadcast: {
      roles: ['sender'],
      fields: field,
      defaults: { value: 'pay Alice' },
      about: 'Broadcast this text; a sender broadcasts once.',
    },
  },
  parameters: {
    t: { kind: 'integer', default: 1, min: 0, max: 10, about: 'How many traitors to mask.' },
    threshold: {
      kind: 'choice',
      choices: ['bracha', 'n-f'],
      default: 'bracha',
      about: 'bracha: more than (n+t)/2 echoes, 2t + 1 readies. n-f: n - t of either, which is wrong when n = 3t.',
    },
    skipReady: { kind: 'flag', default: false, about: 'true: deliver upon the echoes, without a ready. Wrong.' },
  },
  properties: broadcastProblem({
    sender: (view) => view.nodes.find(({ role }) => role === 'sender'),
    message: (view) => view.inputs.find(({ input }) => input === 'broadcast')?.data.value,
    receivers: (view) => view.nodes,
  }),
  lies: { initial: lie, echo: lie, ready: lie },
  costs: [
    {
      name: 'messages',
      formula: '(n-1) + 2n(n-1)',
      source: imbs,
      expected: (roles, parameters) =>
        isOriginal(parameters) ? (nodesIn(roles) - 1) * (1 + 2 * nodesIn(roles)) : null,
      measured: (figures) => figures.messages,
    },
    countOf('initial', (n) => n - 1, 'n-1'),
    countOf('echo', (n) => n * (n - 1), 'n(n-1)'),
    countOf('ready', (n) => n * (n - 1), 'n(n-1)'),
    {
      name: 'message delays',
      formula: '3, if all messages take equally long (2 with t = 0)',
      caseOf: (_, { t }) => (t === 0 ? '2' : '3'),
      source: imbs,
      expected: (_, parameters) => (isOriginal(parameters) ? Math.min(3, 2 + Number(parameters.t)) : null),
      measured: (figures) => figures.messageDelays,
    },
  ],
  bound: {
    formula: 'n > 3f, f ≤ t',
    of: 'traitors',
    crashesCount: true,
    greatest: (n, _, parameters) => Math.max(0, Math.min(Number(parameters.t), Math.ceil(n / 3) - 1)),
  },
  summary({ context }) {
    const { echoes, readies, n } = context as unknown as Context;
    const heard = (said: Said): string =>
      Object.keys(said)
        .sort()
        .map((id) => `${id}: ${String(said[id])}`)
        .join(', ');
    return [
      { label: `echoes, of ${n}`, value: heard(echoes) },
      { label: `readies, of ${n}`, value: heard(readies) },
      { label: 'echoes needed', value: echoesNeeded(context as unknown as Context) },
      { label: 'readies needed', value: readiesNeeded(context as unknown as Context) },
    ];
  },
  waitsFor({ value, context }, { self, nodes }) {
    const state = context as unknown as Context;
    if (value === 'delivered') return null;
    if (value === 'waiting') return self === state.sender ? null : { nodes: [state.sender] };
    const said = state.parameters.skipReady ? state.echoes : state.readies;
    const voices = Object.values(said);
    const most = Math.max(0, ...voices.map((one) => voices.filter((each) => each === one).length));
    const need = (state.parameters.skipReady ? echoesNeeded : readiesNeeded)(state) - most;
    return { nodes: Object.keys(nodes).filter((id) => id !== self && said[id] === undefined), need: Math.max(1, need) };
  },
  wrongVariants: [
    {
      parameters: { threshold: 'n-f' },
      breaks: 'broadcast/consistency',
      about: 'With n = 3t, two crowds of n - t nodes share only traitors, and two loyal nodes deliver differently.',
    },
    {
      parameters: { skipReady: true },
      breaks: 'broadcast/totality',
      about: 'Deliver upon the echoes: a traitor echoes to one and not to the other, and only one delivers.',
    },
  ],
});
