/** A client: reads and writes, one operation after another, each in two phases. */
import { setup } from 'xstate';
import { effects, type NodeId, type NodeInput, nodesWithRole } from '../../src/core/protocol.ts';
import {
  type Asked,
  type Asking,
  completed,
  enlisted,
  invoked,
  phaseOf,
  present,
  withoutPresent,
} from './operations.ts';
import { type Copy, copyIn, empty, isNewer, type Parameters, quorumOf, type Stored, type Told } from './words.ts';

type Event = Asked | Told | Stored;
export interface ClientContext extends Asking {
  parameters: Parameters;
  self: NodeId;
  replicas: NodeId[];
  /** who has answered in this phase */
  answered: NodeId[];
  /** the newest version that it was told, or the one that it writes */
  copy: Copy;
  /** the time of its last write; null: forgotten in a crash */
  time: number | null;
}
type About = { context: ClientContext };

export const needed = ({ parameters, replicas }: ClientContext, phase: 'querying' | 'updating'): number =>
  quorumOf(phase === 'querying' ? parameters.readQuorum : parameters.writeQuorum, replicas);
const hasQuorum = (context: ClientContext, phase: 'querying' | 'updating'): boolean =>
  context.answered.length >= needed(context, phase);
const silent = ({ answered, replicas }: ClientContext): NodeId[] => replicas.filter((id) => !answered.includes(id));

const forClient = setup({
  types: {} as { context: ClientContext; events: Event; input: NodeInput<Parameters> },
  actions: effects,
  delays: { retryTimeout: ({ context }) => context.parameters.retryTimeout },
  guards: {
    hasOperation: ({ context }) => context.queue.length > 0,
    knowsVersion: ({ context }) =>
      present(context)?.f === 'write' && context.parameters.writers === 'one' && context.time !== null,
    isAwaited: ({ context, event }) =>
      (event.type === 'version' || event.type === 'stored') &&
      event.phase === phaseOf(context) &&
      silent(context).includes(event.from),
    hasReadQuorum: ({ context }) => hasQuorum(context, 'querying'),
    hasWriteQuorum: ({ context }) => hasQuorum(context, 'updating'),
    mayWrite: ({ context }) => hasQuorum(context, 'querying') && present(context)?.f === 'write',
    mayWriteBack: ({ context }) => hasQuorum(context, 'querying') && context.parameters.readRepair === 'write-back',
    mayRepair: ({ context }) => hasQuorum(context, 'querying') && context.parameters.readRepair === 'background',
    asksAgain: ({ context }) => context.parameters.retryTimeout > 0,
  },
});

const enlist = forClient.assign(({ context, event }) =>
  event.type === 'write' || event.type === 'read' ? enlisted(context, event) : {},
);
const invoke = [{ type: 'deliver' as const, params: invoked }, forClient.assign({ copy: empty })];
const beginPhase = forClient.assign({ phases: ({ context }) => context.phases + 1, answered: [] });
const hear = forClient.assign(({ context, event }) => {
  if (event.type !== 'version' && event.type !== 'stored') return {};
  const answered = [...context.answered, event.from].sort();
  return event.type === 'version' && isNewer(event, context.copy) ? { answered, copy: copyIn(event) } : { answered };
});
/** Above all versions that it has been told; a writer that is alone knows them by heart. */
const newVersion = forClient.assign(({ context }) => {
  const { copy, life, parameters, self } = context;
  const last = parameters.writers === 'one' ? (context.time ?? copy.time) : copy.time;
  return {
    time: last + 1,
    copy: { time: last + 1, writer: `${self}.${life}`, value: present(context)?.value ?? null },
  };
});
const ask = {
  type: 'send' as const,
  params: ({ context }: About) => ({ to: silent(context), message: { type: 'query', phase: phaseOf(context) } }),
};
const update = {
  type: 'send' as const,
  params: ({ context }: About) => ({
    to: silent(context),
    message: { type: 'update', phase: phaseOf(context), ...context.copy },
  }),
};
const complete = [
  { type: 'deliver' as const, params: ({ context }: About) => completed(context, context.copy.value) },
  forClient.assign({ queue: withoutPresent }),
];
const retry = (target: 'querying' | 'updating') => ({
  retryTimeout: { guard: 'asksAgain' as const, target, reenter: true },
});

export const client = forClient.createMachine({
  id: 'client',
  description: 'Reads and writes the register, one operation after another.',
  context: ({ input }) => ({
    parameters: input.parameters,
    self: input.self,
    replicas: nodesWithRole(input, 'replica'),
    life: Number(input.stable.life ?? 0) + 1,
    phases: 0,
    queue: [],
    answered: [],
    copy: empty,
    time: input.stable.life === undefined ? 0 : null,
  }),
  entry: { type: 'persist', params: ({ context }) => ({ key: 'life', value: context.life }) },
  initial: 'idle',
  on: { write: { actions: enlist }, read: { actions: enlist } },
  states: {
    idle: {
      description: 'Has nothing to ask.',
      always: [
        { guard: 'knowsVersion', target: 'updating', actions: [...invoke, newVersion, beginPhase] },
        { guard: 'hasOperation', target: 'querying', actions: [...invoke, beginPhase] },
      ],
    },
    querying: {
      description: 'First phase: what is your version? The newest of a read quorum counts.',
      entry: ask,
      after: retry('querying'),
      on: { version: { guard: 'isAwaited', actions: hear } },
      always: [
        { guard: 'mayWrite', target: 'updating', actions: [newVersion, beginPhase] },
        { guard: 'mayWriteBack', target: 'updating', actions: beginPhase },
        { guard: 'mayRepair', target: 'idle', actions: [beginPhase, update, ...complete] },
        { guard: 'hasReadQuorum', target: 'idle', actions: complete },
      ],
    },
    updating: {
      description: 'Second phase: a write quorum stores what it writes, or what it is about to return.',
      entry: update,
      after: retry('updating'),
      on: { stored: { guard: 'isAwaited', actions: hear } },
      always: { guard: 'hasWriteQuorum', target: 'idle', actions: complete },
    },
  },
});
