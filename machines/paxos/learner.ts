/** A learner: it counts acceptances. Whoever misses them learns from a later ballot, which can only repeat the value. */
import { setup } from 'xstate';
import { effects, type Json, type NodeInput } from '../../src/core/protocol.ts';
import { completes, count, type Event, type Parameters, quorumIn, type Tally } from './words.ts';

interface LearnerContext {
  quorum: number;
  tally: Tally;
  learned: Json;
}

const forLearner = setup({
  types: {} as { context: LearnerContext; events: Event; input: NodeInput<Parameters> },
  actions: effects,
  guards: {
    completesQuorum: ({ context, event }) => completes(context.tally, event, context.quorum),
    contradicts: ({ context, event }) =>
      event.type === 'accepted' && event.value !== context.learned && completes(context.tally, event, context.quorum),
  },
});
const countAccepted = forLearner.assign({
  tally: ({ context, event }) => (event.type === 'accepted' ? count(context.tally, event) : context.tally),
});
const learn = [
  countAccepted,
  forLearner.assign({ learned: ({ context, event }) => (event.type === 'accepted' ? event.value : context.learned) }),
  {
    type: 'decide' as const,
    params: ({ event }: { event: Event }) => ({ value: event.type === 'accepted' ? event.value : null }),
  },
];

export const learner = forLearner.createMachine({
  id: 'learner',
  description: 'Learns the value that a quorum of acceptors has accepted in one ballot.',
  context: ({ input }) => ({ quorum: quorumIn(input), tally: {}, learned: null }),
  initial: 'learning',
  states: {
    learning: {
      description: 'No ballot has a quorum of acceptances yet, as far as it knows.',
      on: {
        accepted: [{ guard: 'completesQuorum', target: 'learned', actions: learn }, { actions: countAccepted }],
      },
    },
    learned: {
      description: 'Knows the chosen value. It goes on counting: a second value would be a disaster worth reporting.',
      on: { accepted: [{ guard: 'contradicts', actions: learn }, { actions: countAccepted }] },
    },
  },
});
