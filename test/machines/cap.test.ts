import assert from 'node:assert/strict';
import { test } from 'node:test';
import { covers, isConflict, join, type VectorCopy } from '../../machines/cap/words.ts';
import cap from '../../machines/cap.ts';
import { comparisonText } from '../../src/cli/compare-text.ts';
import { candidateNamed, compare } from '../../src/cli/play-compare.ts';
import type { JsonObject } from '../../src/core/protocol.ts';
import type { Scenario, ScheduledFault, ScheduledInput } from '../../src/core/scenario.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { type Finished, nodesOf, runScenario, scenarioOf } from './drive.ts';
import { tried, verdictIn } from './lessons.ts';
import { randomCrashes, runsOr } from './random-crashes.ts';
import { operations, read, write } from './registers.ts';
import { dice, stormOf, tally } from './storms.ts';

const corners = ['cap-quorum', 'cap-anti-entropy', 'cap-available-copies'] as const;
const group = (n: number) => nodesOf({ R: ['replica', n] });
function stormy(seed: number, n: number, parameters: JsonObject): Scenario {
  const nodes = group(n);
  const everybody = Object.keys(nodes);
  const faults = stormOf(seed, { victims: everybody, everybody, calmAtMs: 4000 });
  const inputs = operations(seed, everybody, 16, 5000);
  return scenarioOf(cap, nodes, parameters, { seed, untilMs: 20_000, faults, inputs });
}

/** What each corner gives up, and what not. */
const triangle = {
  'cap-quorum': ['holds', 'violated', 'holds'],
  'cap-anti-entropy': ['violated', 'holds', 'holds'],
  'cap-available-copies': ['violated', 'holds', 'violated'],
} as const;

test('under one partition CP refuses, AP diverges and reconciles, CA splits', async () => {
  for (let seed = 0; seed < 30; seed++) {
    for (const corner of corners) {
      const report = await tried(corner, seed);
      const verdicts = ['register/linearizable', 'cap/available', 'cap/converged'].map((name) =>
        verdictIn(report, name),
      );
      assert.deepEqual(verdicts, triangle[corner], `${corner} ${seed}`);
    }
  }
});

test('the three presets differ in nothing but the system, and are compared side by side', async () => {
  const loaded = await Promise.all(corners.map((corner) => loadScenario(corner)));
  for (const { scenario } of loaded) {
    const { faults, inputs, network, nodes } = (loaded[0] as (typeof loaded)[number]).scenario;
    const { faults: ownFaults, inputs: ownInputs, network: ownNetwork, nodes: ownNodes } = scenario;
    assert.deepEqual([ownFaults, ownInputs, ownNetwork, ownNodes], [faults, inputs, network, nodes]);
  }
  const comparison = compare(
    loaded[0] as (typeof loaded)[number],
    await Promise.all(corners.map((corner) => candidateNamed(corner))),
  );
  for (const { name, report } of comparison.protocols) {
    const own = await tried(name, 1);
    assert.equal(report?.digest, own.digest, `${name} runs in the comparison as it runs alone`);
  }
  const rows = comparisonText(comparison).split('\n');
  const row = (label: string): string[] =>
    (rows.find((line) => line.startsWith(label)) ?? '')
      .slice(label.length)
      .trim()
      .split(/\s{2,}/);
  assert.deepEqual(row('outcome'), ['7 answered, 3 refused', '10 answered', '10 answered']);
  assert.deepEqual(row('2nd read by C'), ['refused', 'a', 'a']);
  assert.deepEqual(row('C writes c'), ['refused', 'done', 'done']);
  assert.deepEqual(row('2nd read by A'), ['b', 'c', 'b']);
  assert.deepEqual(row('4th read by C'), ['b', 'c', 'c']);
});

test('without a fault CP costs 4(n-1) messages an operation, CA 3(n-1) a write and none a read, AP none before it answers', () => {
  for (let n = 1; n <= 7; n++) {
    const messages = (parameters: JsonObject, inputs: ScheduledInput[]): number => {
      const { world, verdicts } = runScenario(cap, scenarioOf(cap, group(n), parameters, { inputs, seed: n }));
      assert.equal(verdicts['register/completion'], 'holds');
      assert.equal(verdicts['cap/available'], 'holds');
      const [cost] = cap.costs ?? [];
      const expected = cost?.expected({ replica: n }, world.scenario.parameters) ?? null;
      if (expected !== null) assert.equal(cost?.measured(world.costs), expected);
      return world.costs.messages;
    };
    assert.equal(messages({ system: 'cp' }, [write(0, 'R1', 'a'), read(400, 'R1')]), 8 * (n - 1));
    assert.equal(messages({ system: 'ca' }, [write(0, 'R1', 'a'), read(400, 'R1')]), 3 * (n - 1));
    const { trace } = runScenario(cap, scenarioOf(cap, group(n), { system: 'ap' }, { inputs: [write(5, 'R1', 'a')] }));
    const answered = trace.find(({ effects }) => effects.some(({ type }) => type === 'deliver'));
    assert.deepEqual([answered?.atMs, answered?.effects.filter(({ type }) => type === 'send')], [5, []]);
  }
});

