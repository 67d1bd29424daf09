/**
 * Paxos Commit.
 *
 * Two-phase commit blocks when its coordinator is lost, since only the coordinator could count the votes. Gray and Lamport
 * let 2F+1 acceptors do it, and any F of them may fail. Whether a resource manager (RM) is prepared is one consensus,
 * decided by one instance of Paxos for each RM; the transaction commits if every instance chooses *prepared*.
 *
 * Ballot 0 of its instance belongs to the RM itself: to vote, it sends phase 2a at once, to the acceptors instead of the
 * coordinator. They log it, and when they have heard all RMs they tell the leader in one phase 2b message. With F+1 of
 * these that say prepared for every RM, the leader tells everybody to commit. It has no log: it decides nothing, it counts.
 *
 * If the leader falls silent, an RM asks another one to lead. That one runs phase 1 of a higher ballot in all instances,
 * learns what may have been chosen, proposes that again, and *aborted* for every RM of which nobody has heard. A majority of
 * the acceptors is all it needs.
 *
 * With F = 0 there is one acceptor, the leader's own, and what is left is two-phase commit, blocking included.
 *
 * Costs are counted as in the paper: the leader is one of the acceptors; RMs use F+1 of the acceptors until one fails; the
 * RM that begins does so with its phase 2a message to the leader. A *site* is an RM and an acceptor on one node, and what a
 * node says to itself is no message; the commit begins at the leader's site.
 */
import { atomicCommit } from '../src/core/problems/atomic-commit.ts';
import {
  type CostFigures,
  defineProtocol,
  type Json,
  type JsonObject,
  type Message,
  type NodeState,
  type RoleName,
  type View,
} from '../src/core/protocol.ts';
import { instances } from './paxos-commit/instances.ts';
import { acceptor, rm, site } from './paxos-commit/roles.ts';
import { acceptorsAmong, managersAmong, type Parameters, quorumOf } from './paxos-commit/words.ts';

const read = (parameters: JsonObject): Parameters => parameters as unknown as Parameters;
const managers = (view: View) => view.nodes.filter(({ role }) => role !== 'acceptor');

interface Layout {
  readonly n: number;
  readonly f: number;
  readonly faster: boolean;
  readonly colocated: boolean;
}
/** A figure for the two layouts that the paper counts, of a run in which all vote yes; of others it says nothing. */
const ifCounted =
  (figure: (layout: Layout) => number) =>
  (roles: Readonly<Record<RoleName, number>>, parameters: JsonObject): number | null => {
    const { f, faster, votes } = read(parameters);
    const { rm: alone = 0, acceptor: apart = 0, site: sites = 0 } = roles;
    const colocated = apart === 0 && sites >= 2 * f + 1;
    const separate = sites === 0 && apart >= 2 * f + 1;
    if (Object.values(votes).includes('no') || (!colocated && !separate)) return null;
    return figure({ n: alone + sites, f, faster, colocated });
  };

const delaysOf = ({ f, faster, colocated }: Omit<Layout, 'n'>): number =>
  4 + (f > 0 && !faster ? 1 : 0) - (colocated ? 1 : 0);

const other = (value: Json | undefined): Json => (value === 'prepared' ? 'aborted' : 'prepared');
const inverted = (votes: Json | undefined): Json[] => [
  Object.fromEntries(Object.entries((votes ?? {}) as JsonObject).map(([manager, value]) => [manager, other(value)])),
];
const opposite = (type: string) => (honest: Message) => [{ ...honest, type }];
const transaction = { transaction: 'text' } as const;
const grayLamport = 'Gray and Lamport, "Consensus on Transaction Commit" (2006)';

