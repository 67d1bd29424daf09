/**
 * Mutual exclusion without anybody who grants it: Lamport's algorithm, and Ricart and Agrawala's shorter one.
 *
 * n processes share something that one at a time may use. Whoever wants it stamps its request with its logical clock and tells
 * all others. The stamps put all requests into one order, which all see alike (of two equal ones the process with the
 * smaller name comes first); so it is enough to be sure that no earlier request is still on its way.
 *
 * *Lamport (1978)*: everybody keeps a queue of requests. A request is acknowledged at once, and a release told to all. A
 * process enters when its own request is the first in its queue, and it has heard from every other something stamped later.
 * On a link that keeps the order, whoever has sent something later has nothing earlier on its way. On a link that
 * does not, an acknowledgement overtakes a request, and two are inside. 3(n-1) messages an entry.
 *
 * *Ricart and Agrawala (1981)*: the acknowledgement is kept back instead, until it says: go ahead, I am not before you. Who
 * is inside, or wants to be and asked earlier, answers when it leaves. A process enters with n-1 replies. No queue, no
 * release, and no order of messages is needed. 2(n-1) messages an entry.
 *
 * Both need everybody: one process that crashes, and soon nobody gets in any more.
 */
import { setup } from 'xstate';
import { mutualExclusion } from '../src/core/problems/mutual-exclusion.ts';
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

interface Parameters {
  readonly algorithm: 'lamport' | 'ricart-agrawala';
  readonly useTime: number;
  readonly hasty: boolean;
  readonly tieBreak: boolean;
}
type Stamped<Kind extends string> = Received<Message & { type: Kind; timestamp: number }>;
type Event =
  | Stamped<'request'>
  | Stamped<'acknowledge'>
  | Stamped<'release'>
  | Stamped<'reply'>
  | { type: 'want'; times?: number };

type Request = { readonly timestamp: number; readonly node: NodeId };
interface Context {
  parameters: Parameters;
  self: NodeId;
  others: NodeId[];
  clock: number;
  /** how many more times its user wants to get in */
  wanted: number;
  /** the timestamp of its own request; null: it has made none */
  request: number | null;
  /** Lamport: the requests known and not released, its own among them, earliest first */
  queue: Request[];
  /** Lamport: the latest timestamp heard from each */
  latest: Record<NodeId, number>;
  /** Ricart and Agrawala: who has let it go ahead, and whom it will answer when it leaves */
  replies: NodeId[];
  deferred: NodeId[];
}

/** Lamport's total order: by timestamp, and by name where they are equal. The nodes' own order is that of their names. */
const isEarlier = (a: Request, b: Request, tieBreak: boolean): boolean =>
  a.timestamp < b.timestamp || (tieBreak && a.timestamp === b.timestamp && a.node < b.node);
const own = ({ self, request }: Context): Request => ({ node: self, timestamp: request ?? 0 });
const asksBefore = (context: Context, other: Request): boolean =>
  context.request !== null && isEarlier(own(context), other, context.parameters.tieBreak);
const isFirst = (context: Context): boolean =>
  !context.queue.some((other) => isEarlier(other, own(context), context.parameters.tieBreak));
/** From whom it has not heard what it must hear before it enters. */
const missing = (context: Context): NodeId[] =>
  context.others.filter((node) =>
    context.parameters.algorithm === 'lamport'
      ? !isEarlier(own(context), { node, timestamp: context.latest[node] ?? 0 }, true)
      : !context.replies.includes(node),
  );
const mayMiss = ({ others: rest, parameters }: Context): number => (parameters.hasty ? Math.floor(rest.length / 2) : 0);

const forProcess = setup({
  types: {} as { context: Context; events: Event; input: NodeInput<Parameters> },
  actions: effects,
  delays: { use: ({ context }) => context.parameters.useTime },
  guards: {
    isWanted: ({ context }) => context.wanted > 0,
    mayEnter: ({ context }) =>
      missing(context).length <= mayMiss(context) &&
      (context.parameters.algorithm === 'ricart-agrawala' || isFirst(context)),
    isLamport: ({ context }) => context.parameters.algorithm === 'lamport',
    goesFirst: ({ context, event }) =>
      event.type === 'request' && asksBefore(context, { timestamp: event.timestamp, node: event.from }),
  },
});

