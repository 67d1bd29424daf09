/** Executing what is committed, in order; checkpoints, which let the log be cut; and catching up with the others. */
import {
  type About,
  faultsIn,
  forReplica,
  othersOf,
  placeOf,
  quorumIn,
  type ReplicaContext,
  requestIn,
  senderOf,
} from './about.ts';
import { toAll } from './agreement.ts';
import { isRequest } from './proofs.ts';
import { digestOf, executedIn, nameOf, type SignedRequest, stateDigest, withMember, withWord } from './words.ts';

/** The numbers for which a quorum has said `commit`: with the request, where it is known. */
function committed(context: ReplicaContext): { ready: Record<string, SignedRequest>; isBehind: boolean } {
  const ready: Record<string, SignedRequest> = { ...context.ready };
  let isBehind = false;
  for (const [key, members] of Object.entries(context.commits)) {
    const [view, sequence] = key.split('/') as [string, string];
    if (members.length < quorumIn(context) || Number(sequence) <= context.history.length) continue;
    const prePrepare = context.prePrepares[`${view}/${sequence}`];
    if (prePrepare !== undefined && `${view}/${sequence}/${prePrepare.statement.digest}` === key) {
      ready[sequence] = prePrepare.statement.request;
    } else if (!(sequence in ready)) isBehind = true;
  }
  return { ready, isBehind };
}
const isAfter = (key: string, place: 0 | 1, sequence: number): boolean => Number(key.split('/')[place]) > sequence;
const onlyAfter = <T>(log: Readonly<Record<string, T>>, place: 0 | 1, sequence: number): Record<string, T> =>
  Object.fromEntries(Object.entries(log).filter(([key]) => isAfter(key, place, sequence)));

export const execute = forReplica.enqueueActions(({ context, enqueue }) => {
  const { view, replicas, parameters, history, asked, owed } = context;
  const { ready, isBehind } = committed(context);
  const after = [...history];
  while (String(after.length + 1) in ready) after.push(ready[after.length + 1] ?? null);
  const news = executedIn(after).slice(executedIn(history).length);
  for (const item of news) enqueue({ type: 'deliver', params: { item } });
  for (const { client, number, place } of news) {
    enqueue({ type: 'send', params: { to: client, message: { type: 'reply', view, number, place } } });
  }
  for (let sequence = history.length + 1; sequence <= after.length; sequence++) {
    if (sequence % parameters.checkpointInterval !== 0) continue;
    const digest = stateDigest(after.slice(0, sequence));
    enqueue({ type: 'send', params: toAll(replicas, { type: 'checkpoint', sequence, digest }) });
  }
  const names = new Set(after.slice(history.length).map((request) => (request === null ? '' : nameOf(request))));
  enqueue.assign({ history: after, ready: onlyAfter(ready, 0, after.length) });
  if (isBehind && asked !== after.length) {
    enqueue(fetchFrom(context, after.length));
    enqueue.assign({ asked: after.length });
  }
  if (after.length === history.length) return;
  for (const [to, sequence] of Object.entries(owed)) enqueue({ type: 'send', params: stateFor(to, sequence, after) });
  enqueue.assign({
    owed: {},
    attempts: 0,
    pending: context.pending.filter((name) => !names.has(name)),
    vouched: onlyAfter(context.vouched, 0, after.length),
  });
  enqueue.raise({ type: 'progress' });
});
export const replyAgain = {
  type: 'send' as const,
  params: ({ context, event }: About) => {
    const request = requestIn(event, context);
    const [number, place] = [request?.statement.number ?? 0, placeOf(context.history, request)];
    return { to: request?.signer ?? '', message: { type: 'reply', view: context.view, number, place } };
  },
};

/** A quorum with the same state makes a checkpoint stable: what led up to it need not be remembered. */
export const keepCheckpoint = forReplica.enqueueActions(({ context, event, enqueue }) => {
  if (event.type !== 'checkpoint') return;
  const key = `${event.sequence}/${event.digest}`;
  const words = withWord(context.checkpoints[key], event.signed);
  enqueue.assign({ checkpoints: { ...context.checkpoints, [key]: words } });
  if (words.length < quorumIn(context)) return;
  enqueue.assign(({ context: now }) => ({ ...cutLog(now, event.sequence), proof: words }));
  if (context.history.length < event.sequence) enqueue(fetchFrom(context, context.history.length));
});
/** The low water mark moves up. */
export const cutLog = (context: ReplicaContext, stable: number): Partial<ReplicaContext> => ({
  stable,
  prePrepares: onlyAfter(context.prePrepares, 1, stable),
  prepares: onlyAfter(context.prepares, 1, stable),
  commits: onlyAfter(context.commits, 1, stable),
  prepared: onlyAfter(context.prepared, 0, stable),
  checkpoints: onlyAfter(context.checkpoints, 0, stable),
});

/** Whoever has executed beyond this number: what? */
export const fetchFrom = (context: ReplicaContext, sequence: number) => ({
  type: 'send' as const,
  params: { to: othersOf(context), message: { type: 'fetch', sequence } },
});
export const fetch = forReplica.enqueueActions(({ context, enqueue }) => {
  enqueue(fetchFrom(context, context.history.length));
  enqueue.assign({ asked: context.history.length });
});
const stateFor = (to: string, sequence: number, history: readonly SignedRequest[]) => ({
  to,
  message: { type: 'state', sequence, requests: history.slice(sequence) },
});
export const answerFetch = forReplica.enqueueActions(({ context, event, enqueue }) => {
  if (event.type !== 'fetch') return;
  const { from, sequence } = event;
  if (context.history.length > sequence) enqueue({ type: 'send', params: stateFor(from, sequence, context.history) });
  else enqueue.assign({ owed: { ...context.owed, [from]: sequence } });
});
/** f + 1 that say the same: one of them is honest. */
export const believe = forReplica.assign(({ context, event }) => {
  if (event.type !== 'state' || !Array.isArray(event.requests) || !context.replicas.includes(event.from)) return {};
  const vouched = { ...context.vouched };
  const ready: Record<string, SignedRequest> = { ...context.ready };
  event.requests.forEach((request, i) => {
    const sequence = event.sequence + 1 + i;
    if (sequence <= context.history.length || !isRequest(request, context)) return;
    const key = `${sequence}/${digestOf(request)}`;
    const by = withMember(vouched[key]?.by, senderOf(event));
    vouched[key] = { request, by };
    if (by.length > faultsIn(context)) ready[sequence] = request;
  });
  return { vouched, ready };
});
