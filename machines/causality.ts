/**
 * Time without clocks: happens-before, Lamport's logical clocks, and vector clocks.
 *
 * What does it mean that one event came before another, when nobody can see both? Lamport: a *happened before* b if both are
 * events of one process and a is the earlier, or if a is the sending of a message and b its receipt, or if a chain of such
 * steps leads from a to b. If no chain leads either way, a and b are *concurrent*: neither can have had a part in the other,
 * whatever a clock on the wall says.
 *
 * Processes here do three kinds of things, each of them an event: something of their own, a sending, a receipt. They give
 * every event two stamps, and every message carries those of its sending.
 *
 *   Lamport's clock, one number.   Every event adds one. A receiver first takes over the message's number if that is the
 *                                  greater. So if a happened before b, L(a) < L(b). The converse is false: concurrent
 *                                  events get numbers, too, and one of them is the smaller.
 *   The vector clock, n numbers.   Every event adds one to the process's own entry; a receiver first takes the greater of
 *                                  each entry. The vector counts, for each process, its events in the past of this one. So
 *                                  V(a) < V(b) exactly when a happened before b.
 *
 * Lamport's clock also cuts. Whoever sets its own far ahead and tells everybody, who all take it over and tell everybody,
 * divides the run: no event before the jump has a cause after it. Chandy and Lamport's markers (`snapshot`) do the same
 * without a clock.
 *
 * Neither clock costs a message. A vector costs n numbers in each, and with fewer it cannot be done (Charron-Bost, 1991). A clock
 * must survive a crash, as the order of a process's own events does; so it is written to stable storage.
 */
import { setup } from 'xstate';
import { logicalClocks, stampedItem } from '../src/core/problems/logical-clocks.ts';
import {
  type CostFigures,
  defineProtocol,
  draw,
  effects,
  type Json,
  type JsonObject,
  type Message,
  type NodeId,
  type NodeInput,
  others,
  type Received,
} from '../src/core/protocol.ts';

interface Parameters {
  readonly chatter: number;
  readonly pause: number;
  readonly takeOver: boolean;
  readonly stableClocks: boolean;
}
/** Both clocks of a process, or of one of its events. */
interface Stamp {
  readonly lamport: number;
  readonly vector: readonly number[];
}
type Word = Received<
  Message & { type: 'message' | 'flood'; name: string; lamport: number; vector: readonly number[]; jump?: number }
>;
type Event = Word | { type: 'event'; name: string } | { type: 'tell'; to: NodeId } | { type: 'jump'; jump: number };

interface Context extends Stamp {
  parameters: Parameters;
  self: NodeId;
  /** the own place in every vector */
  index: number;
  others: NodeId[];
  seed: number;
  /** how many messages it has sent, and how often it has drawn lots */
  sent: number;
  draws: number;
  /** whom the message goes to that is being sent */
  to: NodeId;
}

const ticked = ({ lamport, vector }: Stamp, index: number): Stamp => ({
  lamport: lamport + 1,
  vector: vector.map((ticks, i) => (i === index ? ticks + 1 : ticks)),
});
/** The greater of both clocks, and of each entry of both vectors. */
const greater = (a: Stamp, b: Stamp): Stamp => ({
  lamport: Math.max(a.lamport, b.lamport),
  vector: a.vector.map((ticks, i) => Math.max(ticks, b.vector[i] ?? 0)),
});
const nameOf = ({ self, sent }: Context): string => `${self}#${sent}`;
const jumpIn = (event: Event): number => ('jump' in event ? Number(event.jump) : 0);
const floodOf = (self: NodeId, event: Event): string => `${self} at ${jumpIn(event)}`;

const forProcess = setup({
  types: {} as { context: Context; events: Event; input: NodeInput<Parameters> },
  actions: effects,
  delays: { pause: ({ context }) => Math.round(context.parameters.pause * (0.5 + draw(context.seed, context.draws))) },
  guards: {
    hasSaidAll: ({ context }) => context.sent >= context.parameters.chatter || context.others.length === 0,
    keepsToItself: ({ context }) => draw(context.seed, context.draws + 1) < 0.4,
    isForAnother: ({ context, event }) => event.type === 'tell' && context.others.includes(event.to),
    isAhead: ({ context, event }) => jumpIn(event) > context.lamport,
  },
});

