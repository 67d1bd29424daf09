/**
 * Raft: a replicated log with a strong leader.
 *
 * A service runs as the same state machine on several servers. If all of them execute the same requests in the same
 * order, any majority can carry on when the others are lost. So the servers keep a log, and the problem is to keep the
 * logs alike. Raft lets one server, the *leader*, do all the talking: it takes in the clients' requests, appends them to
 * its log, and has the others copy it. An entry is *committed* when a majority has it; then it is executed.
 *
 * Time is divided into *terms*, each with at most one leader. A server that hears of no leader for a while becomes a
 * *candidate* of a new term and asks for votes; each server gives one vote a term, and a majority elects. The time that
 * a server waits is random, so that mostly one of them stands first. Whoever meets a newer term enters it, as a follower.
 *
 * What makes it safe:
 * - A server votes only for a candidate whose log is at least as up to date as its own. A committed entry is in a majority
 *   of the logs, and any two majorities meet: so a new leader has all that was committed.
 * - The entry before the new ones travels with them, and a follower that does not have it refuses. So two logs that have
 *   an entry in common have everything before it in common.
 * - A leader counts copies only of entries of its *own* term. An old entry may be on a majority and still be overwritten,
 *   as the paper's figure 8 shows; it becomes committed together with a later one of the leader's term.
 *
 * Term, vote and log survive a crash; what is committed is found out anew, and executed anew from the beginning.
 */
import { leader } from '../src/core/problems/leader.ts';
import { totalOrder } from '../src/core/problems/total-order.ts';
import {
  type CostFigures,
  defineProtocol,
  type Effect,
  type Json,
  type JsonObject,
  type NodeView,
  type RoleName,
  type View,
} from '../src/core/protocol.ts';
import { client } from './raft/client.ts';
import { raftProperties } from './raft/properties.ts';
import { server } from './raft/server.ts';
import { type Executed, isBlank, type Log } from './raft/words.ts';

const servers = (view: View): readonly NodeView[] => view.nodes.filter((node) => node.role === 'server');
const requests = (view: View, from: (node: NodeView) => boolean = () => true): Json[] =>
  view.inputs.flatMap(({ node, input, data }) =>
    input === 'request' && from(view.node(node)) ? [data.command ?? null] : [],
  );
const isOfLeader = (effect: Effect): effect is Extract<Effect, { type: 'send' }> =>
  effect.type === 'send' && (effect.message.type === 'append-entries' || effect.message.type === 'heartbeat');

const appendFields = {
  term: 'number',
  prevLogIndex: 'number',
  prevLogTerm: 'number',
  entries: 'list',
  leaderCommit: 'number',
} as const;
const replyFields = { term: 'number', success: 'flag', matchIndex: 'number' } as const;

type Roles = Readonly<Record<RoleName, number>>;
/** A request that was sent on to the leader counts once: by its reply. */
const perRequest = ({ byKind }: CostFigures): number =>
  ((byKind['append-entries'] ?? 0) + (byKind.appended ?? 0)) / (byKind.reply ?? 1);

