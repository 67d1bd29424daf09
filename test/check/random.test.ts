/** Small protocols made at random: the explorer and the slow one must find the same. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { setup } from 'xstate';
import { type Exploration, explore } from '../../src/check/explore.ts';
import { CheckError, networkNames } from '../../src/check/model.ts';
import { defineProtocol, effects, type Happened, type Json, type Protocol } from '../../src/core/protocol.ts';
import { scenarioOf } from './made.ts';
import { exploreSlowly } from './reference.ts';

const states = ['s0', 's1', 's2'];
const kinds = ['a', 'b'];
const target = fc.constantFrom(...states);
/** what a transition does besides: send a message to the others or to A (that may be itself), decide, write, or nothing */
const action = fc.oneof(
  fc.constantFrom(...kinds).map((type) => ({ type: 'broadcast', params: { message: { type } } })),
  fc.constantFrom(...kinds).map((type) => ({ type: 'send', params: { to: 'A', message: { type } } })),
  fc.integer({ min: 0, max: 1 }).map((value) => ({ type: 'decide', params: { value } })),
  fc.integer({ min: 0, max: 1 }).map((value) => ({ type: 'persist', params: { key: 'k', value } })),
);
const transition = fc.record({ target, actions: fc.array(action, { maxLength: 2 }) });
/** not every message is taken in every state */
const taken = fc.record({ a: transition, b: transition }, { requiredKeys: ['a'] });
const state = fc.record({ on: taken, after: fc.record({ t: transition }) });
const machine = fc.record({ s0: state, s1: state, s2: state });

const budgets = fc.record({
  crash: fc.integer({ min: 0, max: 1 }),
  restart: fc.integer({ min: 0, max: 1 }),
  drop: fc.integer({ min: 0, max: 1 }),
  duplicate: fc.integer({ min: 0, max: 1 }),
  partition: fc.integer({ min: 0, max: 1 }),
});

/** B's writes count after A's only: a history that depends on the order of steps of different nodes. */
const writers = (memory: Json, { node, effect }: Happened): Json => {
  if (effect.type !== 'persist') return memory;
  if (node === 'A') return memory === '' ? 'A' : memory;
  return memory === 'A' ? 'AB' : memory;
};

/** traitors of the script, by whom and in what they lie */
const liar = { type: 'traitor' as const, node: 'A', behaviour: 'silent' as const };
const liars = {
  A: liar,
  'A, in one kind': { ...liar, kinds: ['a'] },
  'A, to itself only': { ...liar, targets: ['A'] },
};

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
    inputs: kinds,
    lies: { a: (honest) => [{ ...honest, type: 'b' }] },
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
      {
        name: 'all-decide',
        kind: 'eventually',
        clauses: {},
        test: ({ nodes }) => nodes.every(({ decisions }) => decisions.length > 0),
      },
      {
        name: 'writes-late',
        kind: 'sometimes',
        clauses: {},
        memory: { initial: '', next: writers },
        test: (view, memory) => memory === 'A' && view.node('B').stable.k !== undefined,
      },
    ],
  });

/** Late and repeated inputs, which the machines take as they take messages; and who is a traitor. */
const surroundings = fc.record({
  network: fc.constantFrom(...networkNames),
  model: fc.constantFrom('asynchronous' as const, 'synchronous' as const),
  inputs: fc.array(fc.record({ input: fc.constantFrom(...kinds), anytime: fc.boolean() }), { maxLength: 2 }),
  traitors: fc.constantFrom('none', 'one of the budget', ...(Object.keys(liars) as (keyof typeof liars)[])),
  drop: fc.boolean(),
  /** messages wait until they are taken */
  waits: fc.boolean(),
});

