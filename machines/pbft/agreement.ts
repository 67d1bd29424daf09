/** The normal case: a number for each request (pre-prepare, prepare), and certainty that it will last (commit). */
import {
  type About,
  forReplica,
  highestNumber,
  isPrimary,
  keyOf,
  othersOf,
  quorumIn,
  requestIn,
  senderOf,
} from './about.ts';
import {
  type Certificate,
  digestOf,
  nameOf,
  type PrePrepare,
  primaryOf,
  type SignedRequest,
  withMember,
  withWord,
} from './words.ts';

/** A message to all replicas, itself included, so that it has its own signed word at hand as a proof. */
export const toAll = (
  replicas: readonly string[],
  message: PrePrepare | { type: string; [field: string]: unknown },
) => ({
  to: replicas,
  message: message as never,
  signed: true,
});

/** The primary gives the request the next number. */
export const assign = forReplica.enqueueActions(({ context, event, enqueue }) => {
  const request = requestIn(event, context);
  const sequence = context.sequence + 1;
  const digest = digestOf(request);
  enqueue.assign({ sequence, assigned: [...context.assigned, digest] });
  enqueue({
    type: 'send',
    params: toAll(context.replicas, { type: 'pre-prepare', view: context.view, sequence, digest, request }),
  });
});
/** A backup that is asked directly passes the request on, and keeps an eye on the primary from now on. */
export const relay = {
  type: 'send' as const,
  params: ({ context, event }: About) => ({
    to: primaryOf(context.view, context.replicas),
    message: { type: 'relay', request: requestIn(event, context) },
  }),
};
const expecting = (pending: readonly string[], request: SignedRequest): readonly string[] =>
  request === null ? pending : withMember(pending, nameOf(request));
export const expect = forReplica.assign({
  pending: ({ context, event }) => expecting(context.pending, requestIn(event, context)),
});

/** Takes the message into the log. It may be for a view that this replica has yet to enter. */
export const keep = forReplica.assign(({ context, event }) => {
  switch (event.type) {
    case 'pre-prepare': {
      const isDone = context.history.some(
        (each) => each !== null && event.request !== null && nameOf(each) === nameOf(event.request),
      );
      return {
        prePrepares: { ...context.prePrepares, [`${event.view}/${event.sequence}`]: event.signed },
        pending: isDone ? context.pending : expecting(context.pending, event.request),
      };
    }
    case 'prepare': {
      const key = keyOf(event);
      return { prepares: { ...context.prepares, [key]: withWord(context.prepares[key], event.signed) } };
    }
    case 'commit': {
      const key = keyOf(event);
      return { commits: { ...context.commits, [key]: withMember(context.commits[key], senderOf(event)) } };
    }
    default:
      return {};
  }
});

/** Goes as far as the log allows, number by number. */
export const agree = forReplica.enqueueActions(({ context, enqueue }) => {
  const { view, replicas, self, parameters, stable, history } = context;
  const said: Record<string, 'prepare' | 'commit'> = { ...context.said };
  const prepared: Record<string, Certificate> = { ...context.prepared };
  const commits: Record<string, readonly string[]> = { ...context.commits };
  const ready: Record<string, SignedRequest> = { ...context.ready };
  for (let sequence = stable + 1; sequence <= highestNumber(context); sequence++) {
    const prePrepare = context.prePrepares[`${view}/${sequence}`];
    const digest = prePrepare?.statement.digest ?? '';
    if (prePrepare === undefined || (context.inherited[sequence] ?? digest) !== digest) continue;
    const key = keyOf({ view, sequence, digest });
    if (said[sequence] === undefined) {
      said[sequence] = 'prepare';
      const message = { type: 'prepare', view, sequence, digest };
      if (!isPrimary(context)) enqueue({ type: 'send', params: toAll(replicas, message) });
    }
    const prepares = context.prepares[key] ?? [];
    if (prepares.length < quorumIn(context) - 1) continue;
    if (prepared[sequence]?.prePrepare.statement.view !== view) prepared[sequence] = { prePrepare, prepares };
    if (!parameters.commitPhase && sequence > history.length) ready[sequence] = prePrepare.statement.request;
    if (!parameters.commitPhase || said[sequence] === 'commit') continue;
    said[sequence] = 'commit';
    commits[key] = withMember(commits[key], self);
    enqueue({ type: 'send', params: { to: othersOf(context), message: { type: 'commit', view, sequence, digest } } });
  }
  enqueue.assign({ said, prepared, commits, ready });
});
