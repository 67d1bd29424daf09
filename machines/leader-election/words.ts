/** What both algorithms share: a node's numbers and its ring, what it asks itself, and what it notes. */
import { setup } from 'xstate';
import { effects, type Message, type NodeId, type NodeInput, type Received } from '../../src/core/protocol.ts';

export interface Parameters {
  readonly algorithm: 'bully' | 'ring';
  readonly begin: 'all' | 'asked';
  readonly numbers: Readonly<Record<NodeId, number>>;
  readonly startDelay: number;
  readonly answerTimeout: number;
  readonly leaderTimeout: number;
  readonly passAll: boolean;
}
type Event =
  | Received<Message & { type: 'election'; number: number }>
  | Received<Message & { type: 'answer' }>
  | Received<Message & { type: 'leader'; node: NodeId; number: number }>
  | Received<Message & { type: 'farewell' }>
  | { type: 'elect' };

export interface Context {
  parameters: Parameters;
  self: NodeId;
  /** every node's number, in the order of the ring */
  numbers: Record<NodeId, number>;
  /** whom it takes for the leader */
  leader: NodeId | null;
  /** ring: the numbers that it has passed on */
  seen: number[];
  /** nodes that are known to be dead: their crash was announced */
  dead: NodeId[];
}

export const numbersOf = (nodes: readonly NodeId[], given: Parameters['numbers']): Record<NodeId, number> =>
  Object.fromEntries(nodes.map((node, i) => [node, (given[node] ?? 0) > 0 ? (given[node] as number) : i + 1]));
export const own = (context: Context): number => context.numbers[context.self] ?? 0;
export const greater = (context: Context): NodeId[] =>
  Object.keys(context.numbers).filter(
    (node) => (context.numbers[node] ?? 0) > own(context) && !context.dead.includes(node),
  );
/** The nodes after this one, once round, without those known to be dead. */
export function ring({ numbers, self, dead }: Context): NodeId[] {
  const nodes = Object.keys(numbers);
  const place = nodes.indexOf(self);
  return [...nodes.slice(place + 1), ...nodes.slice(0, place + 1)].filter((node) => !dead.includes(node));
}
export const isDead = (context: Context, number: number): boolean =>
  context.dead.some((node) => context.numbers[node] === number);

export const forNode = setup({
  types: {} as { context: Context; events: Event; input: NodeInput<Parameters> },
  actions: effects,
  delays: {
    start: ({ context }) => context.parameters.startDelay,
    answer: ({ context }) => context.parameters.answerTimeout,
    leader: ({ context }) => context.parameters.leaderTimeout,
  },
  guards: {
    onRing: ({ context }) => context.parameters.algorithm === 'ring',
    allBegin: ({ context }) => context.parameters.begin === 'all',
    isGreatest: ({ context }) => greater(context).length === 0,
    isFromBelow: ({ context, event }) => event.type === 'leader' && event.number < own(context),
    leaderDied: ({ context, event }) => event.type === 'farewell' && context.leader === event.from,
    passesOn: ({ context, event }) =>
      event.type === 'election' &&
      !isDead(context, event.number) &&
      (event.number > own(context) || (context.parameters.passAll && event.number < own(context))),
    cameHome: ({ context, event }) => event.type === 'election' && event.number === own(context),
    isOfTheDead: ({ context, event }) =>
      (event.type === 'election' || event.type === 'leader') && isDead(context, event.number),
    isOwnNews: ({ context, event }) => event.type === 'leader' && event.node === context.self,
  },
});
export type Acting = { context: Context; event: Event };
export const bury = forNode.assign(({ context, event }) =>
  event.type === 'farewell' ? { dead: [...context.dead.filter((node) => node !== event.from), event.from].sort() } : {},
);
export const follow = forNode.assign(({ event }) => (event.type === 'leader' ? { leader: event.node } : {}));
export const lead = forNode.assign({ leader: ({ context }) => context.self });
export const leaderless = forNode.assign({ leader: null });
export const news = (context: Context) => ({ type: 'leader', node: context.self, number: own(context) });
