/**
 * Two-phase commit.
 *
 * A transaction ran at several sites; now all of them must commit it or all must abort it. One node, the coordinator,
 * asks. Phase one, voting: it sends `prepare`; each participant that can keep its part writes that fact to its log and
 * answers `yes`, any other answers `no`. Phase two, decision: if everybody said yes, the coordinator writes `committed`
 * to its log, which is the commit point, and says `commit`; otherwise, or when a vote is late, it says `abort`.
 *
 * A participant that has voted yes is *prepared*: it gave its word, and may no longer decide alone. If the coordinator
 * is then lost, it can only wait and ask. Two-phase commit is always safe, and it blocks.
 *
 * The log follows *presumed abort* (Mohan, Lindsay and Obermarck, 1986): nothing is written before the votes are in, and
 * a coordinator that finds no record of a transaction answers that it is aborted. So each prepared participant costs one
 * forced write and the commit another, Gray and Lamport's N + 1, before anybody may act on the outcome.
 */
import { atomicCommit } from '../src/core/problems/atomic-commit.ts';
import {
  type CostFigures,
  defineProtocol,
  type JsonObject,
  type Message,
  type NodeState,
  type RoleName,
} from '../src/core/protocol.ts';
import { coordinator } from './two-phase-commit/coordinator.ts';
import { participant } from './two-phase-commit/participant.ts';
import type { Parameters } from './two-phase-commit/words.ts';

const transaction = { fields: { transaction: 'text' } } as const;
/** A lie about a vote or a decision is the opposite one. */
const opposite = (type: string) => (honest: Message) => [{ ...honest, type }];

const read = (parameters: JsonObject): Parameters => parameters as unknown as Parameters;
const isUnanimous = (parameters: JsonObject): boolean => !Object.values(read(parameters).votes).includes('no');
/** A figure of the run in which all vote yes; of other runs the papers say nothing. */
const ifUnanimous =
  (figure: (n: number, parameters: Parameters) => number | null) =>
  (roles: Readonly<Record<RoleName, number>>, parameters: JsonObject): number | null =>
    isUnanimous(parameters) ? figure(roles.participant ?? 0, read(parameters)) : null;

const grayLamport = 'Gray and Lamport, "Consensus on Transaction Commit" (2006), figure 3';

