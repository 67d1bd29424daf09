/** Processes and resources: they lock and release, and answer the detector, which may ask them or send a marker. */
import { setup } from 'xstate';
import { draw, effects, type NodeId, type NodeInput, nodesWithRole, others } from '../../src/core/protocol.ts';
import { begin, close, hear, type Recording, type Recordings } from '../snapshot/recording.ts';
import type { Event, Parameters } from './words.ts';

export interface Context {
  parameters: Parameters;
  self: NodeId;
  others: NodeId[];
  resources: NodeId[];
  detector: NodeId;
  seed: number;
  /** whom it waits for: a process for a resource, a resource for the process that holds it; null: nobody */
  next: NodeId | null;
  /** a process: what it holds, how much it has done, and what it is about to lock or to release */
  holds: NodeId[];
  steps: number;
  chosen: NodeId;
  /** a resource: who comes after its holder */
  queue: NodeId[];
  /** its parts of snapshots that are not complete, by round */
  recordings: Recordings;
  given: number[];
}

const finished = ({ recordings }: Context): string | null =>
  Object.keys(recordings).find((round) => recordings[round]?.open.length === 0) ?? null;
/** Whom it waits for in the picture. A grant or release on its way from there says that it does not wait any more. */
function nextIn({ state, channels }: Recording, { ignoreChannels }: Parameters): NodeId | null {
  const next = state as NodeId | null;
  const news = next === null || ignoreChannels ? [] : (channels[next] ?? []);
  return news.some((kind) => kind === 'grant' || kind === 'release') ? null : next;
}
const roundOf = (event: Event): number => ('round' in event ? Number(event.round) : 0);
const sender = (event: Event): NodeId => ('from' in event ? event.from : '');
const wanted = (event: Event): NodeId => ('resource' in event ? String(event.resource) : '');
const lot = ({ seed, steps }: Context, which: number): number => draw(seed, 4 * steps + which);
const isFree = ({ holds }: Context, resource: NodeId): boolean => !holds.includes(resource);

const forWatched = setup({
  types: {} as { context: Context; events: Event; input: NodeInput<Parameters> },
  actions: effects,
  delays: { think: ({ context }) => Math.round(context.parameters.think * (0.5 + lot(context, 0))) },
  guards: {
    isIdle: ({ context }) => context.steps >= context.parameters.steps && context.holds.length === 0,
    isStopped: ({ context }) => context.parameters.steps === 0,
    wantsToRelease: ({ context }) =>
      context.holds.length > 0 &&
      (context.steps >= context.parameters.steps ||
        context.holds.length === context.resources.length ||
        lot(context, 1) < 0.45),
    canLock: ({ context, event }) => context.resources.includes(wanted(event)) && isFree(context, wanted(event)),
    canUnlock: ({ context, event }) => context.holds.includes(wanted(event)),
    isHeld: ({ context }) => context.next !== null,
    isLastRelease: ({ context, event }) => context.next === sender(event) && context.queue.length === 0,
    isRelease: ({ context, event }) => context.next === sender(event),
    isGrant: ({ context, event }) => context.next === sender(event),
    isFirstMarker: ({ context, event }) =>
      context.recordings[String(roundOf(event))] === undefined && !context.given.includes(roundOf(event)),
    isAwaitedMarker: ({ context, event }) => context.recordings[String(roundOf(event))] !== undefined,
    hasFinished: ({ context }) => finished(context) !== null,
  },
});
const { assign } = forWatched;
type Args = { context: Context; event: Event };
const sendTo = (to: (context: Context, event: Event) => NodeId, type: 'request' | 'grant' | 'release') => ({
  type: 'send' as const,
  params: ({ context, event }: Args) => ({ to: to(context, event), message: { type } }),
});

