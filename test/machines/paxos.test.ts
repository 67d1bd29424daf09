import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ballotOf, quorumOf, roundAbove } from '../../machines/paxos/words.ts';
import paxos from '../../machines/paxos.ts';
import type { JsonObject } from '../../src/core/protocol.ts';
import type { Scenario } from '../../src/core/scenario.ts';
import type { TraceEvent } from '../../src/core/world.ts';
import { inputOf, nodesOf, runScenario, scenarioOf, violations, walk } from './drive.ts';

const crowd = (proposers: number, acceptors: number, learners = 1) =>
  nodesOf({ P: ['proposer', proposers], A: ['acceptor', acceptors], L: ['learner', learners] });
const propose = (node: string, value: string) => inputOf(node, 'propose', { value });
const proposeAt = (atMs: number, node: string, value: string) => ({ atMs, node, input: 'propose', data: { value } });
const numbers = (length: number) => fc.array(fc.nat(), { minLength: length, maxLength: length });

test('an undisturbed ballot costs what is published', () => {
  for (let acceptors = 1; acceptors <= 9; acceptors++) {
    for (const learners of [1, 3]) {
      const scenario = scenarioOf(paxos, crowd(1, acceptors, learners), {}, { inputs: [proposeAt(0, 'P1', 'X')] });
      const { world } = runScenario(paxos, scenario);
      for (const cost of paxos.costs ?? []) {
        const roles = { proposer: 1, acceptor: acceptors, learner: learners };
        assert.equal(cost.measured(world.costs), cost.expected(roles, scenario.parameters), cost.name);
      }
    }
  }
});

test('ballots never collide, and the next round is the lowest that is higher', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), fc.nat(8), fc.nat(500), (proposers, place, ballot) => {
      const index = place % proposers;
      const round = roundAbove(ballot, index, proposers);
      assert.ok(ballotOf(round, index, proposers) > ballot);
      assert.ok(round === 1 || ballotOf(round - 1, index, proposers) <= ballot);
      const owners = new Set(Array.from({ length: proposers }, (_, i) => ballotOf(round, i, proposers)));
      assert.equal(owners.size, proposers);
    }),
  );
});

test('two majorities always meet; two halves of an even number do not', () => {
  for (let n = 1; n <= 9; n++) assert.ok(2 * quorumOf(n, 'majority') > n);
  assert.ok(2 * quorumOf(4, 'half') <= 4);
});

const shapes: readonly (readonly [string, Scenario['nodes']])[] = [
  ['two proposers, three acceptors', crowd(2, 3, 2)],
  ['three proposers, four acceptors', crowd(3, 4, 1)],
];
const wishes = (nodes: Scenario['nodes']) =>
  Object.keys(nodes)
    .filter((id) => nodes[id] === 'proposer')
    .map((id) => propose(id, `value of ${id}`));

for (const [name, nodes] of shapes) {
  test(`${name}: no schedule of crashes, restarts, losses and duplicates has two values chosen`, () => {
    let chosen = 0;
    fc.assert(
      fc.property(numbers(220), (schedule) => {
        const world = walk(paxos, scenarioOf(paxos, nodes), schedule, { inputs: wishes(nodes) });
        assert.deepEqual(violations(world), []);
        if (world.properties.some(({ property, settledAt }) => property.name === 'paxos/chosen' && settledAt !== null))
          chosen += 1;
      }),
      { numRuns: 250 },
    );
    assert.ok(chosen > 25, `the schedules must often choose something, or they prove nothing: ${chosen} of 250`);
  });
}

test('an acceptor never promises a lower ballot, nor accepts below a promise, not even after a crash', () => {
  fc.assert(
    fc.property(numbers(200), (schedule) => {
      const promised = new Map<string, number>();
      const watch = (events: readonly TraceEvent[]): void => {
        for (const { node, effects } of events) {
          for (const effect of effects) {
            if (effect.type !== 'send' || node === null) continue;
            const ballot = Number(effect.message.ballot);
            const floor = promised.get(node) ?? 0;
            if (effect.message.type === 'promise')
              assert.ok(ballot > floor, `${node} promises ${ballot} after ${floor}`);
            else if (effect.message.type === 'accepted') assert.ok(ballot >= floor, `${node} accepts ${ballot}`);
            else continue;
            promised.set(node, ballot);
          }
        }
      };
      walk(paxos, scenarioOf(paxos, crowd(2, 3)), schedule, { inputs: wishes(crowd(2, 3)), watch });
    }),
    { numRuns: 150 },
  );
});

test('a proposer never asks for two values in one ballot, not even after a crash in mid-broadcast', () => {
  fc.assert(
    fc.property(numbers(200), fc.integer({ min: 1, max: 6 }), (schedule, afterSends) => {
      const asked = new Map<string, string>();
      const watch = (events: readonly TraceEvent[]): void => {
        for (const { effects } of events) {
          for (const effect of effects) {
            if (effect.type !== 'send' || effect.message.type !== 'accept') continue;
            const ballot = String(effect.message.ballot);
            const value = String(effect.message.value);
            assert.equal(asked.get(ballot) ?? value, value, `ballot ${ballot}`);
            asked.set(ballot, value);
          }
        }
      };
      const faults = [{ at: 0, fault: { type: 'crash', node: 'P1', afterSends } }] as const;
      const scenario = scenarioOf(paxos, crowd(2, 3), {}, { faults });
      const world = walk(paxos, scenario, schedule, { inputs: wishes(crowd(2, 3)), watch });
      assert.deepEqual(violations(world), []);
    }),
    { numRuns: 150 },
  );
});

