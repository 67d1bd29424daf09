/**
 * Ben-Or's randomised consensus: where no protocol can be sure to end, toss a coin.
 *
 * n nodes, each with a 0 or a 1, messages that take as long as they like, and f of the nodes may crash. Fischer, Lynch and
 * Paterson proved that no deterministic protocol always ends then. This one ends with probability one, if n > 2f.
 *
 * It goes in rounds of two phases, and in each phase a node waits for n - f messages; more may never come. Phase 1: all
 * *report* their value. Who has the same one from more than n/2 nodes *proposes* it; anybody else proposes nothing (`?`).
 * Two majorities share a node, so no round has two proposals. Phase 2: who gets the proposal from at least f + 1 nodes decides
 * it. Who gets it from fewer takes it as its value. Who gets none tosses a coin.
 *
 * Why it is safe: if f + 1 nodes proposed v, everyone who waits for n - f messages hears from one of them. So nobody tosses
 * a coin, all begin the next round with v, and all decide it there. A node that has decided takes part in one more
 * round, and stops.
 *
 * Why it ends: whatever the order of the messages, with luck all coins fall the same way, and in endless rounds one is
 * lucky. How long that takes nobody can say: an adversary who sees the coins can put it off, but not for ever.
 */
import { consensus } from '../src/core/problems/consensus.ts';
import {
  type CostFigures,
  defineProtocol,
  type Happened,
  type Json,
  type JsonObject,
  type Property,
  type RoleName,
  type View,
} from '../src/core/protocol.ts';
import { enough, type NodeContext, node, type Parameters, received } from './ben-or/node.ts';

/** Which values honest nodes have proposed in each round. */
function recordProposal(memory: Json, { honest, effect }: Happened): Json {
  if (!honest || effect.type !== 'send' || effect.message.type !== 'proposal') return memory;
  const { round, value } = effect.message;
  const before = (memory as Readonly<Record<string, readonly Json[]>>)[String(round)] ?? [];
  if (value === null || before.includes(value as Json)) return memory;
  return { ...(memory as JsonObject), [String(round)]: [...before, value as Json] };
}
const roundsWith = (memory: Json, proposals: number): string[] =>
  Object.entries(memory as Readonly<Record<string, readonly Json[]>>).flatMap(([round, values]) =>
    values.length >= proposals ? [round] : [],
  );
const memory = { initial: {}, next: recordProposal };
const lemma: Property[] = [
  {
    name: 'ben-or/one-proposal',
    kind: 'always',
    clauses: { 'one-proposal': 'In a round, 0 and 1 are never both proposed: two majorities share a node.' },
    reads: ['memory'],
    memory,
    test(_, proposals) {
      const [round] = roundsWith(proposals, 2);
      return round === undefined || { clause: 'one-proposal', why: `0 and 1 are both proposed in round ${round}` };
    },
  },
  {
    name: 'ben-or/proposed',
    kind: 'sometimes',
    clauses: { reached: 'A majority reported one value, and a node proposed it.' },
    reads: ['memory'],
    memory,
    test: (_, proposals) => roundsWith(proposals, 1).length > 0,
  },
];

const read = (parameters: JsonObject): Parameters => parameters as unknown as Parameters;
const benOr = 'Ben-Or, "Another Advantage of Free Choice" (1983)';
/** Of a run in which all begin with one value, and nobody crashes. Of others only the expectation is known. */
const ifUnanimous =
  (figure: (n: number) => number) =>
  ({ node: n = 0 }: Readonly<Record<RoleName, number>>, parameters: JsonObject): number | null => {
    const { f, values } = read(parameters);
    return n > 2 * f && new Set(Object.values(values)).size === 1 ? figure(n) : null;
  };

export default defineProtocol({
  id: 'ben-or',
  title: 'Ben-Or’s randomised consensus',
  source: `${benOr}; Aguilera and Toueg, "The Correctness Proof of Ben-Or's Randomized Consensus Algorithm" (2012)`,
  problem: 'consensus',
  about:
    'Asynchronous consensus on a bit. Nodes report their bits, propose what a majority reported, and toss coins when that leads to nothing. Always safe; with n > 2f it ends with probability one.',
  roles: { node },
  messages: {
    report: { fields: { round: 'number', value: 'number' }, about: 'Phase 1: this is my value.' },
    proposal: {
      fields: { round: 'number', value: 'value' },
      about: 'Phase 2: a majority reported this; null, written ? in the paper: I have seen no majority.',
    },
  },
  inputs: {},
  parameters: {
    f: { kind: 'integer', default: 1, min: 0, max: 20, about: 'How many crashes to stand: n - f messages are enough.' },
    values: {
      kind: 'per-node',
      of: { kind: 'choice', choices: [0, 1], default: 0 },
      about: 'What each node proposes.',
    },
    coins: {
      kind: 'per-node',
      of: { kind: 'value', default: null },
      about:
        'How the coins of a node fall: 0 or 1, or a list of these, used over and over. Left out, or null: by the seed.',
    },
    hasty: { kind: 'flag', default: false, about: 'Wrong when true: decides on a single proposal, not on f + 1.' },
    startTimeout: { kind: 'duration', default: 100, min: 0, about: 'The nodes begin after this.' },
  },
  properties: [
    ...consensus({
      proposals: (view: View) => view.nodes.map(({ id }) => read(view.parameters).values[id] ?? 0),
      deciders: (view) => view.nodes,
    }),
    ...lemma,
  ],
  lies: {
    report: { value: (value) => [value === 0 ? 1 : 0] },
    proposal: { value: (value) => [value === 0 ? 1 : 0] },
  },
  costs: [
    {
      name: 'messages',
      formula: '4n(n-1) if all begin with one value: two phases, and a round more until all have stopped',
      source: `counted from the phases of ${benOr}`,
      expected: ifUnanimous((n) => 4 * n * (n - 1)),
      measured: (figures: CostFigures) => figures.messages,
    },
    {
      name: 'message delays',
      formula: '2 if all begin with one value, all messages being equally fast',
      source: `counted from the phases of ${benOr}`,
      expected: ifUnanimous((n) => (n > 1 ? 2 : 0)),
      measured: (figures) => figures.messageDelays,
    },
  ],
  bound: {
    formula: 'n > 2f',
    of: 'crashes',
    greatest: (n, _, parameters) => Math.max(0, Math.min(read(parameters).f, Math.ceil(n / 2) - 1)),
  },
  summary({ context }) {
    const { decidedIn, heard, round, tosses, value } = context as unknown as NodeContext;
    const spoken = heard.filter((one) => one.round === round).map((one) => `${one.from}: ${one.value ?? '?'}`);
    return [
      { label: 'round', value: round },
      { label: 'value', value },
      { label: 'has heard', value: spoken.join(', ') },
      { label: 'tosses', value: tosses },
      ...(decidedIn > 0 ? [{ label: 'decided in round', value: decidedIn }] : []),
    ];
  },
  waitsFor({ context, value }) {
    if (value !== 'reporting' && value !== 'proposing') return null;
    const waiting = context as unknown as NodeContext;
    const have = received(waiting, value === 'reporting' ? 'report' : 'proposal').map(({ from }) => from);
    const missing = waiting.others.filter((node) => !have.includes(node));
    return { nodes: missing, need: enough(waiting) - have.length, answering: true };
  },
  wrongVariants: [
    {
      parameters: { hasty: true },
      breaks: 'consensus/agreement',
      about: 'Decides on one proposal: others may have heard of none, and their coins may fall the other way.',
    },
  ],
});
