/**
 * Secret sharing: a secret that no server has, and that does not get lost when servers do.
 *
 * Give a key to one server, and whoever breaks into it has the key. Give a copy to six, and there are six to break into;
 * cut it into six parts, and the loss of one is the loss of all. Shamir (1979) has it both ways: any k of n servers can
 * give the secret back, and any k - 1 of them know nothing at all about it.
 *
 * A line is determined by two points, a parabola by three, a polynomial of degree k - 1 by k. So the *dealer* draws
 * k - 1 coefficients at random and makes the polynomial
 *
 *     f(x) = secret + a1·x + a2·x² + ... + a(k-1)·x^(k-1)      modulo a prime p
 *
 * and gives server i the point f(i), its *share*. A *reader* asks all servers and puts f(0) together from any k shares
 * (Lagrange's interpolation). With k - 1 shares, every secret is left: through these points and (0, s) there is one
 * polynomial for each s, and all were equally likely to be drawn. No amount of computing helps.
 *
 * Servers may lie. One share more than k, and a lie is *detected*: the k + 1 points do not lie on one polynomial. Two more,
 * and it is *corrected*: k + 1 of the k + 2 points do, and the one that does not is the liar's. In general the reader
 * believes a polynomial on which k + f shares lie, where f is the number of liars that it reckons with; f of them may be
 * lies, and the other k determine it. To find so many in spite of f liars takes n ≥ k + 2f servers (McEliece and
 * Sarwate 1981: shares are a Reed-Solomon code).
 *
 * Only a server's own share is ever sent to it, so servers see neither the secret nor one another's shares. The reader, of
 * course, sees all.
 */
import { type Piece, secretSharing } from '../src/core/problems/secret-sharing.ts';
import { defineProtocol, type Happened, type JsonObject, type RoleName, type View } from '../src/core/protocol.ts';
import { dealer, isInField } from './split-secret/dealer.ts';
import { type ReaderContext, reader, sharesNeeded, unanswered } from './split-secret/reader.ts';
import { server } from './split-secret/server.ts';
import { determine, drawnCount, type Parameters, type Share } from './split-secret/words.ts';

const shamir = 'Shamir, "How to Share a Secret" (1979)';
const mcEliece = 'McEliece and Sarwate, "On Sharing Secrets and Reed-Solomon Codes" (1981)';

const read = (parameters: JsonObject): Parameters => parameters as unknown as Parameters;
const contextOf = ({ context }: { context: JsonObject }): ReaderContext => context as unknown as ReaderContext;

function secretIn({ inputs, nodes, parameters }: View) {
  const dealt = inputs.find(({ input, data }) => input === 'split' && isInField(data.secret, read(parameters).p));
  const isLoyal = nodes.find(({ id }) => id === dealt?.node)?.honest === true;
  return isLoyal ? dealt?.data.secret : undefined;
}
function pieceIn({ node, effect }: Happened): Piece | null {
  if (effect.type !== 'send') return null;
  const { to, message } = effect;
  const share = { x: Number(message.x), y: Number(message.y) };
  if (message.type === 'share') return { to, owner: to, share };
  return message.type === 'answer' ? { to, owner: node, share } : null;
}

type Roles = Readonly<Record<RoleName, number>>;
const servers = (roles: Roles): number => roles.server ?? 0;
const asDesigned = (parameters: JsonObject): boolean => read(parameters).mistake !== 'server-collects';
const point = { x: 'number', y: 'number' } as const;

