import assert from 'node:assert/strict';
import { test } from 'node:test';
import failureDetector from '../../machines/failure-detector.ts';
import type { JsonObject } from '../../src/core/protocol.ts';
import type { Scenario, ScheduledFault } from '../../src/core/scenario.ts';
import { type Finished, nodesOf, runScenario, scenarioOf, violations } from './drive.ts';
import { tried, verdictIn } from './lessons.ts';
import { runsOr } from './random-crashes.ts';
import { dice } from './storms.ts';

const crowd = (n: number) => nodesOf({ N: ['node', n] });
const network = (maxMs: number, loss = 0): Scenario['network'] => ({
  latency: { kind: 'uniform', minMs: 5, maxMs },
  order: 'unordered',
  loss,
  duplicate: 0,
});
const run = (n: number, parameters: JsonObject, more: Partial<Scenario> = {}): Finished =>
  runScenario(
    failureDetector,
    scenarioOf(failureDetector, crowd(n), parameters, { failures: 'crash-stop', network: network(60), ...more }),
  );
/** Crashes in the first half of the shift. */
function random(seed: number, parameters: JsonObject, more: Partial<Scenario> = {}): Finished {
  const { below, pick } = dice(seed);
  const n = 2 + below(4);
  const dead = Object.keys(crowd(n)).filter(() => below(3) === 0);
  const faults: ScheduledFault[] = dead.slice(0, n - 1).map((node) => ({
    at: 150 + below(900),
    fault: { type: 'crash', node, ...(pick([1, 0]) ? { afterSends: 2 } : {}) },
  }));
  return run(n, { beats: 25, ...parameters }, { faults, seed, ...more });
}
const mistakes = ({ world }: Finished): number =>
  world.nodes.reduce((sum, { delivered }) => sum + delivered.filter((item) => 'trusts' in (item as object)).length, 0);

test('signs of life cost n(n-1) messages an interval, with pings twice as many', () => {
  for (let n = 3; n <= 10; n++) {
    for (const method of ['heartbeat', 'beacon', 'ping']) {
      const { world } = run(n, { method, beats: 7 });
      assert.equal(
        (world.costs.byKind.alive ?? 0) + (world.costs.byKind.ping ?? 0),
        7 * (method === 'ping' ? 2 : 1) * n * (n - 1),
      );
      for (const { expected, measured } of failureDetector.costs ?? [])
        assert.equal(measured(world.costs), expected({ node: n }, world.scenario.parameters));
    }
  }
});

test('with a known bound on delays the detector is complete and accurate', () => {
  for (let seed = 0; seed < runsOr(150); seed++) {
    for (const method of ['heartbeat', 'ping']) {
      const timeout = method === 'ping' ? 350 : 250;
      const finished = random(seed, { method, timeout });
      assert.ok(finished.quiet);
      assert.deepEqual(violations(finished.world), [], `seed ${seed}`);
      assert.equal(finished.verdicts['detector/completeness'], 'holds', `seed ${seed}`);
    }
  }
});

test('without a bound: live but not accurate', () => {
  let wrong = 0;
  for (let seed = 0; seed < 100; seed++) {
    const finished = random(seed, { timeout: 150 }, { network: network(400) });
    assert.equal(finished.verdicts['detector/completeness'], 'holds', `seed ${seed}`);
    if (finished.verdicts['detector/accuracy'] === 'violated') wrong += 1;
  }
  assert.ok(wrong > 90, `${wrong}`);
});

test('who waits for proof: accurate but not live', () => {
  let overlooked = 0;
  for (let seed = 0; seed < 100; seed++) {
    const finished = random(seed, { timeouts: 'none' }, { network: network(400, 0.1) });
    assert.deepEqual(violations(finished.world), [], `seed ${seed}`);
    const crashed = finished.world.nodes.some(({ everCrashed }) => everCrashed);
    assert.equal(finished.verdicts['detector/completeness'], crashed ? 'violated' : 'holds');
    if (crashed) overlooked += 1;
  }
  assert.ok(overlooked > 50);
});

test('a recovery notice proves that a node was down, to those who only believe in proof', () => {
  const faults: ScheduledFault[] = [
    { at: 500, fault: { type: 'crash', node: 'N3' } },
    { at: 900, fault: { type: 'restart', node: 'N3' } },
  ];
  const { world, verdicts } = run(3, { timeouts: 'none', beats: 20 }, { faults, failures: 'crash-recovery' });
  assert.deepEqual(world.nodes[0]?.context.wasDown, ['N3']);
  assert.deepEqual(world.nodes[1]?.context.wasDown, ['N3']);
  assert.equal(world.nodes[2]?.stable.life, 2);
  assert.equal(verdicts['detector/accuracy'], 'holds');
});

test('where crashes are announced the detector is complete and accurate whatever the delays', () => {
  for (let seed = 0; seed < 100; seed++) {
    const finished = random(seed, { timeouts: 'none' }, { network: network(1000), failures: 'fail-stop' });
    assert.deepEqual(violations(finished.world), [], `seed ${seed}`);
    assert.equal(finished.verdicts['detector/completeness'], 'holds', `seed ${seed}`);
  }
});

