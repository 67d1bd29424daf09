/** A server: keeps its share on stable storage, and shows it to readers. */
import { setup } from 'xstate';
import {
  effects,
  type Message,
  type NodeId,
  type NodeInput,
  nodesWithRole,
  type Received,
} from '../../src/core/protocol.ts';
import { type Parameters, placesOf, type Share, type SharedBy } from './words.ts';

interface Context {
  self: NodeId;
  place: number;
  servers: NodeId[];
  dealer: NodeId;
  /** who may see its share */
  trusted: NodeId[];
  share: Share | null;
  /** who has asked before there was a share */
  owed: NodeId[];
  /** wrong: the reader for whom it collects the shares of all */
  collectsFor: NodeId | null;
}
type Event = SharedBy<'share'> | SharedBy<'answer'> | Received<Message & { readonly type: 'ask' | 'collect' }>;
type About = { context: Context; event: Event };

const forServer = setup({
  types: {} as { context: Context; events: Event; input: NodeInput<Parameters> },
  actions: effects,
  guards: {
    isMine: ({ context, event }: About) =>
      event.type === 'share' && event.from === context.dealer && event.x === context.place,
    hasShare: ({ context }: About) => context.share !== null,
    mayAsk: ({ context, event }: About) => context.trusted.includes(event.from),
    isForReader: ({ context }: About) => context.collectsFor !== null,
  },
});

const answer = (to: NodeId | readonly NodeId[], share: Share) =>
  ({ type: 'send', params: { to, message: { type: 'answer', ...share } } }) as const;
const keep = forServer.enqueueActions(({ context, event, enqueue }) => {
  if (event.type !== 'share') return;
  const share = { x: event.x, y: event.y };
  enqueue.assign({ share, owed: [] });
  enqueue({ type: 'persist', params: { key: 'share', value: share } });
  enqueue(answer(context.owed, share));
});
const show = forServer.enqueueActions(({ context, event, enqueue }) => {
  if (context.share !== null) enqueue(answer(event.from, context.share));
});
const remember = forServer.assign({
  owed: ({ context, event }) => (context.owed.includes(event.from) ? context.owed : [...context.owed, event.from]),
});
const collect = forServer.enqueueActions(({ context, event, enqueue }) => {
  const to = context.servers.filter((id) => id !== context.self);
  enqueue.assign({ collectsFor: event.from });
  enqueue({ type: 'send', params: { to, message: { type: 'ask' } } });
});
const passOn = {
  type: 'send' as const,
  params: ({ context, event }: About) => {
    const { x, y } = event as SharedBy<'answer'>;
    return { to: context.collectsFor ?? [], message: { type: 'passed-on', x, y } };
  },
};

export const server = forServer.createMachine({
  id: 'server',
  description: 'Holds one share. By itself it says nothing about the secret.',
  context: ({ input }) => {
    const servers = nodesWithRole(input, 'server');
    const readers = nodesWithRole(input, 'reader');
    return {
      self: input.self,
      place: placesOf(input)[input.self] ?? 0,
      servers,
      dealer: nodesWithRole(input, 'dealer')[0] ?? '',
      trusted: input.parameters.mistake === 'server-collects' ? [...readers, ...servers] : readers,
      share: (input.stable.share as Share | undefined) ?? null,
      owed: [],
      collectsFor: null,
    };
  },
  initial: 'empty',
  on: { answer: { guard: 'isForReader', actions: passOn } },
  states: {
    empty: {
      description: 'Has no share yet. Who asks is answered later.',
      always: { guard: 'hasShare', target: 'holding' },
      on: {
        share: { guard: 'isMine', target: 'holding', actions: keep },
        ask: { guard: 'mayAsk', actions: remember },
        collect: { guard: 'mayAsk', actions: [collect, remember] },
      },
    },
    holding: {
      description: 'Has its share, also after a crash. It takes no other.',
      on: {
        ask: { guard: 'mayAsk', actions: show },
        collect: { guard: 'mayAsk', actions: [collect, show] },
      },
    },
  },
});
