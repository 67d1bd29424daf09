/**
 * Clock synchronization: four ways to agree on what time it is.
 *
 * Every node has a clock on its wall that is off and runs a little too fast or too slow. No node can look at another's: a
 * message that says "it is noon" has been on its way for a while, and nobody knows how long. Four methods live with that:
 *
 *   cristian    Ask a server, and look at your own clock to see how long the answer takes. Assume that half of the round trip
 *               was the way back. The error is at most half the round trip less the minimum delay: if both directions are
 *               known to take at least that, only the rest is uncertain. If one is slow and the other fast, it is as great as that.
 *   broadcast   A master says what time it is; add the delay that is usual. Cheap, and as bad as the delays vary.
 *   berkeley    A master asks all, takes the average, and tells each by how much to move. Nobody needs to know the right time,
 *               and nobody has it: the nodes are *precise* (close to one another) and not *accurate* (close to the truth).
 *   averaging   Everybody tells everybody. Each leaves out the f least and the f greatest and takes the middle of the rest
 *               (Lundelius Welch and Lynch). With n > 3f it lies between honest clocks, whatever f liars say, even if they
 *               tell each node something else. In each round the honest clocks come closer by half, until only the
 *               uncertainty of the delays is left.
 *
 * Clocks go on drifting, so each method does its round again and again.
 */
import { clockSync } from '../src/core/problems/clock-sync.ts';
import {
  type Cost,
  defineProtocol,
  type Json,
  type JsonObject,
  type LieContext,
  type View,
} from '../src/core/protocol.ts';
import { type Context, node, type Parameters } from './clock-sync/node.ts';

const sources =
  'Cristian, "Probabilistic Clock Synchronization" (1989); Gusella and Zatti, "The Accuracy of the Clock Synchronization Achieved by TEMPO in Berkeley UNIX 4.3BSD" (1989); Lundelius Welch and Lynch, "A New Fault-Tolerant Algorithm for Clock Synchronization" (1988)';
const read = (parameters: JsonObject): Parameters => parameters as unknown as Parameters;
const contextOf = ({ context }: { context: JsonObject }): Partial<Context> => context as Partial<Context>;

/** Messages of one round, for n nodes. */
const ofARound: Readonly<Record<Parameters['method'], (n: number) => number>> = {
  cristian: (n) => 2 * (n - 1),
  broadcast: (n) => n - 1,
  berkeley: (n) => 3 * (n - 1),
  averaging: (n) => n * (n - 1),
};
const cost: Cost = {
  name: 'messages',
  formula: 'a round: 2(n-1) Cristian, n-1 broadcast, 3(n-1) Berkeley, n(n-1) averaging',
  caseOf: (_, parameters) => {
    const { method, rounds } = read(parameters);
    return `${rounds} × ${{ cristian: '2(n-1)', broadcast: '(n-1)', berkeley: '3(n-1)', averaging: 'n(n-1)' }[method]}`;
  },
  source: `counted from the steps of ${sources}`,
  expected: ({ master = 0, node: n = 0 }, parameters) =>
    master > 1 ? null : read(parameters).rounds * ofARound[read(parameters).method](master + n),
  measured: (figures) => figures.messages,
};
/** Another time to every second node: the worst that a clock can do. */
const lie = {
  time: (time: Json | undefined, { nodes, to }: LieContext) =>
    [5000, -5000].map((by) => Number(time) + (Object.keys(nodes).indexOf(to) % 2 === 0 ? by : -by)),
};
const time = { time: 'number' } as const;
const ms = (value: number, about: string) => ({ kind: 'duration', default: value, min: 0, about }) as const;

