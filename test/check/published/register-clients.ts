/**
 * The clients with which the model checker Stateright examines registers (its `actor/register.rs`), and the history of
 * their operations, which is part of its states. Nodes are numbered, servers first: S0, S1, then C2, ... A client writes
 * at the server with its number, modulo how many there are, and when that is done, reads at the next one.
 */
import { setup } from 'xstate';
import {
  effects,
  type Json,
  type JsonObject,
  type Message,
  type NodeInput,
  type NodeView,
  type Property,
} from '../../../src/core/protocol.ts';

/** What a server answers. */
export const answers = ['putOk', 'getOk'];
export const numberOf = (node: string): number => Number(node.slice(1));

interface Client {
  /** its own number, and how many servers there are */
  readonly number: number;
  readonly servers: number;
}
const forClient = setup({
  types: {} as { context: Client; events: Message; input: NodeInput },
  actions: effects,
});
const serverOf = ({ number, servers }: Client, operation: number): string => `S${(number + operation) % servers}`;
const wordOf = ({ number, servers }: Client): string => 'ABCD'[number - servers] as string;
const notes = (item: Json) => ({ type: 'deliver' as const, params: { item } });

export const client = forClient.createMachine({
  context: ({ input: { self, nodes } }) => ({
    number: numberOf(self),
    servers: Object.keys(nodes).filter((id) => id.startsWith('S')).length,
  }),
  initial: 'writing',
  states: {
    writing: {
      entry: [
        { type: 'deliver', params: ({ context }) => ({ item: ['write', wordOf(context)] }) },
        {
          type: 'send',
          params: ({ context }) => ({
            to: serverOf(context, 0),
            message: { type: 'put', request: context.number, value: wordOf(context) },
          }),
        },
      ],
      on: { putOk: { target: 'reading', actions: notes(['written']) } },
    },
    reading: {
      entry: [
        notes(['read']),
        {
          type: 'send',
          params: ({ context }) => ({
            to: serverOf(context, 1),
            message: { type: 'get', request: 2 * context.number },
          }),
        },
      ],
      on: {
        getOk: {
          target: 'done',
          actions: { type: 'deliver', params: ({ event }) => ({ item: ['returned', event.value ?? null] }) },
        },
      },
    },
    done: {},
  },
});

/** Of each client: what it has completed, and what it is at, each with how many operations the others had completed. */
interface Operations extends JsonObject {
  readonly done: Json[];
  readonly now: Json[] | null;
}

export const operations: NonNullable<Property['memory']> = {
  initial: {},
  next: (memory, { node, effect }) => {
    if (effect.type !== 'deliver') return memory;
    const history = memory as Record<string, Operations>;
    const { done, now } = history[node] ?? { done: [], now: null };
    const [what, value = null] = effect.item as Json[];
    if (now !== null) return { ...history, [node]: { done: [...done, [...now, value]], now: null } };
    const before = Object.entries(history).map(([other, theirs]) => [other, theirs.done.length] as const);
    const seen = Object.fromEntries(before.filter(([other, count]) => other !== node && count > 0));
    return { ...history, [node]: { done, now: [seen, what as Json, value] } };
  },
};

export const valuesRead = (nodes: readonly NodeView[]): Json[] =>
  nodes.flatMap(({ delivered }) =>
    delivered.flatMap((item) => {
      const [what, value = null] = item as Json[];
      return what === 'returned' ? [value] : [];
    }),
  );
