/** Small protocols made at random: the explorer and the slow one must find the same. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { setup } from 'xstate';
import { explore } from '../../src/check/explore.ts';
import { defineProtocol, effects, type Protocol } from '../../src/core/protocol.ts';
import { scenarioOf } from './made.ts';
import { exploreSlowly } from './reference.ts';

const states = ['s0', 's1', 's2'];
const kinds = ['a', 'b'];
const target = fc.constantFrom(...states);
/** what a transition does besides: send a message, decide, write, or nothing */
const action = fc.oneof(
  fc.constantFrom(...kinds).map((type) => ({ type: 'broadcast', params: { message: { type } } })),
  fc.integer({ min: 0, max: 1 }).map((value) => ({ type: 'decide', params: { value } })),
  fc.integer({ min: 0, max: 1 }).map((value) => ({ type: 'persist', params: { key: 'k', value } })),
);
const transition = fc.record({ target, actions: fc.array(action, { maxLength: 2 }) });
const state = fc.record({ on: fc.record({ a: transition, b: transition }), after: fc.record({ t: transition }) });
const machine = fc.record({ s0: state, s1: state, s2: state });

const protocolOf = (chart: unknown): Protocol =>
  defineProtocol({
    id: 'random',
    title: 'random',
    source: 'none',
    problem: 'none',
    roles: {
      node: setup({ actions: effects as never, delays: { t: 10 } }).createMachine({
        initial: 's0',
        states: chart,
      } as never) as never,
    },
    messages: kinds,
    properties: [
      {
        name: 'both-decided',
        kind: 'sometimes',
        clauses: {},
        reads: ['decisions'],
        test: ({ nodes }) => nodes.every(({ decisions }) => decisions.length > 0),
      },
      {
        name: 'both-in-s2',
        kind: 'sometimes',
        clauses: {},
        test: ({ nodes }) => nodes.every(({ path }) => path === 's2'),
      },
    ],
  });

test('random protocols have the same states, transitions, depth and verdicts both ways', async () => {
  const budget = fc.record({
    crash: fc.integer({ min: 0, max: 1 }),
    restart: fc.integer({ min: 0, max: 1 }),
    drop: fc.integer({ min: 0, max: 1 }),
    duplicate: fc.integer({ min: 0, max: 1 }),
    partition: fc.integer({ min: 0, max: 1 }),
  });
  const order = fc.constantFrom('unordered' as const, 'fifo' as const);
  await fc.assert(
    fc.asyncProperty(machine, budget, order, fc.boolean(), async (chart, budget, order, drop) => {
      const protocol = protocolOf(chart);
      const depth = 5;
      const plain = scenarioOf({ protocol: 'random', nodes: { A: 'node', B: 'node' }, budget });
      const partition = { type: 'partition' as const, groups: [['A'], ['B']], drop };
      const network = { ...plain.network, order };
      const scenario = { ...plain, network, faults: [{ at: 0, fault: partition }] };
      const fast = await explore({ ...scenario, constraint: { depth } }, protocol);
      const slow = exploreSlowly(scenario, protocol, false, depth);
      const reached = fast.properties.flatMap(({ name, verdict }) => (verdict === 'holds' ? [name] : []));
      assert.deepEqual(
        [fast.states, fast.transitions, fast.depth, reached.sort()],
        [slow.states, slow.transitions, slow.depth, slow.reached],
      );
    }),
    { numRuns: 60 },
  );
});
