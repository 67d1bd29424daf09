/** A replica: keeps the newest version that it has been told, tells it, and stores newer ones. */
import { setup } from 'xstate';
import { effects, type NodeInput } from '../../src/core/protocol.ts';
import { type Copy, copyIn, empty, isNewer, type Parameters, type Query, type Update } from './words.ts';

interface Context {
  copy: Copy;
}

const forReplica = setup({
  types: {} as { context: Context; events: Query | Update; input: NodeInput<Parameters> },
  actions: effects,
});
/** It is on disk before anybody hears that it is stored. */
const store = forReplica.enqueueActions(({ context, event, enqueue }) => {
  if (event.type !== 'update') return;
  const copy = copyIn(event);
  if (isNewer(copy, context.copy)) {
    enqueue.assign({ copy });
    enqueue({ type: 'persist', params: { key: 'copy', value: copy } });
  }
  enqueue({ type: 'send', params: { to: event.from, message: { type: 'stored', phase: event.phase } } });
});

export const replica = forReplica.createMachine({
  id: 'replica',
  description: 'Keeps a copy of the register, with its version.',
  context: ({ input }) => ({ copy: (input.stable.copy ?? empty) as Copy }),
  initial: 'serving',
  states: {
    serving: {
      description: 'Knows of no other replica, and waits for nobody.',
      on: {
        query: {
          actions: {
            type: 'send',
            params: ({ context, event }) => ({
              to: event.from,
              message: { type: 'version', phase: event.phase, ...context.copy },
            }),
          },
        },
        update: { actions: store, description: 'An older version changes nothing, and is answered all the same.' },
      },
    },
  },
});
