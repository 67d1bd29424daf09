/** What others show as proof, and whether it proves anything. That the signatures are good, the world has already checked. */
import type { NodeId } from '../../src/core/protocol.ts';
import {
  type Certificate,
  type Checkpoint,
  digestOf,
  type Inherited,
  type PrePrepare,
  primaryOf,
  quorumOf,
  type Signed,
  type SignedRequest,
  type ViewChange,
} from './words.ts';

/** The nodes, by role. */
export interface Members {
  readonly replicas: readonly NodeId[];
  readonly clients: readonly NodeId[];
}

const isSignedAs = (word: unknown, type: string): word is Signed<{ type: string }> =>
  typeof word === 'object' &&
  word !== null &&
  typeof (word as Signed).signer === 'string' &&
  (word as Signed).statement?.type === type;
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** A client really asked for this; or it is the request that does nothing. */
export const isRequest = (request: unknown, { clients }: Members): request is SignedRequest =>
  request === null ||
  (isSignedAs(request, 'request') &&
    clients.includes(request.signer) &&
    isCount((request as NonNullable<SignedRequest>).statement.number));

/** The primary of that view gives this number to this request. */
export function isPrePrepare(word: unknown, members: Members): word is Signed<PrePrepare> {
  if (!isSignedAs(word, 'pre-prepare')) return false;
  const { view, sequence, digest, request } = (word as Signed<PrePrepare>).statement;
  return (
    isCount(view) &&
    isCount(sequence) &&
    word.signer === primaryOf(view, members.replicas) &&
    isRequest(request, members) &&
    digestOf(request) === digest
  );
}

/** Enough different replicas, apart from `except`, say a thing that `agrees`. */
function isSaidBy<S extends { type: string }>(
  words: readonly Signed<S>[],
  { replicas }: Members,
  enough: number,
  agrees: (statement: S) => boolean,
  except = '',
): boolean {
  if (!Array.isArray(words)) return false;
  const speakers = new Set<NodeId>();
  for (const word of words as readonly Signed<S>[]) {
    if (word.signer !== except && replicas.includes(word.signer) && agrees(word.statement)) speakers.add(word.signer);
  }
  return speakers.size >= enough;
}

/** prepared(m, v, n): the primary proposed it, and with it a quorum has agreed that it has this number in this view. */
export function isCertificate({ prePrepare, prepares }: Certificate, members: Members): boolean {
  if (!isPrePrepare(prePrepare, members)) return false;
  const { view, sequence, digest } = prePrepare.statement;
  return isSaidBy(
    prepares,
    members,
    quorumOf(members.replicas.length) - 1,
    (word) => word.type === 'prepare' && word.view === view && word.sequence === sequence && word.digest === digest,
    prePrepare.signer,
  );
}

export function isStable(sequence: number, proof: readonly Signed<Checkpoint>[], members: Members): boolean {
  if (sequence === 0) return true;
  const digest = proof[0]?.statement.digest;
  return isSaidBy(
    proof,
    members,
    quorumOf(members.replicas.length),
    (word) => word.type === 'checkpoint' && word.sequence === sequence && word.digest === digest,
  );
}

export function isViewChange(word: unknown, members: Members): word is Signed<ViewChange> {
  if (!isSignedAs(word, 'view-change') || !members.replicas.includes(word.signer)) return false;
  const { view, stable, checkpoint, prepared } = (word as Signed<ViewChange>).statement;
  return (
    isCount(view) &&
    isCount(stable) &&
    Array.isArray(checkpoint) &&
    Array.isArray(prepared) &&
    isStable(stable, checkpoint, members) &&
    (prepared as readonly Certificate[]).every(
      (certificate) => isCertificate(certificate, members) && certificate.prePrepare.statement.view < view,
    )
  );
}

/** The highest checkpoint that one of these proves. */
export const latestStable = (viewChanges: readonly Signed<ViewChange>[]): ViewChange | undefined =>
  viewChanges.map(({ statement }) => statement).toSorted((a, b) => b.stable - a.stable)[0];

/**
 * What the new primary must propose again: every number beyond the last stable checkpoint up to the highest that is
 * prepared anywhere gets the request that was prepared there in the latest view, or none. Everybody can compute it.
 */
export function inheritedFrom(viewChanges: readonly Signed<ViewChange>[]): Inherited[] {
  const prepared = viewChanges.flatMap(({ statement }) =>
    statement.prepared.map(({ prePrepare }) => prePrepare.statement),
  );
  const first = (latestStable(viewChanges)?.stable ?? 0) + 1;
  const last = Math.max(0, ...prepared.map(({ sequence }) => sequence));
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => {
    const sequence = first + i;
    const [latest] = prepared.filter((each) => each.sequence === sequence).toSorted((a, b) => b.view - a.view);
    const request = latest?.request ?? null;
    return { sequence, digest: digestOf(request), request };
  });
}
