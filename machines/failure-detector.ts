/**
 * A failure detector: who is dead? Each node watches all others, and says whom it suspects.
 *
 * All that can be seen of a node are its messages. So nodes send signs of life: *heartbeats*, to all others in regular
 * intervals; or answers to *pings*; or *beacons*, which are heartbeats to whoever listens: nobody knows beforehand who is
 * there, and who has never been heard is never missed. Who has been silent for too long is suspected; who is heard
 * again is trusted again.
 *
 * How long is too long? In a synchronous system one can work it out: an interval and the longest delay. Then the detector
 * is *complete* (whoever is dead is suspected) and *accurate* (and nobody else). In an asynchronous system silence proves
 * nothing: any timeout suspects somebody who is only slow, so the detector is live but not accurate. One that waits for
 * proof, a *recovery notice* ("I was gone for a while, but now I am back"), is accurate but not live: the dead send none.
 * An *adaptive* timeout is doubled at each mistake. If there is a bound at all, known or not, it makes finitely many
 * mistakes (Chandra and Toueg's eventually perfect detector).
 *
 * Each sign of life carries a check figure. One that was garbled on the way, or by a broken sender, is thrown away: so
 * corruption looks like silence, which the detector understands. Who lies on purpose gets the figure right.
 */
import { setup } from 'xstate';
import { detector } from '../src/core/problems/detector.ts';
import {
  defineProtocol,
  effects,
  type JsonObject,
  type Message,
  type NodeId,
  type NodeInput,
  others,
  type Received,
  type RoleName,
} from '../src/core/protocol.ts';

interface Parameters {
  readonly method: 'heartbeat' | 'ping' | 'beacon';
  readonly timeouts: 'fixed' | 'adaptive' | 'none';
  readonly interval: number;
  readonly timeout: number;
  readonly tick: number;
  readonly beats: number;
  readonly grudge: boolean;
}
type Event =
  | Received<Message & { type: 'alive'; count: number; check: number }>
  | Received<Message & { type: 'ping' }>
  | Received<Message & { type: 'recovered'; life: number }>
  | Received<Message & { type: 'goodbye' }>
  | Received<Message & { type: 'farewell' }>;

interface Context {
  parameters: Parameters;
  self: NodeId;
  /** which life of this node this is, from 1 */
  life: number;
  ticks: number;
  beats: number;
  /** at which of its own ticks it last heard of each node that it watches */
  heard: Record<NodeId, number>;
  /** for how many ticks each may be silent */
  patience: Record<NodeId, number>;
  suspects: NodeId[];
  /** known for sure: it was down for a while (it said so), it is dead (its crash was announced), it has left in order */
  wasDown: NodeId[];
  dead: NodeId[];
  left: NodeId[];
  /** signs of life that were thrown away because their check figure was wrong */
  garbled: number;
}

/** Any function will do that a small accident does not satisfy. */
const checkOf = (node: NodeId, count: number): number =>
  [...node].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9973, count * 7);
const ticksIn = ({ tick }: Parameters, ms: number): number => Math.ceil(ms / tick);
const silentTooLong = ({ parameters, heard, patience, suspects, ticks }: Context): NodeId[] =>
  parameters.timeouts === 'none'
    ? []
    : Object.keys(heard).filter(
        (node) =>
          !suspects.includes(node) &&
          ticks - (heard[node] as number) > (patience[node] ?? ticksIn(parameters, parameters.timeout)),
      );

const forNode = setup({
  types: {} as { context: Context; events: Event; input: NodeInput<Parameters> },
  actions: effects,
  delays: { tick: ({ context }) => context.parameters.tick },
  guards: {
    isGarbled: ({ event }) => event.type === 'alive' && event.check !== checkOf(event.from, event.count),
    bearsGrudge: ({ context, event }) => context.parameters.grudge && context.suspects.includes(event.from),
    isGone: ({ context, event }) => context.dead.includes(event.from) || context.left.includes(event.from),
    hasBeatEnough: ({ context: { beats, parameters, ticks } }) =>
      beats >= parameters.beats && ticks >= ticksIn(parameters, parameters.interval) * beats,
    isLaterLife: ({ context }) => context.life > 1,
  },
});
type Acting = { context: Context; event: Event };
const signOf = ({ self, beats }: Context): Message => ({ type: 'alive', count: beats, check: checkOf(self, beats) });