test('random protocols have the same states, transitions, depth and verdicts both ways', async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(machine, budgets, surroundings, async (chart, budget, around) => {
      const { network, model, traitors, drop } = around;
      const options = { network, ifTaken: around.waits && model === 'asynchronous' };
      // messages that are never consumed do not go with rounds
      fc.pre(model === 'asynchronous' || network !== 'set');
      const protocol = protocolOf(chart);
      const depth = 5;
      const scenario = {
        ...scenarioOf({ protocol: 'random', nodes: { A: 'node', B: 'node' } }),
        model,
        budget: { ...budget, traitor: traitors === 'one of the budget' ? 1 : 0 },
        inputs: around.inputs.map(({ input, anytime }, i) => ({ atMs: 1 + i, node: 'B', input, data: {}, anytime })),
        faults: [
          { at: 0, fault: { type: 'partition' as const, groups: [['A'], ['B']], drop } },
          ...(traitors in liars ? [{ at: 0, fault: liars[traitors as keyof typeof liars] }] : []),
        ],
      };
      const fast = await explore({ ...scenario, constraint: { depth } }, protocol, options);
      const slow = exploreSlowly(scenario, protocol, false, depth, undefined, options);
      const reached = fast.properties.flatMap(({ name, kind, verdict }) =>
        kind === 'sometimes' && verdict === 'holds' ? [name] : [],
      );
      assert.deepEqual(
        [fast.states, fast.transitions, fast.depth, reached.sort()],
        [slow.states, slow.transitions, slow.depth, slow.reached],
      );
      compared += fast.states;
    }),
    { numRuns: 100 },
  );
  assert.ok(compared > 1000, `${compared} states are too few to say anything`);
});

/** null: no two nodes are alike. */
async function exploreNameless(...[scenario, protocol, options]: Required<Parameters<typeof explore>>) {
  try {
    return await explore(scenario, protocol, { ...options, reductions: new Set(['symmetry']) });
  } catch (error) {
    if (error instanceof CheckError) return null;
    throw error;
  }
}

test('reductions change no verdict of a random protocol; partial order not even the states and the depth', async () => {
  let symmetric = 0;
  const network = fc.constantFrom('unordered' as const, 'duplicating' as const, 'set' as const);
  await fc.assert(
    fc.asyncProperty(machine, budgets, network, fc.boolean(), async (chart, budget, network, ifTaken) => {
      const options = { network, ifTaken };
      const protocol = protocolOf(chart);
      // without a bound on the depth, what may go on for ever shows as well
      const [nodes, constraint] =
        network === 'set' ? [{ A: 'node', B: 'node' }, {}] : [{ A: 'node', B: 'node', C: 'node' }, { depth: 5 }];
      const faults = [
        { at: 0, fault: { type: 'partition' as const, groups: [['A'], Object.keys(nodes).slice(1)], drop: true } },
      ];
      const scenario = { ...scenarioOf({ protocol: 'random', nodes, budget, faults }), constraint };
      const verdicts = ({ properties }: Exploration) => properties.map(({ verdict }) => verdict);
      const plain = await explore(scenario, protocol, options);
      const por = await explore(scenario, protocol, { ...options, reductions: new Set(['por']) });
      assert.deepEqual(
        [por.states, por.depth, por.ends, verdicts(por)],
        [plain.states, plain.depth, plain.ends, verdicts(plain)],
      );
      assert.ok(por.transitions <= plain.transitions);
      const noop = await explore(scenario, protocol, { ...options, reductions: new Set(['noop']) });
      assert.ok(noop.states <= plain.states);
      // without deliveries that change nothing, an end may come that a bound on the depth otherwise hides
      const asFar = verdicts(noop).map((verdict, i) => (verdicts(plain)[i] === 'unknown' ? 'unknown' : verdict));
      assert.deepEqual(asFar, verdicts(plain));
      const both = await explore(scenario, protocol, { ...options, reductions: new Set(['noop', 'por']) });
      assert.deepEqual([both.states, both.depth, verdicts(both)], [noop.states, noop.depth, verdicts(noop)]);
      // B and C are alike, unless a crash cuts off what A tells them
      const nameless = await exploreNameless(scenario, protocol, options);
      if (nameless === null) return;
      symmetric += 1;
      assert.deepEqual([nameless.depth, verdicts(nameless)], [plain.depth, verdicts(plain)]);
      assert.ok(nameless.states <= plain.states && 2 * nameless.states >= plain.states);
    }),
    { numRuns: 60 },
  );
  assert.ok(symmetric >= 5, `symmetry was possible only ${symmetric} times`);
});
