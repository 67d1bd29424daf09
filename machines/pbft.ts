/**
 * PBFT, practical Byzantine fault tolerance: a replicated service that goes on while some of its replicas lie.
 *
 * With n > 3f replicas it stands f traitors, on an asynchronous network. Like Paxos it moves through numbered *views*. In
 * each one replica, the *primary*, gives numbers to the clients' requests; the *backups* keep watch on it.
 *
 * - `pre-prepare`: the primary says "this request has number n". It could say something else to everybody.
 * - `prepare`: each backup tells all the others what it was told. Whoever hears the same from 2f + 1 in all (a *quorum*; any
 *   two share an honest replica) has the request *prepared*: no other can have this number in this view.
 * - `commit`: each says that it has it prepared. Whoever hears that from a quorum executes, in the order of the numbers.
 *
 * Why the third phase? To be prepared here is to know that no other request has this number *in this view*. But a new view
 * may never hear of it, if only one replica had it prepared and is cut off. After `commit` a quorum has it prepared; every
 * later view begins by asking a quorum; so somebody honest will show the proof.
 *
 * A backup whose request takes too long suspects the primary, stops working with it, and sends a `view-change` with the
 * proofs of what it has prepared. With a quorum of these the next primary opens its view (`new-view`), and must propose
 * again what they show; everybody can check that it does. Safety needs no clock; progress needs delays that do not grow
 * for ever, since the patience doubles with every attempt.
 *
 * Now and then the replicas compare their state. A *checkpoint* that a quorum agrees on is *stable*: the log before it may
 * go, and who has missed something asks the others, and believes what f + 1 of them say. A client does just that: it
 * believes a result when f + 1 replicas, so at least one honest, say the same.
 *
 * Requests, and what may later be shown to others as a proof, are signed. Replicas keep everything in memory: one that
 * crashes is one of the f. Clients do not count: however many of them lie, the replicas agree on what they execute.
 */
import { totalOrder } from '../src/core/problems/total-order.ts';
import {
  type CostFigures,
  defineProtocol,
  type Json,
  type LieContext,
  type NodeView,
  type RoleName,
  type View,
} from '../src/core/protocol.ts';
import { client } from './pbft/client.ts';
import { pbftProperties, preparedText } from './pbft/properties.ts';
import { replica } from './pbft/replica.ts';
import { type Certificate, type Executed, executedIn, faultsOf, primaryOf, type SignedRequest } from './pbft/words.ts';

/** Whoever crashed has failed its duty like a traitor: the properties speak of the others. */
const correct = (view: View): readonly NodeView[] =>
  view.nodes.filter((node) => node.role === 'replica' && !node.everCrashed);
const requests = (view: View): Json[] =>
  view.inputs.flatMap(({ input, data }) => (input === 'request' ? [data.command ?? null] : []));

/**
 * A traitor's stories about numbers: three of them, by the place of the listener. The first hears the truth, the second
 * 2, 3, 1 instead of 1, 2, 3, and the third 3, 1, 2. All traitors tell the same story to the same listener.
 */
function anotherNumber(honest: Json | undefined, { to, nodes }: LieContext): Json[] {
  const listener = Object.keys(nodes)
    .filter((id) => nodes[id] === 'replica')
    .indexOf(to);
  const number = Number(honest) - 1;
  return [number - (number % 3) + ((number + Math.max(0, listener)) % 3) + 1];
}
const number = { sequence: anotherNumber };

type Roles = Readonly<Record<RoleName, number>>;
const replicas = (roles: Roles): number => roles.replica ?? 0;
const perRequest = (figures: CostFigures, ...kinds: string[]): number =>
  kinds.reduce((sum, kind) => sum + (figures.byKind[kind] ?? 0), 0) / (figures.byKind.request ?? 1);
const castroLiskov = 'Castro and Liskov, "Practical Byzantine Fault Tolerance" (1999)';

const at = { view: 'number', sequence: 'number', digest: 'text' } as const;

