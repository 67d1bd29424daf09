/** A node with a clock on its wall, and what it adds to it: by asking, by being told, or by comparing with everybody. */
import { setup } from 'xstate';
import {
  effects,
  firstWithRole,
  type Message,
  type NodeId,
  type NodeInput,
  nodeCount,
} from '../../src/core/protocol.ts';
import { broadcastError, cristian, cristianError, faultTolerant, guessedDelay, mean } from './reckoning.ts';

export interface Parameters {
  readonly method: 'cristian' | 'berkeley' | 'broadcast' | 'averaging';
  readonly f: number;
  readonly period: number;
  readonly window: number;
  readonly rounds: number;
  readonly minDelay: number;
  readonly maxDelay: number;
  readonly drift: number;
  readonly precision: number;
  readonly accuracy: number;
  readonly halve: boolean;
  readonly discard: boolean;
}
/** What the wall shows comes with every event. */
type Seen<M extends Message> = M & { readonly from: NodeId; readonly clockMs: number };
type Event =
  | Seen<Message & { type: 'request' | 'ask'; round: number }>
  | Seen<Message & { type: 'reply' | 'tell'; round: number; time: number }>
  | Seen<Message & { type: 'time' | 'clock'; time: number }>
  | Seen<Message & { type: 'adjust'; by: number }>;

export interface Context {
  parameters: Parameters;
  self: NodeId;
  /** how many nodes there are; they are not listed in each of them, for there may be very many */
  nodes: number;
  master: NodeId;
  /** what it adds to what the wall shows */
  adjustment: number;
  /** rounds it has begun, and how often its clock has been set */
  round: number;
  synced: number;
  /** what the wall showed when it asked */
  askedAt: number;
  /** by how much the others are ahead, as far as it knows */
  ahead: Readonly<Record<NodeId, number>>;
  /** how wrong it may be by its own reckoning, and what the wall showed then */
  claim: { errorMs: number; clockMs: number } | null;
}

const wall = (event: Event): number => event.clockMs ?? 0;
const timeIn = (event: Event): number => ('time' in event ? Number(event.time) : 0);
const believed = (context: Context, event: Event): number => wall(event) + context.adjustment;
const roundIn = (event: Event): number => ('round' in event ? Number(event.round) : 0);
const sender = (event: Event): NodeId => event.from;
const roundTrip = (context: Context, event: Event): number => wall(event) - context.askedAt;

const forNode = setup({
  types: {} as { context: Context; events: Event; input: NodeInput<Parameters> },
  actions: effects,
  delays: {
    period: ({ context }) => context.parameters.period,
    window: ({ context }) => context.parameters.window,
  },
  guards: {
    isOver: ({ context }) => context.round >= context.parameters.rounds,
    // who acts by itself, in this method; the others only answer
    asks: ({ context: { parameters, self, master } }) => parameters.method === 'cristian' && self !== master,
    polls: ({ context: { parameters, self, master } }) => parameters.method === 'berkeley' && self === master,
    announces: ({ context: { parameters, self, master } }) => parameters.method === 'broadcast' && self === master,
    compares: ({ context }) => context.parameters.method === 'averaging',
    knowsAll: ({ context }) => Object.keys(context.ahead).length === context.nodes - 1,
    // an answer to an earlier question would seem to have come back in no time
    isOfThisRound: ({ context, event }) => roundIn(event) === context.round,
    isAnswer: ({ context, event }) => sender(event) === context.master && roundIn(event) === context.round,
    isFromMaster: ({ context, event }) => sender(event) === context.master,
  },
});
const { assign } = forNode;
type Args = { context: Context; event: Event };

const beginRound = assign(({ context, event }) => ({ round: context.round + 1, askedAt: wall(event) }));
const sayTime = (type: 'time' | 'clock') => ({
  type: 'broadcast' as const,
  params: ({ context, event }: Args) => ({ message: { type, time: believed(context, event) } }),
});
const answer = (type: 'reply' | 'tell') => ({
  type: 'send' as const,
  params: ({ context, event }: Args) => ({
    to: sender(event),
    message: { type, round: roundIn(event), time: believed(context, event) },
  }),
});
/** Sets the clock: what it is to show now, and how far that may be from the reference. Whoever uses the clock is told. */
const set = (reckon: (context: Context, event: Event) => { time: number; errorMs: number | null }) =>
  forNode.enqueueActions(({ context, event, enqueue }) => {
    const { time, errorMs } = reckon(context, event);
    const adjustment = Math.round(time) - wall(event);
    enqueue.assign({
      adjustment,
      synced: context.synced + 1,
      claim: errorMs === null ? null : { errorMs, clockMs: wall(event) },
    });
    enqueue({ type: 'deliver', params: { item: { adjustment } } });
  });