export default defineProtocol({
  id: 'split-secret',
  title: 'Secret sharing',
  source: `${shamir}; lying servers: ${mcEliece}`,
  problem: 'secret-sharing',
  about:
    'Servers hold points of a random polynomial whose value at 0 is the secret: any k of them give it back, and k - 1 know nothing. A reader with k + f points that agree is not deceived by f liars.',
  roles: { dealer, server, reader },
  messages: {
    share: { fields: point, about: 'Dealer to server: your point of the polynomial.' },
    ask: { about: 'Reader to server: what is your share?' },
    answer: { fields: point, about: 'This.' },
    collect: { about: 'Wrong: reader to one server: get me the shares of all.' },
    'passed-on': { fields: point, about: "Wrong: another server's share." },
  },
  inputs: {
    split: {
      roles: ['dealer'],
      fields: { secret: 'number' },
      defaults: { secret: 1234 },
      about: 'Split this secret, a whole number below p; a dealer does so once.',
    },
    read: {
      roles: ['reader'],
      about: 'Ask the servers for their shares; once more, for those that have not answered.',
    },
  },
  parameters: {
    k: { kind: 'integer', default: 3, min: 1, max: 8, about: 'So many shares give the secret.' },
    p: {
      kind: 'choice',
      choices: [7, 31, 257, 1613, 65537],
      default: 1613,
      about: 'The prime modulo which everything is reckoned; greater than secret and number of servers.',
    },
    liars: { kind: 'integer', default: 0, min: 0, max: 8, about: 'With so many liars the reader reckons: f.' },
    coefficients: {
      kind: 'value',
      default: null,
      about: 'The coefficients a1 to a(k-1), to follow an example by hand; null: drawn at random, as they must be.',
    },
    mistake: {
      kind: 'choice',
      choices: ['none', 'share-at-zero', 'too-short', 'constant', 'server-collects'],
      default: 'none',
      about:
        'Wrong on purpose: servers are counted from 0; one coefficient too few; all of them 1; one server collects the shares of all for the reader.',
    },
  },
  properties: secretSharing({
    secret: secretIn,
    holders: (view) => view.nodes.filter(({ role }) => role === 'server'),
    readers: (view) => view.nodes.filter(({ role }) => role === 'reader'),
    threshold: ({ parameters }) => read(parameters).k,
    piece: pieceIn,
    determined: (shares, { parameters }) => determine(shares as readonly Share[], drawnCount(read(parameters))),
    waits: ({ path }) => path === 'gathering' || path === 'doubting',
    doubts: ({ path }) => path === 'doubting',
    accused: (node) => contextOf(node).accused ?? [],
  }),
  lies: {
    share: { y: (y, { parameters }) => [(Number(y) + 1) % read(parameters).p] },
    answer: { y: (y, { parameters }) => [(Number(y) + 1) % read(parameters).p] },
  },
  costs: [
    {
      name: 'messages to split',
      formula: 'n',
      source: 'counted: a share for each server',
      expected: servers,
      measured: ({ byKind }) => byKind.share ?? 0,
    },
    {
      name: 'messages to read',
      formula: '2n, if all answer: n questions, n answers',
      source: 'counted',
      expected: (roles, parameters) => (roles.reader === 1 && asDesigned(parameters) ? 2 * servers(roles) : null),
      measured: ({ byKind }) => (byKind.ask ?? 0) + (byKind.answer ?? 0),
    },
    {
      name: 'stable writes',
      formula: 'n + 1: each share, and that it has been dealt',
      source: 'counted',
      expected: (roles) => servers(roles) + 1,
      measured: ({ stableWrites }) => stableWrites,
    },
  ],
  bound: {
    formula: 'n ≥ k + 2f, f ≤ liars',
    of: 'traitors',
    among: ['server'],
    honest: ['dealer'],
    greatest(_, roles, parameters) {
      const { k, liars } = read(parameters);
      return Math.max(0, Math.min(liars, Math.floor((servers(roles) - k) / 2)));
    },
  },
  summary({ context }) {
    const { share, places, shares, parameters, accused } = context as unknown as ReaderContext & {
      share?: Share | null;
    };
    if (share !== undefined) return share === null ? [] : [{ label: 'share', value: `(${share.x}, ${share.y})` }];
    if (shares === undefined) return [{ label: 'servers', value: Object.keys(places).length }];
    const points = shares.map(({ x, y }) => `(${x}, ${y})`).join(' ');
    return [
      { label: `shares, ${sharesNeeded(parameters)} needed`, value: points },
      ...(accused.length > 0 ? [{ label: 'liars', value: accused.join(' ') }] : []),
    ];
  },
  waitsFor({ value, context }) {
    if (value !== 'gathering' && value !== 'doubting') return null;
    const state = context as unknown as ReaderContext;
    const missing = sharesNeeded(state.parameters) - state.shares.length;
    return { nodes: unanswered(state), need: Math.max(1, missing), answering: true };
  },
  wrongVariants: [
    {
      parameters: { mistake: 'share-at-zero' },
      breaks: 'secret-sharing/secrecy',
      about: 'Counted from 0, the first server gets f(0): the secret itself.',
    },
    {
      parameters: { mistake: 'too-short' },
      breaks: 'secret-sharing/secrecy',
      about: 'A polynomial of degree k - 2 is determined by k - 1 servers.',
    },
    {
      parameters: { mistake: 'constant' },
      breaks: 'secret-sharing/secrecy',
      about: 'Coefficients that everybody can guess: each server works out the secret by itself.',
    },
    {
      parameters: { mistake: 'server-collects' },
      breaks: 'secret-sharing/secrecy',
      about: 'The server that collects the shares for the reader could read the secret.',
    },
  ],
});
