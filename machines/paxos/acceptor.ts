/** An acceptor: it keeps two things, the highest ballot that it promised to, and the last proposal that it accepted. */
import { setup } from 'xstate';
import { effects, type NodeId, type NodeInput, nodesWithRole } from '../../src/core/protocol.ts';
import { type Event, isProposal, type Parameters, type Proposal } from './words.ts';

interface AcceptorContext {
  parameters: Parameters;
  learners: NodeId[];
  /** it takes part in no ballot below this one */
  promised: number;
  accepted: Proposal | null;
}
type Asked = Extract<Event, { ballot: number }>;
const ballotIn = (event: Event): number => ('ballot' in event ? event.ballot : 0);
const senderOf = (event: Event): NodeId => ('from' in event ? event.from : '');

const forAcceptor = setup({
  types: {} as { context: AcceptorContext; events: Event; input: NodeInput<Parameters> },
  actions: effects,
  guards: {
    hasAccepted: ({ context }) => context.accepted !== null,
    hasPromised: ({ context }) => context.promised > 0,
    forgetsOnCrash: ({ context }) => !context.parameters.stablePromises,
    isAboveItsPromise: ({ context, event }) => ballotIn(event) > context.promised,
    isNotBelowItsPromise: ({ context, event }) => ballotIn(event) >= context.promised,
  },
});

const promise = forAcceptor.assign({ promised: ({ event }) => ballotIn(event) });
const accept = forAcceptor.assign({
  promised: ({ event }) => ballotIn(event),
  accepted: ({ event, context }) =>
    event.type === 'accept' ? { ballot: event.ballot, value: event.value } : context.accepted,
});
const logPromise = {
  type: 'persist' as const,
  params: ({ context }: { context: AcceptorContext }) => ({ key: 'promised', value: context.promised }),
};
const logAccepted = {
  type: 'persist' as const,
  params: ({ context }: { context: AcceptorContext }) => ({ key: 'accepted', value: context.accepted }),
};
/** The promise carries what was accepted before: this is how a later ballot learns of an earlier choice. */
const sendPromise = {
  type: 'send' as const,
  params: ({ context, event }: { context: AcceptorContext; event: Event }) => ({
    to: senderOf(event),
    message: { type: 'promise', ballot: context.promised, accepted: context.accepted },
  }),
};
const sendAccepted = {
  type: 'send' as const,
  params: ({ context, event }: { context: AcceptorContext; event: Event }) => ({
    to: [senderOf(event), ...context.learners],
    message: { type: 'accepted', ballot: context.promised, value: context.accepted?.value ?? null },
  }),
};
const reject = {
  type: 'send' as const,
  params: ({ context, event }: { context: AcceptorContext; event: Event }) => ({
    to: senderOf(event),
    message: { type: 'reject', ballot: (event as Asked).ballot, promised: context.promised },
  }),
};
/** An acceptance is a promise too: its record keeps both. */
function recovered(stable: NodeInput['stable']): Pick<AcceptorContext, 'promised' | 'accepted'> {
  const accepted = isProposal(stable.accepted) ? stable.accepted : null;
  return { promised: Math.max(Number(stable.promised ?? 0), accepted?.ballot ?? 0), accepted };
}

export const acceptor = forAcceptor.createMachine({
  id: 'acceptor',
  description: 'Promises and accepts. It never goes back below a promise.',
  context: ({ input }) => ({
    parameters: input.parameters,
    learners: nodesWithRole(input, 'learner'),
    ...recovered(input.stable),
  }),
  initial: 'recovering',
  on: {
    prepare: [
      { guard: 'isAboveItsPromise', target: '.promising', actions: promise, description: 'Phase 1b.' },
      { actions: reject, description: 'Too low: a promise forbids it.' },
    ],
    accept: [
      { guard: 'isNotBelowItsPromise', target: '.accepting', actions: accept, description: 'Phase 2b.' },
      { actions: reject, description: 'Too low: a promise forbids it.' },
    ],
  },
  states: {
    recovering: {
      description: 'Reads its log.',
      always: [
        { guard: 'hasAccepted', target: 'accepted' },
        { guard: 'hasPromised', target: 'promised' },
        { target: 'fresh' },
      ],
    },
    fresh: { description: 'Has promised nothing.' },
    promising: {
      description: 'A promise must survive a crash: it is forced to the log before it is sent.',
      always: [
        { guard: 'forgetsOnCrash', target: 'answering', description: 'Wrong: it will not remember.' },
        { target: 'answering', actions: logPromise },
      ],
    },
    answering: {
      description: 'Sends the promise, with what it accepted before.',
      always: [
        { guard: 'hasAccepted', target: 'accepted', actions: sendPromise },
        { target: 'promised', actions: sendPromise },
      ],
    },
    promised: { description: 'Ignores lower ballots from now on; has accepted nothing yet.' },
    accepting: {
      description: 'What it accepted must survive a crash: it is forced to the log before it is said.',
      always: [
        { guard: 'forgetsOnCrash', target: 'accepted', actions: sendAccepted, description: 'Wrong: as above.' },
        { target: 'accepted', actions: [logAccepted, sendAccepted] },
      ],
    },
    accepted: { description: 'Has accepted a value. It may accept another one, in a higher ballot.' },
  },
});
