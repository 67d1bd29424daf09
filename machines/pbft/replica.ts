/** A replica: primary of every n-th view, backup in the others. It keeps everything in memory: to crash is to be faulty. */
import { nodesWithRole } from '../../src/core/protocol.ts';
import { forReplica } from './about.ts';
import { agree, assign, expect, keep, relay } from './agreement.ts';
import { answerFetch, believe, execute, fetch, keepCheckpoint, replyAgain } from './execution.ts';
import { enterView, join, keepViewChange, openView, sayViewChange, suspect } from './view-change.ts';

const inLog = [keep, execute];
const inView = [keep, agree, execute];
const repeated = {
  guard: 'hasExecuted' as const,
  actions: replyAgain,
  description: 'It was asked before: the same answer.',
};
const asPrimary = [
  { guard: 'mayAssign' as const, actions: [expect, assign], description: 'The primary gives it the next number.' },
  { guard: 'isForPrimary' as const, description: 'It has a number already, or the log is full.' },
];

export const replica = forReplica.createMachine({
  id: 'replica',
  description: 'Agrees with the others on the order of the requests, whoever of them lies.',
  context: ({ input }) => ({
    parameters: input.parameters,
    self: input.self,
    replicas: nodesWithRole(input, 'replica'),
    clients: nodesWithRole(input, 'client'),
    view: 0,
    entered: 0,
    sequence: 0,
    assigned: [],
    prePrepares: {},
    prepares: {},
    commits: {},
    said: {},
    prepared: {},
    ready: {},
    history: [],
    pending: [],
    checkpoints: {},
    stable: 0,
    proof: [],
    viewChanges: {},
    inherited: {},
    opened: 0,
    attempts: 0,
    asked: -1,
    owed: {},
    vouched: {},
  }),
  initial: 'normal',
  on: {
    request: [repeated, { guard: 'isRequest', actions: expect }],
    'pre-prepare': { guard: 'isRightPrePrepare', actions: inLog, description: 'Kept, in case it enters that view.' },
    prepare: { guard: 'isRightPrepare', actions: inLog },
    commit: { guard: 'isRightCommit', actions: inLog },
    checkpoint: { guard: 'isRightCheckpoint', actions: keepCheckpoint },
    'view-change': {
      guard: 'isRightViewChange',
      actions: [keepViewChange, forReplica.raise({ type: 'unrest' })],
    },
    unrest: { guard: 'isLeftBehind', target: '.changing', actions: join, description: 'f + 1 want a later view.' },
    'new-view': { guard: 'isRightNewView', target: '.normal', actions: [enterView, agree, execute] },
    fetch: { actions: answerFetch },
    state: { actions: [believe, execute] },
  },
  states: {
    normal: {
      description: 'In a view: the primary gives numbers, the backups see to it that it gives one to each request.',
      initial: 'idle',
      on: {
        request: [
          repeated,
          ...asPrimary,
          {
            guard: 'isRequest',
            actions: [expect, relay],
            description: 'The client has lost patience with the primary.',
          },
        ],
        relay: [repeated, ...asPrimary],
        'pre-prepare': { guard: 'isRightPrePrepare', actions: inView },
        prepare: { guard: 'isRightPrepare', actions: inView },
        commit: { guard: 'isRightCommit', actions: inView },
      },
      states: {
        idle: {
          description: 'Knows of no request that is not executed.',
          always: { guard: 'hasPending', target: 'waiting' },
        },
        waiting: {
          description: 'Has a request that should be executed by now, and does not wait for ever.',
          always: { guard: 'hasNothing', target: 'idle' },
          after: { viewTimeout: { target: '#changing', actions: suspect } },
          on: { progress: { target: 'waiting', reenter: true } },
        },
      },
    },
    changing: {
      id: 'changing',
      description: 'Takes no part in any view. Has said what is prepared here, and waits for the new primary.',
      initial: 'content',
      entry: sayViewChange,
      always: { guard: 'isElected', actions: openView },
      states: {
        content: {
          description: 'Knows of no request that is not executed.',
          always: { guard: 'hasPending', target: 'insisting' },
        },
        insisting: {
          description: 'Requests are waiting. If nothing comes of it, it tries again; perhaps it was only left out.',
          always: { guard: 'hasNothing', target: 'content' },
          after: {
            viewTimeout: [
              {
                guard: 'hasQuorum',
                target: '#changing',
                reenter: true,
                actions: suspect,
                description: 'Nor this one.',
              },
              {
                target: 'insisting',
                reenter: true,
                actions: [sayViewChange, fetch],
                description: 'Too few want another view. Says it again, and asks what the others have executed.',
              },
            ],
          },
        },
      },
    },
  },
});
