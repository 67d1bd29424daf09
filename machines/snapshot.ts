/**
 * The snapshot of Chandy and Lamport: a photograph of a system that nobody can see as a whole.
 *
 * Nodes have tokens and send them to one another. How many are there? Who asks one node after the other counts some twice,
 * and misses those that are on their way. All would have to be looked at in the same instant, and there is none.
 *
 * Two rules do it, if the channels are FIFO and lose nothing:
 *
 *   sending     A node that begins records its own state, and before it sends anything else it sends a *marker* on each of
 *               its channels.
 *   receiving   Who gets a marker and has not recorded its state does so now, notes that this channel is empty, and sends
 *               markers on all of its own channels. Who has recorded it notes what has arrived on this channel since.
 *
 * Because channels are FIFO, the marker divides what was sent before the sender's recording from what was sent after it.
 * What came before the marker is in the picture: in the receiver's state, or in the channel. What comes after it is not.
 * So no message is shown as received and not as sent: the cut is consistent.
 *
 * The state in the picture may never have occurred. But it could have: it can be reached from the state in which the snapshot
 * began, and that in which it ended can be reached from it. Whatever, once true, stays true (a deadlock, an end, a token
 * lost) can therefore be found by looking at it.
 *
 * On a complete graph that takes n(n-1) markers, and n-1 reports to whoever puts the parts together. It stands no
 * crash and no lost message. Several snapshots may be under way at once: each is known by who began it, and its number.
 */
import { type Moment, snapshot as snapshotProblem } from '../src/core/problems/snapshot.ts';
import { type Cost, defineProtocol, type JsonObject, type View } from '../src/core/protocol.ts';
import { awaitedReports, type Context, inChannels, node, type Parameters } from './snapshot/node.ts';

const read = (parameters: JsonObject): Parameters => parameters as unknown as Parameters;
const chandyLamport =
  'Chandy and Lamport, "Distributed Snapshots: Determining Global States of Distributed Systems" (1985)';
/** Whoever simply asks around sends n-1 of either kind. */
const ofOneSnapshot = (kind: string, formula: string, figure: (n: number) => number): Cost => ({
  name: `${kind}s of one snapshot`,
  formula,
  caseOf: (_, parameters) => (read(parameters).method === 'naive' ? 'n-1' : formula),
  source: `counted from the rules of ${chandyLamport}`,
  expected: ({ node: n = 0 }, parameters) => (read(parameters).method === 'naive' ? n - 1 : figure(n)),
  measured: (figures) => figures.byKind[kind] ?? 0,
});
type Result = { readonly snapshot: string; readonly total: number };

export default defineProtocol({
  id: 'snapshot',
  title: 'Chandy and Lamport’s snapshot',
  source: chandyLamport,
  problem: 'snapshot',
  about:
    'Nodes send tokens about, and one wants to know how many there are. Markers on FIFO channels cut the run so that no effect is seen without its cause, and every token is counted once.',
  roles: { node },
  messages: {
    transfer: { fields: { name: 'text', amount: 'number' }, about: 'Tokens for you.' },
    marker: {
      fields: { snapshot: 'text' },
      about: 'What I sent before this belongs to the snapshot, what follows does not.',
    },
    report: { fields: { snapshot: 'text', tokens: 'number' }, about: 'My part: my state and my channels together.' },
  },
  inputs: {
    send: { fields: { to: 'node', amount: 'number' }, defaults: { amount: 1 }, about: 'Send tokens to this node.' },
    snapshot: { about: 'Begin a snapshot.' },
  },
  parameters: {
    tokens: { kind: 'per-node', of: { kind: 'integer', default: 10, min: 0 }, about: 'What each node has at first.' },
    transfers: { kind: 'integer', default: 0, min: 0, max: 1000, about: 'How often each node sends tokens by lot.' },
    pause: { kind: 'duration', default: 30, min: 1, about: 'About how long between two transfers by lot.' },
    method: {
      kind: 'choice',
      choices: ['chandy-lamport', 'naive', 'states-only'],
      default: 'chandy-lamport',
      about:
        'Wrong on purpose: naive asks all nodes for their states; states-only sends markers and does not look at the channels.',
    },
  },
  properties: snapshotProblem({
    sending: ({ type, name, amount }) => (type === 'transfer' ? { name: String(name), amount: Number(amount) } : null),
    moment: (item) => item as unknown as Moment,
    initial: (view: View) =>
      Object.fromEntries(view.nodes.map(({ id }) => [id, read(view.parameters).tokens[id] ?? 0])),
    begun: (view) => view.inputs.filter(({ input }) => input === 'snapshot').length,
    results: (view) => view.nodes.flatMap(({ decisions }) => decisions as unknown as readonly Result[]),
  }),
  bound: { formula: 'f = 0: no crash, no lost message, FIFO channels', of: 'crashes', greatest: () => 0 },
  costs: [
    ofOneSnapshot('marker', 'n(n-1) on a complete graph', (n) => n * (n - 1)),
    ofOneSnapshot('report', 'n-1', (n) => n - 1),
  ],
  summary({ context }) {
    const { tokens, recordings } = context as unknown as Context;
    return [
      { label: 'tokens', value: tokens },
      ...Object.entries(recordings).flatMap(([id, recording]) => [
        { label: `${id}: recorded`, value: Number(recording.state) },
        { label: `${id}: in channels`, value: inChannels(recording) },
        { label: `${id}: waits for markers of`, value: recording.open.join(' ') },
      ]),
    ];
  },
  waitsFor({ context }) {
    const { recordings } = context as unknown as Context;
    const open = Object.values(recordings).flatMap((recording) => recording.open);
    const nodes = [...new Set([...open, ...awaitedReports(context as unknown as Context)])];
    return nodes.length === 0 ? null : { nodes, need: nodes.length, answering: true };
  },
  wrongVariants: [
    {
      parameters: { method: 'naive' },
      breaks: 'snapshot/conservation',
      about: 'Ask every node for its state: tokens on their way are missed, and some are counted twice.',
    },
    {
      parameters: { method: 'states-only' },
      breaks: 'snapshot/conservation',
      about: 'The states fit together, but what was in the channels is missed.',
    },
  ],
});
