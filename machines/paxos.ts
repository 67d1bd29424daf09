/**
 * Paxos, for a single decision: the synod of Lamport's parliament.
 *
 * Proposers want a value chosen, acceptors choose it, learners hear of it. A value is chosen when a majority of the
 * acceptors has accepted it in one *ballot*. Ballots are numbered, and each belongs to one proposer.
 *
 * Phase 1: the proposer of a ballot asks the acceptors to `prepare`; each answers with a `promise` to take part in no
 * lower ballot, and says what it accepted last. Phase 2: with promises from a majority, the proposer asks them to
 * `accept` a value: that of the highest ballot it was told of, and only if there was none, its own. Each acceptor that
 * has not promised more in the meantime accepts, and says so to the ballot's proposer and to the learners.
 *
 * Why it is safe: any two majorities share an acceptor, so whoever gets a majority of promises hears of a value that may
 * have been chosen, and repeats it. Why it need not end: two proposers can pre-empt each other for ever. No protocol can
 * have both in an asynchronous system with a crash (Fischer, Lynch and Paterson, 1985); Paxos gives up the second.
 *
 * The point of no return is when a majority has accepted, though nobody may know it yet. What an acceptor promises and
 * accepts must survive a crash: two forced writes lie on the way to the choice.
 */
import { consensus } from '../src/core/problems/consensus.ts';
import {
  type CostFigures,
  defineProtocol,
  type Happened,
  type Json,
  type JsonObject,
  nodesWithRole,
  type Property,
  type RoleName,
  type View,
} from '../src/core/protocol.ts';
import { acceptor } from './paxos/acceptor.ts';
import { learner } from './paxos/learner.ts';
import { proposer } from './paxos/proposer.ts';
import { type Parameters, quorumIn, quorumOf, type Tally } from './paxos/words.ts';

const decides = (view: View) => view.nodes.filter((node) => node.role !== 'acceptor');

/** Which acceptors have accepted what in which ballot, whatever they have forgotten since. */
function recordAcceptance(memory: Json, { node, honest, effect }: Happened): Json {
  if (!honest || effect.type !== 'send' || effect.message.type !== 'accepted') return memory;
  const key = JSON.stringify([effect.message.ballot, effect.message.value]);
  const by = (memory as Readonly<Record<string, readonly string[]>>)[key] ?? [];
  return by.includes(node) ? memory : { ...(memory as JsonObject), [key]: [...by, node].sort() };
}

/** The values that a quorum has accepted in one ballot, each with the ballot in which it first was. */
function chosenValues(view: View, memory: Json): { value: Json; ballot: number }[] {
  const acceptors = view.nodes.filter((node) => node.role === 'acceptor').length;
  const quorum = quorumOf(acceptors, view.parameters.quorum as Parameters['quorum']);
  const found = new Map<string, { value: Json; ballot: number }>();
  for (const [key, by] of Object.entries(memory as Readonly<Record<string, readonly string[]>>)) {
    const [ballot, value] = JSON.parse(key) as [number, Json];
    const text = JSON.stringify(value);
    if (by.length >= quorum && !found.has(text)) found.set(text, { value, ballot });
  }
  return [...found.values()];
}

const chosen: Property[] = [
  {
    name: 'paxos/one-chosen',
    kind: 'always',
    clauses: { 'one-chosen': 'At most one value is ever chosen, that is, accepted by a quorum in one ballot.' },
    reads: ['memory'],
    memory: { initial: {}, next: recordAcceptance },
    test(view, memory) {
      const [first, second] = chosenValues(view, memory);
      if (first === undefined || second === undefined) return true;
      const words = [first, second].map(({ value, ballot }) => `${String(value)} in ballot ${ballot}`);
      return { clause: 'one-chosen', why: `two values are chosen: ${words.join(', and ')}` };
    },
  },
  {
    name: 'paxos/chosen',
    kind: 'sometimes',
    clauses: { reached: 'A value is chosen, whether or not anybody knows it yet.' },
    reads: ['memory'],
    memory: { initial: {}, next: recordAcceptance },
    test: (view, memory) => chosenValues(view, memory).length > 0,
  },
];

type Roles = Readonly<Record<RoleName, number>>;
const other = (value: Json | undefined): Json[] => [value === 'X' ? 'Y' : 'X'];

