/** A reader: asks the servers for their shares, and puts the secret together as soon as it can believe it. */
import { setup } from 'xstate';
import { effects, type NodeId, type NodeInput } from '../../src/core/protocol.ts';
import { opened, type Parameters, placesOf, type Share, type SharedBy } from './words.ts';

export interface ReaderContext {
  parameters: Parameters;
  places: Record<NodeId, number>;
  /** as they came */
  shares: readonly Share[];
  /** whose shares are off the polynomial of the others */
  accused: readonly NodeId[];
}
type Event = { readonly type: 'read' } | SharedBy<'answer'> | SharedBy<'passed-on'>;
type About = { context: ReaderContext; event: Event };

/**
 * So many shares on one polynomial: `liars` of them may be lies, and k others remain, which determine it. A lie among them
 * would have to lie on it by being true.
 */
export const sharesNeeded = ({ k, liars }: Parameters): number => k + liars;
const result = ({ shares, parameters }: ReaderContext) => opened(shares, parameters, sharesNeeded(parameters));
export const unanswered = ({ places, shares }: ReaderContext): NodeId[] =>
  Object.keys(places).filter((id) => !shares.some(({ x }) => x === places[id]));
const ownerOf = (places: Record<NodeId, number>, { x }: Share): NodeId =>
  Object.keys(places).find((id) => places[id] === x) ?? '';

const forReader = setup({
  types: {} as { context: ReaderContext; events: Event; input: NodeInput<Parameters> },
  actions: effects,
  guards: {
    /** a server speaks for its own place only, unless it is trusted to collect */
    isNew: ({ context: { places, shares, parameters }, event }: About) =>
      event.type !== 'read' &&
      places[event.from] !== undefined &&
      (event.type === 'answer' ? places[event.from] === event.x : parameters.mistake === 'server-collects') &&
      !shares.some(({ x }) => x === event.x),
    isOpen: ({ context }: About) => result(context) !== null,
    isContradicted: ({ context }: About) =>
      context.shares.length >= sharesNeeded(context.parameters) && result(context) === null,
  },
});

const ask = {
  type: 'send' as const,
  params: ({ context }: About) =>
    context.parameters.mistake === 'server-collects'
      ? { to: Object.keys(context.places).slice(0, 1), message: { type: 'collect' } }
      : { to: unanswered(context), message: { type: 'ask' } },
};
const take = forReader.assign({
  shares: ({ context, event }) =>
    event.type === 'read' ? context.shares : [...context.shares, { x: event.x, y: event.y }],
});
const open = forReader.enqueueActions(({ context, enqueue }) => {
  const { secret = 0, off = [] } = result(context) ?? {};
  const accused = off.map((share) => ownerOf(context.places, share));
  enqueue.assign({ accused });
  if (accused.length > 0) enqueue({ type: 'note', params: { text: `not on the polynomial: ${accused.join(', ')}` } });
  enqueue({ type: 'decide', params: { value: secret } });
});

const isOpen = { guard: 'isOpen' as const, target: 'open', actions: open };

export const reader = forReader.createMachine({
  id: 'reader',
  description: 'Puts the secret together from enough shares.',
  context: ({ input }) => ({ parameters: input.parameters, places: placesOf(input), shares: [], accused: [] }),
  initial: 'idle',
  states: {
    idle: {
      description: 'Nobody wants to know the secret.',
      on: { read: { target: 'gathering', actions: ask } },
    },
    gathering: {
      description: 'Has asked all servers, and waits until enough of them have answered.',
      on: {
        read: { actions: ask, description: 'Asks those again who have not answered.' },
        answer: { guard: 'isNew', actions: take },
        'passed-on': { guard: 'isNew', actions: take },
      },
      always: [
        isOpen,
        {
          guard: 'isContradicted',
          target: 'doubting',
          actions: { type: 'note', params: { text: 'somebody lies: the shares are not on one polynomial' } },
        },
      ],
    },
    doubting: {
      description: 'Knows that somebody lies, and not who. More shares may tell.',
      on: {
        read: { actions: ask },
        answer: { guard: 'isNew', actions: take },
        'passed-on': { guard: 'isNew', actions: take },
      },
      always: isOpen,
    },
    open: { description: 'Knows the secret, and who has lied about it so far.' },
  },
});