export default defineProtocol({
  id: 'paxos-commit',
  title: 'Paxos Commit',
  source: grayLamport,
  problem: 'atomic-commit',
  about:
    'Each vote is decided by a Paxos instance of its own, with 2F+1 acceptors in the place of one coordinator. While a majority of them runs, nobody has to wait for the dead. Two-phase commit is the case F = 0.',
  roles: { rm, acceptor, site },
  // in the place of two-phase commit's coordinator stands the leader's acceptor, and 2F more beside it
  counterparts: {
    roles: { coordinator: 'acceptor', participant: 'rm' },
    messages: { yes: 'phase-2a' },
    more: (_, { f }) => Object.fromEntries(Array.from({ length: 2 * Number(f) }, (_, i) => [`A${i + 2}`, 'acceptor'])),
  },
  messages: {
    prepare: { fields: transaction, about: 'The leader: can you commit your part?' },
    'phase-1a': { fields: { ...transaction, ballot: 'number' }, about: 'Will you follow me in this ballot?' },
    'phase-1b': {
      fields: { ...transaction, ballot: 'number', accepted: 'value' },
      about: 'I will; and this is what I have accepted, for each resource manager.',
    },
    'phase-2a': {
      fields: { ...transaction, ballot: 'number', votes: 'value', begins: 'flag' },
      about: 'Accept this. In ballot 0 a resource manager says it for itself: that is its vote.',
    },
    'phase-2b': { fields: { ...transaction, ballot: 'number', votes: 'value' }, about: 'I have accepted this.' },
    commit: { fields: transaction, about: 'Every instance has chosen prepared.' },
    abort: { fields: transaction, about: 'An instance has chosen aborted.' },
    inquiry: { fields: transaction, about: 'I am prepared and hear nothing: find out, and lead if you must.' },
  },
  inputs: {
    begin: {
      roles: ['rm', 'site'],
      fields: transaction,
      defaults: { transaction: 't1' },
      about: 'The work is done: vote, and have the others vote.',
    },
    rollback: { roles: ['rm', 'site'], about: 'Give up your part; possible until you have voted.' },
  },
  parameters: {
    f: { kind: 'integer', default: 1, min: 0, max: 5, about: 'How many acceptors may fail: there are 2F+1 of them.' },
    votes: {
      kind: 'per-node',
      of: { kind: 'choice', choices: ['yes', 'no'], default: 'yes' },
      about: 'What each resource manager votes.',
    },
    faster: {
      kind: 'flag',
      default: false,
      about: 'Acceptors tell the resource managers instead of the leader: a message delay less, more messages.',
    },
    voteTimeout: { kind: 'duration', default: 500, min: 1, about: 'The leader starts a ballot when a vote is later.' },
    decisionTimeout: { kind: 'duration', default: 800, min: 1, about: 'Who is prepared asks this often.' },
    retryTimeout: { kind: 'duration', default: 300, min: 1, about: 'What a leader gives a ballot, at least.' },
    workTimeout: { kind: 'duration', default: 10_000, min: 1, about: 'Who is never asked to vote aborts after this.' },
    presumeAbort: {
      kind: 'flag',
      default: false,
      about: 'Wrong when true: a new leader proposes aborted, whatever the acceptors told it.',
    },
    stableAcceptors: {
      kind: 'flag',
      default: true,
      about: 'Wrong when false: acceptors keep what they promised and accepted in memory only.',
    },
  },
  properties: [
    ...atomicCommit({
      vote: (effect) => {
        if (effect.type !== 'send' || effect.message.type !== 'phase-2a' || effect.message.ballot !== 0) return null;
        return Object.values(effect.message.votes as JsonObject).includes('prepared') ? 'yes' : 'no';
      },
      voters: managers,
      deciders: managers,
      begun: (view) => view.inputs.some(({ input }) => input === 'begin'),
      suspected: (view) => view.nodes.some((node) => node.context.timedOut === true),
    }),
    ...instances,
  ],
  lies: {
    'phase-1b': { accepted: () => [{}] },
    'phase-2a': { votes: inverted },
    'phase-2b': { votes: inverted },
    commit: opposite('abort'),
    abort: opposite('commit'),
  },
  costs: [
    {
      name: 'messages',
      formula: '(N+1)(F+3)-4, faster N(2F+3)-1; on shared sites NF+3N-3, faster 2NF-2F+3N-3',
      caseOf: ({ acceptor: apart = 0 }, parameters) => {
        const { faster } = read(parameters);
        if (apart === 0) return faster ? '2NF-2F+3N-3' : 'NF+3N-3';
        return faster ? 'N(2F+3)-1' : '(N+1)(F+3)-4';
      },
      source: grayLamport,
      expected: ifCounted(({ n, f, faster, colocated }) => {
        if (colocated) return faster ? 2 * n * f - 2 * f + 3 * n - 3 : n * f + 3 * n - 3;
        return faster ? n * (2 * f + 3) - 1 : (n + 1) * (f + 3) - 4;
      }),
      measured: (figures: CostFigures) => figures.messages,
    },
    {
      name: 'message delays',
      formula:
        '5, faster 4, one less on shared sites, all messages being equally fast; F = 0: 4, as in two-phase commit',
      caseOf: ({ acceptor: apart = 0 }, parameters) =>
        String(delaysOf({ ...read(parameters), colocated: apart === 0 })),
      source: `${grayLamport}; for shared sites counted from the phases`,
      expected: ifCounted(delaysOf),
      measured: (figures) => figures.messageDelays,
    },
    {
      name: 'stable writes',
      formula: 'N + F + 1: each vote, and once at each acceptor used',
      source: grayLamport,
      expected: ifCounted(({ n, f }) => n + f + 1),
      measured: (figures) => figures.stableWrites,
    },
  ],
  bound: {
    formula: 'acceptors ≥ 2f + 1',
    of: 'crashes',
    among: ['acceptor', 'site'],
    greatest: (_, { acceptor: apart = 0, site: sites = 0 }, { f }) =>
      Math.max(0, Math.ceil(Math.min(apart + sites, 2 * Number(f) + 1) / 2) - 1),
  },
  summary({ context }: NodeState) {
    const {
      accepted,
      ballot,
      promised,
      transaction: name,
    } = context as unknown as {
      accepted: Readonly<Record<string, { ballot: number; value: string }>>;
      ballot: number;
      promised: number;
      transaction: string;
    };
    const words = Object.entries(accepted).map(([manager, each]) => `${manager} ${each.value} in ${each.ballot}`);
    const fields: [string, Json][] = [
      ['transaction', name],
      ['promised', promised],
      ['accepted', words.join(', ')],
      ['leads ballot', ballot],
    ];
    return fields.flatMap(([label, value]) => (value === '' || value === 0 ? [] : [{ label, value }]));
  },
  waitsFor({ value }, { nodes, parameters, self }) {
    const state = typeof value === 'string' ? value : value.managing;
    if (state !== 'prepared' || !managersAmong(nodes).includes(self)) return null;
    const acceptors = acceptorsAmong(nodes, read(parameters).f);
    return { nodes: acceptors, need: quorumOf(acceptors), answering: true };
  },
  wrongVariants: [
    {
      parameters: { presumeAbort: true },
      breaks: 'atomic-commit/agreement',
      about: 'A new leader aborts without heeding what the acceptors told it; the old one may have committed.',
    },
    {
      parameters: { stableAcceptors: false },
      breaks: 'atomic-commit/agreement',
      about: 'An acceptor that crashes forgets the votes, and a new leader aborts what had been committed.',
    },
  ],
});