test('a slow node is suspected, then trusted again', () => {
  const faults: ScheduledFault[] = [
    { at: 1000, fault: { type: 'pause', node: 'N3' } },
    { at: 2000, fault: { type: 'resume', node: 'N3' } },
  ];
  const { world, verdicts } = run(3, {}, { faults });
  assert.deepEqual(world.nodes[0]?.delivered, [{ suspects: 'N3' }, { trusts: 'N3' }]);
  assert.equal(verdicts['detector/trusted-again'], 'holds');
  assert.equal(verdicts['detector/eventual-accuracy'], 'holds');
});

test('an adaptive timeout makes at most as many mistakes as it takes to outgrow the delays; a fixed one goes on', () => {
  for (let seed = 0; seed < 20; seed++) {
    const setting = { network: network(400), seed } as const;
    const fixed = mistakes(run(3, { timeout: 150, beats: 100 }, setting));
    const adaptive = mistakes(run(3, { timeout: 150, beats: 100, timeouts: 'adaptive' }, setting));
    // 150, 300, 600 ms of patience; no gap is longer than 500 ms; six pairs of watcher and watched
    assert.ok(adaptive <= 12, `${adaptive}`);
    assert.ok(fixed > 3 * adaptive, `${fixed} beside ${adaptive}`);
  }
});

test('a garbled sign of life is thrown away: corruption looks like silence', () => {
  const faults: ScheduledFault[] = [{ at: 300, fault: { type: 'traitor', node: 'N3', behaviour: 'mutate' } }];
  const { world } = run(3, {}, { faults, failures: 'byzantine' });
  assert.ok(Number(world.nodes[0]?.context.garbled) > 10);
  assert.ok((world.nodes[0]?.delivered ?? []).some((item) => (item as JsonObject).suspects === 'N3'));
});

test('a liar gets the check figure right: nothing is to be seen', () => {
  const faults: ScheduledFault[] = [{ at: 300, fault: { type: 'traitor', node: 'N3', behaviour: 'wrong-value' } }];
  const { world } = run(3, {}, { faults, failures: 'byzantine' });
  assert.ok(Number(world.faults[0]?.touched) > 10);
  assert.deepEqual([world.nodes[0]?.context.garbled, world.nodes[0]?.delivered], [0, []]);
});

test('every wrong variant is caught within 10 runs', () => {
  for (const { parameters, breaks } of failureDetector.wrongVariants ?? []) {
    const faults: ScheduledFault[] = [
      { at: 600, fault: { type: 'pause', node: 'N1' } },
      { at: 1200, fault: { type: 'resume', node: 'N1' } },
    ];
    const caught = Array.from({ length: 10 }, (_, seed) => seed).find(
      (seed) => random(seed, parameters, { faults }).verdicts[breaks] === 'violated',
    );
    assert.notEqual(caught, undefined, JSON.stringify(parameters));
  }
});

test('what the lessons tell to try comes out as they say', async () => {
  const accuracy = 'detector/accuracy';
  for (let seed = 0; seed < 5; seed++) {
    assert.equal(verdictIn(await tried('heartbeats', seed, ['parameters.timeout=60ms']), accuracy), 'violated');
    const pings = await tried('heartbeats', seed, ['parameters.method=ping']);
    assert.equal(verdictIn(pings, accuracy), 'holds');
    assert.equal(verdictIn(pings, 'detector/completeness'), 'holds');
    const patient = await tried('slow-then-trusted-again', seed, ['parameters.timeout=2s']);
    assert.equal(verdictIn(patient, accuracy), 'holds');
    const announced = await tried('accurate-not-live', seed, ['failures=fail-stop']);
    assert.equal(verdictIn(announced, accuracy), 'holds');
    assert.equal(verdictIn(announced, 'detector/completeness'), 'holds');
    const live = await tried('accurate-not-live', seed, ['parameters.timeouts=fixed']);
    assert.equal(verdictIn(live, accuracy), 'violated');
    assert.equal(verdictIn(live, 'detector/completeness'), 'holds');
    const listed = await tried('unheard-beacon', seed, ['parameters.method=heartbeat']);
    assert.equal(verdictIn(listed, 'detector/completeness'), 'holds');
    const kind = await tried('grudge', seed, ['parameters.grudge=false']);
    assert.equal(verdictIn(kind, 'detector/eventual-accuracy'), 'holds');
  }
});

test('a node that was down when the others left is told so when it comes back, and suspects nobody who runs', () => {
  const faults: ScheduledFault[] = [
    { at: 1500, fault: { type: 'crash', node: 'N3' } },
    { at: 2600, fault: { type: 'restart', node: 'N3' } },
  ];
  const { world, trace, verdicts } = run(3, { beats: 20 }, { faults, failures: 'crash-recovery' });
  const left = trace.filter(({ node, after }) => node !== 'N3' && after === 'resting').map(({ atMs }) => atMs);
  assert.ok(
    left.some((atMs) => atMs > 1500 && atMs < 2600),
    'they leave while N3 is down',
  );
  assert.equal(verdicts['detector/accuracy'], 'holds');
  assert.deepEqual(world.nodes[2]?.context.suspects, []);
});
