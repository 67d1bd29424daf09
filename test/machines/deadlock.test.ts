import assert from 'node:assert/strict';
import { test } from 'node:test';
import deadlock from '../../machines/deadlock.ts';
import { circleFrom } from '../../src/core/problems/deadlock.ts';
import type { JsonObject } from '../../src/core/protocol.ts';
import type { Scenario } from '../../src/core/scenario.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { nodesOf, runScenario, scenarioOf } from './drive.ts';
import { tried, verdictIn } from './lessons.ts';
import { dice, tally } from './storms.ts';
import { runsOr } from './treason.ts';

const nodes = (processes: number, resources: number) =>
  nodesOf({ P: ['process', processes], R: ['resource', resources], D: 'detector' });
/** A very high rate of locking, a slow release now and then, and a detector that looks often. */
const busy =
  (parameters: JsonObject, order: 'fifo' | 'unordered' = 'fifo') =>
  (seed: number): Scenario => {
    const { below } = dice(seed);
    const latency = { kind: 'uniform', minMs: 5, maxMs: 40 } as const;
    const slow = { type: 'delay', kind: 'release', byMs: 50 + below(300), count: 1 + below(3) } as const;
    return scenarioOf(
      deadlock,
      nodes(2 + below(2), 2 + below(2)),
      { steps: 8, think: 20, period: 30, rounds: 8, ...parameters },
      {
        seed,
        failures: 'crash-stop',
        network: { latency, order, loss: 0, duplicate: 0 },
        faults: [{ at: below(200), fault: slow }],
      },
    );
  };

test('a detector’s round costs 2(n-1) messages by polling, n(n-1) markers and n-1 answers by snapshot', () => {
  for (let n = 3; n <= 10; n++)
    for (const detector of ['poll', 'snapshot']) {
      const scenario = scenarioOf(deadlock, nodes(n - 2, 1), { detector, rounds: 3, steps: 3 }, {});
      const { world } = runScenario(deadlock, scenario);
      const [cost] = deadlock.costs ?? [];
      const roles = { process: n - 2, resource: 1, detector: 1 };
      assert.equal(cost?.measured(world.costs), cost?.expected(roles, scenario.parameters), `${detector} ${n}`);
      if (detector === 'snapshot') assert.equal(world.costs.byKind.marker, 3 * n * (n - 1));
    }
});

test('the snapshot detector has no phantom, and finds what is there', () => {
  // a last round long after everything has come to rest
  const { violated, holds, runs } = tally(deadlock, runsOr(200), (seed) =>
    busy({ detector: 'snapshot', rounds: 12, period: seed % 2 === 0 ? 30 : 90 })(seed),
  );
  assert.deepEqual(violated, []);
  const { 'deadlock/occurred': occurred = 0, 'deadlock/reported': reported = 0 } = holds;
  assert.ok(occurred > runs / 20, `${occurred} deadlocks in ${runs} runs`);
  assert.ok(reported > 0.9 * occurred && reported <= occurred, `${reported} of ${occurred} reported`);
});

test('one delayed release gives the polling detector a phantom, whatever the seed', async () => {
  for (let seed = 0; seed < 20; seed++) {
    assert.equal(verdictIn(await tried('phantom-deadlock', seed), 'deadlock/no-phantom'), 'violated');
    const picture = await tried('phantom-deadlock', seed, ['parameters.detector=snapshot']);
    assert.equal(verdictIn(picture, 'deadlock/no-phantom'), 'holds');
    assert.equal(verdictIn(picture, 'deadlock/reported'), 'not reached');
  }
});

test('what is released in the end is granted: after the phantom, B has R1', async () => {
  const { scenario, protocol } = await loadScenario('phantom-deadlock');
  const { world } = runScenario(protocol, scenario);
  assert.deepEqual(world.nodes.find(({ id }) => id === 'B')?.context.holds, ['R2', 'R1']);
});

const enough = 100;
for (const { parameters, breaks } of deadlock.wrongVariants ?? [])
  test(`${JSON.stringify(parameters)} breaks ${breaks} within ${enough} seeds`, () => {
    const { violated } = tally(deadlock, enough, busy(parameters), (run) => run.verdicts[breaks] === 'violated');
    assert.ok(violated.at(-1)?.what.some((what) => what.startsWith(breaks)));
  });

test('without FIFO the snapshot detector has phantoms within 300 seeds', () => {
  const name = 'deadlock/no-phantom';
  const { violated } = tally(
    deadlock,
    300,
    busy({ detector: 'snapshot' }, 'unordered'),
    (run) => run.verdicts[name] === 'violated',
  );
  assert.ok(violated.length > 0);
});

test('circles are found, and chains that only lead to one are none', () => {
  const graph = { A: 'R', R: 'B', B: 'S', S: 'A', C: 'R', T: null };
  assert.deepEqual(circleFrom(graph, 'A'), ['A', 'R', 'B', 'S']);
  assert.equal(circleFrom(graph, 'C'), null);
  assert.equal(circleFrom(graph, 'T'), null);
});