export default defineProtocol({
  id: 'clock-sync',
  title: 'Clock synchronization',
  source: sources,
  problem: 'clock-sync',
  about:
    'Nodes with clocks that are off and drift agree on the time: by asking a server, by being told, by an average, or by an average that stands f lying clocks of n > 3f.',
  roles: { master: node, node },
  readsClock: true,
  messages: {
    request: { fields: { round: 'number' }, about: 'Cristian: what time is it?' },
    reply: { fields: { round: 'number', time: 'number' }, about: 'Cristian: this, when I sent it.' },
    time: { fields: time, about: 'Broadcast: it was this, when I sent it.' },
    ask: { fields: { round: 'number' }, about: 'Berkeley: what time do you think it is?' },
    tell: { fields: { round: 'number', time: 'number' }, about: 'Berkeley: this, when I sent it.' },
    adjust: { fields: { by: 'number' }, about: 'Berkeley: move your clock by this.' },
    clock: { fields: time, about: 'Averaging: my clock showed this, when I sent it.' },
  },
  inputs: {},
  parameters: {
    method: {
      kind: 'choice',
      choices: ['cristian', 'berkeley', 'broadcast', 'averaging'],
      default: 'cristian',
      about: 'How the nodes go about it.',
    },
    f: { kind: 'integer', default: 1, min: 0, max: 20, about: 'averaging: how many lying clocks to stand.' },
    period: ms(300, 'From one round to the next, by the own clock.'),
    window: ms(200, 'averaging: how long a node hears the others; more than any message takes.'),
    rounds: { kind: 'integer', default: 3, min: 0, max: 1000, about: 'How many rounds.' },
    minDelay: ms(10, 'What a message takes at least.'),
    maxDelay: ms(50, 'What a message takes at most: broadcast and averaging assume the middle of both.'),
    drift: {
      kind: 'number',
      default: 0.02,
      min: 0,
      max: 1,
      about: 'By how much a clock is too fast or too slow at most.',
    },
    precision: ms(100, 'By how much synchronized nodes may differ from one another.'),
    accuracy: ms(100, 'By how much they may differ from true time.'),
    halve: { kind: 'flag', default: true, about: 'cristian: adds half the round trip. Wrong when false.' },
    discard: { kind: 'flag', default: true, about: 'averaging: leaves out the extremes. Wrong when false.' },
  },
  properties: clockSync({
    adjustmentMs: (each) => contextOf(each).adjustment ?? 0,
    isSynchronized(each, view: View) {
      const { method, rounds } = read(view.parameters);
      const isReference = each.role === 'master' && (method === 'cristian' || method === 'broadcast');
      return isReference || (contextOf(each).synced ?? 0) >= (method === 'averaging' ? rounds : Math.min(1, rounds));
    },
    sets: ({ effect }) => effect.type === 'deliver',
    claim: (each) => contextOf(each).claim ?? null,
    reference: (view) => view.nodes.find(({ role }) => role === 'master'),
    promised: ({ parameters }) => ({
      precisionMs: read(parameters).precision,
      accuracyMs: read(parameters).accuracy,
    }),
  }),
  lies: { reply: lie, time: lie, tell: lie, clock: lie },
  bound: {
    formula: 'averaging: n > 3f; the others: f = 0',
    caseOf: (parameters) => (read(parameters).method === 'averaging' ? 'n > 3f' : 'f = 0'),
    of: 'traitors',
    greatest: (n, _, parameters) =>
      read(parameters).method === 'averaging' ? Math.max(0, Math.min(read(parameters).f, Math.ceil(n / 3) - 1)) : 0,
  },
  costs: [cost],
  summary({ context }) {
    const { adjustment, synced, claim, ahead } = context as unknown as Context;
    const others = Object.entries(ahead).map(([id, by]) => `${id} ${by < 0 ? '' : '+'}${Math.round(by)}`);
    return [
      { label: 'adds to its clock, ms', value: adjustment },
      { label: 'set so often', value: synced },
      ...(claim === null ? [] : [{ label: 'reckons with an error of, ms', value: claim.errorMs }]),
      ...(others.length === 0 ? [] : [{ label: 'the others are ahead by, ms', value: others.join(', ') }]),
    ];
  },
  wrongVariants: [
    {
      parameters: { method: 'cristian', halve: false },
      breaks: 'clock-sync/error-bound',
      about: 'Takes the server’s time as it stands in the reply, as if the reply had taken no time.',
    },
    {
      parameters: { method: 'averaging', discard: false },
      breaks: 'clock-sync/precision',
      about: 'The average of all: one clock that lies, to each something else, drags each to somewhere else.',
    },
  ],
});
