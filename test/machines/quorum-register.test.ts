import assert from 'node:assert/strict';
import { test } from 'node:test';
import quorumRegister from '../../machines/quorum-register.ts';
import { explore } from '../../src/check/explore.ts';
import type { JsonObject } from '../../src/core/protocol.ts';
import type { Scenario, ScheduledInput } from '../../src/core/scenario.ts';
import { inputOf, nodesOf, runScenario, scenarioOf, walk } from './drive.ts';
import { tried, verdictIn } from './lessons.ts';
import { runsOr } from './random-crashes.ts';
import { operations, read, write } from './registers.ts';
import { dice, stormOf, tally } from './storms.ts';

const group = (replicas: number, clients: number) => nodesOf({ R: ['replica', replicas], K: ['client', clients] });
const idsOf = (nodes: Scenario['nodes'], role: string) => Object.keys(nodes).filter((id) => nodes[id] === role);
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

/** What writers say travels slowly, what readers say fast, and some is lost: reads overlap writes, and quorums differ. */
function rough(seed: number, parameters: JsonObject): Scenario {
  const nodes = group(3, 5);
  const latency = { kind: 'exponential', meanMs: 40 } as const;
  const slow = { kind: 'exponential', meanMs: 600 } as const;
  const links = ['K1', 'K2'].flatMap((from) => idsOf(nodes, 'replica').map((to) => ({ from, to, latency: slow })));
  const network = { latency, order: 'unordered', loss: 0.05, duplicate: 0.05, links } as const;
  const { below, pick } = dice(seed);
  const inputs = Array.from({ length: 40 }, (_, i) =>
    i % 4 === 0 ? write(below(4000), pick(['K1', 'K2']), `v${i}`) : read(below(4000), pick(['K3', 'K4', 'K5'])),
  );
  inputs.push(read(12_000, 'K1'));
  return scenarioOf(quorumRegister, nodes, parameters, { seed, untilMs: 60_000, inputs, network });
}

/** So many seeds are enough to catch each mistake; without it, as many find nothing. */
const enough = 30;
const mistakes: readonly (readonly [JsonObject, string])[] = [
  [{ readQuorum: 1, writeQuorum: 1 }, 'register/safe'],
  [{ readRepair: 'none' }, 'register/linearizable'],
  [{ readRepair: 'background' }, 'register/linearizable'],
  [{ writers: 'one' }, 'register/safe'],
];
for (const [parameters, breaks] of mistakes) {
  test(`${JSON.stringify(parameters)} breaks ${breaks} within ${enough} seeds`, () => {
    const wrong = tally(
      quorumRegister,
      enough,
      (seed) => rough(seed, parameters),
      ({ verdicts }) => verdicts[breaks] === 'violated',
    );
    assert.ok(
      wrong.violated.some(({ what }) => what.some((text) => text.startsWith(breaks))),
      JSON.stringify(wrong.violated),
    );
  });
}
test(`the right register is not violated by any of those ${enough} seeds, nor with other quorums that meet`, () => {
  for (const parameters of [{}, { readQuorum: 1, writeQuorum: 3 }, { readQuorum: 3, writeQuorum: 1 }]) {
    assert.deepEqual(tally(quorumRegister, enough, (seed) => rough(seed, parameters)).violated, []);
  }
});
test('without repair the register is regular all the same, and a lone writer may count its versions itself', () => {
  for (let seed = 0; seed < enough; seed++) {
    const plain = runScenario(quorumRegister, rough(seed, { readRepair: 'none' }));
    assert.equal(plain.verdicts['register/regular'], 'holds', `seed ${seed}`);
    const scenario = rough(seed, { writers: 'one' });
    const inputs = scenario.inputs.map((each) => (each.input === 'write' ? { ...each, node: 'K1' } : each));
    const alone = runScenario(quorumRegister, { ...scenario, inputs });
    assert.equal(alone.verdicts['register/linearizable'], 'holds', `seed ${seed}`);
  }
});

test('every wrong variant that the protocol lists is one that is caught here', () => {
  assert.deepEqual(
    quorumRegister.wrongVariants?.map(({ parameters, breaks }) => [parameters, breaks]),
    mistakes.map(([parameters, breaks]) => [parameters, breaks]),
  );
});

test('a writer that has forgotten its versions in a crash asks for them, and never gives one version to two values', () => {
  for (let seed = 0; seed < 20; seed++) {
    const { below } = dice(seed);
    const inputs = [write(0, 'K1', 'a'), write(400, 'K1', 'b'), write(2000, 'K1', 'c'), read(2600, 'K2')];
    const faults = [
      { when: { node: 'K1', on: 'sends', what: 'update', nth: 4 + below(3) }, fault: { type: 'crash', node: 'K1' } },
      { at: 1500, fault: { type: 'restart', node: 'K1' } },
    ] as const;
    const more = { inputs, faults, seed };
    const { world, verdicts } = runScenario(
      quorumRegister,
      scenarioOf(quorumRegister, group(3, 2), { writers: 'one' }, more),
    );
    assert.equal(verdicts['register/linearizable'], 'holds');
    const values = new Map<string, unknown>();
    for (const { stable } of world.nodes) {
      const copy = stable.copy as JsonObject | undefined;
      if (copy === undefined) continue;
      const version = `${copy.time} ${copy.writer}`;
      assert.equal(values.get(version) ?? copy.value, copy.value);
      values.set(version, copy.value);
    }
    assert.deepEqual([...new Set(values.values())], ['c']);
  }
});