/** Lamport's rule IR2: a receipt puts the clock beyond the message's timestamp. */
const hear = forProcess.assign(({ context, event }) => {
  if (event.type === 'want') return {};
  const latest = Math.max(context.latest[event.from] ?? 0, event.timestamp);
  return {
    clock: Math.max(context.clock, event.timestamp) + 1,
    latest: { ...context.latest, [event.from]: latest },
  };
});
const enqueue = forProcess.assign(({ context, event }) =>
  event.type === 'request'
    ? { queue: [...context.queue, { timestamp: event.timestamp, node: event.from }].sort(byOrder) }
    : {},
);
const dequeue = forProcess.assign(({ context, event }) =>
  event.type === 'release'
    ? { queue: context.queue.filter(({ node, timestamp }) => node !== event.from || timestamp > event.timestamp) }
    : {},
);
const countReply = forProcess.assign(({ context, event }) =>
  event.type === 'reply' ? { replies: [...context.replies, event.from] } : {},
);
const defer = forProcess.assign(({ context, event }) =>
  event.type === 'request' ? { deferred: [...context.deferred, event.from] } : {},
);
const want = forProcess.assign(({ context, event }) =>
  event.type === 'want' ? { wanted: context.wanted + Number(event.times ?? 1) } : {},
);
const byOrder = (a: Request, b: Request): number => (isEarlier(a, b, true) ? -1 : 1);
const answer = (type: 'acknowledge' | 'reply') => ({
  type: 'send' as const,
  params: ({ context, event }: { context: Context; event: Event }) => ({
    to: event.type === 'request' ? event.from : [],
    message: { type, timestamp: context.clock },
  }),
});
const ask = [
  forProcess.assign(({ context }) => {
    const request: Request = { node: context.self, timestamp: context.clock + 1 };
    const lamport = context.parameters.algorithm === 'lamport';
    return {
      clock: request.timestamp,
      wanted: context.wanted - 1,
      request: request.timestamp,
      replies: [],
      queue: lamport ? [...context.queue, request].sort(byOrder) : [],
    };
  }),
  {
    type: 'broadcast' as const,
    params: ({ context }: { context: Context }) => ({ message: { type: 'request', timestamp: context.clock } }),
  },
];
const leave = forProcess.enqueueActions(({ context, enqueue: add }) => {
  const clock = context.clock + 1;
  if (context.parameters.algorithm === 'lamport') {
    add({ type: 'broadcast', params: { message: { type: 'release', timestamp: clock } } });
  } else add({ type: 'send', params: { to: context.deferred, message: { type: 'reply', timestamp: clock } } });
  const queue = context.queue.filter(({ node }) => node !== context.self);
  add.assign({ clock, request: null, deferred: [], replies: [], queue });
});

const process = forProcess.createMachine({
  id: 'process',
  description: 'Asks all others, waits until it is its turn, uses the thing, and lets the next one go ahead.',
  context: ({ input }) => ({
    parameters: input.parameters,
    self: input.self,
    others: others(input),
    clock: 0,
    wanted: 0,
    request: null,
    queue: [],
    latest: {},
    replies: [],
    deferred: [],
  }),
  initial: 'outside',
  on: {
    want: { actions: want },
    request: [
      { guard: 'isLamport', actions: [hear, enqueue, answer('acknowledge')] },
      {
        guard: 'goesFirst',
        description: 'It asked earlier itself: the answer waits until it leaves.',
        actions: [hear, defer],
      },
      { actions: [hear, answer('reply')] },
    ],
    acknowledge: { actions: hear },
    release: { actions: [hear, dequeue] },
    reply: { actions: [hear, countReply] },
  },
  states: {
    outside: {
      description: 'Does not want in, and answers whoever does.',
      always: { guard: 'isWanted', target: 'waiting' },
    },
    waiting: {
      description: 'Has told all others its timestamp, and waits until nobody can be before it.',
      entry: ask,
      always: { guard: 'mayEnter', target: 'inside' },
    },
    inside: {
      description: 'Uses the thing, alone.',
      entry: {
        type: 'deliver',
        params: ({ context }) => ({ item: { request: context.request } }),
      },
      exit: leave,
      after: { use: 'outside' },
    },
  },
});