test('CP: after a storm of crashes, partitions and delays the register was linearizable', () => {
  const count = runsOr(60);
  const ofRegister = (what: readonly string[]) => what.filter((text) => !text.startsWith('cap/available'));
  const result = tally(cap, count, (seed) => stormy(seed, 3, { system: 'cp' }));
  assert.deepEqual(
    result.violated.filter(({ what }) => ofRegister(what).length > 0),
    [],
  );
  assert.ok(result.violated.length > count / 4, 'the storms must be rough enough for refusals');
  assert.ok((result.holds['register/read-overlapped'] ?? 0) > count / 5);
});

test('AP: after a storm all have been answered, at once, and all copies become alike', () => {
  const count = runsOr(60);
  const result = tally(cap, count, (seed) => stormy(seed, 4, { system: 'ap' }));
  assert.deepEqual(
    result.violated.filter(({ what }) => what.some((text) => !text.startsWith('register/'))),
    [],
  );
  assert.equal(result.holds['cap/converged'], count);
  assert.ok((result.holds['cap/conflict'] ?? 0) > count / 3, 'the storms must be rough enough for conflicts');
  assert.ok(result.violated.length > count / 2, 'and the register is not linearizable');
});

/** Crashes for good, in the middle of a step too; messages are never slower than the timeout allows. */
const crashing = (seed: number, n: number, parameters: JsonObject): Scenario => {
  const nodes = group(n);
  const everybody = Object.keys(nodes);
  const kinds = ['invalidate', 'acknowledge', 'validate'];
  const faults = randomCrashes(seed, { mortal: everybody, most: n - 1, withinMs: 3000, kinds, restarts: false });
  const inputs = operations(seed, everybody, 24, 3000);
  return scenarioOf(cap, nodes, parameters, { seed, failures: 'crash-stop', faults, inputs, untilMs: 30_000 });
};

for (const n of [3, 5]) {
  test(`CA: ${n} replicas, of which ${n - 1} may crash: linearizable and available, as long as the network is whole`, () => {
    const count = runsOr(80);
    const result = tally(cap, count, (seed) => crashing(seed, n, { system: 'ca' }));
    assert.deepEqual(result.violated, []);
    for (const name of ['register/completion', 'cap/converged']) assert.equal(result.holds[name], count, name);
    assert.ok((result.holds['register/read-overlapped'] ?? 0) > count / 3);
  });
}

/** So many seeds are enough to catch each mistake. */
const enough = 30;
const halves = (seed: number, parameters: JsonObject): Scenario => {
  const nodes = group(4);
  const faults: ScheduledFault[] = [
    {
      at: 1000,
      fault: {
        type: 'partition',
        groups: [
          ['R1', 'R2'],
          ['R3', 'R4'],
        ],
      },
    },
    { at: 3000, fault: { type: 'heal' } },
  ];
  const inputs = operations(seed, Object.keys(nodes), 24, 4000);
  return scenarioOf(cap, nodes, parameters, { seed, faults, inputs });
};
const mistakes: readonly (readonly [JsonObject, string, typeof halves])[] = [
  [{ system: 'cp', quorum: 'half' }, 'register/linearizable', halves],
  [{ system: 'ap', resolve: 'own' }, 'cap/converged', halves],
  [{ system: 'ca', invalidate: false }, 'register/linearizable', (seed, parameters) => crashing(seed, 3, parameters)],
];
for (const [parameters, breaks, scenario] of mistakes) {
  test(`${JSON.stringify(parameters)} breaks ${breaks} within ${enough} seeds, and the right system does not`, () => {
    const isBroken = ({ verdicts }: Finished): boolean => verdicts[breaks] === 'violated';
    const runs = (given: JsonObject): Finished[] =>
      Array.from({ length: enough }, (_, seed) => runScenario(cap, scenario(seed, given)));
    assert.ok(runs(parameters).some(isBroken));
    assert.ok(!runs({ system: parameters.system ?? '' }).some(isBroken));
  });
}

test('every wrong variant that the protocol lists is one that is caught here', () => {
  assert.deepEqual(
    cap.wrongVariants?.map(({ parameters, breaks }) => [parameters, breaks]),
    mistakes.map(([parameters, breaks]) => [parameters, breaks]),
  );
});