export default defineProtocol({
  id: 'pbft',
  title: 'PBFT',
  source: castroLiskov,
  problem: 'total-order',
  about:
    'A primary gives numbers to requests, and two rounds of all telling all make a number certain, now and in every later view. Suspected primaries are replaced. It stands f traitors among n > 3f replicas, on an asynchronous network.',
  roles: { replica, client },
  messages: {
    request: { fields: { number: 'number', command: 'value' }, about: "A client's request, signed." },
    relay: { fields: { request: 'value' }, about: 'From a backup to the primary: this client waits.' },
    'pre-prepare': { fields: { ...at, request: 'value' }, about: 'The primary: this request has this number. Signed.' },
    prepare: { fields: at, about: 'A backup: this is what I was told. Signed.' },
    commit: { fields: at, about: 'I have it prepared.' },
    reply: { fields: { view: 'number', number: 'number', place: 'number' }, about: 'Executed, at this place.' },
    checkpoint: { fields: { sequence: 'number', digest: 'text' }, about: 'My state after this number. Signed.' },
    'view-change': {
      fields: { view: 'number', stable: 'number', checkpoint: 'list', prepared: 'list' },
      about: 'I want this view; here are the proofs of what I have prepared. Signed.',
    },
    'new-view': {
      fields: { view: 'number', viewChanges: 'list', inherited: 'list' },
      about: 'A quorum wants me; so these numbers are taken.',
    },
    fetch: { fields: { sequence: 'number' }, about: 'What have you executed after this number?' },
    state: { fields: { sequence: 'number', requests: 'list' }, about: 'This.' },
  },
  inputs: {
    request: {
      roles: ['client'],
      fields: { command: 'value' },
      defaults: { command: 'x' },
      about: 'Have this executed.',
    },
  },
  parameters: {
    viewTimeout: {
      kind: 'duration',
      default: 1000,
      min: 1,
      about: 'A backup waits so long for a request, a primary twice; after each vain view change, twice as long again.',
    },
    retryTimeout: { kind: 'duration', default: 800, min: 1, about: 'After this a client asks all replicas.' },
    checkpointInterval: { kind: 'integer', default: 4, min: 1, about: 'Compare states after so many numbers.' },
    commitPhase: {
      kind: 'flag',
      default: true,
      about: 'Wrong when false: what is prepared is executed, without the third phase.',
    },
  },
  properties: [
    ...totalOrder({
      members: correct,
      requests,
      requested: (item) => (item as Executed).command,
      by: (item) => (item as Executed).client,
      // a traitor may give one number to two requests
      identity: (item) => [(item as Executed).client, (item as Executed).number, (item as Executed).command],
      place: (item) => (item as Executed).place,
      // a replica that a traitor leaves out catches up at the next checkpoint; the clients, though, get their answers
    }).filter(({ name }) => name !== 'total-order/delivery'),
    ...pbftProperties,
  ],
  lies: {
    'pre-prepare': number,
    prepare: number,
    commit: number,
    reply: { place: (place) => [Number(place) + 1] },
    checkpoint: { digest: ['made up'] },
    'view-change': { prepared: [[]] },
    'new-view': { inherited: [[]] },
    state: { requests: [[]] },
  },
  costs: [
    {
      name: 'messages a request between replicas',
      formula: '2n(n-1): n-1 pre-prepare, (n-1)² prepare, n(n-1) commit',
      caseOf: (_, { commitPhase }) => (commitPhase === true ? '2n(n-1)' : 'n(n-1)'),
      source: castroLiskov,
      expected: (roles, { commitPhase }) =>
        (replicas(roles) - 1) * (replicas(roles) + (commitPhase === true ? replicas(roles) : 0)),
      measured: (figures) => perRequest(figures, 'pre-prepare', 'prepare', 'commit'),
    },
    {
      name: 'replies a request',
      formula: 'n',
      source: castroLiskov,
      expected: replicas,
      measured: (figures) => perRequest(figures, 'reply'),
    },
    {
      name: 'message delays a request',
      formula: '5 when f > 0, with one client and equal delays: request, pre-prepare, prepare, commit, reply',
      caseOf: (_, { commitPhase }) => (commitPhase === true ? '5' : '4'),
      source: castroLiskov,
      expected: (roles, { commitPhase }) =>
        roles.client === 1 && faultsOf(replicas(roles)) > 0 ? (commitPhase === true ? 5 : 4) : null,
      measured: (figures) => figures.messageDelays / (figures.byKind.request ?? 1),
    },
  ],
  bound: {
    formula: 'n > 3f',
    of: 'traitors',
    among: ['replica'],
    crashesCount: true,
    greatest: (_, roles) => faultsOf(replicas(roles)),
  },
  summary({ context }) {
    const { view, self, history, prepared, pending, stable, queue, replicas: group } = context;
    if (!Array.isArray(history)) {
      return Array.isArray(queue) && queue.length > 0
        ? [{ label: 'waits for', value: String((queue[0] as { command: Json }).command) }]
        : [];
    }
    const executed = executedIn(history as readonly SignedRequest[]).map(({ command }) => String(command));
    const isPrimary = primaryOf(Number(view), group as readonly string[]) === self;
    const fields: [string, Json | undefined][] = [
      ['view', `${String(view)}${isPrimary ? ', primary' : ''}`],
      ['executed', executed.join(' ')],
      ['prepared', preparedText((prepared ?? {}) as unknown as Record<string, Certificate>)],
      ['waits for', (pending as readonly string[]).join(' ')],
      ['stable up to', stable],
    ];
    return fields.flatMap(([label, value]) =>
      value === undefined || value === null || value === 0 || value === '' ? [] : [{ label, value }],
    );
  },
  wrongVariants: [
    {
      parameters: { commitPhase: false },
      breaks: 'total-order/same-order',
      about: 'One replica has a request prepared and executes it; the next view never hears of it. Delays are enough.',
    },
  ],
});
