/** What a replica knows, whichever of the three registers it keeps, and what all of them do with operations. */
import { setup } from 'xstate';
import { operationItem } from '../../src/core/problems/operations.ts';
import { effects, type NodeId, type NodeInput } from '../../src/core/protocol.ts';
import {
  type Asking,
  enlisted,
  invoked,
  type Operation,
  phaseOf,
  present,
  withoutPresent,
} from '../quorum-register/operations.ts';
import { type Copy, copyIn, isNewer } from '../quorum-register/words.ts';
import { type Event, isSameVector, type Parameters, type Vector } from './words.ts';

export interface Context extends Asking {
  parameters: Parameters;
  self: NodeId;
  others: NodeId[];
  /** the operation under way has been invoked */
  invoked: boolean;
  /** its copy; AP: with the writes that are in it */
  copy: Copy;
  vector: Vector;
  /** CP, CA: who has answered in this phase, and the version that the phase is about */
  answered: NodeId[];
  proposal: Copy;
  /** AP: what the others last said they had; whom it calls next */
  heard: Readonly<Record<NodeId, Vector>>;
  turn: number;
  /** CA: who takes part, as far as it knows; false: a write of its copy is under way, and it may not be read */
  members: NodeId[];
  valid: boolean;
}
export type About = { context: Context };

const quorum = ({ others, parameters }: Context): number => {
  const all = others.length + 1;
  return parameters.quorum === 'half' ? Math.ceil(all / 2) : Math.floor(all / 2) + 1;
};
const hasQuorum = (context: Context): boolean => context.answered.length >= quorum(context);
/** Those others that have not got its copy, as far as it has heard. */
export const lagging = ({ heard, others, vector }: Context): NodeId[] =>
  others.filter((id) => !isSameVector(heard[id] ?? {}, vector));
const isSameVersion = (a: { time: number; writer: string }, b: { time: number; writer: string }): boolean =>
  a.time === b.time && a.writer === b.writer;

const isAwaited = (context: Context, event: Event): boolean =>
  'phase' in event && event.phase === phaseOf(context) && !context.answered.includes(event.from);
const isFromMember = ({ members }: Context, event: Event): boolean => 'from' in event && members.includes(event.from);

export const forReplica = setup({
  types: {} as { context: Context; events: Event; input: NodeInput<Parameters> },
  actions: effects,
  delays: {
    answerTimeout: ({ context }) => context.parameters.answerTimeout,
    exchangeInterval: ({ context }) => context.parameters.exchangeInterval,
  },
  guards: {
    isCP: ({ context }) => context.parameters.system === 'cp',
    isAP: ({ context }) => context.parameters.system === 'ap',
    wasDown: ({ context }) => context.life > 1,
    hasOperation: ({ context }) => context.queue.length > 0,
    isWrite: ({ context }) => present(context)?.f === 'write',
    isNewRead: ({ context }) => present(context)?.f === 'read' && !context.invoked,
    isAwaited: ({ context, event }) => isAwaited(context, event),
    isAwaitedMember: ({ context, event }) => isAwaited(context, event) && isFromMember(context, event),
    hasQuorum: ({ context }) => hasQuorum(context),
    mayWrite: ({ context }) => hasQuorum(context) && present(context)?.f === 'write',
    mayLag: ({ context }) => lagging(context).length > 0,
    knowsAllEqual: ({ context }) => lagging(context).length === 0,
    isFromMember: ({ context, event }) => isFromMember(context, event),
    allAnswered: ({ context }) => context.members.every((id) => context.answered.includes(id)),
    isValid: ({ context }) => context.valid,
    isInvalid: ({ context }) => !context.valid,
    isOfCopy: ({ context, event }) =>
      event.type === 'validate' && isFromMember(context, event) && isSameVersion(event, context.copy),
    mayRead: ({ context }) => context.valid && present(context)?.f === 'read',
    isStillProposed: ({ context }) => isSameVersion(context.copy, context.proposal),
  },
});

export const enlist = forReplica.assign(({ context, event }) =>
  event.type === 'write' || event.type === 'read' ? enlisted(context, event) : {},
);
export const invoke = [{ type: 'deliver' as const, params: invoked }, forReplica.assign({ invoked: true })];
const next = forReplica.assign({ queue: withoutPresent, invoked: false });
/** The operation under way ends: a write with what it wrote, a read with what its copy holds. */
export const complete = [
  {
    type: 'deliver' as const,
    params: ({ context }: About) => {
      const { f, value } = present(context) as Operation;
      return { item: operationItem('ok', f, f === 'write' ? value : context.copy.value) };
    },
  },
  next,
];
/** It is not answered. `info`: it may have taken place, or may yet. */
export const refuse = (writesEndIn: 'fail' | 'info') => [
  {
    type: 'deliver' as const,
    params: ({ context }: About) => {
      const { f, value } = present(context) as Operation;
      return { item: f === 'write' ? operationItem(writesEndIn, f, value) : operationItem('fail', f) };
    },
  },
  next,
];

/** A phase in which the others are to answer; its own answer it has. */
export const beginPhase = forReplica.assign({
  phases: ({ context }) => context.phases + 1,
  answered: ({ context }) => [context.self],
});
export const count = forReplica.assign({
  answered: ({ context, event }) => ('from' in event ? [...context.answered, event.from].sort() : context.answered),
});
/** Takes over the version, unless its own is newer. It is on disk before anybody hears that it is stored. */
export const adopt = (copyOf: (about: { context: Context; event: Event }) => Copy) =>
  forReplica.enqueueActions(({ context, event, enqueue }) => {
    const copy = copyOf({ context, event });
    if (!isNewer(copy, context.copy)) return;
    enqueue.assign({ copy });
    enqueue({ type: 'persist', params: { key: 'copy', value: copy } });
  });
export const copyOfEvent = ({ context, event }: { context: Context; event: Event }): Copy =>
  event.type === 'version' || event.type === 'update' || event.type === 'invalidate' ? copyIn(event) : context.copy;
/** What it writes gets a version above the newest that it knows. */
export const proposeWrite = forReplica.assign({
  proposal: ({ context }) => ({
    time: Math.max(context.proposal.time, context.copy.time) + 1,
    writer: `${context.self}.${context.life}`,
    value: present(context)?.value ?? null,
  }),
});