/** Copies as they come about: replicas write, and meet by twos. */
function history(seed: number): VectorCopy[] {
  const { below } = dice(seed);
  const copies: VectorCopy[] = Array.from({ length: 3 }, () => ({ time: 0, writer: '', value: null, vector: {} }));
  const seen = [...copies];
  for (let i = 0; i < 12; i++) {
    const [node, other] = [below(3), below(3)];
    const copy = copies[node] as VectorCopy;
    const name = `R${node}`;
    copies[node] =
      below(2) === 0
        ? {
            time: copy.time + 1,
            writer: name,
            value: i,
            vector: { ...copy.vector, [name]: (copy.vector[name] ?? 0) + 1 },
          }
        : join(copy, copies[other] as VectorCopy, 'latest');
    seen.push(copies[node] as VectorCopy);
  }
  return seen;
}

test('copies become the same in whichever order they meet, and nothing is newer than what it has seen', () => {
  let conflicts = 0;
  for (let seed = 0; seed < 100; seed++) {
    const copies = history(seed);
    const { pick } = dice(seed + 5);
    for (let i = 0; i < 20; i++) {
      const [a, b, c] = [pick(copies), pick(copies), pick(copies)];
      const meet = (x: VectorCopy, y: VectorCopy): VectorCopy => join(x, y, 'latest');
      const canonical = ({ vector, ...copy }: VectorCopy) => [copy, Object.entries(vector).toSorted()];
      assert.deepEqual(canonical(meet(a, b)), canonical(meet(b, a)));
      assert.deepEqual(canonical(meet(meet(a, b), c)), canonical(meet(a, meet(b, c))));
      assert.deepEqual(meet(a, a), a);
      const both = meet(a, b);
      assert.ok(covers(both.vector, a.vector) && covers(both.vector, b.vector));
      if (isConflict(a, b)) conflicts += 1;
    }
  }
  assert.ok(conflicts > 100, `${conflicts}`);
});

test('what the lessons say to try comes out as they say', async () => {
  const claims: readonly (readonly [preset: string, override: string, property: string, verdict: string])[] = [
    ['cap-quorum', 'answerTimeout=5s faults.0.drop=false', 'cap/available', 'holds'],
    ['cap-quorum', 'answerTimeout=5s faults.0.drop=false', 'register/linearizable', 'holds'],
    ['cap-quorum', 'answerTimeout=5s faults.0.drop=false', 'register/completion', 'holds'],
    ['cap-anti-entropy', 'resolve=own', 'cap/converged', 'violated'],
  ];
  for (const [preset, override, property, verdict] of claims) {
    for (let seed = 0; seed < 10; seed++)
      assert.equal(
        verdictIn(await tried(preset, seed, override.split(' ')), property),
        verdict,
        `${preset} ${override} ${seed}`,
      );
  }
  const late = await tried('cap-anti-entropy', 1, ['exchangeInterval=2s']);
  assert.deepEqual(
    late.history?.find(({ process, type }) => process === 'C' && type === 'ok'),
    { process: 'C', type: 'ok', f: 'read', value: null },
  );
  const crashed = { at: 1200, fault: { type: 'crash', node: 'C' } } as const;
  const dead = await tried('cap-available-copies', 1, [], { faults: [crashed] });
  for (const name of ['register/linearizable', 'cap/available']) assert.equal(verdictIn(dead, name), 'holds');
  const asleep = [
    { at: 1300, fault: { type: 'pause', node: 'C' } },
    { at: 2300, fault: { type: 'resume', node: 'C' } },
  ] as const;
  assert.equal(
    verdictIn(await tried('cap-available-copies', 1, [], { faults: asleep }), 'register/linearizable'),
    'violated',
  );
});

test('CA: a copy that was down serves nobody, for it has missed writes; only of those that never failed is an answer demanded', () => {
  const faults = [
    { at: 1000, fault: { type: 'crash', node: 'R2' } },
    { at: 2000, fault: { type: 'restart', node: 'R2' } },
  ] as const;
  const inputs = [write(0, 'R1', 'a'), write(1100, 'R1', 'b'), read(2500, 'R2'), read(2500, 'R1')];
  const { verdicts, world } = runScenario(cap, scenarioOf(cap, group(2), { system: 'ca' }, { faults, inputs }));
  assert.equal(verdicts['register/linearizable'], 'holds');
  assert.equal(verdicts['cap/available'], 'holds');
  assert.deepEqual(world.nodes[1]?.delivered.at(-1), { fail: 'read' });
});
