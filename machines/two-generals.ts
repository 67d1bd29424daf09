/**
 * Two generals.
 *
 * Two armies camp on two hills, the enemy in the valley between. If both attack, they win; if one attacks alone, it is
 * destroyed. One general gets the order, and sends a messenger through the valley, where messengers are caught.
 *
 * So the messenger should be acknowledged. But is the acknowledgement known to have arrived? Then that should be
 * acknowledged as well. Here they agree on k acknowledgements beforehand: each general attacks once it has heard all that
 * it is to hear, and who has not by dawn stays.
 *
 * Whatever k is, somebody sends the last message, and attacks without knowing whether it arrives. If exactly that one is
 * lost, it attacks alone. To leave the last message out is no help: then the one before it is the last. So no protocol at
 * all does it (Gray, 1978): take one with the fewest messages, and its last one cannot have mattered.
 */
import { setup } from 'xstate';
import { coordinatedAttack } from '../src/core/problems/coordinated-attack.ts';
import {
  type CostFigures,
  defineProtocol,
  effects,
  type Json,
  type JsonObject,
  type Message,
  type NodeId,
  type NodeInput,
  type NodeView,
  others,
  type Received,
} from '../src/core/protocol.ts';

interface Parameters {
  readonly acknowledgements: number;
  readonly dawn: number;
  readonly optimistic: boolean;
}
type Event =
  | Received<Message & { type: 'order' }>
  | Received<Message & { type: 'ack'; number: number }>
  | { type: 'attack' };

interface GeneralContext {
  parameters: Parameters;
  ally: NodeId[];
  /** messages are numbered: the order is 0, the acknowledgements 1 to k. Which one comes next for this general? */
  next: number;
  /** how many it has sent, and how many it has heard */
  sent: number;
  heard: number;
  /** it was given the order itself */
  ordered: boolean;
}
const numberIn = (event: Event): number =>
  event.type === 'ack' ? Number(event.number) : event.type === 'order' ? 0 : -1;

const forGeneral = setup({
  types: {} as { context: GeneralContext; events: Event; input: NodeInput<Parameters> },
  actions: effects,
  delays: { dawn: ({ context }) => context.parameters.dawn },
  guards: {
    isNext: ({ context, event }) => numberIn(event) === context.next,
    /** the message at hand is the last one, or its answer will be: there is nothing more to hear */
    isTheLastToHear: ({ context, event }) =>
      numberIn(event) === context.next && numberIn(event) >= context.parameters.acknowledgements - 1,
    isTheLastToSay: ({ context }) => context.parameters.acknowledgements === 0,
    isOptimistic: ({ context, event }) =>
      context.parameters.optimistic && (event.type === 'attack' || numberIn(event) === context.next),
  },
});
const take = forGeneral.assign(({ context, event }) => ({
  next: numberIn(event) + 2,
  heard: context.heard + (event.type === 'attack' ? 0 : 1),
  ordered: context.ordered || event.type === 'attack',
}));
/** Sends the message after the one at hand, if there is to be one more. */
const answer = {
  type: 'send' as const,
  params: ({ context, event }: { context: GeneralContext; event: Event }) => {
    const number = numberIn(event) + 1;
    const message = number === 0 ? { type: 'order' } : { type: 'ack', number };
    return { to: number <= context.parameters.acknowledgements ? context.ally : [], message };
  },
};
const countSent = forGeneral.assign({
  sent: ({ context, event }) => context.sent + (numberIn(event) < context.parameters.acknowledgements ? 1 : 0),
});
const decide = (value: 'attack' | 'stay') => ({ type: 'decide' as const, params: { value } });
const goOn = [take, answer, countSent];
const hear = [
  { guard: 'isOptimistic' as const, target: '#general.attacking' as const, actions: [...goOn, decide('attack')] },
  { guard: 'isTheLastToHear' as const, target: '#general.attacking' as const, actions: [...goOn, decide('attack')] },
  { guard: 'isNext' as const, target: '#general.undecided.waiting' as const, actions: goOn },
];

