/** A node of the bank: sends tokens about, and takes part in snapshots by the two rules. */
import { setup } from 'xstate';
import type { Moment } from '../../src/core/problems/snapshot.ts';
import {
  draw,
  effects,
  type JsonObject,
  type Message,
  type NodeId,
  type NodeInput,
  others,
  type Received,
} from '../../src/core/protocol.ts';
import { begin, close, hear, type Recording, type Recordings } from './recording.ts';

export interface Parameters {
  readonly tokens: Readonly<Record<NodeId, number>>;
  readonly transfers: number;
  readonly pause: number;
  readonly method: 'chandy-lamport' | 'naive' | 'states-only';
}
type Event =
  | Received<Message & { type: 'transfer'; name: string; amount: number }>
  | Received<Message & { type: 'marker'; snapshot: string }>
  | Received<Message & { type: 'report'; snapshot: string; tokens: number }>
  | { type: 'send'; to: NodeId; amount: number }
  | { type: 'snapshot' };

export interface Context {
  parameters: Parameters;
  self: NodeId;
  others: NodeId[];
  seed: number;
  tokens: number;
  /** how many transfers it has sent, and how many it has thought of by itself */
  sent: number;
  thoughts: number;
  /** the transfer that is being sent */
  to: NodeId;
  amount: number;
  /** its parts of snapshots that are not complete yet, and how many snapshots it has begun */
  recordings: Recordings;
  begun: number;
  /** the snapshots of which it has given its part */
  given: string[];
  /** of its own snapshots: the tokens in each node's part, channels included */
  reports: Readonly<Record<string, Readonly<Record<NodeId, number>>>>;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
const beginnerOf = (snapshot: string): NodeId => snapshot.slice(0, snapshot.lastIndexOf('#'));
export const inChannels = ({ channels }: Recording): number => sum(Object.values(channels).flat() as number[]);
const tokensIn = (recording: Recording): number => Number(recording.state) + inChannels(recording);
/** The first part that is complete and has not been handed in. */
const finished = ({ recordings }: Context): string | null =>
  Object.keys(recordings).find((id) => recordings[id]?.open.length === 0) ?? null;
const putTogether = ({ reports, others: them }: Context): string | null =>
  Object.keys(reports).find((id) => Object.keys(reports[id] ?? {}).length > them.length) ?? null;
/** Whose parts are missing in the snapshots that it has begun. */
export const awaitedReports = ({ reports, others: them }: Context): NodeId[] =>
  them.filter((other) => Object.values(reports).some((parts) => parts[other] === undefined));
const part = (context: Context): Recording => context.recordings[finished(context) ?? ''] as Recording;
const without = <T>(all: Readonly<Record<string, T>>, id: string | null): Record<string, T> =>
  Object.fromEntries(Object.entries(all).filter(([each]) => each !== id));

const forNode = setup({
  types: {} as { context: Context; events: Event; input: NodeInput<Parameters> },
  actions: effects,
  delays: {
    pause: ({ context }) => Math.round(context.parameters.pause * (0.5 + draw(context.seed, context.thoughts))),
  },
  guards: {
    isDone: ({ context }) => context.thoughts >= context.parameters.transfers || context.others.length === 0,
    isPossible: ({ context, event }) =>
      event.type === 'send' && event.amount > 0 && event.amount <= context.tokens && context.others.includes(event.to),
    isQuestion: ({ context, event }) => event.type === 'marker' && context.parameters.method === 'naive',
    isFirstMarker: ({ context, event }) =>
      event.type === 'marker' &&
      context.recordings[event.snapshot] === undefined &&
      !context.given.includes(event.snapshot),
    isAwaitedMarker: ({ context, event }) =>
      event.type === 'marker' && context.recordings[event.snapshot] !== undefined,
    hasFinishedOwn: ({ context }) => beginnerOf(finished(context) ?? '#') === context.self,
    hasFinished: ({ context }) => finished(context) !== null,
    hasAll: ({ context }) => putTogether(context) !== null,
    hasNoTokens: ({ context }) => context.tokens === 0,
  },
});
const { assign } = forNode;

const sendTransfer = [
  assign(({ context }) => ({ tokens: context.tokens - context.amount, sent: context.sent + 1 })),
  {
    type: 'send' as const,
    params: ({ context: { to, amount, self, sent } }: { context: Context }) => ({
      to,
      message: { type: 'transfer', name: `${self}#${sent}`, amount },
    }),
  },
];
const think = assign(({ context: { thoughts, others: them, seed, tokens } }) => ({
  thoughts: thoughts + 1,
  to: them[Math.floor(draw(seed, 1000 + thoughts) * them.length)] as NodeId,
  amount: Math.min(tokens, 1 + Math.floor(3 * draw(seed, 2000 + thoughts))),
}));
const receiveTransfer = [
  assign(({ context, event }) => {
    if (event.type !== 'transfer') return {};
    const tokens = context.tokens + event.amount;
    if (context.parameters.method === 'states-only') return { tokens };
    return { tokens, recordings: hear(context.recordings, event.from, event.amount) };
  }),
  tell((_, event) => ({ received: (event as { name: string }).name, amount: (event as { amount: number }).amount })),
];

/** A moment, as the outside sees it. */
function tell(what: (context: Context, event: Event) => Moment) {
  return {
    type: 'deliver' as const,
    params: ({ context, event }: { context: Context; event: Event }) => ({
      item: what(context, event) as unknown as JsonObject,
    }),
  };
}
/** The snapshot that this event belongs to: its own next one, unless a marker names another. */
const idOf = ({ self, begun }: Context, event: Event): string =>
  event.type === 'marker' ? event.snapshot : `${self}#${begun}`;
/** Records the own state; of the channels, those on which the marker has yet to come. A naive node looks at none. */
const record = [
  assign(({ context, event }) => {
    const open = context.others.filter((from) => event.type !== 'marker' || from !== event.from);
    const recording = begin(context.tokens, context.parameters.method === 'naive' ? [] : open);
    return { recordings: { ...context.recordings, [idOf(context, event)]: recording } };
  }),
  tell((context, event) => ({ recorded: idOf(context, event), tokens: context.tokens })),
];
const sendMarkers = {
  type: 'broadcast' as const,
  params: ({ context, event }: { context: Context; event: Event }) => ({
    message: { type: 'marker', snapshot: idOf(context, event) },
  }),
};
const endChannel = assign(({ context: { recordings }, event }) => {
  if (event.type !== 'marker') return {};
  const { snapshot, from } = event;
  return { recordings: { ...recordings, [snapshot]: close(recordings[snapshot] as Recording, from) } };
});

const tellPart = tell((context) => ({
  part: finished(context) ?? '',
  tokens: Number(part(context).state),
  channels: part(context).channels as Record<NodeId, number[]>,
}));
const putAside = assign(({ context }) => ({
  recordings: without(context.recordings, finished(context)),
  given: [...context.given, finished(context) ?? ''],
}));
const add = (reports: Context['reports'], id: string, node: NodeId, tokens: number): Context['reports'] => ({
  ...reports,
  [id]: { ...reports[id], [node]: tokens },
});
const keepOwnPart = assign(({ context }) => ({
  reports: add(context.reports, finished(context) ?? '', context.self, tokensIn(part(context))),
}));
const handIn = {
  type: 'send' as const,
  params: ({ context }: { context: Context }) => ({
    to: beginnerOf(finished(context) ?? ''),
    message: { type: 'report', snapshot: finished(context) ?? '', tokens: tokensIn(part(context)) },
  }),
};
const announce = [
  {
    type: 'decide' as const,
    params: ({ context }: { context: Context }) => {
      const snapshot = putTogether(context) ?? '';
      return { value: { snapshot, total: sum(Object.values(context.reports[snapshot] ?? {})) } };
    },
  },
  assign(({ context }) => ({ reports: without(context.reports, putTogether(context)) })),
];

export const node = forNode.createMachine({
  id: 'node',
  description: 'Sends tokens about, and takes part in snapshots.',
  context: ({ input }) => ({
    parameters: input.parameters,
    self: input.self,
    others: others(input),
    seed: input.seed,
    tokens: input.parameters.tokens[input.self] ?? 0,
    sent: 0,
    thoughts: 0,
    to: '',
    amount: 0,
    recordings: {},
    begun: 0,
    given: [],
    reports: {},
  }),
  initial: 'trading',
  on: {
    transfer: { actions: receiveTransfer },
    send: {
      guard: 'isPossible',
      actions: [
        assign(({ event }) => (event.type === 'send' ? { to: event.to, amount: event.amount } : {})),
        ...sendTransfer,
      ],
    },
    snapshot: { actions: [assign({ begun: ({ context }) => context.begun + 1 }), ...record, sendMarkers] },
    marker: [
      { guard: 'isQuestion', actions: record, description: 'Naive: it answers with its state, and that is all.' },
      { guard: 'isFirstMarker', actions: [...record, sendMarkers] },
      { guard: 'isAwaitedMarker', actions: endChannel },
    ],
    report: {
      actions: assign(({ context, event }) =>
        event.type === 'report' ? { reports: add(context.reports, event.snapshot, event.from, event.tokens) } : {},
      ),
    },
  },
  always: [
    { guard: 'hasFinishedOwn', actions: [tellPart, keepOwnPart, putAside] },
    { guard: 'hasFinished', actions: [tellPart, handIn, putAside] },
    { guard: 'hasAll', actions: announce },
  ],
  states: {
    trading: {
      description: 'Sends tokens to others, by lot.',
      always: { guard: 'isDone', target: 'resting' },
      after: {
        pause: [
          { guard: 'hasNoTokens', target: 'trading', reenter: true, actions: think },
          { target: 'trading', reenter: true, actions: [think, ...sendTransfer] },
        ],
      },
    },
    resting: { description: 'Sends what it is asked to send, and takes part in snapshots.' },
  },
});
