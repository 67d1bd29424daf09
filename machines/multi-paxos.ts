/**
 * Multi-Paxos: a replicated log, by one instance of Paxos for every line of it.
 *
 * Replicas keep copies of a service, here a single register. If all execute the same commands in the same order, the
 * copies stay alike: so the problem is to agree on the order. The order is a row of *slots*, 1, 2, 3, ..., and what stands
 * in a slot is decided by Paxos (see `paxos`): a command is chosen when a majority has accepted it in one ballot.
 *
 * A whole ballot for each command would be a waste. Phase 1 says nothing about values, so a would-be leader does it once,
 * for all slots from some number on; after that every command costs one phase 2: `accept` to the others, `accepted` back.
 * This lasts as long as the leader. When nobody hears of it for a while, another replica appoints itself, with a higher
 * ballot. There may be two at once; that is safe, and slow.
 *
 * A new leader hears from a majority what they have accepted, slot by slot, and proposes it again. Between those slots
 * there may be *holes*: slots for which it hears of nothing. It fills them with a command that does nothing, because what
 * comes later may be chosen already, and can only be executed when everything before it is known.
 *
 * A replica executes a command only when it is chosen. That is *dynamic uniformity*: whatever one replica has done, even
 * if it crashed right afterwards, all others will do. Cash may leave the machine.
 */
import { leader } from '../src/core/problems/leader.ts';
import { register } from '../src/core/problems/register.ts';
import { totalOrder } from '../src/core/problems/total-order.ts';
import {
  type CostFigures,
  defineProtocol,
  type Json,
  type NodeView,
  type RoleName,
  type View,
} from '../src/core/protocol.ts';
import { client } from './multi-paxos/client.ts';
import { slotProperties } from './multi-paxos/properties.ts';
import { replica } from './multi-paxos/replica.ts';
import type { Command, Executed, Slots } from './multi-paxos/words.ts';

const replicas = (view: View): readonly NodeView[] => view.nodes.filter((node) => node.role === 'replica');
const operations = (view: View, of: (node: NodeView) => boolean = () => true): Json[] =>
  view.inputs.flatMap(({ node, input, data }) => {
    if (!of(view.node(node)) || (input !== 'write' && input !== 'read')) return [];
    return [input === 'write' ? `write ${String(data.value)}` : 'read'];
  });

type Roles = Readonly<Record<RoleName, number>>;
const followers = (roles: Roles): number => (roles.replica ?? 1) - 1;
/** Commands are counted by their replies: a request that was sent on to the leader is still one. */
const perCommand =
  (...kinds: string[]) =>
  ({ byKind }: CostFigures): number =>
    kinds.reduce((sum, kind) => sum + (byKind[kind] ?? 0), 0) / (byKind.reply ?? 1);
const madeSimple = 'Lamport, "Paxos Made Simple" (2001), section 3';

const ballot = { ballot: 'number' } as const;

