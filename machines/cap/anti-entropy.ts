/** AP: each replica answers at once from its own copy. Later the replicas compare their copies, two by two. */
import { copyIn } from '../quorum-register/words.ts';
import { type Context, complete, enlist, forReplica, invoke, lagging, proposeWrite } from './about.ts';
import { type Exchange, isConflict, isSameVector, join, type VectorCopy } from './words.ts';

const own = ({ copy, vector }: Context): VectorCopy => ({ ...copy, vector });
const received = (event: Exchange): VectorCopy => ({ ...copyIn(event), vector: event.vector });

const write = [
  enlist,
  ...invoke,
  proposeWrite,
  forReplica.enqueueActions(({ context, enqueue }) => {
    const { proposal: copy, self } = context;
    const vector = { ...context.vector, [self]: (context.vector[self] ?? 0) + 1 };
    enqueue.assign({ copy, vector });
    enqueue({ type: 'persist', params: { key: 'copy', value: { ...copy, vector } } });
  }),
  ...complete,
];
/** Both have the same afterwards, if the answer arrives. If not, they will meet again. */
const merge = forReplica.enqueueActions(({ context, event, enqueue }) => {
  if (event.type !== 'exchange') return;
  const [mine, theirs] = [own(context), received(event)];
  const joined = join(mine, theirs, context.parameters.resolve);
  const { vector, ...copy } = joined;
  if (isConflict(mine, theirs)) {
    const item = { conflict: [mine.value, theirs.value], kept: copy.value };
    enqueue({ type: 'deliver', params: { item } });
  }
  if (!isSameVector(vector, mine.vector)) enqueue({ type: 'persist', params: { key: 'copy', value: joined } });
  enqueue.assign({ copy, vector, heard: { ...context.heard, [event.from]: theirs.vector } });
  if (event.isAnswer) return;
  enqueue({ type: 'send', params: { to: event.from, message: { type: 'exchange', isAnswer: true, ...joined } } });
});
/** Calls one of those that may lack something, or have something that it lacks: each in its turn. */
const call = forReplica.enqueueActions(({ context, enqueue }) => {
  const waiting = lagging(context);
  const to = waiting[context.turn % Math.max(1, waiting.length)] ?? [];
  enqueue({ type: 'send', params: { to, message: { type: 'exchange', isAnswer: false, ...own(context) } } });
  enqueue.assign({ turn: context.turn + 1 });
});

export const antiEntropy = forReplica.createStateConfig({
  description: 'AP. Answers every operation at once and alone.',
  initial: 'settled',
  on: {
    read: { actions: [enlist, ...invoke, ...complete] },
    write: { actions: write },
    exchange: { actions: merge },
  },
  states: {
    settled: {
      description: 'All others have what it has, as far as it knows.',
      always: { guard: 'mayLag', target: 'spreading' },
    },
    spreading: {
      description: 'Exchanges copies with one after the other, until it has heard its own version vector from all.',
      always: { guard: 'knowsAllEqual', target: 'settled' },
      after: { exchangeInterval: { target: 'spreading', reenter: true, actions: call } },
    },
  },
});
