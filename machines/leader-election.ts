/**
 * Electing a leader: the bully algorithm, and Chang and Roberts' on a ring.
 *
 * Every node has a number, all different, and the greatest of those that run shall lead. Both start when somebody finds
 * that there is no leader.
 *
 * *Bully (Garcia-Molina 1982)*: who holds an election asks all greater ones. If one answers, it leaves the matter to that
 * one, which holds an election in turn. If none answers within the time a round trip can take, they are all dead: it is the
 * greatest, and tells everybody. So it needs a known bound on delays, stands any number of crashes, also in the
 * middle of an election, and takes up to about n² messages. A greater one that comes back takes over: hence the name.
 * (Here all messages after an election is won tell the winner at once; the paper first stops all nodes and then starts
 * them again, so that no two ever follow different leaders at one moment.)
 *
 * *Chang and Roberts (1979)*: the nodes form a ring and talk to the next one only. Each sends its number round. A node
 * passes on greater numbers than its own and swallows smaller ones, so only the greatest comes home. No clock is needed,
 * and no bound on delays. n log n messages on average; with the numbers in the worst order n(n+1)/2, and n more that tell
 * the result. But a ring that breaks carries nothing. Where crashes are announced (fail-stop), the nodes here close the gap
 * and send round once more the greatest number that they have seen.
 */
import { and } from 'xstate';
import { leader } from '../src/core/problems/leader.ts';
import { type CostFigures, defineProtocol, type JsonObject, type NodeId, type RoleName } from '../src/core/protocol.ts';
import { bully } from './leader-election/bully.ts';
import { onRing, sendNumber, wakeOnRing } from './leader-election/ring.ts';
import { bury, type Context, forNode, numbersOf, own, type Parameters, ring } from './leader-election/words.ts';

const node = forNode.createMachine({
  id: 'node',
  description: 'Finds out, with the others, which of those that run has the greatest number.',
  context: ({ input }) => ({
    parameters: input.parameters,
    self: input.self,
    numbers: numbersOf(Object.keys(input.nodes), input.parameters.numbers),
    leader: null,
    seen: [],
    dead: [],
  }),
  initial: 'starting',
  on: { farewell: { actions: bury } },
  states: {
    starting: {
      description: 'Not yet awake.',
      on: wakeOnRing,
      after: {
        start: [
          { guard: and(['onRing', 'allBegin']), target: 'ring.participating', actions: sendNumber },
          { guard: 'onRing', target: 'ring' },
          { guard: 'allBegin', target: 'bully.electing' },
          { target: 'bully' },
        ],
      },
    },
    bully,
    ring: onRing,
  },
});

const read = (parameters: JsonObject): Parameters => parameters as unknown as Parameters;
type Roles = Readonly<Record<RoleName, number>>;
/** Each number travels until it meets a greater one; the greatest travels once round. */
function hops(parameters: Parameters): number {
  const numbers = Object.values(numbersOf(Object.keys(parameters.numbers), parameters.numbers));
  const n = numbers.length;
  let sum = 0;
  numbers.forEach((number, place) => {
    let distance = 1;
    while (distance < n && (numbers[(place + distance) % n] as number) < number) distance += 1;
    sum += distance;
  });
  return sum;
}
const bullied = 'Garcia-Molina, "Elections in a Distributed Computing System" (1982)';
const chang = 'Chang and Roberts, "An Improved Algorithm for Decentralized Extrema-Finding" (1979)';

