import assert from 'node:assert/strict';
import { test } from 'node:test';
import leaderElection from '../../machines/leader-election.ts';
import type { JsonObject, NodeId } from '../../src/core/protocol.ts';
import type { Scenario, ScheduledFault } from '../../src/core/scenario.ts';
import { type Finished, nodesOf, runScenario, scenarioOf, violations } from './drive.ts';
import { tried, verdictIn } from './lessons.ts';
import { randomCrashes, runsOr } from './random-crashes.ts';
import { dice } from './storms.ts';

const crowd = (n: number) => nodesOf({ N: ['node', n] });
const numbersOf = (numbers: readonly number[]): Record<NodeId, number> =>
  Object.fromEntries(numbers.map((number, i) => [`N${i + 1}`, number]));
const evenly: Scenario['network'] = {
  latency: { kind: 'constant', ms: 30 },
  order: 'fifo',
  loss: 0,
  duplicate: 0,
};
function run(n: number, parameters: JsonObject, more: Partial<Scenario> = {}): Finished {
  const setting = { failures: 'crash-stop', network: evenly, ...more } as const;
  return runScenario(leaderElection, scenarioOf(leaderElection, crowd(n), parameters, setting));
}
const leadersIn = ({ world }: Finished): unknown[] =>
  world.nodes.filter(({ status }) => status === 'up').map(({ context }) => context.leader);
function shuffled(seed: number, n: number): number[] {
  const { below } = dice(seed);
  const left = Array.from({ length: n }, (_, i) => i + 1);
  return Array.from({ length: n }, () => left.splice(below(left.length), 1)[0] as number);
}

test('ring, ids in the worst order: n(n+1)/2 election messages; in the best 2n-1; and n with the result', () => {
  for (let n = 3; n <= 10; n++) {
    const falling = Array.from({ length: n }, (_, i) => n - i);
    for (const [numbers, published] of [
      [falling, (n * (n + 1)) / 2],
      [falling.toReversed(), 2 * n - 1],
    ] as const) {
      const finished = run(n, { algorithm: 'ring', numbers: numbersOf(numbers) });
      assert.equal(finished.world.costs.byKind.election, published, `n=${n}`);
      assert.equal(finished.world.costs.byKind.leader, n);
      assert.equal(new Set(leadersIn(finished)).size, 1);
    }
  }
});

test('ring, ids in any order: the published cost for just this order, and never more than the worst', () => {
  let sum = 0;
  const n = 8;
  for (let seed = 0; seed < 200; seed++) {
    const network = { ...evenly, latency: { kind: 'uniform', minMs: 1, maxMs: 200 } } as const;
    const finished = run(n, { algorithm: 'ring', numbers: numbersOf(shuffled(seed, n)) }, { network, seed });
    const { costs, scenario } = finished.world;
    for (const { expected, measured } of leaderElection.costs ?? []) {
      const published = expected({ node: n }, scenario.parameters);
      if (published !== null) assert.equal(measured(costs), published, `seed ${seed}`);
    }
    assert.ok((costs.byKind.election ?? 0) <= (n * (n + 1)) / 2);
    sum += costs.byKind.election ?? 0;
  }
  // on average n(1 + 1/2 + ... + 1/n)
  const average = n * Array.from({ length: n }, (_, i) => 1 / (i + 1)).reduce((a, b) => a + b);
  assert.ok(Math.abs(sum / 200 - average) < 1, `${sum / 200} beside ${average}`);
});

test('bully: n²-1 messages if all begin at once, n-1 if only the greatest does', () => {
  for (let n = 3; n <= 10; n++) {
    const all = run(n, { algorithm: 'bully' });
    assert.equal(all.world.costs.messages, n * n - 1);
    for (const { expected, measured } of leaderElection.costs ?? []) {
      const published = expected({ node: n }, all.world.scenario.parameters);
      if (published !== null) assert.equal(measured(all.world.costs), published);
    }
    const inputs = [{ atMs: 100, node: `N${n}`, input: 'elect', data: {} }];
    assert.equal(run(n, { algorithm: 'bully', begin: 'asked' }, { inputs }).world.costs.messages, n - 1);
  }
});

