/** Chang and Roberts' ring: numbers travel until they meet a greater one. */
import { and } from 'xstate';
import type { Message } from '../../src/core/protocol.ts';
import {
  type Acting,
  bury,
  type Context,
  follow,
  forNode,
  isDead,
  lead,
  leaderless,
  news,
  own,
  ring,
} from './words.ts';

const note = forNode.assign(({ context, event }) =>
  event.type === 'election' && !context.seen.includes(event.number) ? { seen: [...context.seen, event.number] } : {},
);
/** The greatest number that it has sent or passed on, of those that may still win. */
const best = (context: Context): number =>
  Math.max(own(context), ...context.seen.filter((number) => !isDead(context, number)));
const toNext = (message: (acting: Acting) => Message) => ({
  type: 'send' as const,
  params: (acting: Acting) => ({ to: ring(acting.context)[0] ?? acting.context.self, message: message(acting) }),
});
export const sendNumber = toNext(({ context }) => ({ type: 'election', number: own(context) }));
/** After a crash: what it has sent or passed on may have been lost with the dead. */
const sendBest = toNext(({ context }) => ({ type: 'election', number: best(context) }));
const passOn = toNext(({ event }) =>
  event.type === 'leader'
    ? { type: 'leader', node: event.node, number: event.number }
    : { type: 'election', number: event.type === 'election' ? event.number : 0 },
);
/** After a crash: the news may have been lost with the dead. */
const tellAgain = toNext(({ context: { leader, numbers } }) => ({
  type: 'leader',
  node: leader ?? '',
  number: numbers[leader ?? ''] ?? 0,
}));
/** Of somebody who takes no part, or no part any more: an election has begun. */
const joinIn = [
  { guard: 'isOfTheDead' },
  { guard: 'cameHome', target: 'leading', reenter: true, description: 'Tells it once more, if it was told.' },
  { guard: 'passesOn', target: 'participating', actions: [note, passOn] },
  { target: 'participating', actions: sendNumber, description: 'A smaller number: sends its own instead.' },
] as const;

/** A message wakes whoever sleeps: it takes part as if it had been awake. */
export const wakeOnRing = {
  election: [
    { guard: 'isOfTheDead' },
    { guard: and(['onRing', 'passesOn']), target: 'ring.participating', actions: [note, passOn] },
    { guard: 'onRing', target: 'ring.participating', actions: sendNumber },
  ],
  leader: [{ guard: 'isOfTheDead' }, { guard: 'onRing', target: 'ring.following', actions: [follow, passOn] }],
} as const;

export const onRing = {
  initial: 'idle',
  on: {
    leader: [{ guard: 'isOfTheDead' }, { guard: 'isOwnNews' }, { target: '.following', actions: [follow, passOn] }],
    elect: { target: '.participating', actions: sendNumber },
  },
  states: {
    idle: { description: 'Takes no part yet.', on: { election: joinIn } },
    participating: {
      description: 'Its number, or a greater one, is on its way. Smaller ones are swallowed.',
      entry: leaderless,
      on: {
        election: [
          { guard: 'isOfTheDead' },
          { guard: 'cameHome', target: 'leading' },
          { guard: 'passesOn', actions: [note, passOn] },
        ],
        farewell: { actions: [bury, sendBest], description: 'Something may have been lost: closes the gap.' },
      },
    },
    leading: {
      description: 'Its number came home: all others are smaller. Sends the news round.',
      entry: [lead, toNext(({ context }) => news(context))],
      on: { election: joinIn, farewell: { actions: [bury, tellAgain] } },
    },
    following: {
      description: 'Has been told who leads, and has passed it on.',
      on: {
        election: joinIn,
        farewell: [
          { guard: 'leaderDied', target: 'participating', actions: [bury, sendBest] },
          { actions: [bury, tellAgain] },
        ],
      },
    },
  },
} as const;
