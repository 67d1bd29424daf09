/** A client: one request at a time, to the server that it takes for the leader, until somebody answers. */
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
import type { Parameters } from './words.ts';

interface Wish {
  readonly number: number;
  readonly command: Json;
  /** whom to ask first; empty: who led last */
  readonly to: NodeId;
}
interface ClientContext {
  parameters: Parameters;
  servers: NodeId[];
  /** the server that it takes for the leader */
  target: NodeId;
  /** the number of its latest request */
  number: number;
  /** what it has not been answered yet, the one under way first */
  queue: readonly Wish[];
}
type Event =
  | { readonly type: 'request'; readonly command: Json; readonly to?: NodeId }
  | Received<Message & { type: 'reply'; number: number; place: number }>
  | Received<Message & { type: 'not-leader'; number: number; leader: NodeId | null }>;

const after = (servers: readonly NodeId[], server: NodeId): NodeId =>
  servers[(servers.indexOf(server) + 1) % servers.length] ?? server;

const forClient = setup({
  types: {} as { context: ClientContext; events: Event; input: NodeInput<Parameters> },
  actions: effects,
  delays: { retryTimeout: ({ context }) => context.parameters.retryTimeout },
  guards: {
    hasWish: ({ context }) => context.queue.length > 0,
    isAwaited: ({ context, event }) => 'number' in event && event.number === context.queue[0]?.number,
    knowsLeader: ({ context, event }) =>
      event.type === 'not-leader' &&
      context.servers.includes(event.leader ?? '') &&
      event.leader !== context.target &&
      event.number === context.queue[0]?.number,
  },
});

const wish = forClient.assign(({ context, event }) => {
  if (event.type !== 'request') return {};
  const number = context.number + 1;
  return { number, queue: [...context.queue, { number, command: event.command, to: event.to ?? '' }] };
});
const logNumber = {
  type: 'persist' as const,
  params: ({ context }: { context: ClientContext }) => ({ key: 'number', value: context.number }),
};
const chooseServer = forClient.assign({ target: ({ context }) => context.queue[0]?.to || context.target });
const ask = {
  type: 'send' as const,
  params: ({ context: { target, queue } }: { context: ClientContext }) => ({
    to: target,
    message: { type: 'request', number: queue[0]?.number ?? 0, command: queue[0]?.command ?? null },
  }),
};
const accept = [
  {
    type: 'decide' as const,
    params: ({ context, event }: { context: ClientContext; event: Event }) => ({
      value: { command: context.queue[0]?.command ?? null, place: event.type === 'reply' ? event.place : 0 },
    }),
  },
  forClient.assign({
    queue: ({ context }) => context.queue.slice(1),
    target: ({ context, event }) => (event.type === 'reply' ? event.from : context.target),
  }),
];

export const client = forClient.createMachine({
  id: 'client',
  description: 'Has its requests executed, one after another.',
  context: ({ input }) => {
    const servers = nodesWithRole(input, 'server');
    const number = Number(input.stable.number ?? 0);
    return { parameters: input.parameters, servers, target: servers[0] ?? '', number, queue: [] };
  },
  initial: 'idle',
  on: { request: { actions: [wish, logNumber] } },
  states: {
    idle: {
      description: 'Waits for something to ask.',
      always: { guard: 'hasWish', target: 'asking', actions: chooseServer },
    },
    asking: {
      description: 'Has asked, and asks again: whoever is named as the leader, or else the next server.',
      entry: ask,
      after: {
        retryTimeout: {
          target: 'asking',
          reenter: true,
          actions: forClient.assign({ target: ({ context }) => after(context.servers, context.target) }),
        },
      },
      on: {
        reply: { guard: 'isAwaited', target: 'idle', actions: accept },
        'not-leader': {
          guard: 'knowsLeader',
          target: 'asking',
          reenter: true,
          actions: forClient.assign({
            target: ({ context, event }) => (event.type === 'not-leader' && event.leader) || context.target,
          }),
        },
      },
    },
  },
});
