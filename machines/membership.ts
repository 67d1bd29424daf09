/**
 * Group membership: who is in, agreed by all who are.
 *
 * Failure detectors make mistakes, and different ones at different nodes. A membership service turns suspicions into facts: it
 * announces *views*, numbered lists of members, and all members see the same ones. Whoever is not in the next view is
 * out, dead or not. So a protocol on top of it may act as if crashes were announced.
 *
 * A view change is a decision, so it is made like one (here with Paxos' two phases, among the members of the old view).
 * The first member in the list, of those that seem to run, asks all to *flush*: to deliver nothing more, and to
 * say what they have delivered. With answers of a majority it proposes the next view: those who have answered. When a
 * majority has accepted, it is chosen. Two majorities share a member: no two different views of one number are possible, and a
 * minority, cut off, forms none.
 *
 * *Virtual synchrony* (Birman and Joseph): with the view come the messages that some survivor has delivered in the old one.
 * Whoever lacks one delivers it first. So each message is delivered by all survivors of its view or by none, also when its
 * sender died in the middle of sending it. It looks as if the crash had happened between two messages, everywhere alike.
 *
 * Who was put out would come back as a new member; joining is left out here.
 */
import { membership } from '../src/core/problems/membership.ts';
import { type CostFigures, defineProtocol, type JsonObject, type NodeId, type RoleName } from '../src/core/protocol.ts';
import { member } from './membership/member.ts';
import type { Context, Parameters, Said } from './membership/words.ts';

const read = (parameters: JsonObject): Parameters => parameters as unknown as Parameters;
const birman = 'Birman and Joseph, "Exploiting Virtual Synchrony in Distributed Systems" (1987)';
const ricciardi =
  'Ricciardi and Birman, "Using Process Groups to Implement Failure Detection in Asynchronous Environments" (1991)';

export default defineProtocol({
  id: 'membership',
  title: 'Group membership and virtual synchrony',
  source: `${birman}; ${ricciardi}`,
  problem: 'membership',
  about:
    'Members go from view to view, all through the same ones. Before a view changes, what one survivor has delivered is delivered by all. A minority cannot form a view.',
  roles: { member },
  messages: {
    alive: { fields: { view: 'number' }, about: 'A sign of life, and which view I am in.' },
    data: { fields: { said: 'value' }, about: 'A multicast to the members of a view.' },
    flush: { fields: { view: 'number', ballot: 'number' }, about: 'The view is to change: what have you delivered?' },
    flushed: {
      fields: { view: 'number', ballot: 'number', answer: 'value' },
      about: 'This; I deliver nothing more in this view. And this next view I have accepted already, or none.',
    },
    propose: { fields: { view: 'number', ballot: 'number', proposal: 'value' }, about: 'Let this be the next view.' },
    accepted: { fields: { view: 'number', ballot: 'number' }, about: 'Agreed, if you are still the one who asks.' },
    view: { fields: { proposal: 'value' }, about: 'The next view is chosen, and this comes before it.' },
  },
  inputs: { say: { fields: { text: 'text' }, defaults: { text: 'hello' }, about: 'Multicast this in the view.' } },
  parameters: {
    tick: { kind: 'duration', default: 100, min: 1, about: 'Between two signs of life.' },
    patience: { kind: 'integer', default: 3, min: 1, about: 'Who is silent for more ticks than this is suspected.' },
    beats: {
      kind: 'integer',
      default: 40,
      min: 1,
      max: 100_000,
      about: 'After so many ticks nobody watches any more.',
    },
    flush: {
      kind: 'flag',
      default: true,
      about: 'Wrong when false: the view changes, and each keeps what it happens to have.',
    },
    majority: { kind: 'flag', default: true, about: 'Wrong when false: any number of members may form a view.' },
  },
  properties: membership({
    members: (view) => view.nodes,
    view: (item) => {
      const { view: number, members } = item as { view: number; members?: NodeId[] };
      return members === undefined ? null : { number, members };
    },
    message: (item) => item as Said,
    isOut: ({ context }) => context.isOut === true,
  }),
  costs: [
    {
      name: 'signs of life',
      formula: 'n(n-1) a tick; a view change for one crash costs 5n-7 messages more',
      source: 'counted: flush n-1, flushed n-2, propose n-1, accepted n-2, view n-1',
      expected: ({ member: n = 0 }: Readonly<Record<RoleName, number>>, parameters) =>
        n * (n - 1) * read(parameters).beats,
      measured: ({ byKind }: CostFigures) => byKind.alive ?? 0,
    },
  ],
  bound: {
    formula: 'n > 2f at a time',
    of: 'crashes',
    greatest: (n) => Math.max(0, Math.ceil(n / 2) - 1),
  },
  summary({ context }) {
    const { early, isOut, members, messages, promised, view, waiting } = context as unknown as Context;
    return [
      { label: isOut ? 'was in view' : 'view', value: `${view}: ${members.join(' ')}` },
      { label: 'delivered in it', value: messages.map(({ id }) => id).join(' ') },
      ...(promised > 0 ? [{ label: 'flushing, ballot', value: promised }] : []),
      ...(waiting.length > 0 ? [{ label: 'waits to be said', value: waiting.join(', ') }] : []),
      ...(early.length > 0 ? [{ label: 'too early', value: early.map(({ id }) => id).join(' ') }] : []),
    ];
  },
  wrongVariants: [
    {
      parameters: { flush: false },
      breaks: 'membership/virtual-synchrony',
      about:
        'The view changes without a flush: a dead member’s last message has reached some survivors and not others.',
    },
    {
      parameters: { majority: false },
      breaks: 'membership/view-agreement',
      about: 'Each side of a partition forms a view of its own, with the same number.',
    },
  ],
});