export default defineProtocol({
  id: 'two-phase-commit',
  title: 'Two-phase commit',
  source:
    'Gray, "Notes on Data Base Operating Systems" (1978); Bernstein, Hadzilacos and Goodman, "Concurrency Control and Recovery in Database Systems" (1987), chapter 7',
  problem: 'atomic-commit',
  about:
    'A coordinator asks every participant for its vote and commits only when all say yes. A participant that has voted yes may not decide alone: when the coordinator is lost, it waits. Always safe, but blocking.',
  roles: { coordinator, participant },
  messages: {
    prepare: { ...transaction, about: 'Can you commit your part?' },
    yes: { fields: { transaction: 'text', initiates: 'flag' }, about: 'I can, and I promise to do as you say.' },
    no: { ...transaction, about: 'I cannot, and I have already aborted.' },
    commit: { ...transaction, about: 'The decision: commit.' },
    abort: { ...transaction, about: 'The decision: abort.' },
    ack: { ...transaction, about: 'I know the decision, and it is in my log.' },
    'decision-request': { ...transaction, about: 'I am prepared and in doubt: what was decided?' },
    uncertain: { ...transaction, about: 'I am in doubt too.' },
  },
  inputs: {
    begin: { ...transaction, defaults: { transaction: 't1' }, about: 'The work is done: commit it, if you can.' },
    rollback: { roles: ['participant'], about: 'Give up your part; possible until you have voted.' },
  },
  parameters: {
    votes: {
      kind: 'per-node',
      role: 'participant',
      of: { kind: 'choice', choices: ['yes', 'no'], default: 'yes' },
      about: 'What each participant votes.',
    },
    voteTimeout: { kind: 'duration', default: 500, min: 1, about: 'The coordinator aborts when a vote is later.' },
    decisionTimeout: { kind: 'duration', default: 800, min: 1, about: 'A prepared participant asks this often.' },
    ackTimeout: { kind: 'duration', default: 600, min: 1, about: 'The decision is repeated after this (with acks).' },
    workTimeout: { kind: 'duration', default: 10_000, min: 1, about: 'Who is never asked to vote aborts after this.' },
    initiator: {
      kind: 'choice',
      choices: ['coordinator', 'participant'],
      default: 'coordinator',
      about: 'Who begins: a participant that does votes at the same time, and saves a message.',
    },
    acks: { kind: 'flag', default: false, about: 'Participants acknowledge, so that the coordinator may forget.' },
    cooperative: { kind: 'flag', default: false, about: 'Participants in doubt ask one another too.' },
    requestLimit: { kind: 'integer', default: 0, min: 0, about: 'How often to ask for the decision; 0: for ever.' },
    logVote: { kind: 'flag', default: true, about: 'Wrong when false: a yes is sent without being logged.' },
    impatient: { kind: 'flag', default: false, about: 'Wrong when true: aborts alone instead of asking.' },
  },
  properties: atomicCommit({
    vote: (effect) =>
      effect.type === 'send' && (effect.message.type === 'yes' || effect.message.type === 'no')
        ? effect.message.type
        : null,
    voters: (view) => view.nodes.filter((node) => node.role === 'participant'),
    begun: (view) => view.inputs.some(({ input }) => input === 'begin'),
    suspected: (view) => view.nodes.some((node) => node.context.timedOut === true),
  }),
  lies: { yes: opposite('no'), no: opposite('yes'), commit: opposite('abort'), abort: opposite('commit') },
  costs: [
    {
      name: 'messages',
      formula: '3n, 4n with acks; one less when a participant begins',
      caseOf: (_, { acks, initiator }) => `${acks === true ? '4n' : '3n'}${initiator === 'participant' ? '-1' : ''}`,
      source: grayLamport,
      expected: ifUnanimous((n, { acks, initiator }) => (acks ? 4 : 3) * n - (initiator === 'participant' ? 1 : 0)),
      measured: (figures: CostFigures) => figures.messages,
    },
    {
      name: 'message delays',
      formula: '3; 4 when a participant begins',
      caseOf: (_, { initiator }) => (initiator === 'participant' ? '4' : '3'),
      source: grayLamport,
      expected: ifUnanimous((n, { initiator }) => (initiator === 'coordinator' ? 3 : n > 1 ? 4 : 2)),
      measured: (figures) => figures.messageDelays,
    },
    {
      name: 'stable writes',
      formula: '(n + 1) + n: n votes and the commit, then n outcomes',
      caseOf: (_, { logVote }) => (logVote === true ? '(n + 1) + n' : '1 + n'),
      source: grayLamport,
      expected: ifUnanimous((n, { logVote }) => (logVote ? 2 * n + 1 : n + 1)),
      measured: (figures) => figures.stableWrites,
    },
    {
      name: 'stable write delays',
      formula: '2: the vote, the commit',
      caseOf: (_, { initiator, logVote }) => (logVote === true && initiator === 'coordinator' ? '2' : ''),
      source: grayLamport,
      expected: ifUnanimous((_, { logVote, initiator }) => (logVote && initiator === 'coordinator' ? 2 : null)),
      measured: (figures) => figures.stableWriteDelays,
    },
  ],
  bound: { formula: 'no traitor', of: 'traitors', greatest: () => 0 },
  summary(state: NodeState) {
    const { transaction: name, vote, yes, owed, requests, uncertain } = state.context;
    const fields = [
      { label: 'transaction', value: name },
      { label: 'vote', value: vote },
      { label: 'yes from', value: yes },
      { label: 'owes the decision to', value: owed },
      { label: 'asked', value: requests },
      { label: 'as uncertain', value: uncertain },
    ];
    return fields.flatMap(({ label, value }) =>
      value === undefined || value === '' || value === 0 || (Array.isArray(value) && value.length === 0)
        ? []
        : [{ label, value: Array.isArray(value) ? value.join(' ') : value }],
    );
  },
  waitsFor(state) {
    const {
      parameters,
      coordinator: asked,
      peers,
      uncertain,
    } = state.context as unknown as {
      parameters: Parameters;
      coordinator: string;
      peers: string[];
      uncertain: string[];
    };
    if (state.value !== 'prepared' || parameters.impatient) return null;
    const knowing = parameters.cooperative ? peers.filter((peer) => !uncertain.includes(peer)) : [];
    return { nodes: [asked, ...knowing] };
  },
  wrongVariants: [
    {
      parameters: { logVote: false },
      breaks: 'atomic-commit/agreement',
      about:
        'The yes vote is not logged: a participant that crashes forgets its promise and aborts, the others commit.',
    },
    {
      parameters: { impatient: true },
      breaks: 'atomic-commit/agreement',
      about: 'A prepared participant that waits too long aborts by itself, while the others commit.',
    },
  ],
});
