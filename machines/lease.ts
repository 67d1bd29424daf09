/**
 * A lease: being the primary, for a limited time.
 *
 * A lock is held until it is released; whoever dies with it holds it for ever. A lease (Gray and Cheriton 1989) ends by
 * itself. So a primary that crashes is replaced when its time is up, and nobody has to find out whether it is dead.
 *
 * The service grants the lease to one applicant at a time, and waits for `leaseTime` before it grants it again. The
 * primary counts from the moment in which it *asked*, which was before the service granted it, and stops a `margin`
 * earlier: so its time is up first. No message is needed for that, and no delay of messages can spoil it. But both clocks
 * must run at about the same speed, and a primary must look at its clock before it acts. If the primary's clock is slow,
 * or the service's fast, or the primary sleeps between looking and acting, then there are two primaries.
 *
 * So one does not rely on it. Each lease has a number, the *fencing token*, greater than all before, and each write carries
 * it. The store remembers the greatest that it has seen, and turns away whoever comes with a smaller one.
 */
import { lease } from '../src/core/problems/lease.ts';
import { defineProtocol, type JsonObject, type RoleName } from '../src/core/protocol.ts';
import { client } from './lease/client.ts';
import { service } from './lease/service.ts';
import { store } from './lease/store.ts';

const gray =
  'Gray and Cheriton, "Leases: An Efficient Fault-Tolerant Mechanism for Distributed File Cache Consistency" (1989)';
const chubby = 'Burrows, "The Chubby Lock Service for Loosely-Coupled Distributed Systems" (2006)';

export default defineProtocol({
  id: 'lease',
  title: 'Leases and fencing tokens',
  source: `${gray}; tokens: ${chubby}`,
  problem: 'lease',
  about:
    'A primary holds a lease that ends by itself. It is one at a time as long as clocks run alike and processes do not sleep; for when they do not, each write carries a fencing token.',
  roles: { service, client, store },
  messages: {
    apply: { fields: { attempt: 'text' }, about: 'I should like to be the primary.' },
    granted: { fields: { attempt: 'text', token: 'number' }, about: 'You are, and this is your token.' },
    release: { fields: { token: 'number' }, about: 'I need it no longer.' },
    write: { fields: { token: 'number', value: 'value' }, about: 'What the primary does, with its token.' },
    refused: { fields: { token: 'number' }, about: 'There is a later primary: your token is old.' },
  },
  parameters: {
    leaseTime: { kind: 'duration', default: 1000, min: 10, about: 'After this the service may grant it to another.' },
    margin: { kind: 'duration', default: 100, min: 0, about: 'The primary stops so much earlier, by its own clock.' },
    workTime: { kind: 'duration', default: 200, min: 1, about: 'Between two writes of a primary.' },
    writes: {
      kind: 'integer',
      default: 3,
      min: 1,
      max: 1000,
      about: 'After so many writes the primary gives it back.',
    },
    turns: { kind: 'integer', default: 2, min: 1, max: 1000, about: 'How often each client wants to be the primary.' },
    retryTimeout: { kind: 'duration', default: 300, min: 10, about: 'Who has no answer applies again after this.' },
    fencing: { kind: 'flag', default: true, about: 'Wrong when false: the store takes writes with old tokens.' },
    waitAfterRestart: {
      kind: 'flag',
      default: true,
      about: 'Wrong when false: a service that was down does not wait until leases of its earlier life are over.',
    },
  },
  properties: lease({
    holds: ({ path }) => path === 'applying.primary',
    waits: ({ path }) => path === 'applying.waiting',
    accepts: ({ effect }) => (effect.type === 'deliver' ? Number((effect.item as JsonObject).token) : null),
    refuses: ({ effect }) => effect.type === 'send' && effect.message.type === 'refused',
  }),
  lies: { write: { token: (token) => [Number(token) + 1] } },
  costs: [
    {
      name: 'messages a lease',
      formula: '3 if nobody else wants it and it is given back in time: apply, granted, release',
      source: 'counted',
      expected: ({ client: clients = 0 }: Readonly<Record<RoleName, number>>) => (clients === 1 ? 3 : null),
      measured: ({ byKind }) =>
        ((byKind.apply ?? 0) + (byKind.granted ?? 0) + (byKind.release ?? 0)) / Math.max(1, byKind.granted ?? 0),
    },
  ],
  summary({ context }) {
    const { attempt, holder, highest, left, token } = context;
    if (highest !== undefined) return [{ label: 'greatest token', value: highest }];
    if (holder !== undefined)
      return [
        { label: 'holder', value: holder },
        { label: 'last token', value: token ?? 0 },
      ];
    return [
      { label: 'applies as', value: attempt ?? '' },
      { label: 'token', value: token ?? null },
      { label: 'turns left', value: left ?? 0 },
    ];
  },
  wrongVariants: [
    {
      parameters: { fencing: false },
      breaks: 'lease/no-stale-write',
      about: 'Relies on the clock alone: a primary that slept overwrites what a later one has written.',
    },
    {
      parameters: { waitAfterRestart: false },
      breaks: 'lease/one-primary',
      about: 'The service forgets in a crash to whom it has given the lease, and grants it again at once.',
    },
  ],
});