/** A sign of life: whoever sends one is not dead. Who was wrong about it is more patient from now on, if it learns. */
const trust = forNode.enqueueActions(({ context, event, enqueue }) => {
  const { from } = event;
  const wrong = context.suspects.includes(from);
  const patience = context.patience[from] ?? ticksIn(context.parameters, context.parameters.timeout);
  const learns = wrong && context.parameters.timeouts === 'adaptive';
  if (wrong) enqueue({ type: 'deliver', params: { item: { trusts: from } } });
  enqueue.assign({
    heard: { ...context.heard, [from]: context.ticks },
    patience: { ...context.patience, [from]: learns ? 2 * patience : patience },
    suspects: context.suspects.filter((node) => node !== from),
  });
});
/** Another tick: time for a sign of life of its own, perhaps, and for a look at who has been silent. */
const look = forNode.enqueueActions(({ context, enqueue }) => {
  const { parameters, beats } = context;
  const ticks = context.ticks + 1;
  const silent = silentTooLong({ ...context, ticks });
  for (const node of silent) enqueue({ type: 'deliver', params: { item: { suspects: node } } });
  enqueue.assign({ ticks, suspects: [...context.suspects, ...silent].sort() });
  if (beats >= parameters.beats || ticks < ticksIn(parameters, parameters.interval) * beats) return;
  enqueue.assign({ beats: beats + 1 });
  const sign = parameters.method === 'ping' ? { type: 'ping' } : signOf({ ...context, beats: beats + 1 });
  enqueue({ type: 'broadcast', params: { message: sign } });
});
const answer = {
  type: 'send' as const,
  params: ({ context, event }: Acting) => ({ to: event.from, message: signOf(context) }),
};
const leaveAgain = {
  type: 'send' as const,
  params: ({ event }: Acting) => ({ to: event.from, message: { type: 'goodbye' } }),
};
const throwAway = forNode.assign({ garbled: ({ context }) => context.garbled + 1 });
const noteRecovery = forNode.assign(({ context, event }) => ({
  wasDown: [...context.wasDown.filter((node) => node !== event.from), event.from].sort(),
  left: context.left.filter((node) => node !== event.from),
}));
/** Who leaves in order is not watched any more; who is known to be dead is suspected for good. */
const unwatch = forNode.assign(({ context, event }) => {
  const { [event.from]: _, ...heard } = context.heard;
  return { heard, left: [...context.left, event.from].sort() };
});
const bury = forNode.enqueueActions(({ context, event, enqueue }) => {
  const { [event.from]: _, ...heard } = context.heard;
  if (!context.suspects.includes(event.from)) enqueue({ type: 'deliver', params: { item: { suspects: event.from } } });
  const suspects = [...context.suspects.filter((node) => node !== event.from), event.from].sort();
  enqueue.assign({ heard, suspects, dead: [...context.dead, event.from].sort() });
});

const node = forNode.createMachine({
  id: 'node',
  description: 'Sends signs of life, and watches for those of the others.',
  context: ({ input }) => ({
    parameters: input.parameters,
    self: input.self,
    life: Number(input.stable.life ?? 0) + 1,
    ticks: 0,
    beats: 0,
    heard: input.parameters.method === 'beacon' ? {} : Object.fromEntries(others(input).map((id) => [id, 0])),
    patience: {},
    suspects: [],
    wasDown: [],
    dead: [],
    left: [],
    garbled: 0,
  }),
  entry: { type: 'persist', params: ({ context }) => ({ key: 'life', value: context.life }) },
  initial: 'waking',
  on: {
    alive: [
      { guard: 'isGarbled', actions: throwAway },
      { guard: 'isGone' },
      { guard: 'bearsGrudge' },
      { actions: trust },
    ],
    ping: [{ guard: 'isGone' }, { guard: 'bearsGrudge', actions: answer }, { actions: [trust, answer] }],
    recovered: [{ guard: 'bearsGrudge', actions: noteRecovery }, { actions: [trust, noteRecovery] }],
    goodbye: [{ guard: 'bearsGrudge', actions: unwatch }, { actions: [trust, unwatch] }],
    farewell: { actions: bury },
  },
  states: {
    waking: {
      description: 'Says so, if it has been down.',
      always: [
        {
          guard: 'isLaterLife',
          target: 'watching',
          actions: {
            type: 'broadcast',
            params: ({ context }) => ({ message: { type: 'recovered', life: context.life } }),
          },
        },
        { target: 'watching' },
      ],
    },
    watching: {
      description: 'Sends signs of life in regular intervals, and suspects who has been silent for too long.',
      after: {
        tick: [
          { guard: 'hasBeatEnough', target: 'resting' },
          { target: 'watching', reenter: true, actions: look },
        ],
      },
    },
    resting: {
      description: 'Has sent all its signs of life, and leaves in order. Still answers.',
      entry: { type: 'broadcast', params: { message: { type: 'goodbye' } } },
      on: {
        recovered: [
          { guard: 'bearsGrudge', actions: [noteRecovery, leaveAgain] },
          { actions: [trust, noteRecovery, leaveAgain], description: 'It has not heard that this node left.' },
        ],
      },
    },
  },
});

