/**
 * One register, three ways: consistent, available, tolerant of partitions; choose two.
 *
 * Fox and Brewer (1999) put it so, Gilbert and Lynch (2002) proved it: when the network is cut, a replica that is asked can
 * answer without the others, and perhaps be wrong, or wait for them, and perhaps for ever. Nobody has to choose before
 * that. The three systems here keep the same register, for the same operations, and differ only in what they give up.
 *
 * - *CP*: every operation needs a majority (Attiya, Bar-Noy and Dolev, 1995). Always linearizable. A replica without a
 *   majority refuses, although it runs and has a copy.
 * - *AP*: every replica answers at once. When they meet again they exchange copies (anti-entropy, as in Bayou, Terry et al.
 *   1995). Version vectors (Parker et al. 1983) tell whether one copy is newer than the other or both have gone their own
 *   way. Then the later one is kept, and the other write is lost, although it was answered with "done".
 * - *CA*: read one copy, write all available ones (Bernstein and Goodman, 1984; Coda). Linearizable and available, as long as
 *   who does not answer is really down. In a partition each side takes the other for dead, and goes on alone: split brain.
 *   Nothing in it brings the two together again. (That no reader meets a write that is half done is ensured as in Hermes,
 *   Katsarakis et al. 2020: all copies are invalid until all have the new value.)
 */
import { register } from '../src/core/problems/register.ts';
import { defineProtocol, type JsonObject, type Message, type RoleName } from '../src/core/protocol.ts';
import type { Context } from './cap/about.ts';
import { capProperties } from './cap/properties.ts';
import { replica } from './cap/replica.ts';
import type { Parameters } from './cap/words.ts';
import { messagesPerOperation, phaseField, versionFields } from './quorum-register/operations.ts';

const gilbert =
  'Gilbert and Lynch, "Brewer\'s Conjecture and the Feasibility of Consistent, Available, Partition-Tolerant Web Services" (2002)';
const bayou = 'Terry et al., "Managing Update Conflicts in Bayou, a Weakly Connected Replicated Storage System" (1995)';
const available =
  'Bernstein and Goodman, "An Algorithm for Concurrency Control and Recovery in Replicated Distributed Databases" (1984)';
const hermes = 'Katsarakis et al., "Hermes: A Fast, Fault-Tolerant and Linearizable Replication Protocol" (2020)';
const fox = 'Fox and Brewer, "Harvest, Yield, and Scalable Tolerant Systems" (1999)';

const read = (parameters: JsonObject): Parameters => parameters as unknown as Parameters;
const replicas = (roles: Readonly<Record<RoleName, number>>): number => roles.replica ?? 0;
const otherValue = (honest: Message): Message[] => [{ ...honest, value: `not ${String(honest.value)}` }];