const setByReply = set((context, event) => {
  const { halve, minDelay, drift } = context.parameters;
  const tripMs = roundTrip(context, event);
  return { time: cristian(timeIn(event), tripMs, halve), errorMs: cristianError(tripMs, minDelay, drift) };
});
const setByBroadcast = set(({ parameters: { minDelay, maxDelay } }, event) => ({
  time: timeIn(event) + guessedDelay(minDelay, maxDelay),
  errorMs: broadcastError(minDelay, maxDelay),
}));
const setByOrder = set((context, event) => ({
  time: believed(context, event) + (event.type === 'adjust' ? Number(event.by) : 0),
  errorMs: null,
}));

/** Berkeley: how far the node was ahead, its answer having taken about half of the round trip. */
const noteTold = assign(({ context, event }) => {
  const ahead = cristian(timeIn(event), roundTrip(context, event), true) - believed(context, event);
  return { ahead: { ...context.ahead, [sender(event)]: ahead } };
});
/** The master counts with the others: all are moved to the average, itself included. */
const average = ({ ahead }: Context): number => mean([0, ...Object.values(ahead)]);
const sendOrders = forNode.enqueueActions(({ context, enqueue }) => {
  for (const [to, ahead] of Object.entries(context.ahead))
    enqueue({ type: 'send', params: { to, message: { type: 'adjust', by: average(context) - ahead } } });
});
const setByAverage = set((context, event) => ({ time: believed(context, event) + average(context), errorMs: null }));
const forget = assign({ ahead: {} });

const noteClock = assign(({ context, event }) => {
  const { minDelay, maxDelay } = context.parameters;
  const ahead = timeIn(event) + guessedDelay(minDelay, maxDelay) - believed(context, event);
  return { ahead: { ...context.ahead, [sender(event)]: ahead } };
});
/** Averaging: who is silent counts as oneself does. */
const setByAll = set((context, event) => {
  const { f, discard } = context.parameters;
  const heard = Object.values(context.ahead);
  const all = [...heard, ...new Array<number>(context.nodes - heard.length).fill(0)];
  return { time: believed(context, event) + (discard ? faultTolerant(all, f) : mean(all)), errorMs: null };
});

export const node = forNode.createMachine({
  id: 'node',
  description: 'Has a clock that is off and drifts, and finds out what to add to it.',
  context: ({ input }) => ({
    parameters: input.parameters,
    self: input.self,
    nodes: nodeCount(input),
    master: firstWithRole(input, 'master'),
    adjustment: 0,
    round: 0,
    synced: 0,
    askedAt: 0,
    ahead: {},
    claim: null,
  }),
  initial: 'resting',
  on: {
    request: { actions: answer('reply') },
    ask: { actions: answer('tell') },
    time: { guard: 'isFromMaster', actions: setByBroadcast },
    adjust: { guard: 'isFromMaster', actions: setByOrder },
    clock: { actions: noteClock },
  },
  states: {
    resting: {
      description: 'Until the next round.',
      always: { guard: 'isOver', target: 'done' },
      after: {
        period: [
          { guard: 'asks', target: 'asking' },
          { guard: 'polls', target: 'polling' },
          { guard: 'announces', target: 'resting', reenter: true, actions: [beginRound, sayTime('time')] },
          { guard: 'compares', target: 'comparing' },
          { target: 'done' },
        ],
      },
    },
    asking: {
      description:
        'Cristian: has asked the server for the time, and looks at the wall to see how long the answer takes.',
      entry: [
        beginRound,
        {
          type: 'send',
          params: ({ context }) => ({ to: context.master, message: { type: 'request', round: context.round } }),
        },
      ],
      on: { reply: { guard: 'isAnswer', target: 'resting', actions: setByReply } },
    },
    polling: {
      description: 'Berkeley: the master has asked all for their time.',
      entry: [
        beginRound,
        { type: 'broadcast', params: ({ context }) => ({ message: { type: 'ask', round: context.round } }) },
      ],
      on: { tell: { guard: 'isOfThisRound', actions: noteTold } },
      always: { guard: 'knowsAll', target: 'resting', actions: [sendOrders, setByAverage, forget] },
    },
    comparing: {
      description: 'Averaging: has told everybody its time, and hears theirs.',
      entry: [beginRound, sayTime('clock')],
      after: { window: { target: 'resting', actions: [setByAll, forget] } },
    },
    done: { description: 'Answers, and sets its clock when it is told to.' },
  },
});