const rounds = [4000, 8000, 12_000, 16_000, 20_000];
/** Crashes at any moment of the elections, in the middle of telling others too; where nobody is told, new ones are held. */
function random(seed: number, parameters: JsonObject, failures: Scenario['failures']): Finished {
  const { below } = dice(seed);
  const n = 3 + below(5);
  const mortal = Object.keys(crowd(n));
  const faults: ScheduledFault[] = randomCrashes(seed, {
    mortal,
    most: n - 1,
    withinMs: 1200,
    kinds: ['election', 'answer', 'leader'],
    restarts: false,
  });
  const inputs = rounds.flatMap((atMs) => mortal.map((node) => ({ atMs, node, input: 'elect', data: {} })));
  const latency = { kind: 'uniform', minMs: 1, maxMs: 60 } as const;
  return run(
    n,
    { numbers: numbersOf(shuffled(seed, n)), ...parameters },
    {
      faults,
      inputs: failures === 'fail-stop' ? [] : inputs,
      failures,
      network: { ...evenly, order: failures === 'fail-stop' ? 'fifo' : 'unordered', latency },
      model: 'synchronous',
      boundMs: 60,
      seed,
    },
  );
}

/** After the last election nobody would notice. */
const crashedLate = ({ trace }: Finished): boolean =>
  trace.some(
    ({ atMs, fault, notes }) =>
      atMs >= (rounds.at(-1) ?? 0) && (fault !== null || notes.some((note) => note.includes('crashes in the middle'))),
  );

for (const [algorithm, failures] of [
  ['bully', 'crash-stop'],
  ['bully', 'fail-stop'],
  ['ring', 'fail-stop'],
] as const) {
  test(`${algorithm}, ${failures}: crashes in mid-election; the greatest survivor leads, and all know it`, () => {
    let settled = 0;
    for (let seed = 0; seed < runsOr(300); seed++) {
      const finished = random(seed, { algorithm }, failures);
      assert.ok(finished.quiet, `seed ${seed}`);
      assert.deepEqual(violations(finished.world), [], `seed ${seed}`);
      if (failures === 'crash-stop' && crashedLate(finished)) continue;
      assert.equal(finished.verdicts['leader/eventually-one'], 'holds', `seed ${seed}`);
      settled += 1;
    }
    assert.ok(settled > 0.7 * runsOr(300), `${settled}`);
  });
}

test('a broken ring elects nobody, if nobody is told; no crash makes it elect wrongly', () => {
  let stuck = 0;
  for (let seed = 0; seed < 100; seed++) {
    const finished = random(seed, { algorithm: 'ring' }, 'crash-stop');
    assert.deepEqual(violations(finished.world), [], `seed ${seed}`);
    if (finished.verdicts['leader/eventually-one'] === 'violated') stuck += 1;
  }
  assert.ok(stuck > 20, `${stuck}`);
});

test('every wrong variant is caught within 20 runs', () => {
  for (const { parameters, breaks } of leaderElection.wrongVariants ?? []) {
    const caught = Array.from({ length: 20 }, (_, seed) => seed).find((seed) =>
      violations(random(seed, parameters, 'crash-stop').world).some((text) => text.startsWith(breaks)),
    );
    assert.notEqual(caught, undefined, JSON.stringify(parameters));
  }
});

test('what the lessons tell to try comes out as they say', async () => {
  for (let seed = 0; seed < 10; seed++) {
    const patient = await tried('slow-is-not-dead', seed, ['parameters.answerTimeout=2s']);
    assert.equal(verdictIn(patient, 'leader/highest'), 'holds');
    const told = await tried('broken-ring', seed, ['failures=fail-stop']);
    assert.equal(verdictIn(told, 'leader/eventually-one'), 'holds');
    const best = ['N1=1', 'N2=2', 'N4=4', 'N5=5'].map((each) => `parameters.numbers.${each}`);
    assert.equal((await tried('ring-worst-order', seed, best)).costs.byKind.election, 9);
    const unordered = await tried('ring-worst-order', seed, ['network.order=unordered']);
    assert.equal(verdictIn(unordered, 'leader/eventually-one'), 'holds');
    const wrong = await tried('ring-worst-order', seed, ['parameters.passAll=true']);
    assert.equal(verdictIn(wrong, 'leader/highest'), 'violated');
    const slower = await tried('bully-crash-in-mid-election', seed, ['parameters.leaderTimeout=5s']);
    assert.equal(verdictIn(slower, 'leader/eventually-one'), 'holds');
  }
});