export default defineProtocol({
  id: 'cap',
  title: 'CAP: one register, three ways',
  source: `${fox}; ${gilbert}; AP: ${bayou}; CA: ${available}; ${hermes}`,
  problem: 'register',
  about:
    'Consistent, available, tolerant of partitions: choose two. A quorum refuses without a majority (CP); anti-entropy answers always, and reconciles later (AP); read one, write all available is right and fast until the network is cut, and then splits (CA).',
  roles: { replica },
  messages: {
    query: { fields: phaseField, about: 'CP: what is your version?' },
    version: { fields: { ...phaseField, ...versionFields }, about: 'CP: this is my copy.' },
    update: { fields: { ...phaseField, ...versionFields }, about: 'CP: store this, unless yours is newer.' },
    stored: { fields: phaseField, about: 'CP: I have this, or something newer.' },
    exchange: {
      fields: { ...versionFields, vector: 'value', isAnswer: 'flag' },
      about: 'AP: this is my copy, and these writes are in it. (With isAnswer: you have shown me yours.)',
    },
    invalidate: {
      fields: { ...phaseField, ...versionFields },
      about: 'CA: this is being written; do not read until you hear more.',
    },
    acknowledge: { fields: phaseField, about: 'CA: I have it.' },
    validate: {
      fields: { time: 'number', writer: 'text', members: 'list' },
      about: 'CA: all have it; it may be read. These take part.',
    },
  },
  inputs: {
    write: { fields: { value: 'value' }, defaults: { value: 'x' }, about: 'A client of this replica writes.' },
    read: { about: 'A client of this replica reads.' },
  },
  parameters: {
    system: { kind: 'choice', default: 'cp', choices: ['cp', 'ap', 'ca'], about: 'Which two of the three.' },
    answerTimeout: {
      kind: 'duration',
      default: 300,
      min: 1,
      about: 'CP: who cannot answer its client by then refuses. CA: who has not answered by then is taken for dead.',
    },
    exchangeInterval: { kind: 'duration', default: 300, min: 1, about: 'AP: how often a replica calls another.' },
    quorum: {
      kind: 'choice',
      default: 'majority',
      choices: ['majority', 'half'],
      about: 'CP, wrong with half: two halves can both go on.',
    },
    resolve: {
      kind: 'choice',
      default: 'latest',
      choices: ['latest', 'own'],
      about: 'AP: what is kept of two conflicting writes. Wrong with own: everybody keeps another.',
    },
    invalidate: {
      kind: 'flag',
      default: true,
      about: 'CA, wrong when false: copies may be read while the write is still on its way to others.',
    },
  },
  properties: [...register(), ...capProperties],
  lies: { version: otherValue, update: otherValue, exchange: otherValue, invalidate: otherValue },
  costs: [
    {
      name: 'messages an operation',
      formula: '4(n-1) in CP; 3(n-1) a write and 0 a read in CA; 0 in AP, and exchanges afterwards',
      caseOf: (_, parameters) =>
        ({ cp: '4(n-1)', ap: '0 and exchanges', ca: 'write 3(n-1), read 0' })[read(parameters).system],
      source: 'counted',
      expected: (roles, parameters) => (read(parameters).system === 'cp' ? 4 * (replicas(roles) - 1) : null),
      measured: messagesPerOperation,
    },
  ],
  bound: {
    formula: 'CP: n > 2f; AP: n > f; CA: n > f, and who was down stays out',
    caseOf: (parameters) =>
      ({ cp: 'n > 2f', ap: 'n > f', ca: 'n > f, who was down stays out' })[read(parameters).system],
    of: 'crashes',
    greatest: (n, _, parameters) => (read(parameters).system === 'cp' ? Math.ceil(n / 2) - 1 : n - 1),
  },
  summary({ context }) {
    const { copy: kept, members, others, parameters, queue, valid, vector } = context as unknown as Context;
    const { system } = parameters;
    const writes = Object.entries(vector).map(([node, count]) => `${node}${count}`);
    const apart = others.filter((id) => !members.includes(id));
    const fields = [
      ['value', kept.time === 0 ? '' : kept.value],
      ['version', kept.time === 0 ? '' : system === 'ap' ? writes.join(' ') : `${kept.time} by ${kept.writer}`],
      ['works on', queue[0]?.f ?? ''],
      ['may be read', valid ? '' : 'no'],
      ['leaves out', apart.join(' ')],
    ] as const;
    return fields.flatMap(([label, value]) => (value === '' ? [] : [{ label, value }]));
  },
  wrongVariants: [
    {
      parameters: { system: 'cp', quorum: 'half' },
      breaks: 'register/linearizable',
      about: 'Four replicas, cut in two halves: both go on, and neither hears of the other.',
    },
    {
      parameters: { system: 'ap', resolve: 'own' },
      breaks: 'cap/converged',
      about: 'In a conflict each replica keeps its own value and marks the other as seen: they stay apart for good.',
    },
    {
      parameters: { system: 'ca', invalidate: false },
      breaks: 'register/linearizable',
      about: 'A reader meets a copy that has the new value, and the next reader one that has not. No fault is needed.',
    },
  ],
});
