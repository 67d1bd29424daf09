import assert from 'node:assert/strict';
import { test } from 'node:test';
import mutualExclusion from '../../machines/mutual-exclusion.ts';
import type { JsonObject } from '../../src/core/protocol.ts';
import type { Scenario } from '../../src/core/scenario.ts';
import { type Finished, nodesOf, runScenario, scenarioOf, violations } from './drive.ts';
import { tried, verdictIn } from './lessons.ts';
import { runsOr } from './random-crashes.ts';
import { dice } from './storms.ts';

const algorithms = ['lamport', 'ricart-agrawala'] as const;
const network = (order: 'fifo' | 'unordered', maxMs = 60): Scenario['network'] => ({
  latency: { kind: 'uniform', minMs: 1, maxMs },
  order,
  loss: 0,
  duplicate: 0,
});
const orderFor = (algorithm: unknown) => (algorithm === 'lamport' ? 'fifo' : 'unordered');
const crowd = (n: number) => nodesOf({ P: ['process', n] });
const entries = ({ world }: Finished): number => world.nodes.reduce((sum, { delivered }) => sum + delivered.length, 0);

/** Requests at random moments, many of them at the same one. */
function random(seed: number, parameters: JsonObject, more: Partial<Scenario> = {}): Finished {
  const { below } = dice(seed);
  const n = 2 + below(5);
  const inputs = Array.from({ length: 1 + below(8) }, () => ({
    atMs: 50 * below(6),
    node: `P${1 + below(n)}`,
    input: 'want',
    data: { times: 1 + below(2) },
  }));
  const setting = { inputs, network: network(orderFor(parameters.algorithm), 20 + below(200)), seed, ...more };
  return runScenario(
    mutualExclusion,
    scenarioOf(mutualExclusion, crowd(n), { useTime: 1 + below(80), ...parameters }, setting),
  );
}

test('an entry costs 3(n-1) messages with Lamport and 2(n-1) with Ricart and Agrawala, exactly, contended or not', () => {
  for (const algorithm of algorithms) {
    for (let n = 2; n <= 10; n++) {
      for (const wanting of [1, n]) {
        const inputs = Array.from({ length: wanting }, (_, i) => {
          return { atMs: 0, node: `P${i + 1}`, input: 'want', data: { times: 2 } };
        });
        const setting = { inputs, network: network(orderFor(algorithm)) };
        const finished = runScenario(mutualExclusion, scenarioOf(mutualExclusion, crowd(n), { algorithm }, setting));
        assert.equal(entries(finished), 2 * wanting);
        assert.equal(finished.world.costs.messages, 2 * wanting * (algorithm === 'lamport' ? 3 : 2) * (n - 1));
        for (const { expected, measured } of mutualExclusion.costs ?? [])
          assert.equal(measured(finished.world.costs), expected({ process: n }, finished.world.scenario.parameters));
      }
    }
  }
});

test('without a crash: one at a time, in the order of asking, and everybody gets in', () => {
  for (const algorithm of algorithms) {
    let contended = 0;
    for (let seed = 0; seed < runsOr(300); seed++) {
      const finished = random(seed, { algorithm });
      const asked = finished.world.inputs.reduce((sum, { data }) => sum + Number(data.times), 0);
      assert.ok(finished.quiet, `seed ${seed}`);
      assert.deepEqual(violations(finished.world), [], `${algorithm}, seed ${seed}`);
      assert.equal(finished.verdicts['mutual-exclusion/no-starvation'], 'holds', `seed ${seed}`);
      assert.equal(entries(finished), asked, `seed ${seed}`);
      if (finished.verdicts['mutual-exclusion/contended'] === 'holds') contended += 1;
    }
    assert.ok(contended > runsOr(300) / 3, `the runs must be contended: ${contended}`);
  }
});

test("Lamport's needs fifo: without it two enter", () => {
  const broken = Array.from({ length: 200 }, (_, seed) =>
    random(seed, { algorithm: 'lamport' }, { network: network('unordered', 300) }),
  ).filter(({ verdicts }) => verdicts['mutual-exclusion/safety'] === 'violated');
  assert.ok(broken.length > 0);
});

test('one process that crashes keeps everybody out who asks afterwards, and lets nobody in wrongly', () => {
  for (const algorithm of algorithms) {
    for (let seed = 0; seed < 100; seed++) {
      const faults = [{ at: dice(seed).below(300), fault: { type: 'crash', node: 'P1' } as const }];
      const late = [{ atMs: 400, node: 'P2', input: 'want', data: { times: 1 } }];
      const finished = random(seed, { algorithm }, { faults, inputs: late, failures: 'crash-stop' });
      assert.deepEqual(violations(finished.world), [], `${algorithm}, seed ${seed}`);
      assert.equal(finished.verdicts['mutual-exclusion/no-starvation'], 'violated');
    }
  }
});

test('every wrong variant is caught within 50 runs', () => {
  for (const { parameters, breaks } of mutualExclusion.wrongVariants ?? []) {
    const caught = Array.from({ length: 50 }, (_, seed) => seed).find((seed) =>
      violations(random(seed, parameters).world).some((text) => text.startsWith(breaks)),
    );
    assert.notEqual(caught, undefined, JSON.stringify(parameters));
  }
});

test('a request granted after a later one would be noticed', () => {
  const inOrder = mutualExclusion.properties.find(({ name }) => name === 'mutual-exclusion/in-order');
  const enter = (node: string, request: number) => ({
    node,
    honest: true,
    effect: { type: 'deliver' as const, item: { request } },
  });
  const next = inOrder?.memory?.next ?? ((memory) => memory);
  const initial = inOrder?.memory?.initial ?? null;
  const { view } = random(1, {}).world;
  const fine = [enter('P2', 3), enter('P3', 3), enter('P1', 4)].reduce(next, initial);
  assert.equal(inOrder?.test(view, fine), true);
  const why = 'P2 got in with request 3 after P1 with request 4';
  assert.deepEqual(inOrder?.test(view, next(fine, enter('P2', 3))), { clause: 'in-order', nodes: ['P1', 'P2'], why });
});

test('what the lessons tell to try comes out as they say', async () => {
  const safety = 'mutual-exclusion/safety';
  for (let seed = 0; seed < 10; seed++) {
    const shorter = await tried('take-turns', seed, ['parameters.algorithm=ricart-agrawala']);
    assert.equal(shorter.costs.messages, 24);
    const inOrder = await tried('overtaken-request', seed, ['network.order=fifo']);
    assert.equal(verdictIn(inOrder, safety), 'holds');
    const deferred = await tried('overtaken-request', seed, ['parameters.algorithm=ricart-agrawala']);
    assert.equal(verdictIn(deferred, safety), 'holds');
    assert.equal(verdictIn(await tried('deferred-replies', seed, ['parameters.hasty=true']), safety), 'violated');
    assert.equal(verdictIn(await tried('majority-of-replies', seed, ['parameters.hasty=false']), safety), 'holds');
  }
});
