import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import majorityVote from '../../machines/majority-vote.ts';
import { explore } from '../../src/check/explore.ts';
import { draw, type JsonObject, type NodeId } from '../../src/core/protocol.ts';
import type { Scenario } from '../../src/core/scenario.ts';
import { type Finished, nodesOf, runScenario, scenarioOf, violations, walk } from './drive.ts';
import { tried } from './lessons.ts';
import { randomCrashes, runsOr } from './random-crashes.ts';

const crowd = (n: number) => nodesOf({ P: ['voter', n] });
const perNode = <T>(n: number, of: (i: number) => T): Record<NodeId, T> =>
  Object.fromEntries(Object.keys(crowd(n)).map((id, i) => [id, of(i)]));
const run = (n: number, parameters: JsonObject, more: Partial<Scenario> = {}): Finished =>
  runScenario(majorityVote, scenarioOf(majorityVote, crowd(n), parameters, { failures: 'crash-stop', ...more }));

test('all begin with one bit: it is decided in the first round, at the cost counted', () => {
  for (let n = 3; n <= 9; n++) {
    for (const value of [0, 1]) {
      const network = { latency: { kind: 'constant', ms: 30 }, order: 'unordered', loss: 0, duplicate: 0 } as const;
      const f = Math.ceil(n / 2) - 1;
      const finished = run(n, { f, values: perNode(n, () => value) }, { network });
      for (const { decisions } of finished.world.nodes) assert.deepEqual(decisions, [value]);
      for (const { name, expected, measured } of majorityVote.costs ?? []) {
        const published = expected({ voter: n }, finished.world.scenario.parameters);
        assert.equal(measured(finished.world.costs), published, `${name}, n=${n}`);
      }
    }
  }
});

/** Up to f crashes, bits by the seed. */
function random(seed: number, parameters: JsonObject = {}): Finished {
  const n = 3 + (seed % 4);
  const f = 1 + (Math.floor(seed / 4) % (Math.ceil(n / 2) - 1));
  const mortal = Object.keys(crowd(n));
  const faults = randomCrashes(seed, { mortal, most: f, withinMs: 300, kinds: ['vote', 'tally'], restarts: false });
  const values = perNode(n, (i) => (draw(seed, i) < 0.5 ? 0 : 1));
  return run(n, { f, values, ...parameters }, { faults, seed });
}

test('with at most f crashes of n > 2f, and no adversary, every survivor decides, and all decide the same', () => {
  for (let seed = 0; seed < runsOr(200); seed++) {
    const { world, quiet } = random(seed);
    assert.ok(quiet, `seed ${seed}`);
    assert.deepEqual(violations(world), [], `seed ${seed}`);
    for (const { id, status, decisions } of world.nodes)
      if (status === 'up') assert.equal(decisions.length, 1, `seed ${seed}: ${id}`);
  }
});

/** Choices 82 to 91 of a hundred are crashes and restarts: a node that came back would have forgotten what it said. */
const numbers = fc.array(
  fc.nat().filter((number) => number % 100 < 82 || number % 100 > 91),
  { minLength: 200, maxLength: 200 },
);
test('no order of deliveries, losses and duplicates splits them', () => {
  let decided = 0;
  fc.assert(
    fc.property(numbers, fc.integer({ min: 3, max: 5 }), fc.nat(31), (schedule, n, bits) => {
      const f = Math.ceil(n / 2) - 1;
      const values = perNode(n, (i) => (bits >> i) & 1);
      const world = walk(majorityVote, scenarioOf(majorityVote, crowd(n), { f, values }), schedule, { inputs: [] });
      assert.deepEqual(violations(world), []);
      if (world.nodes.some(({ decisions }) => decisions.length > 0)) decided += 1;
    }),
    { numRuns: runsOr(150) },
  );
  assert.ok(decided > runsOr(150) / 10, `the schedules must often decide something: ${decided}`);
});

test('whoever has voted 0 0 1 decides 0 in every order of events, and nobody is split: all of them explored', async () => {
  const values = { P1: 0, P2: 0, P3: 1 };
  const scenario = scenarioOf(majorityVote, crowd(3), { values }, { failures: 'crash-stop' });
  const { complete, properties } = await explore(scenario, majorityVote, { network: 'set' });
  assert.ok(complete);
  for (const { name, kind, verdict } of properties) if (kind === 'always') assert.equal(verdict, 'holds', name);
});

test('more than f crashes: the other waits for the dead', () => {
  const faults = ['P2', 'P3'].map((node) => ({ at: 0, fault: { type: 'crash', node } as const }));
  const finished = run(3, { f: 1 }, { faults });
  assert.ok(finished.quiet);
  assert.deepEqual(finished.decisions, { P1: [], P2: [], P3: [] });
  assert.deepEqual(finished.world.blockedSets.at(-1)?.nodes, ['P1']);
});

test('who hears from a later round catches up: what it missed it never needs', () => {
  const slow = { from: 'P2', to: 'P3', latency: { kind: 'constant', ms: 500 } } as const;
  const links = [slow, { ...slow, from: 'P1' }];
  const network = { latency: { kind: 'constant', ms: 10 }, order: 'unordered', loss: 0, duplicate: 0, links } as const;
  const finished = run(3, { values: { P1: 1, P2: 1, P3: 0 } }, { network });
  assert.deepEqual(finished.decisions, { P1: [1], P2: [1], P3: [1] });
});

test('the wrong variant is caught by looking at every order of events', async () => {
  for (const { parameters, breaks } of majorityVote.wrongVariants ?? []) {
    const values = { P1: 0, P2: 1, P3: 1 };
    const scenario = scenarioOf(majorityVote, crowd(3), { values, ...parameters }, { failures: 'crash-stop' });
    const { properties } = await explore(scenario, majorityVote, { network: 'set', statesMax: 200_000 });
    assert.equal(properties.find(({ name }) => name === breaks)?.verdict, 'violated');
  }
});

test('what the hasty preset tells to try comes out as it says', async () => {
  const patient = await tried('hasty-majority', 1, ['parameters.hasty=false']);
  const values = new Set(Object.values(patient.decisions).map(String));
  assert.equal(values.size, 1);
});

test('three of five vote for 1, and one crash settles it: which one', async () => {
  const crash = (node: NodeId) => ({ faults: [{ at: 0, fault: { type: 'crash', node } as const }] });
  for (let seed = 0; seed < 20; seed++) {
    const outcome = async (node: NodeId, overrides: string[] = []) => {
      const { decisions } = await tried('the-missing-vote', seed, overrides, crash(node));
      return [...new Set(Object.entries(decisions).flatMap(([id, value]) => (id === node ? [] : [value])))];
    };
    for (const node of ['P1', 'P2', 'P3']) assert.deepEqual(await outcome(node), [0]);
    for (const node of ['P4', 'P5']) assert.deepEqual(await outcome(node), [1]);
    for (const node of Object.keys(crowd(5))) assert.deepEqual(await outcome(node, ['values.P4=1']), [1]);
  }
});
