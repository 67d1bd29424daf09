/** The words of PBFT that its roles share: views, quorums, digests, signed statements, messages and parameters. */
import type { Json, JsonObject, Message, NodeId, Received } from '../../src/core/protocol.ts';

export interface Parameters {
  readonly viewTimeout: number;
  readonly retryTimeout: number;
  readonly checkpointInterval: number;
  readonly commitPhase: boolean;
}

/** A statement with its author's signature: it can be shown to others. The world rejects messages that show a forged one. */
export type Signed<S = JsonObject> = {
  readonly signer: NodeId;
  readonly statement: S;
  readonly signature: string;
};

/** What a client asks for. It counts its requests, so that one that arrives twice is executed once. */
export type Request = { readonly type: 'request'; readonly number: number; readonly command: Json };
/** null: a request that does nothing; a new primary fills gaps with it */
export type SignedRequest = Signed<Request> | null;
type At = { readonly view: number; readonly sequence: number };
export type PrePrepare = {
  readonly type: 'pre-prepare';
  readonly digest: string;
  readonly request: SignedRequest;
} & At;
export type Prepare = { readonly type: 'prepare'; readonly digest: string } & At;
export type Checkpoint = { readonly type: 'checkpoint'; readonly sequence: number; readonly digest: string };
/** That a request is prepared: the primary's word, and that of enough backups. */
export type Certificate = {
  readonly prePrepare: Signed<PrePrepare>;
  readonly prepares: readonly Signed<Prepare>[];
};
export type ViewChange = {
  readonly type: 'view-change';
  readonly view: number;
  /** its last stable checkpoint, and the proof that it is one */
  readonly stable: number;
  readonly checkpoint: readonly Signed<Checkpoint>[];
  /** what is prepared here beyond it */
  readonly prepared: readonly Certificate[];
};
/** What a new primary must propose in its view: at this number, this request. */
export type Inherited = { readonly sequence: number; readonly digest: string; readonly request: SignedRequest };

type Arrives<S> = Received<Message & S & { readonly signed: Signed<S> }>;
export type Event =
  | Arrives<Request>
  | Received<Message & { type: 'relay'; request: SignedRequest }>
  | Arrives<PrePrepare>
  | Arrives<Prepare>
  | Received<Message & { type: 'commit'; digest: string } & At>
  | Arrives<Checkpoint>
  | Arrives<ViewChange>
  | Received<
      Message & {
        type: 'new-view';
        view: number;
        viewChanges: readonly Signed<ViewChange>[];
        inherited: readonly Inherited[];
      }
    >
  | Received<Message & { type: 'fetch'; sequence: number }>
  | Received<Message & { type: 'state'; sequence: number; requests: readonly SignedRequest[] }>
  /** to itself: it has executed something, and may be patient again */
  | { readonly type: 'progress' }
  /** to itself: somebody wants another view */
  | { readonly type: 'unrest' };

export const primaryOf = (view: number, replicas: readonly NodeId[]): NodeId =>
  replicas[Math.abs(view) % replicas.length] ?? '';
/** How many traitors n replicas stand: n > 3f. */
export const faultsOf = (n: number): number => Math.max(0, Math.floor((n - 1) / 3));
/** Any two quorums share more than f replicas, so an honest one. With n = 3f + 1 it is the paper's 2f + 1. */
export const quorumOf = (n: number): number => Math.floor((n + faultsOf(n)) / 2) + 1;

/** Stands for a request in messages. A real digest is short; what matters is that no two requests share one. */
export const digestOf = (request: SignedRequest): string =>
  request === null ? 'nothing' : `${nameOf(request)}: ${JSON.stringify(request.statement.command)}`;
export const nameOf = ({ signer, statement }: Signed<Request>): string => `${signer}.${statement.number}`;
/** The state of the service is all that it has executed; so is its digest. */
export const stateDigest = (history: readonly SignedRequest[]): string => history.map(digestOf).join('; ');

/** A request that was executed: its place in the order, which is also its result. */
export type Executed = {
  readonly place: number;
  readonly client: NodeId;
  readonly number: number;
  readonly command: Json;
};
/** What executing this history, number by number, comes to: what does nothing and what was done before is skipped. */
export function executedIn(history: readonly SignedRequest[]): Executed[] {
  const executed: Executed[] = [];
  const done = new Set<string>();
  for (const request of history) {
    if (request === null || done.has(nameOf(request))) continue;
    done.add(nameOf(request));
    const { number, command } = request.statement;
    executed.push({ place: executed.length + 1, client: request.signer, number, command });
  }
  return executed;
}

/** With this member among them, if it is new. */
export const withMember = (members: readonly NodeId[] = [], member: NodeId): NodeId[] =>
  members.includes(member) ? [...members] : [...members, member].sort();
/** With this word among them, if its author has not spoken yet. */
export const withWord = <S>(words: readonly Signed<S>[] = [], word: Signed<S>): Signed<S>[] =>
  words.some(({ signer }) => signer === word.signer) ? [...words] : [...words, word];