export default defineProtocol({
  id: 'paxos',
  title: 'Paxos (single decree)',
  source: 'Lamport, "The Part-Time Parliament" (1998) and "Paxos Made Simple" (2001)',
  problem: 'consensus',
  about:
    'Proposers lead numbered ballots; a value is chosen when a majority of acceptors accepts it in one ballot; a later ballot first asks a majority what it accepted, and repeats it. Always safe; live while one proposer is left in peace.',
  roles: { proposer, acceptor, learner },
  messages: {
    prepare: { fields: { ballot: 'number' }, about: 'Phase 1a: will you follow me in this ballot?' },
    promise: {
      fields: { ballot: 'number', accepted: 'value' },
      about: 'Phase 1b: I will ignore lower ballots; this is what I accepted last.',
    },
    accept: { fields: { ballot: 'number', value: 'value' }, about: 'Phase 2a: accept this value.' },
    accepted: { fields: { ballot: 'number', value: 'value' }, about: 'Phase 2b: I have accepted it.' },
    reject: { fields: { ballot: 'number', promised: 'number' }, about: 'No: I have promised a higher ballot.' },
  },
  inputs: {
    propose: {
      roles: ['proposer'],
      fields: { value: 'value' },
      defaults: { value: 'X' },
      about: 'Propose this value.',
    },
  },
  parameters: {
    retryTimeout: { kind: 'duration', default: 400, min: 1, about: 'How long a proposer gives a ballot.' },
    backoff: {
      kind: 'duration',
      default: 0,
      min: 0,
      about: 'Longer patience: this much more for each round and each place in the list of proposers.',
    },
    maxRound: { kind: 'integer', default: 0, min: 0, about: 'The last round that a proposer tries; 0: no last one.' },
    quorum: {
      kind: 'choice',
      choices: ['majority', 'half'],
      default: 'majority',
      about: 'Wrong when half: ⌊n/2⌋ acceptors, so that two quorums need not meet.',
    },
    stablePromises: {
      kind: 'flag',
      default: true,
      about: 'Wrong when false: acceptors keep promises and acceptances in memory only.',
    },
    ignoreAccepted: {
      kind: 'flag',
      default: false,
      about: 'Wrong when true: proposers propose their own value, whatever was accepted.',
    },
  },
  properties: [
    ...consensus({
      proposals: (view) => view.inputs.flatMap(({ input, data }) => (input === 'propose' ? [data.value ?? null] : [])),
      deciders: decides,
      mustDecide: (view) =>
        decides(view).filter((node) => node.role === 'learner' || Number(node.context.ballot ?? 0) > 0),
    }),
    ...chosen,
  ],
  lies: {
    promise: { accepted: (accepted) => (accepted === null ? [] : [null]) },
    accept: { value: other },
    accepted: { value: other },
  },
  costs: [
    {
      name: 'messages',
      formula: 'a(4 + l): a acceptors, l learners, one proposer',
      source: 'counted from the phases of "Paxos Made Simple"',
      expected: (roles: Roles) => (roles.proposer === 1 ? (roles.acceptor ?? 0) * (4 + (roles.learner ?? 0)) : null),
      measured: (figures: CostFigures) => figures.messages,
    },
    {
      name: 'message delays',
      formula: '4: prepare, promise, accept, accepted',
      source: 'Lamport, "Paxos Made Simple" (2001)',
      expected: (roles) => (roles.proposer === 1 ? 4 : null),
      measured: (figures) => figures.messageDelays,
    },
    {
      name: 'stable write delays',
      formula: '2: the promise, the acceptance',
      source: 'Lamport, "Paxos Made Simple" (2001), section 2.5',
      expected: (roles, parameters) => (roles.proposer === 1 && parameters.stablePromises === true ? 2 : null),
      measured: (figures) => figures.stableWriteDelays,
    },
  ],
  bound: {
    formula: 'acceptors > 2f',
    of: 'crashes',
    among: ['acceptor'],
    greatest: (_, roles) => Math.max(0, Math.ceil((roles.acceptor ?? 0) / 2) - 1),
  },
  summary({ context }) {
    const { ballot, wanted, promises, promised, accepted, learned } = context;
    const proposal = accepted as { ballot: number; value: Json } | null | undefined;
    const fields: [string, Json | undefined][] = [
      ['ballot', ballot],
      ['wants', wanted],
      ['promises', Array.isArray(promises) ? promises.join(' ') : undefined],
      ['promised', promised],
      ['accepted', proposal ? `${String(proposal.value)} in ballot ${proposal.ballot}` : undefined],
      ['learned', learned],
    ];
    return fields.flatMap(([label, value]) =>
      value === undefined || value === null || value === 0 || value === '' ? [] : [{ label, value }],
    );
  },
  waitsFor(state, input) {
    const acceptors = nodesWithRole(input, 'acceptor');
    const quorum = quorumIn({ ...input, parameters: input.parameters as unknown as Parameters });
    if (state.value === 'learning') return { nodes: acceptors, need: quorum };
    if (typeof state.value === 'string' || state.value.proposing === 'preempted') {
      return typeof state.value === 'string' ? null : { nodes: acceptors, need: quorum };
    }
    const { ballot, promises, tally } = state.context as { ballot: number; promises: string[]; tally: Tally };
    const answered = state.value.proposing === 'preparing' ? promises : (tally[String(ballot)]?.by ?? []);
    return { nodes: acceptors.filter((node) => !answered.includes(node)), need: quorum - answered.length };
  },
  wrongVariants: [
    {
      parameters: { quorum: 'half' },
      breaks: 'paxos/one-chosen',
      about: 'With an even number of acceptors two halves need not share one: both choose.',
    },
    {
      parameters: { stablePromises: false },
      breaks: 'paxos/one-chosen',
      about: 'An acceptor that crashes forgets what it accepted, and a new majority forms without the old value.',
    },
    {
      parameters: { ignoreAccepted: true },
      breaks: 'paxos/one-chosen',
      about: 'A proposer that does not repeat what was accepted has another value chosen.',
    },
  ],
});
