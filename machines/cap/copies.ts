/**
 * CA: read one copy, write all that are available. A write first takes the copies out of service, and puts them back when
 * all have it: no reader meets one copy that is new and then one that is old. Who does not answer in time counts as down
 * and is left out from then on.
 */
import { phaseOf } from '../quorum-register/operations.ts';
import {
  type About,
  adopt,
  beginPhase,
  type Context,
  complete,
  copyOfEvent,
  count,
  enlist,
  forReplica,
  invoke,
  proposeWrite,
  refuse,
} from './about.ts';

const peers = ({ members, self }: Context) => members.filter((id) => id !== self);
const takeOut = forReplica.assign({
  valid: ({ context, event }) => {
    const newest = context.copy;
    const isNews = event.type !== 'invalidate' || (event.time === newest.time && event.writer === newest.writer);
    return isNews && context.parameters.invalidate ? false : context.valid;
  },
});
const acknowledge = forReplica.enqueueActions(({ event, enqueue }) => {
  if (event.type !== 'invalidate') return;
  enqueue({ type: 'send', params: { to: event.from, message: { type: 'acknowledge', phase: event.phase } } });
});
const invalidate = {
  type: 'send' as const,
  params: ({ context }: About) => ({
    to: peers(context),
    message: { type: 'invalidate', phase: phaseOf(context), ...context.proposal },
  }),
};
const leaveOut = forReplica.assign({ members: ({ context }) => context.answered });
/** Back into service, unless a newer write has begun meanwhile: its writer will do that. */
const putBack = forReplica.enqueueActions(({ context, check, enqueue }) => {
  if (!check('isStillProposed')) return;
  const { members, proposal } = context;
  const { time, writer } = proposal;
  enqueue.assign({ valid: true });
  enqueue({ type: 'send', params: { to: peers(context), message: { type: 'validate', time, writer, members } } });
});
/** Whom the writer has left out, its members leave out as well. */
const validate = forReplica.assign(({ context, event }) => {
  if (event.type !== 'validate') return {};
  return { valid: true, members: context.members.filter((id) => event.members.includes(id)) };
});
const repeatWrite = forReplica.assign({ proposal: ({ context }) => context.copy });
const beginWrite = [adopt(({ context }) => context.proposal), takeOut, beginPhase];
const writeOwn = { guard: 'isWrite' as const, target: 'updating', actions: [...invoke, proposeWrite, ...beginWrite] };
/** All copies are out of service until all have the new value, or did not answer in time. */
const untilAllHave = (ends: typeof complete | []) =>
  forReplica.createStateConfig({
    entry: invalidate,
    on: { acknowledge: { guard: 'isAwaitedMember', actions: count } },
    always: { guard: 'allAnswered', target: 'idle', actions: [putBack, ...ends] },
    after: { answerTimeout: { target: 'idle', actions: [leaveOut, putBack, ...ends] } },
  });

export const copies = forReplica.createStateConfig({
  description: 'CA. Reads its own copy; writes all copies of those that it takes to be available.',
  initial: 'serving',
  states: {
    serving: {
      description: 'Takes part.',
      initial: 'idle',
      on: {
        read: { actions: enlist },
        write: { actions: enlist },
        invalidate: { guard: 'isFromMember', actions: [adopt(copyOfEvent), takeOut, acknowledge] },
        validate: { guard: 'isOfCopy', actions: validate },
      },
      states: {
        idle: {
          description: 'Answers reads from its copy.',
          always: [
            { guard: 'isNewRead', actions: invoke },
            { guard: 'mayRead', actions: complete },
            writeOwn,
            { guard: 'isInvalid', target: 'waiting' },
          ],
        },
        waiting: {
          description: 'Its copy is out of service: somebody is writing. Reads wait.',
          always: [{ guard: 'isNewRead', actions: invoke }, writeOwn, { guard: 'isValid', target: 'idle' }],
          after: {
            answerTimeout: {
              target: 'repeating',
              actions: [repeatWrite, ...beginWrite],
              description: 'The writer seems to be down.',
            },
          },
        },
        updating: { ...untilAllHave(complete), description: 'Writes, for a client of its own.' },
        repeating: { ...untilAllHave([]), description: 'Does for another writer what was left to do.' },
      },
    },
    out: {
      description: 'Was down, and has missed writes: serves nobody. (To let it in again is a task for `membership`.)',
      on: {
        read: { actions: [enlist, ...invoke, ...refuse('fail')] },
        write: { actions: [enlist, ...invoke, ...refuse('fail')] },
      },
    },
  },
});
