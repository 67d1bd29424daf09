import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Context } from '../../machines/clock-sync/node.ts';
import { faultTolerant } from '../../machines/clock-sync/reckoning.ts';
import clockSync from '../../machines/clock-sync.ts';
import type { JsonObject } from '../../src/core/protocol.ts';
import type { Scenario } from '../../src/core/scenario.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { type Finished, nodesOf, runScenario, scenarioOf, violations } from './drive.ts';
import { tried, verdictIn } from './lessons.ts';
import { dice, tally } from './storms.ts';
import { runsOr, treason } from './treason.ts';

const methods = ['cristian', 'berkeley', 'broadcast', 'averaging'] as const;
type Method = (typeof methods)[number];
const latency = { kind: 'uniform', minMs: 10, maxMs: 50 } as const;
/** Clocks up to `offMs` off, and up to half a percent too fast or too slow. */
const clocksOf = (seed: number, ids: readonly string[], offMs: number): NonNullable<Scenario['clocks']> => {
  const { below } = dice(seed);
  return Object.fromEntries(
    ids.map((id) => [id, { offsetMs: below(2 * offMs + 1) - offMs, rate: 0.995 + below(101) / 10_000 }]),
  );
};
const network = { latency, order: 'unordered', loss: 0, duplicate: 0 } as const;
const group = (n: number, method: Method) =>
  method === 'averaging' ? nodesOf({ P: ['node', n] }) : nodesOf({ M: 'master', P: ['node', n - 1] });
const setting = (method: Method, seed: number, parameters: JsonObject, more: Partial<Scenario> = {}): Scenario => {
  const n = 3 + (seed % 5);
  const nodes = group(n, method);
  const { M: _, ...off } = clocksOf(seed, Object.keys(nodes), method === 'averaging' ? 80 : 2000);
  const all = { network, seed, clocks: off, failures: 'crash-stop', ...more } as const;
  return scenarioOf(clockSync, nodes, { method, accuracy: 1_000_000, precision: 70, ...parameters }, all);
};
const run = (scenario: Scenario): Finished => runScenario(clockSync, scenario);

test('a round costs 2(n-1) messages (Cristian), n-1 (broadcast), 3(n-1) (Berkeley), n(n-1) (averaging)', () => {
  for (let n = 3; n <= 10; n++)
    for (const method of methods) {
      const nodes = group(n, method);
      const { world } = run(scenarioOf(clockSync, nodes, { method, rounds: 4 }, { network, seed: n }));
      const roles: Record<string, number> = method === 'averaging' ? { node: n } : { master: 1, node: n - 1 };
      for (const { expected, measured } of clockSync.costs ?? [])
        assert.equal(measured(world.costs), expected(roles, world.scenario.parameters), `${method} ${n}`);
    }
});

test('Cristian: the error is at most half the round trip less the minimum, for any delays', () => {
  const wild = (seed: number): Scenario => {
    const { below } = dice(seed);
    const delays = { kind: 'uniform', minMs: 10, maxMs: 11 + below(800) } as const;
    const parameters = { rounds: 6, precision: 1_000_000 };
    return setting('cristian', seed, parameters, { network: { ...network, latency: delays, duplicate: 0.1 } });
  };
  const { violated, holds, runs } = tally(clockSync, runsOr(200), wild);
  assert.deepEqual(violated, []);
  assert.equal(holds['clock-sync/reckoned'], runs);
  assert.equal(holds['clock-sync/termination'], runs);
});

test('asymmetric delay defeats Cristian: the error is as great as it may be, and asking again does not help', () => {
  const links = [{ from: 'M', to: 'P1', latency: { kind: 'constant', ms: 200 } }] as const;
  const slow = { network: { ...network, latency: { kind: 'constant', ms: 10 }, links } } as const;
  for (const rounds of [1, 5]) {
    const { world } = run(scenarioOf(clockSync, { M: 'master', P1: 'node' }, { rounds, precision: 1000 }, slow));
    assert.equal(world.view.clockMs('P1') + Number(world.nodes[1]?.context.adjustment) - world.nowMs, 10 - 105);
  }
});

for (const method of methods)
  test(`${method}: clocks that are off and drift come together, and stay so from round to round`, () => {
    const { violated, holds, runs } = tally(clockSync, runsOr(150), (seed) =>
      setting(method, seed, { rounds: 8, f: 0 }),
    );
    assert.deepEqual(violated, []);
    for (const name of ['synchronized', 'precision', 'termination'])
      assert.equal(holds[`clock-sync/${name}`], runs, name);
    assert.ok((holds['clock-sync/apart'] ?? 0) > 0.7 * runs);
  });

test('precision is not accuracy: Berkeley makes clocks agree that are all half a second wrong', () => {
  const clocks = { M: { offsetMs: 600, rate: 1 }, P1: { offsetMs: 500, rate: 1 }, P2: { offsetMs: 700, rate: 1 } };
  const nodes = { M: 'master', P1: 'node', P2: 'node' };
  const finished = run(scenarioOf(clockSync, nodes, { method: 'berkeley', precision: 70 }, { network, clocks }));
  assert.equal(finished.verdicts['clock-sync/precision'], 'holds');
  assert.equal(finished.verdicts['clock-sync/accuracy'], 'violated');
});

