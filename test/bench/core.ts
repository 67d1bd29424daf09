/** The core in process, against bare XState: the same machine, the same events, `machine.transition` with a cached scope. */
import { type AnyStateMachine, assign, setup } from 'xstate';
import { defineProtocol, effects, type NodeInput, type Protocol } from '../../src/core/protocol.ts';
import { createRun, runToEnd } from '../../src/core/run.ts';
import type { Scenario } from '../../src/core/scenario.ts';
import { chatterScenario } from '../fixtures/chatter.ts';
import { byTurns, type Figure, figure, perSecond } from './measure.ts';

const events = 100_000;

/** A token goes round four nodes for ever; the others only listen. Traffic is the same however many nodes there are. */
const ring = setup({
  types: {} as {
    context: { rounds: number; next: string };
    events: { type: 'token'; from: string; lap: number } | { type: 'go' };
    input: NodeInput;
  },
  actions: effects,
  guards: { mine: ({ context }) => context.rounds >= 0 },
}).createMachine({
  id: 'ring',
  initial: 'idle',
  context: ({ input }) => ({ rounds: 0, next: `N${(Number(input.self.slice(1)) + 1) % 4}` }),
  states: {
    idle: {
      on: {
        go: {
          target: 'busy',
          actions: {
            type: 'send',
            params: ({ context }) => ({ to: context.next, message: { type: 'token', lap: 0 } }),
          },
        },
        token: { guard: 'mine', target: 'busy', actions: pass() },
      },
    },
    busy: { on: { token: { guard: 'mine', target: 'idle', actions: pass() } } },
  },
});

function pass() {
  return [
    assign({ rounds: ({ context }: { context: { rounds: number } }) => context.rounds + 1 }),
    {
      type: 'send' as const,
      params: ({ context, event }: { context: { next: string }; event: { type: string; lap?: number } }) => ({
        to: context.next,
        message: { type: 'token', lap: (event.lap ?? 0) + 1 },
      }),
    },
  ] as never;
}

export const ringProtocol: Protocol = defineProtocol({
  id: 'ring',
  roles: { talker: ring },
  messages: { token: { fields: { lap: 'number' } } },
  inputs: ['go'],
  properties: [
    {
      name: 'ring/one-token',
      kind: 'always',
      clauses: { one: 'At most one node is handling the token at a time.' },
      reads: ['decisions'],
      test: (view) => view.nodes.every(({ decisions }) => decisions.length === 0),
    },
  ],
});

export const ringScenario = (nodes: number): Scenario =>
  chatterScenario(nodes, {
    protocol: 'ring',
    parameters: {},
    inputs: [{ atMs: 0, node: 'N0', input: 'go', data: {} }],
    network: { latency: { kind: 'uniform', minMs: 10, maxMs: 30 }, order: 'unordered', loss: 0, duplicate: 0 },
    untilMs: Number.MAX_SAFE_INTEGER,
  });

const nothing = (): void => {};

/** Bare XState: the same transitions with one inert scope, and nothing else. */
function bareXState(): number {
  const machine = ring as unknown as AnyStateMachine;
  const ref = { id: 'n', sessionId: 'n', send: nothing };
  const scope = {
    self: ref,
    id: 'n',
    sessionId: 'n',
    logger: nothing,
    defer: nothing,
    emit: nothing,
    stopChild: nothing,
    system: { _sendInspectionEvent: nothing, scheduler: {}, get: nothing },
    actionExecutor: nothing,
  } as never;
  const input = { self: 'N0', role: 'talker', nodes: { N0: 'talker' }, parameters: {}, stable: {} };
  let snapshot = machine.getInitialSnapshot(scope, input);
  return perSecond(events, () => {
    for (let i = 0; i < events; i++)
      snapshot = machine.transition(snapshot, { type: 'token', from: 'N1', lap: i }, scope);
  });
}

function inProcess(nodes: number): number {
  const run = createRun(ringScenario(nodes), ringProtocol);
  return perSecond(events, () => {
    runToEnd(run, Number.MAX_SAFE_INTEGER, events);
  });
}

export function benchCore(): Figure[] {
  bareXState();
  inProcess(4);
  return [
    figure(
      'in process, 5 nodes',
      'events/s',
      'at least half of bare XState',
      byTurns(5, () => inProcess(5), bareXState),
    ),
    figure(
      'in process, 64 nodes for the same traffic',
      'events/s',
      'at least half of 4 nodes',
      byTurns(
        5,
        () => inProcess(64),
        () => inProcess(4),
      ),
    ),
  ];
}

if (process.argv[1]?.endsWith('core.ts')) console.table(benchCore());
