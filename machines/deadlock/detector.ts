/** The detector: round after round, it gathers who waits for whom, and looks for a circle. */
import { setup } from 'xstate';
import { circleFrom } from '../../src/core/problems/deadlock.ts';
import { effects, type NodeId, type NodeInput, others } from '../../src/core/protocol.ts';
import type { Event, Parameters } from './words.ts';

export interface DetectorContext {
  parameters: Parameters;
  others: NodeId[];
  round: number;
  /** who waits for whom, as far as it has been told in this round */
  graph: Readonly<Record<NodeId, NodeId | null>>;
}

/** The first circle in the graph. */
const circleIn = ({ graph, others: them }: DetectorContext): readonly NodeId[] | null =>
  them.map((node) => circleFrom(graph, node)).find((circle) => circle !== null) ?? null;

const forDetector = setup({
  types: {} as { context: DetectorContext; events: Event; input: NodeInput<Parameters> },
  actions: effects,
  delays: { period: ({ context }) => context.parameters.period },
  guards: {
    isOver: ({ context }) => context.round >= context.parameters.rounds,
    isOfThisRound: ({ context, event }) => event.type === 'state' && event.round === context.round,
    knowsAll: ({ context }) => Object.keys(context.graph).length >= context.others.length,
    seesCircle: ({ context }) =>
      Object.keys(context.graph).length >= context.others.length && circleIn(context) !== null,
  },
});

const begin = [
  forDetector.assign({ round: ({ context }) => context.round + 1, graph: {} }),
  {
    type: 'broadcast' as const,
    params: ({ context: { parameters, round } }: { context: DetectorContext }) => ({
      message: { type: parameters.detector === 'poll' ? 'ask' : 'marker', round },
    }),
  },
];
const report = {
  type: 'decide' as const,
  params: ({ context }: { context: DetectorContext }) => ({ value: { deadlock: [...(circleIn(context) ?? [])] } }),
};

export const detector = forDetector.createMachine({
  id: 'detector',
  description: 'Gathers who waits for whom, and reports a circle.',
  context: ({ input }) => ({ parameters: input.parameters, others: others(input), round: 0, graph: {} }),
  initial: 'resting',
  states: {
    resting: {
      description: 'Until the next round.',
      always: { guard: 'isOver', target: 'stopped' },
      after: { period: { target: 'gathering', actions: begin } },
    },
    gathering: {
      description: 'Has asked, or begun a snapshot, and waits for all the answers.',
      on: {
        state: {
          guard: 'isOfThisRound',
          actions: forDetector.assign({
            graph: ({ context, event }) =>
              event.type === 'state' ? { ...context.graph, [event.from]: event.next } : context.graph,
          }),
        },
      },
      always: [
        { guard: 'seesCircle', target: 'resting', actions: report },
        { guard: 'knowsAll', target: 'resting' },
      ],
    },
    stopped: { description: 'Asks no more.' },
  },
});
