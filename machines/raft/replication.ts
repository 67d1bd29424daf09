/** The log: how requests come into it, how followers copy it, and when its entries are committed and executed. */
import type { NodeId } from '../../src/core/protocol.ts';
import {
  type About,
  askedBy,
  forServer,
  isAppend,
  isReply,
  majorityOf,
  othersOf,
  type ServerContext,
  senderOf,
} from './about.ts';
import { type Append, type Executed, execute, isBlank, isSame, merged, type Request, termAt } from './words.ts';

/** The highest entry that the leader may call committed. The condition on its term is the heart of section 5.4.2. */
function committable(context: ServerContext): number {
  const { log, matchIndex, commitIndex, term, parameters } = context;
  for (let index = log.length; index > commitIndex; index--) {
    const holders = 1 + othersOf(context).filter((server) => (matchIndex[server] ?? 0) >= index).length;
    const isOwn = termAt(log, index) === term || parameters.commitOldTerms;
    if (holders >= majorityOf(context) && isOwn) return index;
  }
  return commitIndex;
}

function appendFor(context: ServerContext, server: NodeId) {
  const next = context.nextIndex[server] ?? context.log.length + 1;
  const entries = context.log.slice(next - 1);
  return {
    type: entries.every(isBlank) ? 'heartbeat' : 'append-entries',
    term: context.term,
    prevLogIndex: next - 1,
    prevLogTerm: termAt(context.log, next - 1),
    entries,
    leaderCommit: context.commitIndex,
  };
}

export const logEntries = {
  type: 'persist' as const,
  params: ({ context }: About) => ({ key: 'log', value: context.log }),
};
/** Executes what has become committed, and hands it out. The leader also answers the clients that wait for it. */
const commitUpTo = (limit: (about: About) => number) =>
  forServer.enqueueActions(({ context, event, enqueue }) => {
    const commitIndex = Math.max(context.commitIndex, limit({ context, event }));
    const entries = context.log.slice(context.commitIndex, commitIndex);
    const executed = execute(context.executed, entries);
    enqueue.assign({ commitIndex, executed });
    for (const item of executed.slice(context.executed.length)) enqueue({ type: 'deliver', params: { item } });
    if (context.leader !== context.self) return;
    for (const entry of entries) {
      if (!isBlank(entry)) enqueue({ type: 'send', params: answerTo(executed, entry) });
    }
  });
function answerTo(executed: readonly Executed[], request: { client: NodeId; number: number }) {
  const place = executed.find((each) => isSame(each, request))?.place ?? 0;
  return { to: request.client, message: { type: 'reply', number: request.number, place } };
}

/** The receiver's side of AppendEntries, once it is known that the logs agree up to the entry before the new ones. */
const takeIn = forServer.enqueueActions(({ context, event, enqueue }) => {
  if (!isAppend(event)) return;
  const log = merged(context.log, event.prevLogIndex, event.entries);
  enqueue.assign({ log, leader: event.from });
  if (log !== context.log) enqueue({ type: 'persist', params: { key: 'log', value: log } });
});
const commitWithLeader = commitUpTo(({ event }) =>
  isAppend(event) ? Math.min(event.leaderCommit, event.prevLogIndex + event.entries.length) : 0,
);
const answerAppend = (success: boolean) => ({
  type: 'send' as const,
  params: ({ context, event }: About) => {
    const { type, prevLogIndex, entries } = event as Append;
    const matchIndex = success ? prevLogIndex + entries.length : Math.min(context.log.length, prevLogIndex - 1);
    return {
      to: senderOf(event),
      message: { type: type === 'heartbeat' ? 'heartbeat-reply' : 'appended', term: context.term, success, matchIndex },
    };
  },
});
const followLeader = forServer.assign({ leader: ({ event }) => senderOf(event) });
export const onAppend = [
  {
    guard: 'isConsistent' as const,
    target: '.follower' as const,
    actions: [takeIn, commitWithLeader, answerAppend(true)],
  },
  {
    guard: 'isFromLeader' as const,
    target: '.follower' as const,
    actions: [followLeader, answerAppend(false)],
    description: 'The entry before the new ones is missing here, or another one: the leader must go further back.',
  },
  { actions: answerAppend(false), description: 'From a leader of the past.' },
];

export const sendEntries = forServer.enqueueActions(({ context, enqueue }) => {
  for (const to of othersOf(context)) enqueue({ type: 'send', params: { to, message: appendFor(context, to) } });
});
const noteAgreement = forServer.assign(({ context, event }) => {
  if (!isReply(event)) return {};
  const known = Math.max(context.matchIndex[event.from] ?? 0, event.matchIndex);
  return {
    matchIndex: { ...context.matchIndex, [event.from]: known },
    nextIndex: { ...context.nextIndex, [event.from]: known + 1 },
  };
});
const stepBack = forServer.assign(({ context, event }) => {
  if (!isReply(event)) return {};
  const [next, known] = [context.nextIndex[event.from] ?? 1, context.matchIndex[event.from] ?? 0];
  const earlier = Math.max(known + 1, Math.min(next - 1, event.matchIndex + 1));
  return { nextIndex: { ...context.nextIndex, [event.from]: earlier } };
});
const sendEntriesAgain = {
  type: 'send' as const,
  params: ({ context, event }: About) => ({ to: senderOf(event), message: appendFor(context, senderOf(event)) }),
};
export const redirect = {
  type: 'send' as const,
  params: ({ context, event }: About) => ({
    to: senderOf(event),
    message: { type: 'not-leader', number: (event as Request).number, leader: context.leader },
  }),
};
export const answerAgain = {
  type: 'send' as const,
  params: (about: About) => answerTo(about.context.executed, askedBy(about)),
};
export const takeRequest = forServer.assign(({ context, event }) => {
  if (event.type !== 'request') return {};
  const { from: client, number, command } = event;
  return { log: [...context.log, { term: context.term, client, number, command }] };
});
export const commitOwn = commitUpTo(({ context }) => committable(context));
export const onReply = [
  { guard: 'isAgreement' as const, actions: [noteAgreement, commitOwn] },
  { guard: 'isMismatch' as const, actions: [stepBack, sendEntriesAgain] },
];