/** n > 3f nodes, f of them lying clocks in all the ways there are. */
const lying =
  (parameters: JsonObject, spare = 1) =>
  (seed: number): Scenario => {
    const f = 1 + (seed % 2);
    const nodes = nodesOf({ P: ['node', 3 * f + spare] });
    const ids = Object.keys(nodes);
    const faults = treason(seed, ids, f, 300, ['wrong-value', 'equivocate', 'mutate', 'collude', 'silent', 'omit']);
    const all = { method: 'averaging', f, rounds: 8, precision: 90, accuracy: 1_000_000, ...parameters };
    return scenarioOf(clockSync, nodes, all, {
      network,
      seed,
      clocks: clocksOf(seed, ids, 80),
      faults,
      failures: 'byzantine',
    });
  };

test('averaging survives f of n > 3f lying clocks', () => {
  const { violated, holds, runs } = tally(clockSync, runsOr(150), lying({}));
  assert.deepEqual(violated, []);
  assert.equal(holds['clock-sync/synchronized'], runs);
});

test('with n = 3f the liars keep honest clocks apart, within 50 seeds', () => {
  const name = 'clock-sync/precision';
  const { violated } = tally(clockSync, 50, lying({}, 0), (each) => each.verdicts[name] === 'violated');
  assert.ok(violated.length > 0);
});

const variants: Readonly<Record<string, (parameters: JsonObject) => (seed: number) => Scenario>> = {
  cristian: (parameters) => (seed) => setting('cristian', seed, parameters),
  averaging: (parameters) => lying(parameters),
};
for (const { parameters, breaks } of clockSync.wrongVariants ?? [])
  test(`${JSON.stringify(parameters)} breaks ${breaks} within 20 seeds`, () => {
    const scenario = variants[String(parameters.method)]?.(parameters) as (seed: number) => Scenario;
    const { violated } = tally(clockSync, 20, scenario, (each) => each.verdicts[breaks] === 'violated');
    assert.ok(violated.at(-1)?.what.some((what) => what.startsWith(breaks)));
  });

test('the middle of what is left lies between two honest clocks, whatever the liars say', () => {
  for (const lie of [-1e9, -50, 0, 15, 30, 1e9]) {
    const middle = faultTolerant([0, 10, 30, lie], 1);
    assert.ok(middle >= 0 && middle <= 30, `${lie}: ${middle}`);
  }
  assert.equal(faultTolerant([1, 2], 1), 0);
});

test('a clock that is skewed in the run is set right by the next round', () => {
  const faults = [{ at: 1000, fault: { type: 'skew', node: 'P1', offsetMs: 5000 } }] as const;
  const scenario = scenarioOf(clockSync, group(3, 'cristian'), { rounds: 8, precision: 70 }, { network, faults });
  const finished = run(scenario);
  assert.match(violations(finished.world).join(), /clock-sync\/precision: P1 is \d+ ms ahead/);
  const p1 = finished.world.nodes[1];
  const offMs = finished.world.view.clockMs('P1') + Number(p1?.context.adjustment) - finished.world.nowMs;
  assert.ok(Math.abs(offMs) <= 25, String(offMs));
});

test('what the lessons tell to try comes out as they say', async () => {
  for (let seed = 0; seed < 10; seed++) {
    const halved = await tried('round-trip-ignored', seed, ['parameters.halve=true']);
    assert.equal(verdictIn(halved, 'clock-sync/error-bound'), 'holds');
    const discarding = await tried('everybody-averaged', seed, ['parameters.discard=true', 'parameters.rounds=6']);
    assert.equal(verdictIn(discarding, 'clock-sync/precision'), 'holds');
    for (const override of ['discard=false', 'f=0']) {
      const dragged = await tried('one-clock-lies', seed, [`parameters.${override}`]);
      assert.equal(verdictIn(dragged, 'clock-sync/precision'), 'violated', override);
    }
  }
});

test('123 ms for a question and its answer, 5 at least each way: half of it, and 56.5 of uncertainty, and what rounding costs', async () => {
  const asked = async (...overrides: string[]) => {
    const { scenario, protocol } = await loadScenario('what-time-is-it', { overrides });
    const finished = runScenario(protocol, scenario);
    const { adjustment, claim } = finished.world.view.node('P').context as unknown as Context;
    return { lateMs: 700 - adjustment, errorMs: claim?.errorMs, bound: finished.verdicts['clock-sync/error-bound'] };
  };
  assert.deepEqual(await asked(), { lateMs: 38, errorMs: 59, bound: 'holds' });
  assert.deepEqual(await asked('minDelay=0ms'), { lateMs: 38, errorMs: 64, bound: 'holds' });
  assert.deepEqual(await asked('minDelay=20ms'), { lateMs: 38, errorMs: 44, bound: 'holds' });
  assert.deepEqual(await asked('minDelay=50ms'), { lateMs: 38, errorMs: 14, bound: 'violated' });
  assert.deepEqual(await asked('halve=false'), { lateMs: 100, errorMs: 59, bound: 'violated' });
  assert.equal((await asked('rounds=10')).lateMs, 38);
});
