/** The bully algorithm: ask all greater ones, and lead if none of them answers in time. */
import { type Acting, bury, follow, greater, lead, leaderless, news, own } from './words.ts';

const answer = {
  type: 'send' as const,
  params: ({ event }: Acting) => ({ to: event.type === 'election' ? event.from : [], message: { type: 'answer' } }),
};
const tellAll = { type: 'broadcast' as const, params: ({ context }: Acting) => ({ message: news(context) }) };
const tellAsker = {
  type: 'send' as const,
  params: ({ context, event }: Acting) => ({
    to: event.type === 'election' ? event.from : [],
    message: news(context),
  }),
};
export const bully = {
  initial: 'idle',
  on: {
    leader: [
      { guard: 'isFromBelow', target: '.electing' },
      { target: '.following', actions: follow },
    ],
    elect: '.electing',
  },
  states: {
    idle: {
      description: 'Knows of no leader yet.',
      on: { election: { target: 'electing', actions: answer } },
    },
    electing: {
      description: 'Has asked all greater ones, and waits for one of them to answer.',
      entry: [
        leaderless,
        {
          type: 'send',
          params: ({ context }: Acting) => ({
            to: greater(context),
            message: { type: 'election', number: own(context) },
          }),
        },
      ],
      always: { guard: 'isGreatest', target: 'leading' },
      on: { election: { actions: answer }, answer: 'awaiting' },
      after: { answer: { target: 'leading', description: 'Nobody greater answers: they are dead.' } },
    },
    awaiting: {
      description: 'Somebody greater is there, and will win or know who wins.',
      on: { election: { actions: answer } },
      after: { leader: { target: 'electing', description: 'But that one died on the way: once more.' } },
    },
    leading: {
      description: 'Is the greatest of those that answer, and has told everybody.',
      entry: [lead, tellAll],
      on: { election: { actions: tellAsker } },
    },
    following: {
      description: 'Has been told who leads.',
      on: {
        election: { target: 'electing', actions: answer },
        farewell: [{ guard: 'leaderDied', target: 'electing', actions: bury }, { actions: bury }],
      },
    },
  },
} as const;
