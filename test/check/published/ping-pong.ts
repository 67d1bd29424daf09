/**
 * Two actors that count up to a limit, of Stateright's own tests (`actor/actor_test_util.rs` and `actor/model.rs`): each
 * message carries the number that is due, any other is ignored. Published: up to 5, on a network that loses and
 * doubles, 4,094 states; up to 1, 14; up to 5 without losses, 11.
 */
import { setup } from 'xstate';
import { defineProtocol, effects, type Message, type NodeInput, type Protocol } from '../../../src/core/protocol.ts';
import type { Scenario } from '../../../src/core/scenario.ts';
import { scenarioOf } from '../made.ts';

interface Counter {
  readonly count: number;
}
const forPlayer = setup({
  types: {} as { context: Counter; events: Message & { from: string }; input: NodeInput },
  actions: effects,
  guards: { isDue: ({ context, event }) => event.value === context.count },
});
const up = forPlayer.assign({ count: ({ context }) => context.count + 1 });
/** says to the other what it has counted, plus so much */
const says = (type: string, plus: number) => ({
  type: 'send' as const,
  params: ({ event }: { event: Message & { from: string } }) => ({
    to: event.from,
    message: { type, value: (event.value as number) + plus },
  }),
});

const pinger = forPlayer.createMachine({
  context: { count: 0 },
  entry: { type: 'send', params: { to: 'B', message: { type: 'ping', value: 0 } } },
  on: { pong: { guard: 'isDue', actions: [up, says('ping', 1)] } },
});
const ponger = forPlayer.createMachine({
  context: { count: 0 },
  on: { ping: { guard: 'isDue', actions: [up, says('pong', 0)] } },
});

export const pingPong: Protocol = defineProtocol({
  id: 'ping-pong',
  title: 'Ping-pong, as in Stateright',
  roles: { pinger: pinger as never, ponger: ponger as never },
  messages: ['ping', 'pong'],
  properties: [
    {
      name: 'within-one',
      kind: 'always',
      clauses: {},
      reads: ['states'],
      test: ({ nodes }) => {
        const [a = 0, b = 0] = nodes.map(({ context }) => context.count as number);
        return Math.abs(a - b) <= 1 || { why: 'one has counted further than the other by more than one' };
      },
    },
  ],
});

export function pingPongScenario(limit: number, loss: number): Scenario {
  const plain = scenarioOf({ protocol: 'ping-pong', nodes: { A: 'pinger', B: 'ponger' } });
  return { ...plain, network: { ...plain.network, loss }, constraint: { context: { count: limit } } };
}
