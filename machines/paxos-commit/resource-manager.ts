/** A resource manager: it proposes, in its own instance of Paxos, that it is prepared, or that it has aborted. */
import { countReport, forSite, learnTransaction, type SiteContext, say, suspect } from './setup.ts';
import { quorumOf, type Value } from './words.ts';

const log = (value: Value) => ({
  type: 'persist' as const,
  params: ({ context }: { context: SiteContext }) => ({ key: value, value: context.transaction }),
});
/** Ballot 0 is the resource manager's own: nobody can have proposed before it, so it begins with phase 2a. */
const propose = (value: Value) => ({
  type: 'send' as const,
  params: ({ context }: { context: SiteContext }) => ({
    to: context.acceptors.slice(0, quorumOf(context.acceptors)),
    message: {
      type: 'phase-2a',
      transaction: context.transaction,
      ballot: 0,
      votes: { [context.self]: value },
      ...(context.begins ? { begins: true } : {}),
    },
  }),
});
/** The leader is silent: it asks the next node that could lead, and another one each time. */
const inquire = say('inquiry', ({ context: { acceptors, inquiries } }) => [
  acceptors[(inquiries + 1) % acceptors.length] as string,
]);
const countInquiry = forSite.assign({ inquiries: ({ context }) => context.inquiries + 1 });
const decide = (value: 'commit' | 'abort') => ({ type: 'decide' as const, params: { value } });
const abortAlone = [learnTransaction, log('aborted'), decide('abort'), propose('aborted')];

export const managing = forSite.createStateConfig({
  description: 'The resource manager.',
  initial: 'recovering',
  states: {
    recovering: {
      description: 'Reads its log. The outcome need not be in it: the acceptors remember.',
      always: [
        { guard: 'hasPrepared', target: 'prepared', actions: [inquire, countInquiry] },
        { guard: 'hasAborted', target: 'aborted' },
        { target: 'working' },
      ],
    },
    working: {
      description: 'Has proposed nothing and may still abort by itself.',
      after: { workTimeout: { target: 'aborted', actions: abortAlone } },
      on: {
        begin: { target: 'voting', actions: [learnTransaction, forSite.assign({ begins: true })] },
        prepare: { target: 'voting', actions: learnTransaction },
        rollback: { target: 'aborted', actions: abortAlone },
        abort: { target: 'aborted', actions: [learnTransaction, log('aborted'), decide('abort')] },
      },
    },
    voting: {
      description: 'What it proposes in ballot 0 must never change: it is forced to the log before it is sent.',
      always: [
        { guard: 'votesNo', target: 'aborted', actions: abortAlone },
        { target: 'prepared', actions: [log('prepared'), propose('prepared')] },
      ],
    },
    prepared: {
      description: 'Has proposed that it is prepared. The outcome is the acceptors’ now, not one coordinator’s.',
      after: {
        decisionTimeout: { target: 'prepared', reenter: true, actions: [suspect, inquire, countInquiry] },
      },
      on: {
        commit: { target: 'committed', actions: decide('commit') },
        abort: { target: 'aborted', actions: decide('abort') },
        'phase-2b': [
          { guard: 'completesCommit', target: 'committed', actions: [countReport, decide('commit')] },
          { guard: 'completesAbort', target: 'aborted', actions: [countReport, decide('abort')] },
          { actions: countReport },
        ],
      },
    },
    committed: {
      description: 'Its part of the transaction is permanent.',
      on: { abort: { actions: { type: 'note', params: { text: 'told to abort after it has committed: too late' } } } },
    },
    aborted: {
      description: 'Its part of the transaction is undone.',
      on: { prepare: { actions: propose('aborted') } },
    },
  },
});
