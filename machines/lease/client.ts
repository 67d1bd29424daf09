/** A client: applies for the lease, is the primary while its time lasts, and writes. */
import { setup } from 'xstate';
import {
  effects,
  type Message,
  type NodeId,
  type NodeInput,
  nodesWithRole,
  type Received,
} from '../../src/core/protocol.ts';
import type { Parameters } from './words.ts';

type Event =
  | Received<Message & { type: 'granted'; attempt: string; token: number }>
  | Received<Message & { type: 'refused'; token: number }>;
interface Context {
  parameters: Parameters;
  self: NodeId;
  services: NodeId[];
  stores: NodeId[];
  /** which life of this client this is, and how often it has applied in it: an old answer is not mistaken for a new one */
  life: number;
  attempt: string;
  attempts: number;
  token: number | null;
  /** writes in this turn; turns that it still wants */
  written: number;
  left: number;
}

const forClient = setup({
  types: {} as { context: Context; events: Event; input: NodeInput<Parameters> },
  actions: effects,
  delays: {
    term: ({ context }) => Math.max(0, context.parameters.leaseTime - context.parameters.margin),
    retry: ({ context }) => context.parameters.retryTimeout,
    work: ({ context }) => context.parameters.workTime,
  },
  guards: {
    isAnswer: ({ context, event }) => event.type === 'granted' && event.attempt === context.attempt,
    isAboutMe: ({ context, event }) => event.type === 'refused' && event.token === context.token,
    hasWrittenAll: ({ context }) => context.written >= context.parameters.writes,
    wantsMore: ({ context }) => context.left > 0,
  },
});
type Acting = { context: Context };
const apply = [
  forClient.assign(({ context }) => ({
    attempts: context.attempts + 1,
    attempt: `${context.life}.${context.attempts + 1}`,
    token: null,
    written: 0,
  })),
  {
    type: 'send' as const,
    params: ({ context: { services, attempt } }: Acting) => ({ to: services, message: { type: 'apply', attempt } }),
  },
];
const write = [
  {
    type: 'send' as const,
    params: ({ context: { stores, self, token, life, attempts, written } }: Acting) => ({
      to: stores,
      message: { type: 'write', token, value: `${self}:${life}.${attempts}.${written + 1}` },
    }),
  },
  forClient.assign({ written: ({ context }) => context.written + 1 }),
];
const giveBack = {
  type: 'send' as const,
  params: ({ context: { services, token } }: Acting) => ({ to: services, message: { type: 'release', token } }),
};

export const client = forClient.createMachine({
  id: 'client',
  description: 'Applies for the lease, is the primary while its time lasts, and writes.',
  context: ({ input }) => ({
    parameters: input.parameters,
    self: input.self,
    services: nodesWithRole(input, 'service').slice(0, 1),
    stores: nodesWithRole(input, 'store'),
    life: Number(input.stable.life ?? 0) + 1,
    attempt: '',
    attempts: 0,
    token: null,
    written: 0,
    left: input.parameters.turns,
  }),
  entry: { type: 'persist', params: ({ context }) => ({ key: 'life', value: context.life }) },
  initial: 'resting',
  states: {
    resting: {
      description: 'Wants nothing for a moment, or nothing any more.',
      after: { work: { guard: 'wantsMore', target: 'applying' } },
    },
    applying: {
      description: 'Its time runs from the moment in which it applied.',
      entry: apply,
      initial: 'waiting',
      states: {
        waiting: {
          description: 'Has applied, and has no answer yet.',
          on: {
            granted: {
              guard: 'isAnswer',
              target: 'primary',
              actions: forClient.assign(({ context, event }) =>
                event.type === 'granted' ? { token: event.token, left: context.left - 1 } : {},
              ),
            },
          },
          after: { retry: '#client.again' },
        },
        primary: {
          description: 'Is the primary, and writes, until its time is up.',
          on: { refused: { guard: 'isAboutMe', target: '#client.resting', description: 'It was replaced.' } },
          after: {
            work: [
              { guard: 'hasWrittenAll', target: '#client.resting', actions: giveBack },
              { target: 'primary', reenter: true, actions: write },
            ],
          },
        },
      },
      after: { term: { target: 'resting', description: 'Its time is up.' } },
    },
    again: { always: 'applying' },
  },
});
