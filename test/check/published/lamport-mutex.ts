/**
 * Lamport's mutual exclusion with logical clocks, as in the TLA+ examples (S. Merz; `lamport_mutex`, three processes,
 * clocks up to 6): fifo channels, a request carries the clock, whoever has everybody's acknowledgement and the smallest
 * request may enter. Published: 724,274 states, 2,729,079 generated (those beyond the bound on the clocks among them),
 * depth 61.
 */
import { setup } from 'xstate';
import { defineProtocol, effects, type Message, type NodeInput, type Protocol } from '../../../src/core/protocol.ts';
import type { Scenario } from '../../../src/core/scenario.ts';
import { scenarioOf } from '../made.ts';

interface Process {
  readonly self: string;
  readonly clock: number;
  /** of each process: the clock of its request; 0: it has none */
  readonly requests: Readonly<Record<string, number>>;
  readonly acknowledged: readonly string[];
  readonly isInside: boolean;
}

const ownRequest = ({ self, requests }: Process): number => requests[self] as number;
const isFirst = (process: Process): boolean =>
  Object.entries(process.requests).every(([other, theirs]) => {
    const own = ownRequest(process);
    return other === process.self || theirs === 0 || own < theirs || (own === theirs && process.self < other);
  });

const forProcess = setup({
  types: {} as { context: Process; events: Message & { from: string }; input: NodeInput },
  actions: effects,
  guards: {
    wantsNothing: ({ context }) => ownRequest(context) === 0,
    mayEnter: ({ context }) => context.acknowledged.length === Object.keys(context.requests).length && isFirst(context),
    isInside: ({ context }) => context.isInside,
  },
});
const process = forProcess.createMachine({
  context: ({ input: { self, nodes } }) => ({
    self,
    clock: 1,
    requests: Object.fromEntries(Object.keys(nodes).map((id) => [id, 0])),
    acknowledged: [],
    isInside: false,
  }),
  on: {
    ask: {
      guard: 'wantsNothing',
      actions: [
        { type: 'broadcast', params: ({ context }) => ({ message: { type: 'request', clock: context.clock } }) },
        forProcess.assign(({ context: { self, clock, requests } }) => ({
          requests: { ...requests, [self]: clock },
          acknowledged: [self],
        })),
      ],
    },
    enter: { guard: 'mayEnter', actions: forProcess.assign({ isInside: true }) },
    leave: {
      guard: 'isInside',
      actions: [
        { type: 'broadcast', params: { message: { type: 'release' } } },
        forProcess.assign(({ context: { self, requests } }) => ({
          isInside: false,
          acknowledged: [],
          requests: { ...requests, [self]: 0 },
        })),
      ],
    },
    request: {
      actions: [
        { type: 'send', params: ({ event }) => ({ to: event.from, message: { type: 'acknowledge' } }) },
        forProcess.assign(({ context: { clock, requests }, event }) => ({
          clock: Math.max(clock, event.clock as number) + 1,
          requests: { ...requests, [event.from]: event.clock as number },
        })),
      ],
    },
    acknowledge: {
      actions: forProcess.assign({
        acknowledged: ({ context, event }) => [...new Set([...context.acknowledged, event.from])].sort(),
      }),
    },
    release: {
      actions: forProcess.assign({ requests: ({ context, event }) => ({ ...context.requests, [event.from]: 0 }) }),
    },
  },
});

export const lamportMutex: Protocol = defineProtocol({
  id: 'lamport-mutex',
  title: 'Mutual exclusion, as in TLA+',
  roles: { process: process as never },
  messages: ['request', 'acknowledge', 'release'],
  inputs: ['ask', 'enter', 'leave'],
  properties: [
    {
      name: 'mutual-exclusion',
      kind: 'always',
      clauses: {},
      reads: ['states'],
      test: ({ nodes }) => nodes.filter(({ context }) => context.isInside).length < 2 || { why: 'two are inside' },
    },
  ],
});

export function lamportMutexScenario(processes: number, clock: number): Scenario {
  const ids = Array.from({ length: processes }, (_, i) => `P${i + 1}`);
  const plain = scenarioOf({ protocol: 'lamport-mutex', nodes: Object.fromEntries(ids.map((id) => [id, 'process'])) });
  return {
    ...plain,
    network: { ...plain.network, order: 'fifo' },
    constraint: { context: { clock } },
    inputs: ids.flatMap((node) =>
      ['ask', 'enter', 'leave'].map((input) => ({ atMs: 0, node, input, data: {}, anytime: true })),
    ),
  };
}