const general = forGeneral.createMachine({
  id: 'general',
  description: 'Attacks once it has heard all that it is to hear; at dawn it stays.',
  context: ({ input }) => ({
    parameters: input.parameters,
    ally: others(input),
    next: 0,
    sent: 0,
    heard: 0,
    ordered: false,
  }),
  initial: 'undecided',
  states: {
    undecided: {
      initial: 'camped',
      after: { dawn: { target: 'staying', actions: decide('stay') } },
      on: { order: hear, ack: hear },
      states: {
        camped: {
          description: 'Knows of no order.',
          on: {
            attack: [
              { guard: 'isTheLastToSay', target: '#general.attacking', actions: [...goOn, decide('attack')] },
              {
                guard: 'isOptimistic',
                target: '#general.attacking',
                actions: [...goOn, decide('attack')],
                description: 'Wrong: the messenger will get through.',
              },
              { target: 'waiting', actions: goOn },
            ],
          },
        },
        waiting: { description: 'Knows of the order, and waits to hear that the other one knows that it knows.' },
      },
    },
    attacking: { description: 'Attacks, in the belief that the other one does.' },
    staying: { description: 'The sun has risen, and too little was heard.' },
  },
});

const read = (parameters: JsonObject): Parameters => parameters as unknown as Parameters;
const count = (nodes: readonly NodeView[], what: 'sent' | 'heard'): number =>
  nodes.reduce((sum, { context }) => sum + Number(context[what] ?? 0), 0);
const gray = 'Gray, "Notes on Data Base Operating Systems" (1978)';

export default defineProtocol({
  id: 'two-generals',
  title: 'Two generals',
  source: `${gray}; Akkoyunlu, Ekanadham and Huber, "Some Constraints and Tradeoffs in the Design of Network Communications" (1975)`,
  problem: 'coordinated-attack',
  about:
    'Two generals want to attack together or not at all, and their messengers may be caught. However many acknowledgements they agree on: if exactly the last message is lost, one attacks alone.',
  roles: { general },
  messages: {
    order: { about: 'Attack at dawn.' },
    ack: { fields: { number: 'number' }, about: 'I have heard your last message.' },
  },
  inputs: { attack: { about: 'The order reaches this general: have the two attack.' } },
  parameters: {
    acknowledgements: { kind: 'integer', default: 1, min: 0, max: 100, about: 'k: how often they acknowledge.' },
    dawn: {
      kind: 'duration',
      default: 10_000,
      min: 1,
      about: 'When who has not heard enough stays. It must leave time for k + 1 messages.',
    },
    optimistic: {
      kind: 'flag',
      default: false,
      about: 'Wrong when true: attacks as soon as it knows of the order, without waiting for an answer.',
    },
  },
  properties: coordinatedAttack({
    generals: (view) => view.nodes,
    ordered: (view) => view.inputs.some(({ input }) => input === 'attack'),
    allHeard: ({ nodes }) =>
      nodes.some(({ context }) => context.ordered === true) && count(nodes, 'sent') === count(nodes, 'heard'),
  }),
  lies: { ack: { number: (number: Json | undefined) => [Number(number) + 2] } },
  costs: [
    {
      name: 'messages',
      formula: 'k + 1: the order and k acknowledgements',
      source: 'counted from the chain of messages',
      expected: (_, parameters) => read(parameters).acknowledgements + 1,
      measured: (figures: CostFigures) => figures.messages,
    },
    {
      name: 'message delays',
      formula: 'k + 1',
      source: 'counted from the chain of messages',
      expected: (_, parameters) => read(parameters).acknowledgements + 1,
      measured: (figures) => figures.messageDelays,
    },
  ],
  bound: { formula: 'no crash, and no message lost', of: 'crashes', greatest: () => 0 },
  summary({ context }) {
    const { heard, next, sent, parameters } = context as unknown as GeneralContext;
    const name = next === 0 ? 'the order' : `acknowledgement ${next} of ${parameters.acknowledgements}`;
    return [
      { label: 'sent', value: sent },
      { label: 'heard', value: heard },
      { label: 'waits for', value: next <= parameters.acknowledgements ? name : 'nothing more' },
    ];
  },
  wrongVariants: [
    {
      parameters: { optimistic: true },
      breaks: 'coordinated-attack/agreement',
      about:
        'Attacks without waiting for an answer: any lost message may leave one alone, the very first one included.',
    },
  ],
});
