/** Terms and votes: what a server does to elect a leader, or to become one. */
import { type About, forServer, othersOf, senderOf, termOf } from './about.ts';
import { blank, lastTerm } from './words.ts';

export const logVote = {
  type: 'persist' as const,
  params: ({ context: { term, votedFor, parameters } }: About) => ({
    key: 'vote',
    value: { term, votedFor: parameters.stableVote ? votedFor : null },
  }),
};
/** "If RPC request or response contains term T > currentTerm: set currentTerm = T, convert to follower." */
export const followNewerTerm = {
  guard: 'isOfNewerTerm' as const,
  target: '.follower' as const,
  description: 'There is a newer term. The server enters it, and then looks at the message again.',
  actions: [
    forServer.assign({ term: ({ event }) => termOf(event), votedFor: null, leader: null }),
    logVote,
    forServer.raise(({ event }) => event),
  ],
};

export const answerVote = (granted: boolean) => ({
  type: 'send' as const,
  params: ({ context, event }: About) => ({
    to: senderOf(event),
    message: { type: 'vote', term: context.term, granted },
  }),
});
export const voteFor = forServer.assign({ votedFor: ({ event }) => senderOf(event) });
export const askForVotes = {
  type: 'broadcast' as const,
  params: ({ context: { term, log } }: About) => ({
    to: 'server',
    message: { type: 'request-vote', term, lastLogIndex: log.length, lastLogTerm: lastTerm(log) },
  }),
};
export const countVote = forServer.assign({
  votes: ({ context, event }) =>
    [...context.votes.filter((server) => server !== senderOf(event)), senderOf(event)].sort(),
});
export const stand = forServer.assign(({ context }) => ({
  term: context.term + 1,
  votedFor: context.self,
  votes: [context.self],
  leader: null,
  draws: context.draws + 1,
}));
/** The new leader begins with an entry of its own term: what earlier terms have left is committed along with it. */
export const takeOffice = forServer.enqueueActions(({ context, enqueue }) => {
  const { self, term, parameters } = context;
  const log = parameters.blankEntry ? [...context.log, blank(term)] : context.log;
  enqueue.assign({
    leader: self,
    nextIndex: Object.fromEntries(othersOf(context).map((server) => [server, context.log.length + 1])),
    matchIndex: Object.fromEntries(othersOf(context).map((server) => [server, 0])),
    log,
  });
  if (log !== context.log) enqueue({ type: 'persist', params: { key: 'log', value: log } });
});