export default defineProtocol({
  id: 'raft',
  title: 'Raft',
  source: 'Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm" (2014)',
  problem: 'total-order',
  about:
    'One leader a term, elected by a majority, takes requests into its log and has the others copy it; an entry of its own term that a majority has is committed. Safe under any timing; live while a majority is up and elections are not split for ever.',
  roles: { server, client },
  messages: {
    'request-vote': {
      fields: { term: 'number', lastLogIndex: 'number', lastLogTerm: 'number' },
      about: 'Will you elect me in this term? My log ends here.',
    },
    vote: { fields: { term: 'number', granted: 'flag' }, about: 'You have my vote, or not.' },
    'append-entries': { fields: appendFields, about: 'Copy these entries; this is the one before them.' },
    heartbeat: { fields: appendFields, about: "AppendEntries without a client's entry: I still lead." },
    appended: { fields: replyFields, about: 'The entries are in my log; or the one before them is not.' },
    'heartbeat-reply': { fields: replyFields, about: 'My log has the entry that you named; or not.' },
    request: { fields: { number: 'number', command: 'value' }, about: "A client's request." },
    reply: { fields: { number: 'number', place: 'number' }, about: 'It has been executed, at this place.' },
    'not-leader': { fields: { number: 'number', leader: 'node' }, about: 'Ask this one, if I know it.' },
  },
  inputs: {
    request: {
      roles: ['client'],
      fields: { command: 'value', to: 'node' },
      defaults: { command: 'x' },
      about: 'Have this executed; `to`: ask this server first.',
    },
    stand: { roles: ['server'], about: 'Stand for election now, as if the timeout had come.' },
  },
  parameters: {
    electionTimeout: {
      kind: 'duration',
      default: 500,
      min: 1,
      about: 'A server that hears of no leader for this long stands for election ...',
    },
    electionSpread: {
      kind: 'duration',
      default: 500,
      min: 0,
      about: '... or up to this much later, at random. Without a spread, elections can be split for ever.',
    },
    heartbeatInterval: {
      kind: 'duration',
      default: 150,
      min: 1,
      about: 'A leader lets itself be heard this often, and sends again what is unconfirmed.',
    },
    retryTimeout: { kind: 'duration', default: 600, min: 1, about: 'A client asks the next server after this.' },
    blankEntry: {
      kind: 'flag',
      default: true,
      about: 'A new leader appends a blank entry, so that what earlier terms left is committed soon (section 8).',
    },
    commitOldTerms: {
      kind: 'flag',
      default: false,
      about: 'Wrong when true: a leader commits entries of earlier terms by counting copies.',
    },
    stableVote: {
      kind: 'flag',
      default: true,
      about: 'Wrong when false: a server that restarts has forgotten for whom it voted.',
    },
  },
  properties: [
    ...totalOrder({
      members: servers,
      requests: (view) => requests(view),
      mustDeliver: (view) => requests(view, ({ everCrashed, honest }) => honest && !everCrashed),
      requested: (item) => (item as Executed).command,
      identity: (item) => [(item as Executed).client, (item as Executed).number],
      place: (item) => (item as Executed).place,
    }),
    ...leader({
      members: servers,
      leads: ({ effect }) => (isOfLeader(effect) ? Number(effect.message.term) : null),
      leader: ({ context }) => (typeof context.leader === 'string' ? context.leader : null),
    }),
    ...raftProperties,
  ],
  lies: {
    vote: { granted: (granted) => [granted !== true] },
    appended: { success: (success) => [success !== true] },
    'append-entries': {
      entries: (entries) => [(entries as Log).map((entry) => ({ ...entry, command: `not ${String(entry.command)}` }))],
    },
    reply: { place: (place) => [Number(place) + 1] },
  },
  costs: [
    {
      name: 'messages a request: append-entries, appended',
      formula: '2(n-1), heartbeats apart',
      source: 'counted from figure 2 of the paper',
      expected: (roles: Roles) => 2 * ((roles.server ?? 1) - 1),
      measured: perRequest,
    },
  ],
  bound: {
    formula: 'servers > 2f',
    of: 'crashes',
    among: ['server'],
    greatest: (_, roles) => Math.max(0, Math.ceil((roles.server ?? 0) / 2) - 1),
  },
  summary({ context }) {
    const {
      term,
      votedFor,
      leader: led,
      log,
      commitIndex,
      number,
      target,
      queue,
    } = context as JsonObject & { log?: Log };
    const fields: [string, Json | undefined][] = [
      ['term', term],
      ['voted for', votedFor],
      ['leader', led],
      ['log', log?.map((entry) => `${isBlank(entry) ? '·' : String(entry.command)}/${entry.term}`).join(' ')],
      ['committed', commitIndex],
      ['requests', number],
      ['asks', Array.isArray(queue) && queue.length > 0 ? target : undefined],
    ];
    return fields.flatMap(([label, value]) =>
      value === undefined || value === null || value === 0 || value === '' ? [] : [{ label, value }],
    );
  },
  wrongVariants: [
    {
      parameters: { commitOldTerms: true },
      breaks: 'total-order/uniformity',
      about: 'An old entry that a majority has is executed, and then overwritten by a leader that never had it.',
    },
    {
      parameters: { stableVote: false },
      breaks: 'leader/one-per-term',
      about: 'A server votes, crashes, and votes again in the same term: two leaders.',
    },
  ],
});
