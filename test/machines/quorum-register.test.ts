import assert from 'node:assert/strict';
import { test } from 'node:test';
import quorumRegister from '../../machines/quorum-register.ts';
import type { JsonObject } from '../../src/core/protocol.ts';
import type { Scenario, ScheduledInput } from '../../src/core/scenario.ts';
import { inputOf, nodesOf, runScenario, scenarioOf, walk } from './drive.ts';
import { runsOr } from './random-crashes.ts';
import { dice, stormOf, tally } from './storms.ts';

const group = (replicas: number, clients: number) => nodesOf({ R: ['replica', replicas], K: ['client', clients] });
const idsOf = (nodes: Scenario['nodes'], role: string) => Object.keys(nodes).filter((id) => nodes[id] === role);
const write = (atMs: number, node: string, value: string): ScheduledInput => ({
  atMs,
  node,
  input: 'write',
  data: { value },
});
const read = (atMs: number, node: string): ScheduledInput => ({ atMs, node, input: 'read', data: {} });

/** Reads and writes at random times; every write writes another value. */
function operations(seed: number, clients: readonly string[], count: number, withinMs: number): ScheduledInput[] {
  const { below, pick } = dice(seed + 1_000_003);
  return Array.from({ length: count }, (_, i) =>
    below(3) > 0 ? read(below(withinMs), pick(clients)) : write(below(withinMs), pick(clients), `v${i}`),
  );
}
/** A storm over replicas and clients, then calm. */
function stormy(seed: number, nodes: Scenario['nodes'], parameters: JsonObject = {}): Scenario {
  const everybody = Object.keys(nodes);
  const faults = stormOf(seed, { victims: everybody, everybody, calmAtMs: 4000 });
  const inputs = operations(seed, idsOf(nodes, 'client'), 14, 4000);
  return scenarioOf(quorumRegister, nodes, parameters, { seed, untilMs: 20_000, faults, inputs });
}

test('an operation costs 4n messages, one with a single phase 2n, for n from 1 to 9', () => {
  for (let n = 1; n <= 9; n++) {
    const messages = (inputs: ScheduledInput[], parameters: JsonObject = {}): number => {
      const { world, verdicts } = runScenario(
        quorumRegister,
        scenarioOf(quorumRegister, group(n, 2), parameters, { inputs, seed: n }),
      );
      assert.equal(verdicts['register/completion'], 'holds');
      const [cost] = quorumRegister.costs ?? [];
      const expected = cost?.expected({ replica: n, client: 2 }, world.scenario.parameters) ?? null;
      if (expected !== null) assert.equal(cost?.measured(world.costs), expected);
      return world.costs.messages;
    };
    assert.equal(messages([write(0, 'K1', 'a')]), 4 * n);
    assert.equal(messages([read(0, 'K1')]), 4 * n);
    assert.equal(messages([write(0, 'K1', 'a'), read(900, 'K2'), write(1800, 'K2', 'b')]), 12 * n);
    assert.equal(messages([write(0, 'K1', 'a'), write(0, 'K1', 'b')], { writers: 'one' }), 4 * n);
    assert.equal(messages([read(0, 'K1')], { readRepair: 'none' }), 2 * n);
  }
});

for (const n of [3, 4, 5]) {
  test(`${n} replicas: after a storm of crashes, partitions and delays the register was linearizable, and all is answered`, () => {
    const count = runsOr(60);
    const result = tally(quorumRegister, count, (seed) => stormy(seed, group(n, 4)));
    assert.deepEqual(result.violated, []);
    assert.equal(result.holds['register/completion'], count);
    assert.ok((result.holds['register/read-overlapped'] ?? 0) > count / 2, JSON.stringify(result.holds));
    assert.ok((result.holds['register/read-twice'] ?? 0) > count / 5, JSON.stringify(result.holds));
  });
}

test('no schedule of deliveries, timers, crashes, restarts, losses and duplicates makes it less than linearizable', () => {
  const nodes = group(3, 3);
  const inputs = idsOf(nodes, 'client').flatMap((id) => [
    inputOf(id, 'write', { value: `${id}a` }),
    inputOf(id, 'write', { value: `${id}b` }),
    inputOf(id, 'read', {}),
    inputOf(id, 'read', {}),
  ]);
  let overlapped = 0;
  for (let seed = 0; seed < runsOr(150); seed++) {
    const { below } = dice(seed);
    const numbers = Array.from({ length: 500 }, () => below(2 ** 30));
    const world = walk(quorumRegister, scenarioOf(quorumRegister, nodes, {}, { seed }), numbers, { inputs });
    for (const { property, settledAt, failure } of world.properties) {
      if (property.kind === 'always') assert.equal(failure, null, `seed ${seed}: ${failure?.why}`);
      if (property.name === 'register/read-overlapped' && settledAt !== null) overlapped += 1;
    }
  }
  assert.ok(overlapped > runsOr(150) / 2, `${overlapped}`);
});
