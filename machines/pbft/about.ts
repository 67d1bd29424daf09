/** What a replica knows, and the conditions on which its statechart turns. */
import { setup } from 'xstate';
import { effects, type NodeId, type NodeInput } from '../../src/core/protocol.ts';
import { inheritedFrom, isPrePrepare, isRequest, isViewChange } from './proofs.ts';
import {
  type Certificate,
  type Checkpoint,
  digestOf,
  type Event,
  executedIn,
  faultsOf,
  nameOf,
  type Parameters,
  type PrePrepare,
  type Prepare,
  primaryOf,
  quorumOf,
  type Signed,
  type SignedRequest,
  type ViewChange,
} from './words.ts';

export interface ReplicaContext {
  parameters: Parameters;
  self: NodeId;
  replicas: NodeId[];
  clients: NodeId[];
  /** the view it is in, or on its way to; and the last one that it entered */
  view: number;
  entered: number;
  /** a primary's: the last number that it gave, and the digests of what it gave one in this view */
  sequence: number;
  assigned: readonly string[];
  /** the log: what others have said, by `view/number` and `view/number/digest` */
  prePrepares: Readonly<Record<string, Signed<PrePrepare>>>;
  prepares: Readonly<Record<string, readonly Signed<Prepare>[]>>;
  commits: Readonly<Record<string, readonly NodeId[]>>;
  /** what it has said itself in this view, by number */
  said: Readonly<Record<string, 'prepare' | 'commit'>>;
  /** by number: the proof that something is prepared */
  prepared: Readonly<Record<string, Certificate>>;
  /** by number: committed, and waiting for what comes before it */
  ready: Readonly<Record<string, SignedRequest>>;
  /** what it has executed, number by number: its state */
  history: readonly SignedRequest[];
  /** the requests that it knows of and has not executed, by name */
  pending: readonly string[];
  /** by `number/digest`; the last stable one, and its proof */
  checkpoints: Readonly<Record<string, readonly Signed<Checkpoint>[]>>;
  stable: number;
  proof: readonly Signed<Checkpoint>[];
  /** by view: who wants it */
  viewChanges: Readonly<Record<string, readonly Signed<ViewChange>[]>>;
  /** by number: the digest that a proposal of this view must have */
  inherited: Readonly<Record<string, string>>;
  /** the last view that it opened as its primary */
  opened: number;
  /** view changes since it last executed something: its patience doubles with each */
  attempts: number;
  /** catching up: where it asked from, whom it owes an answer, and who says that a number holds which request */
  asked: number;
  owed: Readonly<Record<NodeId, number>>;
  vouched: Readonly<Record<string, { readonly request: SignedRequest; readonly by: readonly NodeId[] }>>;
}
export type About = { context: ReplicaContext; event: Event };

export const othersOf = ({ replicas, self }: ReplicaContext): NodeId[] => replicas.filter((id) => id !== self);
export const isPrimary = ({ view, replicas, self }: ReplicaContext): boolean => primaryOf(view, replicas) === self;
export const quorumIn = ({ replicas }: ReplicaContext): number => quorumOf(replicas.length);
export const faultsIn = ({ replicas }: ReplicaContext): number => faultsOf(replicas.length);
/** The log has room for so many numbers beyond the last stable checkpoint: the high water mark. */
export const highestNumber = ({ stable, parameters }: ReplicaContext): number =>
  stable + 2 * parameters.checkpointInterval;
const isInWindow = (context: ReplicaContext, sequence: number): boolean =>
  sequence > context.stable && sequence <= highestNumber(context);
export const senderOf = (event: Event): NodeId => ('from' in event ? event.from : '');
export const keyOf = ({ view, sequence, digest }: { view: number; sequence: number; digest: string }): string =>
  `${view}/${sequence}/${digest}`;

/** Did the sender sign just this? A traitor may send without a signature what should have one. */
function isSigned(event: Event): boolean {
  const { from, signed, ...said } = event as { from?: NodeId; signed?: Signed; type: string; [field: string]: unknown };
  if (signed === undefined || signed.signer !== from) return false;
  return ['type', 'view', 'sequence', 'digest', 'number'].every((field) => said[field] === signed.statement[field]);
}
/** The request that this message brings, from its client or through a backup; null: none, or no client asked for it. */
export function requestIn(event: Event, members: ReplicaContext): SignedRequest {
  const request =
    event.type === 'request' && isSigned(event) ? event.signed : event.type === 'relay' ? event.request : null;
  return isRequest(request, members) ? request : null;
}
const doneBefore = (context: ReplicaContext, request: SignedRequest): boolean =>
  request !== null && context.history.some((each) => each !== null && nameOf(each) === nameOf(request));
