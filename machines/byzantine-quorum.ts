/**
 * A register kept by Byzantine quorums: clients read and write it, some of the servers lie, and nobody agrees on anything.
 *
 * Quorums that have a server in common are enough while servers only crash: a reader meets somebody who has stored the
 * last write. If that one lies, it is not. Malkhi and Reiter, "Byzantine Quorum Systems" (1998), let quorums have at least
 * 2f + 1 servers in common. Of these f may lie and f + 1 tell the truth; so a reader believes a version only if f + 1
 * servers *vouch* for it, word for word. That *masks* the liars: f of them cannot make up anything that is believed, and
 * what was written last has its f + 1 vouchers. No signatures are needed, and readers need not know who lies.
 *
 * The servers stand in a grid of √n by √n. A quorum is r whole rows and c whole columns. The rows of one quorum cross the
 * columns of the other, and the other way round: 2rc servers in common, if the grid is so wide that they need share no line.
 * So rc ≥ f + 1 masks f liars. Malkhi and Reiter take one column and 2f + 1 rows; Malkhi, Reiter and Wool's "M-Grid" takes
 * √(f+1) of each. One row and one column have two servers in common, which is enough for f = 0 only. There must also be r
 * rows and c columns without a liar, in case they keep silent: √n ≥ f + max(r, c). A quorum has about (r + c)√n servers, so
 * with a growing n each server has less and less to do: that, and not the number of liars, is what grids are good at.
 *
 * A write asks a quorum for its versions, takes a greater time, and has a quorum store value and time. A read asks a
 * quorum. The register is *safe*: a read that overlaps no write returns what was written last. One that overlaps a write may
 * find no version with enough vouchers, or an old one; for more, readers would have to write back.
 */
import { historyEventOf } from '../src/core/problems/operations.ts';
import { register } from '../src/core/problems/register.ts';
import {
  type CostFigures,
  defineProtocol,
  type Json,
  type JsonObject,
  type Message,
  type NodeId,
  type NodeView,
  type Property,
  type RoleName,
  type View,
} from '../src/core/protocol.ts';
import { type ClientContext, client, type Parameters, vouchersNeeded } from './byzantine-quorum/client.ts';
import { liarsMasked, quorumSize, sideOf } from './byzantine-quorum/grid.ts';
import { registerInputs, registerMessages } from './quorum-register/operations.ts';
import { replica } from './quorum-register/replica.ts';
import { type Copy, empty } from './quorum-register/words.ts';

const malkhi = 'Malkhi and Reiter, "Byzantine Quorum Systems" (1998)';
const wool = 'Malkhi, Reiter and Wool, "The Load and Availability of Byzantine Quorum Systems" (2000)';

const read = (parameters: JsonObject): Parameters => parameters as unknown as Parameters;
const sideIn = (roles: Readonly<Record<RoleName, number>>): number => sideOf(roles.server ?? 0);

const clients = (view: View): NodeView[] => view.honest.filter(({ role }) => role === 'client');
const written = (view: View): Json[] =>
  view.inputs.flatMap(({ input, data }) => (input === 'write' ? [data.value ?? null] : []));
const resultsOf = ({ id, delivered }: NodeView): Json[] =>
  delivered.flatMap((item) => {
    const event = historyEventOf(id, { type: 'deliver', item });
    return event?.type === 'ok' && event.f === 'read' && event.value !== null ? [event.value] : [];
  });
const toldTo = ({ context }: NodeView): Copy[] => Object.values((context as unknown as ClientContext).told ?? {});

const properties: Property[] = [
  ...register().filter(({ name }) => /\/(safe|read-alone|completion)$/.test(name)),
  {
    name: 'byzantine-quorum/no-forgery',
    kind: 'always',
    clauses: { 'no-forgery': 'No client reads what no client has written, whether a write is under way or not.' },
    reads: ['deliveries', 'states'],
    test(view) {
      const known = written(view);
      for (const client of clients(view)) {
        const forged = resultsOf(client).find((value) => !known.includes(value));
        if (forged === undefined) continue;
        return { clause: 'no-forgery', nodes: [client.id], why: `${client.id} read ${forged}, which nobody wrote` };
      }
      return true;
    },
  },
  {
    name: 'byzantine-quorum/lie-heard',
    kind: 'sometimes',
    clauses: { reached: 'A client was told a version that no client has written: it could have believed it.' },
    reads: ['states'],
    test(view) {
      const known = [null, ...written(view)];
      return clients(view).some((client) => toldTo(client).some(({ value }) => !known.includes(value)));
    },
  },
];