/** What arrives goes into every picture that still listens on its channel. */
const listen = assign(({ context, event }) => ({ recordings: hear(context.recordings, sender(event), event.type) }));
const record = assign(({ context, event }) => {
  const open = context.others.filter((each) => each !== sender(event));
  return { recordings: { ...context.recordings, [String(roundOf(event))]: begin(context.next, open) } };
});
const sendMarkers = {
  type: 'broadcast' as const,
  params: ({ event }: Args) => ({ message: { type: 'marker', round: roundOf(event) } }),
};
const endChannel = assign(({ context: { recordings }, event }) => {
  const round = String(roundOf(event));
  return { recordings: { ...recordings, [round]: close(recordings[round] as Recording, sender(event)) } };
});
const answer = {
  type: 'send' as const,
  params: ({ context, event }: Args) => ({
    to: context.detector,
    message: { type: 'state', round: roundOf(event), next: context.next },
  }),
};
const handIn = {
  type: 'send' as const,
  params: ({ context }: { context: Context }) => {
    const round = finished(context) ?? '';
    const next = nextIn(context.recordings[round] as Recording, context.parameters);
    return { to: context.detector, message: { type: 'state', round: Number(round), next } };
  },
};
/** A round that is over stays known, so that no late marker begins it anew. */
const putAside = assign(({ context }) => {
  const { [finished(context) ?? '']: _, ...recordings } = context.recordings;
  return { recordings, given: [...context.given, Number(finished(context))] };
});

/** What both roles do for the detector. */
const watched = {
  ask: { actions: answer },
  marker: [
    { guard: 'isFirstMarker', actions: [record, sendMarkers] },
    { guard: 'isAwaitedMarker', actions: endChannel },
  ],
} as const;
const handInWhenFinished = { guard: 'hasFinished', actions: [handIn, putAside] } as const;

const newcomer = ({ input }: { input: NodeInput<Parameters> }): Context => ({
  parameters: input.parameters,
  self: input.self,
  others: others(input),
  resources: nodesWithRole(input, 'resource'),
  detector: nodesWithRole(input, 'detector')[0] ?? '',
  seed: input.seed,
  next: null,
  holds: [],
  steps: 0,
  chosen: '',
  queue: [],
  recordings: {},
  given: [],
});

const choose = assign(({ context, event }) => {
  const free = context.resources.filter((resource) => isFree(context, resource));
  const byLot = free[Math.floor(lot(context, 2) * free.length)] ?? '';
  return { chosen: wanted(event) || byLot, steps: context.steps + 1 };
});
const lock = [choose, sendTo(({ chosen }) => chosen, 'request'), assign({ next: ({ context }) => context.chosen })];
const unlock = [
  assign(({ context, event }) => ({ chosen: wanted(event) || (context.holds[0] ?? ''), steps: context.steps + 1 })),
  sendTo(({ chosen }) => chosen, 'release'),
  assign({ holds: ({ context }) => context.holds.filter((each) => each !== context.chosen) }),
];

export const client = forWatched.createMachine({
  id: 'process',
  description: 'Locks resources and releases them. It does one thing at a time: while it waits, it does nothing else.',
  context: newcomer,
  initial: 'working',
  on: watched,
  always: handInWhenFinished,
  states: {
    working: {
      description: 'Thinks for a while, then locks or releases something.',
      always: [
        { guard: 'isStopped', target: 'obeying' },
        { guard: 'isIdle', target: 'idle' },
      ],
      after: {
        think: [
          { guard: 'wantsToRelease', target: 'working', reenter: true, actions: unlock },
          { target: 'waiting', actions: lock },
        ],
      },
    },
    obeying: {
      description: 'Locks and releases what it is asked to.',
      on: {
        lock: { guard: 'canLock', target: 'waiting', actions: lock },
        unlock: { guard: 'canUnlock', actions: unlock },
      },
    },
    waiting: {
      description: 'Has asked for a resource, and waits until it is granted.',
      on: {
        grant: {
          guard: 'isGrant',
          target: 'working',
          actions: [listen, assign({ next: null, holds: ({ context, event }) => [...context.holds, sender(event)] })],
        },
      },
    },
    idle: { description: 'Has done its work and holds nothing.' },
  },
});

const grant = sendTo(({ next }) => next ?? '', 'grant');
const release = assign(({ context: { queue } }) => ({ next: queue[0] ?? null, queue: queue.slice(1) }));

export const resource = forWatched.createMachine({
  id: 'resource',
  description: 'Is held by one process at a time; the others queue.',
  context: newcomer,
  initial: 'serving',
  on: watched,
  always: handInWhenFinished,
  states: {
    serving: {
      description: 'Grants itself to the first that asks, and then to one after the other.',
      on: {
        request: [
          {
            guard: 'isHeld',
            actions: [listen, assign({ queue: ({ context, event }) => [...context.queue, sender(event)] })],
          },
          { actions: [listen, assign({ next: ({ event }) => sender(event) }), grant] },
        ],
        release: [
          { guard: 'isLastRelease', actions: [listen, release] },
          { guard: 'isRelease', actions: [listen, release, grant] },
        ],
      },
    },
  },
});