export const placeOf = (history: readonly SignedRequest[], request: SignedRequest): number =>
  executedIn(history).find(({ client, number }) => client === request?.signer && number === request.statement.number)
    ?.place ?? 0;
/** How many replicas want this view or a later one. */
const wanting = ({ viewChanges }: ReplicaContext, view: number): number =>
  new Set(
    Object.entries(viewChanges).flatMap(([wanted, words]) =>
      Number(wanted) >= view ? words.map(({ signer }) => signer) : [],
    ),
  ).size;
/**
 * The paper's primary never suspects itself. Here it does, but after twice the time: a backup that has what it wanted says
 * nothing, so a primary that cannot execute a request may have been left behind in a view that nobody works in any more.
 */
const patienceMs = (context: ReplicaContext): number =>
  context.parameters.viewTimeout * 2 ** Math.min(context.attempts, 8) * (isPrimary(context) ? 2 : 1);

export const forReplica = setup({
  types: {} as { context: ReplicaContext; events: Event; input: NodeInput<Parameters> },
  actions: effects,
  delays: {
    viewTimeout: ({ context }) => patienceMs(context),
  },
  guards: {
    isRequest: ({ context, event }) => requestIn(event, context) !== null,
    hasExecuted: ({ context, event }) => doneBefore(context, requestIn(event, context)),
    isForPrimary: ({ context, event }) => isPrimary(context) && requestIn(event, context) !== null,
    mayAssign: ({ context, event }) => {
      const request = requestIn(event, context);
      const isNew = request !== null && !context.assigned.includes(digestOf(request));
      return isPrimary(context) && isNew && context.sequence < highestNumber(context);
    },
    hasPending: ({ context }) => context.pending.length > 0,
    hasNothing: ({ context }) => context.pending.length === 0,
    isRightPrePrepare: ({ context, event }) =>
      event.type === 'pre-prepare' &&
      event.view >= context.view &&
      isInWindow(context, event.sequence) &&
      context.prePrepares[`${event.view}/${event.sequence}`] === undefined &&
      isSigned(event) &&
      isPrePrepare(event.signed, context),
    isRightPrepare: ({ context, event }) =>
      event.type === 'prepare' &&
      event.view >= context.entered &&
      isInWindow(context, event.sequence) &&
      context.replicas.includes(event.from) &&
      event.from !== primaryOf(event.view, context.replicas) &&
      isSigned(event),
    isRightCommit: ({ context, event }) =>
      event.type === 'commit' &&
      event.view >= context.entered &&
      isInWindow(context, event.sequence) &&
      context.replicas.includes(event.from),
    isRightCheckpoint: ({ context, event }) =>
      event.type === 'checkpoint' &&
      event.sequence > context.stable &&
      context.replicas.includes(event.from) &&
      isSigned(event),
    isRightViewChange: ({ context, event }) =>
      event.type === 'view-change' &&
      event.view > context.entered &&
      isSigned(event) &&
      isViewChange(event.signed, context),
    /** f + 1 want a later view: one of them is honest, and has its reasons */
    isLeftBehind: ({ context }) => wanting(context, context.view + 1) > faultsIn(context),
    /** some of them may be further already, and have never said that they want this very view */
    hasQuorum: ({ context }) => wanting(context, context.view) >= quorumIn(context),
    isElected: ({ context }) =>
      isPrimary(context) &&
      context.opened < context.view &&
      (context.viewChanges[context.view] ?? []).length >= quorumIn(context),
    isRightNewView: ({ context, event }) =>
      event.type === 'new-view' &&
      event.view > context.entered &&
      event.view >= context.view &&
      event.from === primaryOf(event.view, context.replicas) &&
      Array.isArray(event.viewChanges) &&
      event.viewChanges.every((word) => isViewChange(word, context) && word.statement.view === event.view) &&
      new Set(event.viewChanges.map(({ signer }) => signer)).size >= quorumIn(context) &&
      JSON.stringify(inheritedFrom(event.viewChanges)) === JSON.stringify(event.inherited),
  },
});