const versionText = ({ time, writer, value }: Copy): string =>
  time === 0 ? 'nothing' : `${time} by ${writer}: ${String(value)}`;

/** What a liar says that it keeps: something newer, or nothing. */
const lies = (honest: Message): Message[] => [
  { ...honest, time: Number(honest.time) + 1, writer: 'nobody', value: 'forged' },
  { ...honest, ...empty },
];

/** Every operation begins with one question to each server of a quorum, and is two items: its invocation and its end. */
const askedIn = ({ byKind, items }: CostFigures): number => (byKind.query ?? 0) / Math.max(1, items / 2);

export default defineProtocol({
  id: 'byzantine-quorum',
  title: 'Byzantine quorums in a grid',
  source: `${malkhi}; M-Grid: ${wool}`,
  problem: 'register',
  about:
    'Servers in a √n by √n grid, rows and columns as quorums. Any two have 2f + 1 servers in common, and a reader believes what f + 1 say: f liars are masked, without signatures and without agreement.',
  roles: { server: replica, client },
  messages: registerMessages,
  inputs: registerInputs,
  parameters: {
    rows: { kind: 'integer', default: 2, min: 1, max: 100, about: 'So many whole rows, and' },
    columns: {
      kind: 'integer',
      default: 1,
      min: 0,
      max: 100,
      about: 'so many whole columns make a quorum; wrong with 0: two rows need not meet.',
    },
    liars: { kind: 'integer', default: 1, min: 0, max: 100, about: 'With so many liars a reader reckons: f.' },
    vouching: { kind: 'flag', default: true, about: 'Wrong when false: a reader takes the newest, whoever says it.' },
    retryTimeout: { kind: 'duration', default: 500, min: 1, about: 'After this a client turns to the next quorum.' },
  },
  properties,
  // To say `stored` of what it has not stored is to say later that it keeps nothing. And it is the servers that lie: a client
  // that sends something else than it was asked to has written that, and nobody could mask it.
  lies: { version: lies, stored: {}, query: {}, update: {} },
  costs: [
    {
      name: 'servers asked in an operation',
      formula: '(r + c)√n - rc: a quorum',
      source: wool,
      expected: (roles, parameters) => quorumSize(sideIn(roles), read(parameters)),
      measured: askedIn,
    },
  ],
  bound: {
    formula: '2f + 1 servers common to any two quorums, √n ≥ f + max(r, c), f ≤ liars',
    of: 'traitors',
    crashesCount: true,
    among: ['server'],
    honest: ['client'],
    greatest: (_, roles, parameters) => Math.min(read(parameters).liars, liarsMasked(sideIn(roles), read(parameters))),
  },
  summary({ context, value: state }) {
    const { copy: kept, queue, told, stored, parameters } = context as unknown as ClientContext & { queue?: unknown };
    if (queue === undefined)
      return [
        { label: 'value', value: kept.value },
        { label: 'version', value: versionText(kept) },
      ];
    const answers = Object.entries(told).map(([id, copy]) => `${id} ${versionText(copy)}`);
    return [
      { label: `told, ${vouchersNeeded(parameters)} must agree`, value: answers.join(', ') },
      ...(state === 'updating' ? [{ label: 'stored by', value: stored.join(' ') }] : []),
    ];
  },
  waitsFor({ context, value: state }) {
    if (state !== 'querying' && state !== 'updating') return null;
    const { grid, told, stored } = context as unknown as ClientContext;
    const hasAnswered = (id: NodeId): boolean => (state === 'querying' ? told[id] !== undefined : stored.includes(id));
    return { nodes: grid.flat().filter((id) => !hasAnswered(id)), answering: true };
  },
  wrongVariants: [
    {
      parameters: { vouching: false },
      breaks: 'byzantine-quorum/no-forgery',
      about: 'A reader takes the newest version, whoever says it. One liar is enough.',
    },
    {
      parameters: { rows: 1, columns: 1 },
      breaks: 'register/safe',
      about:
        'One row and one column: two quorums may have only two servers in common, and if one of them lies, the last write has one voucher.',
    },
  ],
});