test('what the lessons say to try comes out as they say', async () => {
  const claims: readonly (readonly [preset: string, override: string, property: string, verdict: string])[] = [
    ['quorums-apart', 'writeQuorum=3', 'linearizable', 'holds'],
    ['quorums-apart', 'readQuorum=0', 'linearizable', 'holds'],
    ['new-then-old', 'readRepair=write-back', 'linearizable', 'holds'],
    ['new-then-old', 'readRepair=background', 'linearizable', 'holds'],
    ['two-lone-writers', 'writers=many', 'linearizable', 'holds'],
  ];
  for (const [preset, override, property, verdict] of claims) {
    for (let seed = 0; seed < 10; seed++) {
      const overrides = override === 'readQuorum=0' ? [override, 'writeQuorum=0'] : [override];
      assert.equal(
        verdictIn(await tried(preset, seed, overrides), `register/${property}`),
        verdict,
        `${preset} ${seed}`,
      );
    }
  }
  const cut = {
    at: 500,
    fault: {
      type: 'partition',
      groups: [
        ['R1', 'R2', 'K1'],
        ['R3', 'K2'],
      ],
    },
  } as const;
  const { blocked } = await tried('too-few-copies', 1, ['until=5s'], { faults: [cut] });
  assert.deepEqual(blocked, ['K2']);
});

test('a client waits for a quorum of those that have not answered, and is blocked when too few can', () => {
  for (const [n, crashed, isBlocked] of [
    [3, 1, false],
    [3, 2, true],
    [5, 2, false],
    [5, 3, true],
  ] as const) {
    const faults = Array.from(
      { length: crashed },
      (_, i) => ({ at: 0, fault: { type: 'crash', node: `R${i + 1}` } }) as const,
    );
    const more = { inputs: [read(10, 'K1')], faults, failures: 'crash-stop', untilMs: 3000 } as const;
    const { world, verdicts } = runScenario(quorumRegister, scenarioOf(quorumRegister, group(n, 1), {}, more));
    assert.equal(world.blockedSets.length > 0, isBlocked, `n = ${n}, ${crashed} crashed`);
    assert.equal(verdicts['register/completion'], isBlocked ? 'unknown' : 'holds');
    const greatest = quorumRegister.bound?.greatest(n + 1, { replica: n, client: 1 }, world.scenario.parameters) ?? 0;
    assert.equal(crashed > greatest, isBlocked);
  }
});

test('a replica that crashes keeps what it has said to have stored', () => {
  const faults = [
    { when: { node: 'R1', on: 'sends', what: 'stored', nth: 1 }, fault: { type: 'crash', node: 'R1' } },
    { at: 800, fault: { type: 'restart', node: 'R1' } },
  ] as const;
  const { world } = runScenario(
    quorumRegister,
    scenarioOf(quorumRegister, group(1, 1), {}, { inputs: [write(0, 'K1', 'a'), read(2000, 'K1')], faults }),
  );
  assert.deepEqual(world.nodes.find(({ id }) => id === 'K1')?.delivered.at(-1), { ok: 'read', value: 'a' });
});

/** Every order in which messages can arrive, and in which inputs that are not at 0 ms can come; nobody asks twice. */
const explored = (inputs: readonly ScheduledInput[], parameters: JsonObject) =>
  explore(scenarioOf(quorumRegister, group(3, 2), { retryTimeout: 0, ...parameters }, { inputs }), quorumRegister, {
    statesMax: 200_000,
  });
const verdictOf = ({ properties }: Awaited<ReturnType<typeof explored>>, name: string) =>
  properties.find((property) => property.name === `register/${name}`)?.verdict;

test('the explorer finds that reads must write, that quorums must meet, and that two may not count alone', async () => {
  const overlapping = [write(0, 'K1', 'a'), read(0, 'K2'), read(0, 'K2')];
  for (const readRepair of ['none', 'background'])
    assert.equal(verdictOf(await explored(overlapping, { writers: 'one', readRepair }), 'linearizable'), 'violated');
  const apart = await explored([write(0, 'K1', 'a'), read(10, 'K2')], { readQuorum: 1, writeQuorum: 1 });
  assert.equal(verdictOf(apart, 'safe'), 'violated');
  const inTurn = [write(0, 'K2', 'b'), write(10, 'K1', 'a'), read(20, 'K2')];
  const alone = await explored(inTurn, { writers: 'one', readRepair: 'none' });
  assert.equal(verdictOf(alone, 'safe'), 'violated');
});

test('a write and a read that overlap are linearizable in every order in which messages can arrive', async () => {
  const all = await explored([write(0, 'K1', 'a'), read(0, 'K2')], { writers: 'one' });
  assert.ok(all.complete);
  assert.equal(verdictOf(all, 'linearizable'), 'holds');
  assert.equal(verdictOf(all, 'read-overlapped'), 'holds');
});