const read = (parameters: JsonObject): Parameters => parameters as unknown as Parameters;
const lamport = 'Lamport, "Time, Clocks, and the Ordering of Events in a Distributed System" (1978)';
const ricart = 'Ricart and Agrawala, "An Optimal Algorithm for Mutual Exclusion in Computer Networks" (1981)';

export default defineProtocol({
  id: 'mutual-exclusion',
  title: 'Mutual exclusion by timestamps',
  source: `${lamport}; ${ricart}`,
  problem: 'mutual-exclusion',
  about:
    'One at a time, in the order of asking, and nobody in charge. Lamport: a queue at every process, acknowledgements and releases, on links that keep the order. Ricart and Agrawala: a reply that is kept back.',
  roles: { process },
  messages: {
    request: { fields: { timestamp: 'number' }, about: 'I want in. The timestamp is my place in the order.' },
    acknowledge: { fields: { timestamp: 'number' }, about: 'Lamport: I have your request; my clock says this.' },
    release: { fields: { timestamp: 'number' }, about: 'Lamport: I am out again; take my request off your queue.' },
    reply: { fields: { timestamp: 'number' }, about: 'Ricart and Agrawala: go ahead, as far as I am concerned.' },
  },
  inputs: {
    want: { roles: ['process'], fields: { times: 'number' }, defaults: { times: 1 }, about: 'Get in, so many times.' },
  },
  parameters: {
    algorithm: {
      kind: 'choice',
      default: 'lamport',
      choices: ['lamport', 'ricart-agrawala'],
      about: 'Lamport’s with queues (links must be fifo), or Ricart and Agrawala’s with deferred replies.',
    },
    useTime: { kind: 'duration', default: 100, min: 1, about: 'How long one stays inside.' },
    hasty: { kind: 'flag', default: false, about: 'Wrong when true: to have heard from a majority is enough.' },
    tieBreak: { kind: 'flag', default: true, about: 'Wrong when false: of two equal timestamps neither is earlier.' },
  },
  properties: mutualExclusion({
    inside: ({ path }) => path === 'inside',
    waiting: ({ path }) => path === 'waiting',
    enters: ({ effect }) =>
      effect.type === 'deliver' ? Number((effect.item as { request: number | null }).request) : null,
  }),
  costs: [
    {
      name: 'messages an entry',
      formula: 'Lamport 3(n-1); Ricart and Agrawala 2(n-1)',
      caseOf: (_, parameters) => (read(parameters).algorithm === 'lamport' ? '3(n-1)' : '2(n-1)'),
      source: `${lamport}; ${ricart}`,
      expected: ({ process: n = 1 }: Readonly<Record<RoleName, number>>, parameters) =>
        (read(parameters).algorithm === 'lamport' ? 3 : 2) * (n - 1),
      measured: ({ messages, items }: CostFigures) => messages / Math.max(1, items),
    },
  ],
  bound: { formula: 'no crash at all: everybody is asked', of: 'crashes', greatest: () => 0 },
  summary({ context, value }) {
    const { clock, deferred, parameters, queue, replies, request } = context as unknown as Context;
    const isLamport = parameters.algorithm === 'lamport';
    return [
      { label: 'clock', value: clock },
      { label: 'asked at', value: request },
      ...(isLamport
        ? [{ label: 'queue', value: queue.map(({ node, timestamp }) => `${timestamp} ${node}`).join(', ') }]
        : [{ label: 'lets wait', value: deferred.join(' ') }]),
      ...(value === 'waiting' && !isLamport ? [{ label: 'replies', value: replies.join(' ') }] : []),
    ];
  },
  waitsFor({ context, value }) {
    if (value !== 'waiting') return null;
    const waiting = context as unknown as Context;
    const nodes = missing(waiting);
    const before = waiting.queue.find(({ node }) => node !== waiting.self)?.node;
    if (nodes.length > mayMiss(waiting)) return { nodes, need: nodes.length - mayMiss(waiting) };
    return before === undefined ? null : { nodes: [before] };
  },
  wrongVariants: [
    {
      parameters: { algorithm: 'ricart-agrawala', hasty: true },
      breaks: 'mutual-exclusion/safety',
      about: 'A majority’s replies are enough to enter: but they are no votes, and the same process replies to two.',
    },
    {
      parameters: { algorithm: 'lamport', tieBreak: false },
      breaks: 'mutual-exclusion/safety',
      about: 'Two requests with equal timestamps: each is the first in its own queue.',
    },
  ],
});