const read = (parameters: JsonObject): Parameters => parameters as unknown as Parameters;
const chandra = 'Chandra and Toueg, "Unreliable Failure Detectors for Reliable Distributed Systems" (1996)';
const delivered = (item: unknown, field: string): NodeId | null =>
  ((item as Record<string, NodeId> | null)?.[field] as NodeId | undefined) ?? null;

export default defineProtocol({
  id: 'failure-detector',
  title: 'A failure detector',
  source: chandra,
  problem: 'detector',
  about:
    'Nodes send signs of life and suspect who is silent. With a known bound on delays it is complete and accurate; without one it is live but not accurate, or accurate but not live, or accurate in the end.',
  roles: { node },
  messages: {
    alive: { fields: { count: 'number', check: 'number' }, about: 'A sign of life, with its check figure.' },
    ping: { about: 'Are you there? (Which is a sign of life, too.)' },
    recovered: { fields: { life: 'number' }, about: 'I was gone for a while, but now I am back.' },
    goodbye: { about: 'I leave in order: do not miss me.' },
  },
  parameters: {
    method: {
      kind: 'choice',
      default: 'heartbeat',
      choices: ['heartbeat', 'ping', 'beacon'],
      about: 'How nodes show that they live; with beacons one knows only of those whom one has heard.',
    },
    timeouts: {
      kind: 'choice',
      default: 'fixed',
      choices: ['fixed', 'adaptive', 'none'],
      about: 'adaptive: doubled at each mistake; none: silence is no proof, only notices and announcements are.',
    },
    interval: { kind: 'duration', default: 100, min: 1, about: 'Between two signs of life.' },
    timeout: { kind: 'duration', default: 250, min: 1, about: 'Silence for longer than this is suspect (at first).' },
    tick: { kind: 'duration', default: 50, min: 1, about: 'How often a node looks at its watch.' },
    beats: { kind: 'integer', default: 40, min: 1, max: 100_000, about: 'After so many signs of life a node rests.' },
    grudge: { kind: 'flag', default: false, about: 'Wrong when true: who was suspected once is never trusted again.' },
  },
  properties: detector({
    members: (view) => view.nodes,
    suspects: ({ context }) => (context.suspects as NodeId[] | undefined) ?? [],
    trustsAgain: ({ effect }) => (effect.type === 'deliver' ? delivered(effect.item, 'trusts') : null),
  }),
  lies: {
    alive: ({ count, ...message }, { self }) => {
      const said = Number(count) + 1000;
      return [{ ...message, count: said, check: checkOf(self, said) } as unknown as Message];
    },
  },
  costs: [
    {
      name: 'signs of life and pings',
      formula: 'n(n-1) an interval with heartbeats and beacons, 2n(n-1) with pings',
      caseOf: (_, parameters) =>
        `${read(parameters).beats} × ${read(parameters).method === 'ping' ? '2n(n-1)' : 'n(n-1)'}`,
      source: 'counted: each node to each other',
      expected: ({ node: n = 0 }: Readonly<Record<RoleName, number>>, parameters) =>
        read(parameters).beats * (read(parameters).method === 'ping' ? 2 : 1) * n * (n - 1),
      measured: ({ byKind }) => (byKind.alive ?? 0) + (byKind.ping ?? 0),
    },
  ],
  bound: { formula: 'n-1 crashes', of: 'crashes', greatest: (n) => n - 1 },
  summary({ context }) {
    const { beats, dead, garbled, suspects, wasDown } = context as unknown as Context;
    return [
      { label: 'beats', value: beats },
      { label: 'suspects', value: suspects.join(' ') },
      ...(wasDown.length > 0 ? [{ label: 'was down for a while', value: wasDown.join(' ') }] : []),
      ...(dead.length > 0 ? [{ label: 'is dead for sure', value: dead.join(' ') }] : []),
      ...(garbled > 0 ? [{ label: 'garbled', value: garbled }] : []),
    ];
  },
  wrongVariants: [
    {
      parameters: { timeout: 60 },
      breaks: 'detector/accuracy',
      about: 'A timeout shorter than the interval: everybody is suspected between two heartbeats.',
    },
    {
      parameters: { grudge: true },
      breaks: 'detector/eventual-accuracy',
      about: 'A mistake is never taken back: the slow stay suspected for ever.',
    },
  ],
});
