/** The store: takes writes, and none with a token that is older than one that it has seen. */
import { setup } from 'xstate';
import { effects, type Message, type NodeInput, type Received } from '../../src/core/protocol.ts';
import type { Parameters } from './words.ts';

type Write = Received<Message & { type: 'write'; token: number; value: string }>;
interface Context {
  parameters: Parameters;
  /** the greatest token seen, in this life or an earlier one */
  highest: number;
}

const forStore = setup({
  types: {} as { context: Context; events: Write; input: NodeInput<Parameters> },
  actions: effects,
  guards: {
    isStale: ({ context, event }) => context.parameters.fencing && event.token < context.highest,
  },
});
const take = forStore.enqueueActions(({ context, event: { token, value }, enqueue }) => {
  if (token > context.highest) {
    enqueue.assign({ highest: token });
    enqueue({ type: 'persist', params: { key: 'highest', value: token } });
  }
  enqueue({ type: 'deliver', params: { item: { token, value } } });
});

export const store = forStore.createMachine({
  id: 'store',
  description: 'Takes writes, and remembers the greatest token.',
  context: ({ input }) => ({ parameters: input.parameters, highest: Number(input.stable.highest ?? 0) }),
  initial: 'serving',
  states: {
    serving: {
      description: 'The primary writes here.',
      on: {
        write: [
          {
            guard: 'isStale',
            description: 'From somebody who was the primary once.',
            actions: {
              type: 'send',
              params: ({ event }) => ({ to: event.from, message: { type: 'refused', token: event.token } }),
            },
          },
          { actions: take },
        ],
      },
    },
  },
});
