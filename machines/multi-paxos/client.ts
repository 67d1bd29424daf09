/** A client: one operation at a time, to the replica that it takes for the leader, until somebody answers. */
import { setup } from 'xstate';
import { operationItem } from '../../src/core/problems/operations.ts';
import {
  effects,
  type Json,
  type Message,
  type NodeId,
  type NodeInput,
  nodesWithRole,
  type Received,
} from '../../src/core/protocol.ts';
import type { Command, Parameters } from './words.ts';

interface Operation {
  readonly number: number;
  readonly operation: Command['operation'];
  readonly value: Json;
  /** whom to ask first; empty: who led last */
  readonly to: NodeId;
}
interface ClientContext {
  parameters: Parameters;
  replicas: NodeId[];
  /** the replica that it takes for the leader */
  target: NodeId;
  /** the number of its latest request */
  number: number;
  /** what it has not been answered yet, the one under way first */
  queue: readonly Operation[];
}
type Reply = Received<Message & { type: 'reply'; number: number; place: number; result: Json }>;
type Event =
  | { readonly type: 'write'; readonly value: Json; readonly to?: NodeId }
  | { readonly type: 'read'; readonly to?: NodeId }
  | Reply
  | Received<Message & { type: 'not-leader'; number: number; leader: NodeId | null }>;

const after = (replicas: readonly NodeId[], replica: NodeId): NodeId =>
  replicas[(replicas.indexOf(replica) + 1) % replicas.length] ?? replica;

const forClient = setup({
  types: {} as { context: ClientContext; events: Event; input: NodeInput<Parameters> },
  actions: effects,
  delays: { retryTimeout: ({ context }) => context.parameters.retryTimeout },
  guards: {
    hasOperation: ({ context }) => context.queue.length > 0,
    isAwaited: ({ context, event }) => 'number' in event && event.number === context.queue[0]?.number,
    knowsLeader: ({ context, event }) =>
      event.type === 'not-leader' &&
      context.replicas.includes(event.leader ?? '') &&
      event.leader !== context.target &&
      event.number === context.queue[0]?.number,
  },
});

const enlist = forClient.assign(({ context, event }) => {
  if (event.type !== 'write' && event.type !== 'read') return {};
  const number = context.number + 1;
  const value = event.type === 'write' ? event.value : null;
  return { number, queue: [...context.queue, { number, operation: event.type, value, to: event.to ?? '' }] };
});
const logNumber = {
  type: 'persist' as const,
  params: ({ context }: { context: ClientContext }) => ({ key: 'number', value: context.number }),
};
/** Operations wait in the queue; this is the moment in which it begins to ask. */
const invoke = {
  type: 'deliver' as const,
  params: ({ context: { queue } }: { context: ClientContext }) => {
    const { operation, value } = queue[0] as Operation;
    return { item: operationItem('invoke', operation, value) };
  },
};
const chooseServer = forClient.assign({ target: ({ context }) => context.queue[0]?.to || context.target });
const ask = {
  type: 'send' as const,
  params: ({ context: { target, queue } }: { context: ClientContext }) => {
    const { number, operation, value } = queue[0] as Operation;
    return { to: target, message: { type: 'request', number, operation, value } };
  },
};
const accept = [
  {
    type: 'decide' as const,
    params: ({ context, event }: { context: ClientContext; event: Event }) => {
      const { place, result } = event as Reply;
      return { value: { [context.queue[0]?.operation ?? '']: result, place } };
    },
  },
  {
    type: 'deliver' as const,
    params: ({ context, event }: { context: ClientContext; event: Event }) => ({
      item: operationItem('ok', context.queue[0]?.operation ?? '', (event as Reply).result),
    }),
  },
  forClient.assign({
    queue: ({ context }) => context.queue.slice(1),
    target: ({ context, event }) => (event.type === 'reply' ? event.from : context.target),
  }),
];

export const client = forClient.createMachine({
  id: 'client',
  description: 'Writes and reads the register, one operation after another.',
  context: ({ input }) => {
    const replicas = nodesWithRole(input, 'replica');
    const number = Number(input.stable.number ?? 0);
    return { parameters: input.parameters, replicas, target: replicas[0] ?? '', number, queue: [] };
  },
  initial: 'idle',
  on: { write: { actions: [enlist, logNumber] }, read: { actions: [enlist, logNumber] } },
  states: {
    idle: {
      description: 'Waits for something to ask.',
      always: { guard: 'hasOperation', target: 'asking', actions: [chooseServer, invoke] },
    },
    asking: {
      description: 'Has asked, and asks again: whoever is named as the leader, or else the next replica.',
      entry: ask,
      after: {
        retryTimeout: {
          target: 'asking',
          reenter: true,
          actions: forClient.assign({ target: ({ context }) => after(context.replicas, context.target) }),
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