export default defineProtocol({
  id: 'leader-election',
  title: 'Leader election: bully, and on a ring',
  source: `${bullied}; ${chang}`,
  problem: 'leader',
  about:
    'The greatest of those that run shall lead. Bully: ask all greater ones, and lead if none answers in time. Ring: send your number round; only the greatest comes home.',
  roles: { node },
  messages: {
    election: { fields: { number: 'number' }, about: 'Bully: are you there, greater one? Ring: a number on its way.' },
    answer: { about: 'Bully: I am here. Leave it to me.' },
    leader: { fields: { node: 'node', number: 'number' }, about: 'This one leads.' },
  },
  inputs: { elect: { about: 'Hold an election: the leader seems to be gone.' } },
  parameters: {
    algorithm: { kind: 'choice', default: 'bully', choices: ['bully', 'ring'], about: 'Which one of the two.' },
    begin: {
      kind: 'choice',
      default: 'all',
      choices: ['all', 'asked'],
      about: 'Who holds an election at the start: everybody, or whoever is asked to (input `elect`).',
    },
    numbers: {
      kind: 'per-node',
      of: { kind: 'integer', default: 0, min: 0 },
      about: 'The nodes’ numbers, all different; 0 or left out: its place among the nodes.',
    },
    startDelay: { kind: 'duration', default: 50, min: 0, about: 'The nodes wake up after this.' },
    answerTimeout: {
      kind: 'duration',
      default: 200,
      min: 1,
      about: 'Bully: who has not answered by then is dead. Wrong when shorter than a round trip.',
    },
    leaderTimeout: {
      kind: 'duration',
      default: 600,
      min: 1,
      about: 'Bully: after an answer, wait so long for the news.',
    },
    passAll: { kind: 'flag', default: false, about: 'Ring, wrong when true: smaller numbers are passed on, too.' },
  },
  properties: leader({
    members: (view) => view.nodes,
    leader: ({ context }) => (context.leader as NodeId | null | undefined) ?? null,
    rank: ({ context, id }) => (context.numbers as Context['numbers'] | undefined)?.[id] ?? 0,
  }),
  costs: [
    {
      name: 'messages',
      formula: 'bully: n²-1 if all begin at once and messages are equally fast (n-1 at best, if the greatest begins)',
      caseOf: (_, parameters) => (read(parameters).algorithm === 'bully' ? 'n²-1' : ''),
      source: `counted from ${bullied}`,
      expected: ({ node: n = 0 }: Roles, parameters) =>
        read(parameters).algorithm === 'bully' && read(parameters).begin === 'all' ? n * n - 1 : null,
      measured: (figures: CostFigures) => figures.messages,
    },
    {
      name: 'election messages',
      formula: 'ring: n(n+1)/2 with the numbers in descending order, 2n-1 in ascending order; on fifo links',
      caseOf: ({ node: n = 0 }, parameters) => {
        if (read(parameters).algorithm === 'bully') return '';
        return hops(read(parameters)) === (n * (n + 1)) / 2 ? 'n(n+1)/2' : 'at most n(n+1)/2';
      },
      source: chang,
      expected: (_, parameters) =>
        read(parameters).algorithm === 'ring' && read(parameters).begin === 'all' ? hops(read(parameters)) : null,
      measured: ({ byKind }) => byKind.election ?? 0,
    },
  ],
  bound: {
    formula: 'bully: n-1 crashes, if delays are bounded; ring: none that is not announced',
    caseOf: (parameters) =>
      read(parameters).algorithm === 'bully' ? 'n-1 crashes, if delays are bounded' : 'none that is not announced',
    of: 'crashes',
    greatest: (n, _, parameters) => (read(parameters).algorithm === 'bully' ? n - 1 : 0),
  },
  summary({ context }) {
    const { dead, leader: followed } = context as unknown as Context;
    return [
      { label: 'number', value: own(context as unknown as Context) },
      { label: 'leader', value: followed },
      ...(dead.length === 0 ? [] : [{ label: 'knows to be dead', value: dead.join(' ') }]),
    ];
  },
  waitsFor({ context, value }) {
    const isOnRing = typeof value === 'object' && value.ring === 'participating';
    const before = ring(context as unknown as Context).at(-2);
    return isOnRing && before !== undefined ? { nodes: [before] } : null;
  },
  wrongVariants: [
    {
      parameters: { algorithm: 'bully', answerTimeout: 20 },
      breaks: 'leader/highest',
      about: 'Does not wait as long as a round trip takes: takes the slow for dead, and leads beside a greater one.',
    },
    {
      parameters: { algorithm: 'ring', passAll: true },
      breaks: 'leader/highest',
      about: 'Passes smaller numbers on: every number comes home, and everybody leads for a while.',
    },
  ],
});
