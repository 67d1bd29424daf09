import assert from 'node:assert/strict';
import { test } from 'node:test';
import lease from '../../machines/lease.ts';
import type { JsonObject } from '../../src/core/protocol.ts';
import type { Scenario, ScheduledFault } from '../../src/core/scenario.ts';
import { type Finished, nodesOf, runScenario, scenarioOf, violations } from './drive.ts';
import { tried, verdictIn } from './lessons.ts';
import { runsOr } from './random-crashes.ts';
import { dice, stormOf, type Trouble } from './storms.ts';

const crowd = (clients: number) => nodesOf({ L: 'service', C: ['client', clients], S: 'store' });
const run = (clients: number, parameters: JsonObject, more: Partial<Scenario> = {}): Finished =>
  runScenario(lease, scenarioOf(lease, crowd(clients), parameters, more));

/** A storm over clients, service and store, then calm. */
function random(seed: number, troubles: readonly Trouble[], parameters: JsonObject = {}): Finished {
  const { below } = dice(seed);
  const clients = 2 + below(3);
  const everybody = Object.keys(crowd(clients));
  const faults = stormOf(seed, { victims: everybody, everybody, troubles });
  const maxMs = 40 + below(400);
  const network = {
    latency: { kind: 'uniform', minMs: 5, maxMs },
    order: 'unordered',
    loss: 0.02,
    duplicate: 0.02,
  } as const;
  return run(clients, { turns: 4, retryTimeout: 900, leaseTime: 1500, ...parameters }, { faults, network, seed });
}
const times: readonly Trouble[] = ['pause', 'pause', 'skew', 'delay'];
const crashes: readonly Trouble[] = ['crash', 'crash', 'crash-in-broadcast', 'partition', 'cut', 'delay', 'drop'];

test('without contention a lease costs three messages', () => {
  const { world } = run(1, { turns: 5, writes: 2 });
  for (const { expected, measured } of lease.costs ?? [])
    assert.equal(measured(world.costs), expected({ client: 1 }, world.scenario.parameters));
  assert.equal(world.costs.byKind.granted, 5);
});

test('crashes, restarts, losses, partitions and any delay never make two primaries, and in the end all have been one', () => {
  let handed = 0;
  for (let seed = 0; seed < runsOr(250); seed++) {
    const finished = random(seed, crashes);
    assert.deepEqual(violations(finished.world), [], `seed ${seed}`);
    // a crash that was armed for some later send may strike after the last repair
    if (finished.world.nodes.some(({ status }) => status !== 'up')) continue;
    assert.ok(finished.quiet, `seed ${seed}`);
    assert.equal(finished.verdicts['lease/progress'], 'holds', `seed ${seed}`);
    if (finished.verdicts['lease/handed-over'] === 'holds') handed += 1;
  }
  assert.ok(handed > runsOr(250) / 2);
});

test('skewed clocks or a long pause give two primaries; the fencing token stops the stale one, always', () => {
  let two = 0;
  let refused = 0;
  for (let seed = 0; seed < runsOr(250); seed++) {
    const { world, verdicts } = random(seed, times, { turns: 8 });
    assert.equal(verdicts['lease/no-stale-write'], 'holds', `seed ${seed}`);
    if (verdicts['lease/one-primary'] === 'violated') two += 1;
    if (verdicts['lease/stale-refused'] === 'holds') refused += 1;
    assert.ok(world.nodes.every(({ failure }) => failure === null));
  }
  assert.ok(two > runsOr(250) / 50 && refused > runsOr(250) / 50, `${two} and ${refused}`);
});

test('clocks that run a little apart are covered by the margin', () => {
  for (let seed = 0; seed < 60; seed++) {
    const faults: ScheduledFault[] = [
      { at: 0, fault: { type: 'skew', node: 'L', rate: 1.04 } },
      { at: 0, fault: { type: 'skew', node: 'C1', rate: 0.96 } },
    ];
    const finished = run(3, { turns: 5, leaseTime: 1000, margin: 100, workTime: 100, writes: 20 }, { faults, seed });
    assert.deepEqual(violations(finished.world), [], `seed ${seed}`);
  }
});

test('every wrong variant is caught within 300 runs', () => {
  for (const { parameters, breaks } of lease.wrongVariants ?? []) {
    const troubles: readonly Trouble[] = breaks === 'lease/one-primary' ? crashes : times;
    const caught = Array.from({ length: 300 }, (_, seed) => seed).find((seed) =>
      violations(random(seed, troubles, parameters).world).some((text) => text.startsWith(breaks)),
    );
    assert.notEqual(caught, undefined, JSON.stringify(parameters));
  }
});

test('a write after one with a greater token would be noticed', () => {
  const property = lease.properties.find(({ name }) => name === 'lease/no-stale-write');
  const take = (token: number) => ({
    node: 'S',
    honest: true,
    effect: { type: 'deliver' as const, item: { token, value: 'x' } },
  });
  const next = property?.memory?.next ?? ((memory) => memory);
  const { view } = run(1, {}).world;
  const fine = [take(1), take(1), take(3)].reduce(next, property?.memory?.initial ?? null);
  assert.equal(property?.test(view, fine), true);
  const why = 'a write with token 2 took effect after one with 3';
  assert.deepEqual(property?.test(view, next(fine, take(2))), { clause: 'no-stale-write', why });
});

test('what the lessons tell to try comes out as they say', async () => {
  for (let seed = 0; seed < 10; seed++) {
    const stale = 'lease/no-stale-write';
    const one = 'lease/one-primary';
    assert.equal(verdictIn(await tried('lease-long-pause', seed, ['parameters.fencing=false']), stale), 'violated');
    assert.equal(verdictIn(await tried('lease-long-pause', seed, ['parameters.margin=200ms']), one), 'violated');
    assert.equal(verdictIn(await tried('lease-no-fencing', seed, ['parameters.fencing=true']), stale), 'holds');
    const waits = await tried('lease-forgetful-service', seed, ['parameters.waitAfterRestart=true']);
    assert.equal(verdictIn(waits, one), 'holds');
    const skew = (node: string, rate: number): Partial<Scenario> => ({
      faults: [{ when: { node: 'C1', on: 'enters', what: 'primary', nth: 1 }, fault: { type: 'skew', node, rate } }],
    });
    assert.equal(verdictIn(await tried('lease-slow-clock', seed, [], skew('C1', 0.95)), one), 'holds');
    assert.equal(verdictIn(await tried('lease-slow-clock', seed, [], skew('L', 2)), one), 'violated');
  }
});
