/** The acceptor in a replica: promises once for all slots, and accepts slot by slot. What it says is on its disk first. */
import { type About, ballotIn, forReplica, senderOf } from './about.ts';
import type { Accept, Prepare } from './words.ts';

const promise = forReplica.assign({ promised: ({ event }) => ballotIn(event), leader: null });
const logPromise = {
  type: 'persist' as const,
  params: ({ context }: About) => ({ key: 'promised', value: context.promised }),
};
/** The promise carries what was accepted from that slot on: so a new leader learns what may have been chosen. */
const sendPromise = {
  type: 'send' as const,
  params: ({ context, event }: About) => ({
    to: senderOf(event),
    message: {
      type: 'promise',
      ballot: context.promised,
      accepted: Object.entries(context.accepted)
        .filter(([slot]) => Number(slot) >= (event as Prepare).slot)
        .map(([slot, proposal]) => ({ slot: Number(slot), ...proposal })),
    },
  }),
};
const accept = forReplica.assign(({ context, event }) => {
  const { ballot, slot, command, from } = event as Accept;
  return { promised: ballot, leader: from, accepted: { ...context.accepted, [slot]: { ballot, command } } };
});
/** An acceptance is a promise too: after a crash the highest ballot of the two counts. */
export const logAccepted = {
  type: 'persist' as const,
  params: ({ context }: About) => ({ key: 'accepted', value: context.accepted }),
};
const sendAccepted = {
  type: 'send' as const,
  params: ({ event }: About) => ({
    to: senderOf(event),
    message: { type: 'accepted', ballot: ballotIn(event), slot: (event as Accept).slot },
  }),
};
export const reject = {
  description: 'Too low: a promise forbids it.',
  actions: {
    type: 'send' as const,
    params: ({ context, event }: About) => ({
      to: senderOf(event),
      message: { type: 'reject', ballot: ballotIn(event), promised: context.promised },
    }),
  },
};

export const onPrepare = [
  {
    guard: 'isAboveItsPromise' as const,
    target: '.following' as const,
    actions: [promise, logPromise, sendPromise],
    description: 'Phase 1b, for this slot and all later ones.',
  },
  reject,
];
export const onAccept = [
  {
    guard: 'isNotBelowItsPromise' as const,
    target: '.following' as const,
    actions: [accept, logAccepted, sendAccepted],
    description: 'Phase 2b.',
  },
  reject,
];
