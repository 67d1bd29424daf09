/**
 * Deadlock detection: who looks at a running system piece by piece sees circles that are not there.
 *
 * Processes lock resources and release them. A process that asks for a resource waits until it is granted; a resource waits,
 * so to speak, for the process that holds it. If these form a circle, nobody on it will ever go on: a deadlock. Once there it
 * stays, so it is enough to look from time to time.
 *
 * The detector that *polls* asks everybody "whom do you wait for?", and puts the answers together. Each answer was true when it
 * was given. But P may have released R, and the release be on its way; R still says that P holds it. P says that it waits
 * for S, whose holder says that it waits for R: a circle, and no deadlock. It is a *phantom*: the answers make an inconsistent
 * cut, or a consistent one of which the channels are missing, and in one of them the release was travelling.
 *
 * The other detector takes Chandy and Lamport's *snapshot*, channels included. A release in the channel says that the resource
 * is not held. What such a picture shows could have been at one moment; and a circle, being stable, is then there in truth
 * when the detector reports it. So it has no phantoms, and sooner or later it finds every deadlock. It needs FIFO channels and
 * n(n-1) markers, where polling does with n-1 questions.
 */
import { deadlock } from '../src/core/problems/deadlock.ts';
import { defineProtocol, type JsonObject, type NodeId } from '../src/core/protocol.ts';
import { type DetectorContext, detector } from './deadlock/detector.ts';
import { type Context, client, resource } from './deadlock/watched.ts';
import type { Parameters } from './deadlock/words.ts';

const chandyLamport =
  'Chandy and Lamport, "Distributed Snapshots: Determining Global States of Distributed Systems" (1985)';
const read = (parameters: JsonObject): Parameters => parameters as unknown as Parameters;
const meanings = ['request', 'grant', 'release'] as const;
const round = { round: 'number' } as const;

export default defineProtocol({
  id: 'deadlock',
  title: 'Deadlock detection',
  source: `${chandyLamport}; phantoms: Ho and Ramamoorthy, "Protocols for Deadlock Detection in Distributed Database Systems" (1982)`,
  problem: 'deadlock',
  about:
    'Processes wait for resources and resources for their holders. A detector that polls reports circles that never were; one that takes consistent snapshots, channels included, reports deadlocks only.',
  roles: { process: client, resource, detector },
  messages: {
    request: { about: 'Process to resource: I want you.' },
    grant: { about: 'Resource to process: I am yours.' },
    release: { about: 'Process to resource: you are free.' },
    ask: { fields: round, about: 'The polling detector: whom do you wait for?' },
    marker: { fields: round, about: 'What I sent before this belongs to the snapshot.' },
    state: { fields: { round: 'number', next: 'value' }, about: 'I wait for this node, or for nobody.' },
  },
  inputs: {
    lock: { roles: ['process'], fields: { resource: 'node' }, about: 'Ask for this resource, and wait for it.' },
    unlock: { roles: ['process'], fields: { resource: 'node' }, about: 'Release this resource.' },
  },
  parameters: {
    detector: { kind: 'choice', choices: ['poll', 'snapshot'], default: 'snapshot', about: 'How the detector looks.' },
    ignoreChannels: {
      kind: 'flag',
      default: false,
      about: 'snapshot: does not look at what was in the channels. Wrong.',
    },
    period: { kind: 'duration', default: 200, min: 1, about: 'How long the detector rests between two rounds.' },
    rounds: { kind: 'integer', default: 5, min: 0, max: 1000, about: 'How many rounds it makes.' },
    steps: {
      kind: 'integer',
      default: 0,
      min: 0,
      max: 1000,
      about: 'How often each process locks or releases something by lot; then it releases all. 0: only on request.',
    },
    think: { kind: 'duration', default: 40, min: 1, about: 'About how long a process does nothing in between.' },
  },
  properties: deadlock({
    meaning: ({ type }) => meanings.find((each) => each === type) ?? null,
    circle: (report) => (report as { deadlock: readonly NodeId[] }).deadlock,
  }),
  bound: { formula: 'f = 0: no crash, no lost message, FIFO channels', of: 'crashes', greatest: () => 0 },
  costs: [
    {
      name: 'messages of the detector',
      formula: 'a round: 2(n-1) by polling, n(n-1) markers and n-1 answers by snapshot',
      caseOf: (_, parameters) =>
        `${read(parameters).rounds} × ${read(parameters).detector === 'poll' ? '2(n-1)' : '(n+1)(n-1)'}`,
      source: `counted from the rules of ${chandyLamport}`,
      expected({ process: p = 0, resource: r = 0, detector: d = 0 }, parameters) {
        const others = p + r;
        const { rounds, detector: way } = read(parameters);
        return d !== 1 ? null : rounds * (way === 'poll' ? 2 * others : (others + 1) * others + others);
      },
      measured: ({ byKind: { ask = 0, marker = 0, state = 0 } }) => ask + marker + state,
    },
  ],
  summary({ context }) {
    if ('graph' in context) {
      const { round: now, graph } = context as unknown as DetectorContext;
      const known = Object.entries(graph).filter(([, next]) => next !== null);
      return [
        { label: 'round', value: now },
        { label: 'has been told', value: known.map(([node, next]) => `${node}→${next}`).join(' ') },
      ];
    }
    const { next, holds, queue, recordings, resources, self } = context as unknown as Context;
    const pictures = Object.entries(recordings).map(([of, { open }]) => ({
      label: `picture ${of} waits for markers of`,
      value: open.join(' '),
    }));
    if (resources.includes(self))
      return [{ label: 'held by', value: next }, { label: 'queue', value: queue.join(' ') }, ...pictures];
    return [{ label: 'holds', value: holds.join(' ') }, { label: 'waits for', value: next }, ...pictures];
  },
  waitsFor({ context, value }) {
    if ('graph' in context) {
      if (value !== 'gathering') return null;
      const { graph, others } = context as unknown as DetectorContext;
      const nodes = others.filter((node) => !(node in graph));
      return { nodes, need: nodes.length, answering: true };
    }
    const { next } = context as unknown as Context;
    return value === 'waiting' && next !== null ? { nodes: [next] } : null;
  },
  wrongVariants: [
    {
      parameters: { detector: 'poll' },
      breaks: 'deadlock/no-phantom',
      about: 'Puts answers of different moments together: a release on its way makes a circle that never was.',
    },
    {
      parameters: { detector: 'snapshot', ignoreChannels: true },
      breaks: 'deadlock/no-phantom',
      about: 'The cut is consistent, but the release in the channel is not seen.',
    },
  ],
});
