/** A member: multicasts, and delivers what arrives as soon as the order in force allows it. */
import { setup } from 'xstate';
import { draw, effects, type JsonObject, type NodeInput } from '../../src/core/protocol.ts';
import { deliverable, nextToTake } from './orders.ts';
import {
  type Context,
  type Event,
  indexOf,
  isEarlier,
  isTotal,
  type Letter,
  nameOf,
  type Parameters,
  type Timestamp,
  without,
} from './words.ts';

/** The own message of which all have proposed a time. */
const settled = ({ proposals, members }: Context): string | null =>
  Object.keys(proposals).find((name) => (proposals[name] ?? []).length >= members.length) ?? null;
function finalFor({ proposals, parameters }: Context, name: string): Timestamp {
  const [first = { time: 0, by: 0 }, ...rest] = proposals[name] ?? [];
  const wanted = (a: Timestamp, b: Timestamp): boolean =>
    parameters.finalTimestamp === 'least' ? isEarlier(a, b) : isEarlier(b, a);
  return rest.reduce((best, each) => (wanted(each, best) ? each : best), first);
}
const plusOne = (counts: readonly number[], at: number): number[] => counts.map((n, i) => (i === at ? n + 1 : n));
const isSequencer = ({ members, self, parameters }: Context): boolean =>
  parameters.order === 'sequencer' && members[0] === self;

const forMember = setup({
  types: {} as { context: Context; events: Event; input: NodeInput<Parameters> },
  actions: effects,
  delays: { pause: ({ context }) => Math.round(context.parameters.pause * (0.5 + draw(context.seed, context.sent))) },
  guards: {
    isNews: ({ context, event }) => event.type === 'message' && !context.seen.includes(nameOf(event)),
    isForOwn: ({ context, event }) => {
      const known = event.type === 'propose' ? context.proposals[event.name] : undefined;
      return known !== undefined && !known.some(({ by }) => by === (event as unknown as Timestamp).by);
    },
    hasSaidAll: ({ context }) => context.sent >= context.parameters.chatter,
    wantsToAnswer: ({ context }) => context.question && !context.answered,
    canGivePlace: ({ context }) => isSequencer(context) && nextToTake(context) !== undefined,
    canPropose: ({ context }) =>
      context.parameters.order === 'abcast' && ![undefined, context.self].includes(nextToTake(context)?.from),
    canTake: ({ context }) => isTotal(context.parameters) && nextToTake(context) !== undefined,
    canSettle: ({ context }) => settled(context) !== null,
    canDeliver: ({ context }) => deliverable(context) !== undefined,
  },
});
const { assign } = forMember;
const broadcast = (message: (context: Context) => JsonObject & { type: string }) => ({
  type: 'broadcast' as const,
  params: ({ context }: { context: Context }) => ({ message: message(context) }),
});

/** Sends to everybody else, and treats its own copy as one that has arrived. */
const multicast = [
  assign({ sent: ({ context }) => context.sent + 1 }),
  broadcast(({ sent, delivered, text }) => ({ type: 'message', number: sent, vector: delivered, text })),
  assign(({ context: { arrived, self, sent, delivered, text } }) => ({
    arrived: [...arrived, { from: self, number: sent, vector: delivered, text }],
  })),
];
const takeNext = assign(({ context }) => {
  const letter = nextToTake(context) as Letter;
  const time = context.clock + 1;
  const own = { time, by: indexOf(context, context.self) };
  const isAbcast = context.parameters.order === 'abcast';
  return {
    arrived: context.arrived.filter((each) => each !== letter),
    queue: [...context.queue, letter],
    taken: plusOne(context.taken, indexOf(context, letter.from)),
    clock: isAbcast ? time : context.clock,
    proposed: isAbcast ? { ...context.proposed, [nameOf(letter)]: own } : context.proposed,
    proposals:
      isAbcast && letter.from === context.self ? { ...context.proposals, [nameOf(letter)]: [own] } : context.proposals,
  };
});
const givePlace = [
  broadcast((context) => ({
    type: 'order',
    name: nameOf(nextToTake(context) as Letter),
    place: context.given + 1,
  })),
  assign(({ context }) => ({
    given: context.given + 1,
    places: { ...context.places, [nameOf(nextToTake(context) as Letter)]: context.given + 1 },
  })),
];
const propose = {
  type: 'send' as const,
  params: ({ context }: { context: Context }) => {
    const letter = nextToTake(context) as Letter;
    const by = indexOf(context, context.self);
    return { to: letter.from, message: { type: 'propose', name: nameOf(letter), time: context.clock + 1, by } };
  },
};
const settle = [
  broadcast((context) => {
    const name = settled(context) ?? '';
    return { type: 'final', name, ...finalFor(context, name) };
  }),
  assign(({ context }) => {
    const name = settled(context) ?? '';
    const final = finalFor(context, name);
    return {
      final: { ...context.final, [name]: final },
      // it has seen this time now: whatever it proposes from here on must be later
      clock: Math.max(context.clock, final.time),
      proposals: without(context.proposals, name),
    };
  }),
];
const deliver = [
  {
    type: 'deliver' as const,
    params: ({ context }: { context: Context }) => {
      const { from, number, text } = deliverable(context) as Letter;
      return { item: { from, number, text } };
    },
  },
  assign(({ context }) => {
    const letter = deliverable(context) as Letter;
    const name = nameOf(letter);
    return {
      arrived: context.arrived.filter((each) => each !== letter),
      queue: context.queue.filter((each) => each !== letter),
      delivered: plusOne(context.delivered, indexOf(context, letter.from)),
      used: context.used + 1,
      places: without(context.places, name),
      proposed: without(context.proposed, name),
      final: without(context.final, name),
      question: context.question || (letter.from !== context.self && letter.text.endsWith('?') && hasAnswer(context)),
    };
  }),
];
const hasAnswer = ({ parameters, self }: Context): boolean => (parameters.answers[self] ?? null) !== null;

