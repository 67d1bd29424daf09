/**
 * A register kept by quorums: a variable that clients read and write, although some of its copies are down.
 *
 * Attiya, Bar-Noy and Dolev, "Sharing Memory Robustly in Message-Passing Systems" (1995), with several writers as in Lynch
 * and Shvartsman (1997). No replica knows of the others, there is no leader, and nothing is agreed on. Each copy has a
 * version, a time and the name of its writer. Who writes asks first which versions there are, and waits for R answers; it
 * takes a later time, and waits until W replicas have stored its value. Who reads asks, waits for R answers, and takes the
 * newest. If R + W > n, any R replicas and any W of them have one in common: a read meets every write that is complete.
 *
 * Not enough: a write that is still under way has reached some replicas and not others. One read meets it, and the next one
 * does not: the new value, and then the old one again. So a reader *writes back*: before it returns a value it has W
 * replicas store it. "Reads must write." Then the register is linearizable, with f < n/2 crashes, no timeouts, no consensus.
 */
import { register } from '../src/core/problems/register.ts';
import { defineProtocol, type Json, type JsonObject, type Message, type RoleName } from '../src/core/protocol.ts';
import { type ClientContext, client, needed } from './quorum-register/client.ts';
import { messagesPerOperation, registerInputs, registerMessages } from './quorum-register/operations.ts';
import { replica } from './quorum-register/replica.ts';
import { type Copy, empty, type Parameters, quorumOf } from './quorum-register/words.ts';

const abd = 'Attiya, Bar-Noy and Dolev, "Sharing Memory Robustly in Message-Passing Systems" (1995)';
const lynch =
  'Lynch and Shvartsman, "Robust Emulation of Shared Memory Using Dynamic Quorum-Acknowledged Broadcasts" (1997)';
const gifford = 'Gifford, "Weighted Voting for Replicated Data" (1979)';

const read = (parameters: JsonObject): Parameters => parameters as unknown as Parameters;
const hasTwoPhases = (parameters: JsonObject): boolean =>
  read(parameters).writers === 'many' && read(parameters).readRepair === 'write-back';
const replicas = (roles: Readonly<Record<RoleName, number>>): number => roles.replica ?? 0;
/** What a replica may claim to keep: something newer that nobody wrote, or nothing. */
const falseCopies = (honest: Message): Message[] => [
  { ...honest, time: Number(honest.time) + 1, value: 'forged' },
  { ...honest, ...empty },
];

export default defineProtocol({
  id: 'quorum-register',
  title: 'A register kept by quorums (ABD)',
  source: `${abd}; several writers: ${lynch}; quorums of reads and of writes: ${gifford}`,
  problem: 'register',
  about:
    'Every operation asks R replicas for their versions, and has W replicas store one. If R + W > n and readers write back what they return, the register is linearizable as long as enough replicas run: without a leader, timeouts or agreement.',
  roles: { replica, client },
  messages: registerMessages,
  inputs: registerInputs,
  parameters: {
    readQuorum: {
      kind: 'integer',
      default: 0,
      min: 0,
      max: 10_000,
      about: 'R: so many replicas must tell their versions; 0: a majority.',
    },
    writeQuorum: {
      kind: 'integer',
      default: 0,
      min: 0,
      max: 10_000,
      about: 'W: so many must have stored one; 0: a majority. Wrong when R + W ≤ n.',
    },
    readRepair: {
      kind: 'choice',
      default: 'write-back',
      choices: ['write-back', 'background', 'none'],
      about:
        'What a reader does with the newest version before it returns it: has W replicas store it, sends it to them without waiting, or nothing. Only the first is linearizable.',
    },
    writers: {
      kind: 'choice',
      default: 'many',
      choices: ['many', 'one'],
      about:
        'A writer that is the only one counts its versions itself and saves the first phase; wrong when there are two.',
    },
    retryTimeout: {
      kind: 'duration',
      default: 500,
      min: 0,
      about: 'Who has not answered is asked again after this; 0: never.',
    },
  },
  properties: register(),
  lies: {
    version: falseCopies,
    update: { value: (value) => [`not ${String(value)}`] },
  },
  costs: [
    {
      name: 'messages an operation',
      formula: '4n: two phases, each to all and back; 2n with one phase (a lone writer; a read without repair)',
      caseOf: (_, parameters) => (hasTwoPhases(parameters) ? '4n' : '2n to 4n'),
      source: abd,
      expected: (roles, parameters) => (hasTwoPhases(parameters) ? 4 * replicas(roles) : null),
      measured: messagesPerOperation,
    },
  ],
  bound: {
    formula: 'f ≤ replicas - max(R, W)',
    of: 'crashes',
    among: ['replica'],
    greatest(_, roles, parameters) {
      const all = Array.from({ length: replicas(roles) }, (_each, i) => String(i));
      const { readQuorum, writeQuorum } = read(parameters);
      return Math.max(0, all.length - Math.max(quorumOf(readQuorum, all), quorumOf(writeQuorum, all)));
    },
  },
  summary({ context, value: state }) {
    const { copy: kept, queue, answered } = context as unknown as { copy: Copy; queue?: Json[]; answered?: string[] };
    const version = kept.time === 0 ? 'none' : `${kept.time} by ${kept.writer}`;
    if (queue === undefined)
      return [
        { label: 'value', value: kept.value },
        { label: 'version', value: version },
      ];
    if (state === 'idle') return [];
    return [
      { label: 'under way', value: String((queue[0] as JsonObject).f) },
      { label: 'newest', value: version },
      { label: 'answered', value: (answered ?? []).join(' ') },
    ];
  },
  waitsFor({ context, value: state }) {
    if (state !== 'querying' && state !== 'updating') return null;
    const about = context as unknown as ClientContext;
    const nodes = about.replicas.filter((id) => !about.answered.includes(id));
    return { nodes, need: needed(about, state) - about.answered.length, answering: true };
  },
  wrongVariants: [
    {
      parameters: { readQuorum: 1, writeQuorum: 1 },
      breaks: 'register/safe',
      about: 'The quorums need not meet: a read asks a replica that has heard nothing of a write that is complete.',
    },
    {
      parameters: { readRepair: 'none' },
      breaks: 'register/linearizable',
      about: 'A read returns what only one replica has; the next read does not meet it, and returns the older value.',
    },
    {
      parameters: { readRepair: 'background' },
      breaks: 'register/linearizable',
      about: 'The repair is on its way, and may come too late for the next read.',
    },
    {
      parameters: { writers: 'one' },
      breaks: 'register/safe',
      about:
        'Two writers that count for themselves: what one writes has an older version than what is there, and is lost.',
    },
  ],
});
