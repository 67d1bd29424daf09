import assert from 'node:assert/strict';
import { test } from 'node:test';
import gossip from '../../machines/gossip.ts';
import type { JsonObject } from '../../src/core/protocol.ts';
import { advanceWorld } from '../../src/core/run.ts';
import type { Scenario, ScheduledFault } from '../../src/core/scenario.ts';
import type { World } from '../../src/core/world.ts';
import { createWorld } from '../../src/core/world-init.ts';
import { type Finished, nodesOf, runScenario, scenarioOf, violations } from './drive.ts';
import { tried, verdictIn } from './lessons.ts';
import { runsOr } from './random-crashes.ts';
import { dice } from './storms.ts';

const crowd = (n: number) => nodesOf({ N: ['node', n] });
const told = [{ atMs: 10, node: 'N1', input: 'tell', data: { rumour: 'news' } }];
const network = (loss = 0): Scenario['network'] => ({
  latency: { kind: 'uniform', minMs: 10, maxMs: 80 },
  order: 'unordered',
  loss,
  duplicate: 0,
});
const setting = (n: number, parameters: JsonObject, more: Partial<Scenario> = {}): Scenario =>
  scenarioOf(gossip, crowd(n), parameters, { failures: 'crash-stop', inputs: told, network: network(), ...more });
const run = (n: number, parameters: JsonObject, more: Partial<Scenario> = {}): Finished =>
  runScenario(gossip, setting(n, parameters, more));
const infected = ({ costs }: World): number => costs.curve.reduce((sum, added) => sum + added, 0);

/** Rounds until all have heard; no event is kept. */
function rounds(n: number, strategy: string, seed: number, loss = 0): number {
  const world = createWorld(setting(n, { strategy, rounds: 200 }, { seed, network: network(loss) }), gossip);
  while (infected(world) < n) if (advanceWorld(world) === null) return Number.POSITIVE_INFINITY;
  return world.costs.curve.length - 1;
}
const published = (n: number, strategy: string): number => {
  const { parameters } = setting(n, { strategy });
  return gossip.costs?.[0]?.expected({ node: n }, parameters) ?? Number.NaN;
};

test('rounds grow as log n: push takes about log2 n + ln n, never much more, and push-pull far less', () => {
  for (const [n, seeds] of [
    [100, runsOr(20)],
    [1000, runsOr(2)],
    [10_000, Number(process.env.HAVOC_RUNS ?? 0)],
  ] as const) {
    for (const strategy of ['push', 'pull', 'push-pull']) {
      const taken = Array.from({ length: seeds }, (_, seed) => rounds(n, strategy, seed));
      if (seeds === 0) continue;
      const mean = taken.reduce((sum, each) => sum + each, 0) / seeds;
      assert.ok(
        Math.abs(mean - published(n, strategy)) < 3,
        `${strategy}, n=${n}: ${mean}, not ${published(n, strategy)}`,
      );
      // Pittel: the last ones are found later than that with a probability that falls like e^-c
      assert.ok(Math.max(...taken) <= published(n, strategy) + 9, `${strategy}, n=${n}: ${Math.max(...taken)}`);
      if (process.env.HAVOC_RUNS) console.log(strategy, n, mean, Math.min(...taken), Math.max(...taken));
    }
  }
  assert.ok(published(10_000, 'push-pull') < published(10_000, 'push') / 1.5);
});

test('a thousand times as many nodes, a few rounds more', () => {
  assert.equal(published(1000, 'push') - published(100, 'push'), 6);
  assert.equal(published(10_000, 'push') - published(1000, 'push'), 5);
});

test('it survives 30% loss, and crashes: all who run hear it', () => {
  for (let seed = 0; seed < runsOr(60); seed++) {
    const { below, pick } = dice(seed);
    const n = 5 + below(30);
    const faults = Array.from({ length: below(n / 3) }, (): ScheduledFault => {
      return { at: 200 + below(1500), fault: { type: 'crash', node: `N${2 + below(n - 1)}` } };
    });
    const strategy = pick(['push', 'pull', 'push-pull']);
    const finished = run(n, { strategy, rounds: 60 }, { faults, seed, network: network(0.3) });
    assert.ok(finished.quiet);
    assert.deepEqual(violations(finished.world), [], `seed ${seed}`);
    assert.equal(finished.verdicts['gossip/all'], 'holds', `seed ${seed}`);
  }
});

test('30% loss makes it less than twice as slow', () => {
  for (let seed = 0; seed < 5; seed++)
    assert.ok(rounds(300, 'push', seed, 0.3) < 2 * published(300, 'push'), `seed ${seed}`);
});

test('who loses interest leaves a few out: with k = 1 about a fifth, with k = 2 about a seventeenth', () => {
  for (const [interest, residue] of [
    [1, 0.2],
    [2, 0.06],
  ] as const) {
    const n = 200;
    let left = 0;
    for (let seed = 0; seed < 4; seed++) {
      const { world } = run(n, { interest, rounds: 40 }, { seed });
      left += n - infected(world);
      assert.ok(
        world.nodes.every(({ path }) => !path.includes('infected')),
        'the calls have ended',
      );
    }
    assert.ok(Math.abs(left / (4 * n) - residue) < 0.07, `${interest}: ${left / (4 * n)}`);
  }
});

test('the curve counts each node once, in the round in which it heard', () => {
  const { world } = run(50, { strategy: 'push', rounds: 30 });
  assert.equal(infected(world), 50);
  assert.equal(world.costs.curve[0], 1);
  assert.equal(world.costs.curve[1], 1);
});

test('a rumour that nobody told, or that is heard twice, would be noticed', () => {
  const integrity = gossip.properties.find(({ name }) => name === 'gossip/integrity');
  const { view } = run(3, {}).world;
  const [first, ...rest] = view.nodes;
  const heardAt = (...rumours: string[]) => {
    const node = { ...first, id: 'N1', delivered: rumours.map((rumour) => ({ rumour })) } as (typeof view.nodes)[0];
    const nodes = [node, ...rest];
    return integrity?.test({ ...view, nodes, node: () => node, inputs: view.inputs }, { last: 'N1', count: 1 });
  };
  assert.equal(heardAt('news'), true);
  assert.deepEqual(heardAt('lies'), { clause: 'integrity', nodes: ['N1'], why: 'N1 heard lies, which nobody told' });
  assert.deepEqual(heardAt('news', 'news'), { clause: 'integrity', nodes: ['N1'], why: 'N1 heard news twice' });
});

test('every wrong variant is caught within 5 runs', () => {
  for (const { parameters, breaks } of gossip.wrongVariants ?? []) {
    const caught = [0, 1, 2, 3, 4].find((seed) => run(20, parameters, { seed }).verdicts[breaks] === 'violated');
    assert.notEqual(caught, undefined, JSON.stringify(parameters));
  }
});

test('what the lessons tell to try comes out as they say', async () => {
  const all = 'gossip/all';
  for (let seed = 0; seed < 3; seed++) {
    for (const strategy of ['pull', 'push-pull'])
      assert.equal(verdictIn(await tried('gossip-push', seed, [`parameters.strategy=${strategy}`]), all), 'holds');
    assert.equal(verdictIn(await tried('gossip-loses-interest', seed, ['parameters.interest=0']), all), 'holds');
    const cold = await tried('gossip-after-a-partition', seed, ['parameters.interest=2']);
    assert.equal(verdictIn(cold, all), 'violated');
    assert.equal(verdictIn(await tried('gossip-same-friend', seed, ['parameters.sameFriend=false']), all), 'holds');
  }
});
