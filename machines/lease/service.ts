/** The service: grants the lease to one applicant at a time. */
import { setup } from 'xstate';
import { effects, type Message, type NodeId, type NodeInput, type Received } from '../../src/core/protocol.ts';
import type { Parameters } from './words.ts';

type Event =
  | Received<Message & { type: 'apply'; attempt: string }>
  | Received<Message & { type: 'release'; token: number }>;
interface Context {
  parameters: Parameters;
  /** of the last lease that was granted, in this life or an earlier one */
  token: number;
  holder: NodeId | null;
}

const forService = setup({
  types: {} as { context: Context; events: Event; input: NodeInput<Parameters> },
  actions: effects,
  delays: { leaseTime: ({ context }) => context.parameters.leaseTime },
  guards: {
    mayBeHeld: ({ context }) => context.token > 0 && context.parameters.waitAfterRestart,
    isByHolder: ({ context, event }) =>
      event.type === 'release' && event.from === context.holder && event.token === context.token,
  },
});
/** The token is on disk before anybody has it: no two leases ever have the same. */
const grant = forService.enqueueActions(({ context, event, enqueue }) => {
  if (event.type !== 'apply') return;
  const token = context.token + 1;
  enqueue.assign({ token, holder: event.from });
  enqueue({ type: 'persist', params: { key: 'token', value: token } });
  enqueue({
    type: 'send',
    params: { to: event.from, message: { type: 'granted', attempt: event.attempt, token } },
  });
});

export const service = forService.createMachine({
  id: 'service',
  description: 'Grants the lease to one applicant at a time, each time with a greater token.',
  context: ({ input }) => ({
    parameters: input.parameters,
    token: Number(input.stable.token ?? 0),
    holder: null,
  }),
  initial: 'starting',
  states: {
    starting: { always: [{ guard: 'mayBeHeld', target: 'recovering' }, { target: 'free' }] },
    recovering: {
      description: 'Was down, and somebody may have a lease of its earlier life: waits until that is over.',
      after: { leaseTime: 'free' },
    },
    free: {
      description: 'Nobody is the primary. The first to apply gets it.',
      on: { apply: { target: 'leased', actions: grant } },
    },
    leased: {
      description: 'Somebody is. Others may apply in vain until its time is up, or it gives the lease back.',
      on: { release: { guard: 'isByHolder', target: 'free' } },
      after: { leaseTime: 'free' },
    },
  },
});
