/** CP: an operation asks all, and needs a majority. Whoever cannot reach one refuses. */

import { phaseOf } from '../quorum-register/operations.ts';
import { isNewer } from '../quorum-register/words.ts';
import {
  type About,
  adopt,
  beginPhase,
  complete,
  copyOfEvent,
  count,
  enlist,
  forReplica,
  invoke,
  proposeWrite,
  refuse,
} from './about.ts';

const tell = forReplica.enqueueActions(({ context, event, enqueue }) => {
  if (event.type !== 'query') return;
  enqueue({
    type: 'send',
    params: { to: event.from, message: { type: 'version', phase: event.phase, ...context.copy } },
  });
});
const confirm = forReplica.enqueueActions(({ event, enqueue }) => {
  if (event.type !== 'update') return;
  enqueue({ type: 'send', params: { to: event.from, message: { type: 'stored', phase: event.phase } } });
});
const ask = {
  type: 'broadcast' as const,
  params: ({ context }: About) => ({ message: { type: 'query', phase: phaseOf(context) } }),
};
const update = {
  type: 'broadcast' as const,
  params: ({ context }: About) => ({ message: { type: 'update', phase: phaseOf(context), ...context.proposal } }),
};
const beginWithOwn = forReplica.assign({ proposal: ({ context }) => context.copy });
const keepNewest = forReplica.assign({
  proposal: ({ context, event }) =>
    event.type === 'version' && isNewer(event, context.proposal) ? copyOfEvent({ context, event }) : context.proposal,
});
const adoptProposal = adopt(({ context }) => context.proposal);

export const quorum = forReplica.createStateConfig({
  description: 'CP. Two phases, each answered by a majority, itself among them; as in ABD.',
  initial: 'idle',
  on: {
    read: { actions: enlist },
    write: { actions: enlist },
    query: { actions: tell },
    update: { actions: [adopt(copyOfEvent), confirm] },
  },
  states: {
    idle: {
      description: 'Nothing to do for its own clients.',
      always: { guard: 'hasOperation', target: 'asking', actions: [...invoke, beginPhase, beginWithOwn] },
    },
    asking: {
      description: 'What is your version?',
      entry: ask,
      on: { version: { guard: 'isAwaited', actions: [keepNewest, count] } },
      always: [
        {
          guard: 'mayWrite',
          target: 'updating',
          actions: [proposeWrite, adoptProposal, beginPhase],
        },
        { guard: 'hasQuorum', target: 'updating', actions: [adoptProposal, beginPhase] },
      ],
      after: { answerTimeout: { target: 'idle', actions: refuse('fail'), description: 'Too few answered: refused.' } },
    },
    updating: {
      description: 'Store this: what it writes, or what it is about to return.',
      entry: update,
      on: { stored: { guard: 'isAwaited', actions: count } },
      always: { guard: 'hasQuorum', target: 'idle', actions: complete },
      after: {
        answerTimeout: {
          target: 'idle',
          actions: refuse('info'),
          description: 'Too few answered: refused. A write may have taken effect, or may yet.',
        },
      },
    },
  },
});