const tick = forProcess.assign(({ context }) => ticked(context, context.index));
const takeOver = forProcess.assign(({ context, event }) => {
  if (!('lamport' in event) || !context.parameters.takeOver) return {};
  return greater(context, { lamport: event.lamport, vector: Array.isArray(event.vector) ? event.vector : [] });
});
/** The clocks go to disk before anybody can see them. */
const keep = {
  type: 'persist' as const,
  params: ({ context: { lamport, vector, sent, parameters } }: { context: Context }) => ({
    key: parameters.stableClocks ? 'clocks' : 'sent',
    value: parameters.stableClocks ? { lamport, vector, sent } : sent,
  }),
};
/** The event, as the outside sees it. */
const show = (what: (context: Context, event: Event) => JsonObject) => ({
  type: 'deliver' as const,
  params: ({ context, event }: { context: Context; event: Event }) => ({
    item: { ...what(context, event), lamport: context.lamport, vector: context.vector as number[] },
  }),
});
const nextDraw = forProcess.assign({ draws: ({ context }) => context.draws + 2 });

const doSomething = [
  tick,
  keep,
  show(({ vector, index }, event) => ({
    name: event.type === 'event' ? String(event.name) : `event ${vector[index]}`,
  })),
];
const stamped = (type: 'message' | 'flood', context: Context, name: string) => ({
  type,
  name,
  lamport: context.lamport,
  vector: context.vector as number[],
});
const sendTo = (whom: (context: Context, event: Event) => NodeId) => [
  forProcess.assign(({ context, event }) => ({ to: whom(context, event), sent: context.sent + 1 })),
  tick,
  keep,
  show((context) => ({ name: `sending of ${nameOf(context)}`, sent: nameOf(context) })),
  {
    type: 'send' as const,
    params: ({ context }: { context: Context }) => ({
      to: context.to,
      message: stamped('message', context, nameOf(context)),
    }),
  },
];
const receive = [
  takeOver,
  tick,
  keep,
  show((_, event) => ({
    name: `receipt of ${String((event as Word).name)}`,
    received: String((event as Word).name),
  })),
];
/** Its clock jumps, and it tells all the others: one event, which is also the receipt of whoever told it. */
const jumpAhead = [
  takeOver,
  forProcess.assign(({ context, event }) =>
    ticked({ ...context, lamport: Math.max(context.lamport, jumpIn(event) - 1) }, context.index),
  ),
  keep,
  show(({ self }, event) => ({
    name: `jump to ${jumpIn(event)}`,
    jump: jumpIn(event),
    sent: floodOf(self, event),
    ...(event.type === 'flood' ? { received: event.name } : {}),
  })),
  {
    type: 'broadcast' as const,
    params: ({ context, event }: { context: Context; event: Event }) => ({
      message: { ...stamped('flood', context, floodOf(context.self, event)), jump: jumpIn(event) },
    }),
  },
];
const anyOther = ({ others: them, seed, draws }: Context): NodeId =>
  them[Math.floor(draw(seed, draws + 2) * them.length)] as NodeId;

/** What a process had when it crashed; a new one has zeros. */
function remembered({ stable, nodes }: NodeInput<Parameters>): Stamp & { sent: number } {
  const zeros = { lamport: 0, vector: Object.keys(nodes).map(() => 0), sent: Number(stable.sent ?? 0) };
  return (stable.clocks as unknown as (Stamp & { sent: number }) | undefined) ?? zeros;
}

