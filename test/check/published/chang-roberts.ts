/**
 * The leader election of Chang and Roberts on a ring, as in the TLA+ examples (S. Merz; `chang_roberts`, three nodes):
 * a node that takes part sends its number to the next; of the numbers that arrive it passes on those below its own, and
 * whoever gets its own number back has won. Which nodes take part is chosen at the beginning. Published, over all eight
 * choices together: 137 states, 227 generated, depth 10. A message is consumed by an action: `--if-taken` here.
 */
import { enqueueActions, setup } from 'xstate';
import { defineProtocol, effects, type Message, type NodeInput, type Protocol } from '../../../src/core/protocol.ts';
import type { Scenario } from '../../../src/core/scenario.ts';
import { scenarioOf } from '../made.ts';

interface Node {
  readonly own: number;
  readonly next: string;
  readonly takesPart: boolean;
  readonly standing: 'candidate' | 'lost' | 'won';
}
type Parameters = { readonly takesPart: Readonly<Record<string, boolean>> };

const forNode = setup({
  types: {} as { context: Node; events: Message; input: NodeInput<Parameters> },
  actions: effects,
});
const passes = (context: Node, number: number) =>
  ({ type: 'send', params: { to: context.next, message: { type: 'number', number } } }) as never;
const begins = enqueueActions(({ context, enqueue }) => {
  const node = context as Node;
  if (node.takesPart) enqueue(passes(node, node.own));
}) as never;
const compares = enqueueActions(({ context, event, enqueue }) => {
  const node = context as Node;
  const number = (event as Message).number as number;
  if (node.standing === 'lost' || number < node.own) {
    enqueue.assign({ standing: 'lost' });
    enqueue(passes(node, number));
  } else if (number === node.own) enqueue.assign({ standing: 'won' });
}) as never;

const machine = forNode.createMachine({
  context: ({ input: { self, nodes, parameters } }) => {
    const ids = Object.keys(nodes);
    const at = ids.indexOf(self);
    const takesPart = parameters.takesPart[self] ?? false;
    const next = ids[(at + 1) % ids.length] as string;
    return { own: at, next, takesPart, standing: takesPart ? 'candidate' : 'lost' };
  },
  initial: 'asleep',
  states: {
    asleep: { on: { begin: { target: 'awake', actions: begins } } },
    awake: { on: { number: { actions: compares } } },
  },
});

export const changRoberts: Protocol = defineProtocol({
  id: 'chang-roberts',
  title: 'Election on a ring, as in TLA+',
  roles: { node: machine as never },
  messages: ['number'],
  inputs: ['begin'],
  parameters: { takesPart: { kind: 'per-node', of: false } },
  properties: [
    {
      name: 'one-winner',
      kind: 'always',
      clauses: {},
      reads: ['states'],
      test: ({ nodes }) =>
        nodes.filter(({ context }) => context.standing === 'won').length < 2 || { why: 'two have won' },
    },
  ],
});

/** @param takesPart of each node */
export function changRobertsScenario(takesPart: readonly boolean[]): Scenario {
  const ids = takesPart.map((_, i) => `N${i + 1}`);
  return scenarioOf({
    protocol: 'chang-roberts',
    nodes: Object.fromEntries(ids.map((id) => [id, 'node'])),
    parameters: { takesPart: Object.fromEntries(ids.map((id, i) => [id, takesPart[i] as boolean])) },
    inputs: ids.map((id) => ({ atMs: 0, node: id, input: 'begin', data: {}, anytime: true })),
  });
}

/** For threads, which find protocols by their files. */
export default changRoberts;