export default defineProtocol({
  id: 'multi-paxos',
  title: 'Multi-Paxos',
  source: `Lamport, "The Part-Time Parliament" (1998), section 3; ${madeSimple}`,
  problem: 'total-order',
  about:
    'One instance of Paxos for each slot of a log, and one phase 1 for all of them: a stable leader needs one round trip a command. A new leader proposes again what was accepted, and fills the holes. What is executed is chosen, and binds everybody.',
  roles: { replica, client },
  messages: {
    prepare: { fields: { ...ballot, slot: 'number' }, about: 'Phase 1a, for this slot and all later ones.' },
    promise: {
      fields: { ...ballot, accepted: 'list' },
      about: 'Phase 1b: I follow you; this is what I have accepted.',
    },
    accept: { fields: { ...ballot, slot: 'number', command: 'value' }, about: 'Phase 2a: accept this in that slot.' },
    accepted: { fields: { ...ballot, slot: 'number' }, about: 'Phase 2b: I have accepted it.' },
    reject: { fields: { ...ballot, promised: 'number' }, about: 'No: I have promised a higher ballot.' },
    chosen: { fields: { slot: 'number', command: 'value' }, about: 'Learning: a majority has accepted it.' },
    alive: { fields: { ...ballot, known: 'number' }, about: 'I lead, and up to this slot everything is chosen.' },
    missing: { fields: { slot: 'number' }, about: 'From this slot on I do not know everything.' },
    request: { fields: { number: 'number', operation: 'text', value: 'value' }, about: "A client's operation." },
    reply: { fields: { number: 'number', place: 'number', result: 'value' }, about: 'Executed, at this place.' },
    'not-leader': { fields: { number: 'number', leader: 'node' }, about: 'Ask this one, if I know it.' },
  },
  inputs: {
    write: {
      roles: ['client'],
      fields: { value: 'value', to: 'node' },
      defaults: { value: 'x' },
      about: 'Write this to the register; `to`: ask this replica first.',
    },
    read: { roles: ['client'], fields: { to: 'node' }, about: 'Read the register; a read takes a slot too.' },
    lead: { roles: ['replica'], about: 'Appoint yourself leader now.' },
  },
  parameters: {
    leaderTimeout: {
      kind: 'duration',
      default: 500,
      min: 1,
      about: 'A replica that hears of no leader for this long appoints itself ...',
    },
    leaderSpread: { kind: 'duration', default: 500, min: 0, about: '... or up to this much later, at random.' },
    aliveInterval: {
      kind: 'duration',
      default: 150,
      min: 1,
      about: 'A leader lets itself be heard this often, and asks again who has not answered.',
    },
    retryTimeout: { kind: 'duration', default: 600, min: 1, about: 'A client asks the next replica after this.' },
    uniform: {
      kind: 'flag',
      default: true,
      about: 'Wrong when false: the leader executes and answers before a majority has accepted.',
    },
    ignoreAccepted: {
      kind: 'flag',
      default: false,
      about: 'Wrong when true: a new leader begins at its first free slot, whatever was accepted.',
    },
  },
  properties: [
    ...totalOrder({
      members: replicas,
      requests: (view) => operations(view),
      mustDeliver: (view) => operations(view, ({ everCrashed, honest }) => honest && !everCrashed),
      requested: (item) => {
        const { operation, value } = item as Executed;
        return operation === 'write' ? `write ${String(value)}` : operation;
      },
      identity: (item) => [(item as Executed).client, (item as Executed).number],
      place: (item) => (item as Executed).place,
    }),
    ...leader({
      members: replicas,
      leads: ({ effect }) =>
        effect.type === 'send' && effect.message.type === 'alive' ? Number(effect.message.ballot) : null,
      leader: ({ context }) => (typeof context.leader === 'string' ? context.leader : null),
      word: 'ballot',
    }),
    ...slotProperties,
    ...register(),
  ],
  lies: {
    promise: { accepted: [[]] },
    accept: { command: (command) => [{ ...(command as Command), value: `not ${String((command as Command).value)}` }] },
    chosen: { command: (command) => [{ ...(command as Command), value: `not ${String((command as Command).value)}` }] },
    reply: { result: (result) => [`not ${String(result)}`] },
  },
  costs: [
    {
      name: 'messages a command: accept, accepted',
      formula: '2(n-1) under a stable leader',
      source: madeSimple,
      expected: (roles) => 2 * followers(roles),
      measured: perCommand('accept', 'accepted'),
    },
    {
      name: 'messages a command: learning',
      formula: 'n-1: the leader tells the others',
      source: 'counted: Lamport leaves open who tells whom',
      expected: followers,
      measured: perCommand('chosen'),
    },
  ],
  bound: {
    formula: 'replicas > 2f',
    of: 'crashes',
    among: ['replica'],
    greatest: (_, roles) => Math.max(0, Math.ceil((roles.replica ?? 0) / 2) - 1),
  },
  summary({ context }) {
    const { promised, ballot: led, leader: followed, chosen, known, register, queue, target } = context;
    const log = Object.entries((chosen ?? {}) as unknown as Slots<Command>).map(
      ([slot, { operation, value }]) => `${slot}:${operation === 'write' ? String(value) : operation}`,
    );
    const fields: [string, Json | undefined][] = [
      ['leader', followed],
      ['promised', promised],
      ['own ballot', led],
      ['chosen', log.join(' ')],
      ['executed up to', known],
      ['register', register],
      ['asks', Array.isArray(queue) && queue.length > 0 ? target : undefined],
    ];
    return fields.flatMap(([label, value]) =>
      value === undefined || value === null || value === 0 || value === '' ? [] : [{ label, value }],
    );
  },
  wrongVariants: [
    {
      parameters: { uniform: false },
      breaks: 'total-order/uniformity',
      about: 'The leader executes a command that nobody else has, and crashes: the others put another in its place.',
    },
    {
      parameters: { ignoreAccepted: true },
      breaks: 'multi-paxos/one-per-slot',
      about: 'A new leader does not repeat what was accepted: a second command is chosen in a slot that was taken.',
    },
  ],
});