const process = forProcess.createMachine({
  id: 'process',
  description: 'Does things, sends and receives, and stamps each event with both clocks.',
  context: ({ input }) => ({
    ...remembered(input),
    parameters: input.parameters,
    self: input.self,
    index: Object.keys(input.nodes).indexOf(input.self),
    others: others(input),
    seed: input.seed,
    draws: 0,
    to: '',
  }),
  initial: 'talking',
  on: {
    event: { actions: doSomething },
    tell: { guard: 'isForAnother', actions: sendTo((_, event) => (event as { to: NodeId }).to) },
    message: { actions: receive },
    jump: { guard: 'isAhead', actions: jumpAhead },
    flood: [{ guard: 'isAhead', actions: jumpAhead }, { actions: receive }],
  },
  states: {
    talking: {
      description: 'Now and then it does something, or writes to somebody, by lot.',
      always: { guard: 'hasSaidAll', target: 'listening' },
      after: {
        pause: [
          { guard: 'keepsToItself', target: 'talking', reenter: true, actions: [...doSomething, nextDraw] },
          { target: 'talking', reenter: true, actions: [...sendTo(anyOther), nextDraw] },
        ],
      },
    },
    listening: { description: 'Does what it is asked to, and receives.' },
  },
});

const lamport = 'Lamport, "Time, Clocks, and the Ordering of Events in a Distributed System" (1978)';

export default defineProtocol({
  id: 'causality',
  title: 'Happens-before and logical clocks',
  source: `${lamport}; vectors: Fidge, Mattern (1988)`,
  problem: 'logical-clocks',
  about:
    'Processes stamp their events with Lamport’s clock and with a vector clock. What happened before has the smaller number; only the vectors tell also what is concurrent.',
  roles: { process },
  messages: {
    message: {
      fields: { name: 'text', lamport: 'number', vector: 'list' },
      about: 'Any message at all; it carries both clocks of its sending.',
    },
    flood: {
      fields: { name: 'text', lamport: 'number', vector: 'list', jump: 'number' },
      about: 'The clocks jump to this: take it over, and tell everybody.',
    },
  },
  inputs: {
    event: { fields: { name: 'text' }, defaults: { name: 'A' }, about: 'Something happens here.' },
    tell: { fields: { to: 'node' }, about: 'Send a message to this process.' },
    jump: {
      fields: { jump: 'number' },
      defaults: { jump: 1000 },
      about: 'Set Lamport’s clock ahead to this, and tell everybody.',
    },
  },
  parameters: {
    chatter: { kind: 'integer', default: 0, min: 0, max: 1000, about: 'How many messages each process sends by lot.' },
    pause: { kind: 'duration', default: 50, min: 1, about: 'About how long between two things it does by lot.' },
    takeOver: {
      kind: 'flag',
      default: true,
      about: 'A receiver takes over the clocks of the message where they are ahead. Wrong when false.',
    },
    stableClocks: { kind: 'flag', default: true, about: 'The clocks survive a crash. Wrong when false.' },
  },
  properties: logicalClocks({ event: stampedItem }),
  lies: {
    message: {
      lamport: [0],
      vector: (honest: Json | undefined) => [Array.isArray(honest) ? honest.map(() => 0) : []],
    },
  },
  bound: { formula: 'f = 0: whoever lies about its clock is believed', of: 'traitors', greatest: () => 0 },
  costs: [
    {
      name: 'messages',
      formula: 'n k for k messages a process: the clocks need none of their own',
      source: lamport,
      expected: ({ process: n = 0 }, parameters) =>
        n > 1 && Number(parameters.chatter) > 0 ? n * Number(parameters.chatter) : null,
      measured: ({ byKind }: CostFigures) => byKind.message ?? 0,
    },
  ],
  summary({ context }) {
    const { lamport: clock, vector, sent } = context as unknown as Context;
    return [
      { label: 'Lamport’s clock', value: clock },
      { label: 'vector', value: `[${vector.join(' ')}]` },
      { label: 'sent', value: sent },
    ];
  },
  wrongVariants: [
    {
      parameters: { takeOver: false },
      breaks: 'logical-clocks/clock-condition',
      about: 'A receiver only counts its own events: a receipt can have a smaller number than its sending.',
    },
    {
      parameters: { stableClocks: false },
      breaks: 'logical-clocks/clock-condition',
      about: 'A restarted process counts from zero again, and its later events seem to come before its earlier ones.',
    },
  ],
});