/** The stated number: so many random schedules, from a fixed seed, are enough to catch each mistake. */
const schedulesEnough = 400;
const mistakes: readonly (readonly [JsonObject, Scenario['nodes']])[] = [
  [{ quorum: 'half' }, crowd(2, 4)],
  [{ stablePromises: false }, crowd(2, 3)],
  [{ ignoreAccepted: true }, crowd(2, 3)],
];
for (const [parameters, nodes] of mistakes) {
  test(`${JSON.stringify(parameters)} has two values chosen within ${schedulesEnough} random schedules`, () => {
    const found = fc.check(
      fc.property(numbers(220), (schedule) => {
        const world = walk(paxos, scenarioOf(paxos, nodes, parameters), schedule, { inputs: wishes(nodes) });
        return !violations(world).some((text) => text.startsWith('paxos/one-chosen'));
      }),
      { seed: 1, numRuns: schedulesEnough, endOnFailure: true },
    );
    assert.ok(found.failed);
  });
}

test('every wrong variant that the protocol lists is one that is caught here', () => {
  assert.deepEqual(
    paxos.wrongVariants?.map(({ parameters }) => parameters),
    mistakes.map(([parameters]) => parameters),
  );
});

const duel = (untilMs: number, parameters: JsonObject = {}) =>
  runScenario(
    paxos,
    scenarioOf(
      paxos,
      crowd(2, 3),
      { retryTimeout: 50, ...parameters },
      {
        network: { latency: { kind: 'uniform', minMs: 18, maxMs: 22 }, order: 'unordered', loss: 0, duplicate: 0 },
        inputs: [proposeAt(0, 'P1', 'X'), proposeAt(30, 'P2', 'Y')],
        untilMs,
      },
    ),
  );

test('two duelling proposers pre-empt each other k times, for every k', () => {
  for (const k of [2, 10, 100, 400]) {
    const { verdicts, world } = duel(25 * (k + 4));
    assert.equal(verdicts['paxos/chosen'], 'not reached');
    const highest = Math.max(...world.nodes.map(({ context }) => Number(context.ballot ?? 0)));
    assert.ok(highest >= k, `only ${highest} ballots`);
  }
});

test('a duel ends when one of the two waits longer after each failure', () => {
  const { verdicts, quiet } = duel(20_000, { backoff: 40 });
  assert.ok(quiet);
  assert.equal(verdicts['consensus/termination'], 'holds');
});

test('a proposer stops after its last round', () => {
  const { quiet, world } = runScenario(
    paxos,
    scenarioOf(
      paxos,
      crowd(1, 3),
      { maxRound: 3 },
      {
        inputs: [proposeAt(0, 'P1', 'X')],
        faults: [
          { at: 0, fault: { type: 'crash', node: 'A1' } },
          { at: 0, fault: { type: 'crash', node: 'A2' } },
        ],
      },
    ),
  );
  assert.ok(quiet);
  assert.equal(world.costs.byKind.prepare, 9);
});

test('a proposer that restarts goes on with its value and a higher ballot', () => {
  const { decisions, world } = runScenario(
    paxos,
    scenarioOf(
      paxos,
      crowd(1, 3),
      {},
      {
        inputs: [proposeAt(0, 'P1', 'X')],
        faults: [
          { when: { node: 'P1', on: 'enters', what: 'accepting', nth: 1 }, fault: { type: 'crash', node: 'P1' } },
          { at: 1000, fault: { type: 'restart', node: 'P1' } },
        ],
      },
    ),
  );
  assert.deepEqual(decisions.P1, ['X']);
  assert.deepEqual(world.nodes[0]?.stable.attempt, { ballot: 2, value: 'X' });
});

test('what a proposer that is down was asked to propose is not proposed, and nothing has to be decided', () => {
  const crash = { at: 0, fault: { type: 'crash', node: 'P1' } } as const;
  const restart = { at: 500, fault: { type: 'restart', node: 'P1' } } as const;
  const inputs = [proposeAt(100, 'P1', 'X')];
  const lost = runScenario(paxos, scenarioOf(paxos, crowd(1, 3), {}, { inputs, faults: [crash, restart] }));
  assert.deepEqual(lost.world.inputs, []);
  assert.equal(lost.verdicts['consensus/termination'], 'holds');
  const paused = [
    { at: 0, fault: { type: 'pause', node: 'P1' } },
    { at: 500, fault: { type: 'resume', node: 'P1' } },
  ] as const;
  const late = runScenario(paxos, scenarioOf(paxos, crowd(1, 3), {}, { inputs, faults: paused }));
  assert.deepEqual(late.decisions.P1, ['X'], 'an input waits for a node that sleeps');
});
