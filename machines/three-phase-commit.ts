/**
 * Three-phase commit.
 *
 * Two-phase commit blocks because one site may have committed while another, that is still running, cannot tell. Skeen
 * put a phase in between. Phase one is as before: `prepare`, and votes. When all have said yes, the coordinator does not
 * commit yet, but says so: `pre-commit`. Only when everybody that runs has acknowledged this, it commits and says `commit`.
 *
 * So a running site that is *uncertain* (it voted yes and knows no more) proves that nobody has committed, and one that
 * is *pre-committed* proves that nobody has aborted. When the coordinator falls silent, the next in line takes its place,
 * asks all for their state, and applies the *termination rule*: has one aborted, abort; has one committed, commit; are all
 * uncertain, abort; otherwise bring the uncertain ones to pre-commit too, and then commit. Nobody has to wait for the
 * dead: while one site runs, it decides.
 *
 * The price is two more messages a site, and a promise that nobody can keep. "It is silent, so it has crashed" must be
 * true: the model is synchronous, the network never splits. Under a partition the two sides bury each other, apply the
 * rule to what they see, and may decide differently.
 */
import { atomicCommit } from '../src/core/problems/atomic-commit.ts';
import {
  type CostFigures,
  defineProtocol,
  type Json,
  type JsonObject,
  type Message,
  type NodeState,
  others,
  type RoleName,
} from '../src/core/protocol.ts';
import { coordinator } from './three-phase-commit/coordinator.ts';
import { participant } from './three-phase-commit/participant.ts';
import type { Parameters } from './three-phase-commit/words.ts';

const transaction = { fields: { transaction: 'text' } } as const;
/** A lie about a vote or a decision is the opposite one. */
const opposite = (type: string) => (honest: Message) => [{ ...honest, type }];

const read = (parameters: JsonObject): Parameters => parameters as unknown as Parameters;
/** A figure of the run in which all vote yes; of other runs the books say nothing. */
const ifUnanimous =
  (figure: (n: number, parameters: Parameters) => number) =>
  (roles: Readonly<Record<RoleName, number>>, parameters: JsonObject): number | null =>
    Object.values(read(parameters).votes).includes('no') ? null : figure(roles.participant ?? 0, read(parameters));

const skeen = 'Skeen, "Nonblocking Commit Protocols" (1981)';
const bernstein =
  'Bernstein, Hadzilacos and Goodman, "Concurrency Control and Recovery in Database Systems" (1987), section 7.5';

export default defineProtocol({
  id: 'three-phase-commit',
  title: 'Three-phase commit',
  source: `${skeen}; ${bernstein}`,
  problem: 'atomic-commit',
  about:
    'A phase between the votes and the commit tells everybody that all said yes. When the coordinator crashes, the running sites can then decide by what they know. It does not block on crashes, but a partition can split it.',
  roles: { coordinator, participant },
  messages: {
    prepare: { ...transaction, about: 'Can you commit your part?' },
    yes: { ...transaction, about: 'I can, and I promise to do as we decide.' },
    no: { ...transaction, about: 'I cannot, and I have already aborted.' },
    'pre-commit': { ...transaction, about: 'All have said yes. We are going to commit.' },
    ack: { ...transaction, about: 'I know that all have said yes.' },
    commit: { ...transaction, about: 'The decision: commit.' },
    abort: { ...transaction, about: 'The decision: abort.' },
    done: { ...transaction, about: 'The decision is in my log (with acks).' },
    elected: { ...transaction, about: 'The one before you is silent: you are the coordinator now.' },
    'state-request': { ...transaction, about: 'I am the coordinator now: what is your state?' },
    state: { fields: { transaction: 'text', state: 'text' }, about: 'This is my state.' },
    'decision-request': { ...transaction, about: 'I was away: what was decided?' },
  },
  inputs: {
    begin: {
      ...transaction,
      roles: ['coordinator'],
      defaults: { transaction: 't1' },
      about: 'The work is done: commit it, if you can.',
    },
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
    ackTimeout: {
      kind: 'duration',
      default: 300,
      min: 1,
      about: 'Who has not answered a pre-commit or a state-request by then counts as crashed: more than a round trip.',
    },
    decisionTimeout: {
      kind: 'duration',
      default: 800,
      min: 1,
      about:
        'Who hears nothing for so long takes the coordinator to be dead: more than voteTimeout, and more than twice ackTimeout, each with a round trip.',
    },
    workTimeout: { kind: 'duration', default: 10_000, min: 1, about: 'Who is never asked to vote aborts after this.' },
    acks: { kind: 'flag', default: false, about: 'Participants acknowledge, so that the coordinator may forget.' },
    terminationRule: {
      kind: 'flag',
      default: true,
      about: 'Wrong when false: who waits too long goes on alone, to abort if uncertain, to commit if pre-committed.',
    },
    hasty: {
      kind: 'flag',
      default: false,
      about: 'Wrong when true: a new coordinator commits without bringing the uncertain ones to pre-commit first.',
    },
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
  lies: {
    yes: opposite('no'),
    no: opposite('yes'),
    commit: opposite('abort'),
    abort: opposite('commit'),
    state: { state: (told) => (told === 'uncertain' ? ['pre-committed', 'committed'] : ['uncertain', 'aborted']) },
  },
  costs: [
    {
      name: 'messages',
      formula: '5n, 6n with acks',
      caseOf: (_, { acks }) => (acks === true ? '6n' : '5n'),
      source: bernstein,
      expected: ifUnanimous((n, { acks }) => (acks ? 6 : 5) * n),
      measured: (figures: CostFigures) => figures.messages,
    },
    {
      name: 'message delays',
      formula: '5: prepare, vote, pre-commit, ack, commit',
      source: bernstein,
      expected: ifUnanimous(() => 5),
      measured: (figures) => figures.messageDelays,
    },
    {
      name: 'stable writes',
      formula: '2n + 2: the beginning, n votes, the commit and n outcomes',
      source: 'counted from the log records that the roles keep',
      expected: ifUnanimous((n) => 2 * n + 2),
      measured: (figures) => figures.stableWrites,
    },
  ],
  bound: { formula: 'n > f, and no partition', of: 'crashes', greatest: (n) => n - 1 },
  summary(state: NodeState) {
    const { transaction: name, vote, awaited, states, passedOver } = state.context;
    const told = Object.entries((states ?? {}) as JsonObject).map(([node, said]) => `${node}: ${String(said)}`);
    const fields: [string, Json | undefined][] = [
      ['transaction', name],
      ['vote', vote],
      ['waits for', Array.isArray(awaited) ? awaited.join(' ') : ''],
      ['was told', told.join(', ')],
      ['gave up', passedOver],
    ];
    return fields.flatMap(([label, value]) =>
      value === undefined || value === '' || value === 0 ? [] : [{ label, value }],
    );
  },
  waitsFor: (state, input) => (state.value === 'inDoubt' ? { nodes: others(input) } : null),
  wrongVariants: [
    {
      parameters: { terminationRule: false },
      breaks: 'atomic-commit/agreement',
      about:
        'Everyone follows its own timeout: after a crash in the middle of the pre-commits, those who heard commit, and those who did not abort.',
    },
    {
      parameters: { hasty: true },
      breaks: 'atomic-commit/agreement',
      about: 'The new coordinator commits at once: if it crashes before anybody hears of it, the uncertain ones abort.',
    },
  ],
});