export const member = forMember.createMachine({
  id: 'member',
  description: 'Multicasts, and delivers what arrives as soon as the order in force allows it.',
  context: ({ input }) => {
    const members = Object.keys(input.nodes);
    const zeros = members.map(() => 0);
    return {
      parameters: input.parameters,
      self: input.self,
      members,
      seed: input.seed,
      sent: 0,
      delivered: zeros,
      text: '',
      question: false,
      answered: false,
      seen: [],
      arrived: [],
      queue: [],
      taken: zeros,
      places: {},
      given: 0,
      used: 0,
      clock: 0,
      proposed: {},
      final: {},
      proposals: {},
    };
  },
  initial: 'talking',
  on: {
    multicast: {
      actions: [assign({ text: ({ event }) => (event.type === 'multicast' ? String(event.text) : '') }), ...multicast],
    },
    message: {
      guard: 'isNews',
      actions: assign(({ context, event }) => {
        if (event.type !== 'message') return {};
        const { from, number, vector, text } = event;
        const letter = { from, number, vector, text: String(text) };
        return { arrived: [...context.arrived, letter], seen: [...context.seen, nameOf(letter)] };
      }),
    },
    order: {
      actions: assign(({ context, event }) =>
        event.type === 'order' ? { places: { ...context.places, [event.name]: event.place } } : {},
      ),
    },
    propose: {
      guard: 'isForOwn',
      actions: assign(({ context, event }) => {
        if (event.type !== 'propose') return {};
        const { name, time, by } = event;
        return { proposals: { ...context.proposals, [name]: [...(context.proposals[name] ?? []), { time, by }] } };
      }),
    },
    final: {
      actions: assign(({ context, event }) => {
        if (event.type !== 'final') return {};
        const { name, time, by } = event;
        return { final: { ...context.final, [name]: { time, by } }, clock: Math.max(context.clock, time) };
      }),
    },
  },
  always: [
    { guard: 'canGivePlace', actions: [...givePlace, takeNext], description: 'The sequencer gives the next place.' },
    {
      guard: 'canPropose',
      actions: [propose, takeNext],
      description: 'ABCAST: proposes a time later than any it knows.',
    },
    { guard: 'canTake', actions: takeNext },
    { guard: 'canSettle', actions: settle, description: 'ABCAST: the greatest proposed time is the final one.' },
    { guard: 'canDeliver', actions: deliver },
    {
      guard: 'wantsToAnswer',
      actions: [
        assign(({ context }) => ({ answered: true, text: context.parameters.answers[context.self] ?? '' })),
        ...multicast,
      ],
    },
  ],
  states: {
    talking: {
      description: 'Multicasts now and then.',
      always: { guard: 'hasSaidAll', target: 'listening' },
      after: {
        pause: {
          target: 'talking',
          reenter: true,
          actions: [assign({ text: ({ context }) => `${context.self}'s no. ${context.sent + 1}` }), ...multicast],
        },
      },
    },
    listening: { description: 'Multicasts what it is asked to, and delivers.' },
  },
});
