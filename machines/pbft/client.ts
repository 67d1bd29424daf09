/** A client: believes a result when f + 1 replicas say the same, because then one of them is honest. */
import { setup } from 'xstate';
import {
  effects,
  type Json,
  type Message,
  type NodeId,
  type NodeInput,
  nodesWithRole,
  type Received,
} from '../../src/core/protocol.ts';
import { faultsOf, type Parameters, primaryOf } from './words.ts';

interface ClientContext {
  parameters: Parameters;
  replicas: NodeId[];
  /** the view of the latest result: whom to ask first */
  view: number;
  /** the number of its latest request */
  number: number;
  /** what it has not been answered yet, the one under way first */
  queue: readonly { readonly number: number; readonly command: Json }[];
  /** who says what about the one under way */
  replies: Readonly<Record<NodeId, { readonly place: number; readonly view: number }>>;
}
type Reply = Received<Message & { type: 'reply'; view: number; number: number; place: number }>;
type Event = { readonly type: 'request'; readonly command: Json } | Reply;
type About = { context: ClientContext; event: Event };

/** Those who say the same as this reply, its sender included. */
const agreeing = ({ replies, replicas }: ClientContext, { from, place }: Reply): NodeId[] =>
  replicas.filter((id) => id === from || replies[id]?.place === place);

const forClient = setup({
  types: {} as { context: ClientContext; events: Event; input: NodeInput<Parameters> },
  actions: effects,
  delays: { retryTimeout: ({ context }) => context.parameters.retryTimeout },
  guards: {
    hasRequest: ({ context }) => context.queue.length > 0,
    isAwaited: ({ context, event }) =>
      event.type === 'reply' && event.number === context.queue[0]?.number && context.replicas.includes(event.from),
    isConvincing: ({ context, event }) =>
      event.type === 'reply' &&
      event.number === context.queue[0]?.number &&
      agreeing(context, event).length > faultsOf(context.replicas.length),
  },
});

const enlist = forClient.assign(({ context, event }) => {
  if (event.type !== 'request') return {};
  const number = context.number + 1;
  return { number, queue: [...context.queue, { number, command: event.command }] };
});
const logNumber = {
  type: 'persist' as const,
  params: ({ context }: About) => ({ key: 'number', value: context.number }),
};
const ask = (whom: (context: ClientContext) => NodeId | NodeId[]) => ({
  type: 'send' as const,
  params: ({ context }: About) => {
    const { number = 0, command = null } = context.queue[0] ?? {};
    return { to: whom(context), message: { type: 'request', number, command }, signed: true };
  },
});
const note = forClient.assign({
  replies: ({ context, event }) =>
    event.type === 'reply'
      ? { ...context.replies, [event.from]: { place: event.place, view: event.view } }
      : context.replies,
});
const believe = [
  {
    type: 'decide' as const,
    params: ({ context, event }: About) => ({
      value: { command: context.queue[0]?.command ?? null, place: (event as Reply).place },
    }),
  },
  forClient.assign(({ context, event }) => {
    const views = agreeing(context, event as Reply).map((id) => context.replies[id]?.view ?? (event as Reply).view);
    return { queue: context.queue.slice(1), view: Math.min(...views), replies: {} };
  }),
];

export const client = forClient.createMachine({
  id: 'client',
  description: 'Has its requests executed, one after another, and compares the answers.',
  context: ({ input }) => ({
    parameters: input.parameters,
    replicas: nodesWithRole(input, 'replica'),
    view: 0,
    number: Number(input.stable.number ?? 0),
    queue: [],
    replies: {},
  }),
  initial: 'idle',
  on: { request: { actions: [enlist, logNumber] } },
  states: {
    idle: {
      description: 'Waits for something to ask.',
      always: {
        guard: 'hasRequest',
        target: 'asking',
        actions: ask(({ view, replicas }) => primaryOf(view, replicas)),
      },
    },
    asking: {
      description: 'Has asked the primary. When the answers do not come, it asks everybody.',
      after: { retryTimeout: { target: 'asking', reenter: true, actions: ask(({ replicas }) => replicas) } },
      on: {
        reply: [
          { guard: 'isConvincing', target: 'idle', actions: [...believe] },
          { guard: 'isAwaited', actions: note },
        ],
      },
    },
  },
});
