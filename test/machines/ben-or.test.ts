import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import benOr from '../../machines/ben-or.ts';
import { draw, type JsonObject, type NodeId } from '../../src/core/protocol.ts';
import type { LinkSetting, Scenario } from '../../src/core/scenario.ts';
import { type Finished, nodesOf, runScenario, scenarioOf, violations, walk } from './drive.ts';
import { tried } from './lessons.ts';
import { randomCrashes, runsOr } from './random-crashes.ts';

const crowd = (n: number) => nodesOf({ P: ['node', n] });
const perNode = <T>(n: number, of: (i: number) => T): Record<NodeId, T> =>
  Object.fromEntries(Object.keys(crowd(n)).map((id, i) => [id, of(i)]));
const run = (n: number, parameters: JsonObject, more: Partial<Scenario> = {}): Finished =>
  runScenario(benOr, scenarioOf(benOr, crowd(n), parameters, { failures: 'crash-stop', ...more }));
const survivors = ({ world }: Finished) => world.nodes.filter(({ status }) => status === 'up');
const lastRound = ({ world }: Finished): number =>
  Math.max(...world.nodes.map(({ context }) => Number(context.decidedIn ?? 0)));

test('all begin with one value: it is decided in the first round, at the published cost', () => {
  for (let n = 3; n <= 10; n++) {
    for (const value of [0, 1]) {
      const network = { latency: { kind: 'constant', ms: 30 }, order: 'unordered', loss: 0, duplicate: 0 } as const;
      const f = Math.ceil(n / 2) - 1;
      const finished = run(n, { f, values: perNode(n, () => value) }, { network });
      assert.ok(finished.quiet);
      for (const { decisions, path } of finished.world.nodes) {
        assert.deepEqual(decisions, [value]);
        assert.equal(path, 'halted');
      }
      assert.equal(lastRound(finished), 1);
      for (const { name, expected, measured } of benOr.costs ?? []) {
        const published = expected({ node: n }, finished.world.scenario.parameters);
        assert.equal(measured(finished.world.costs), published, `${name}, n=${n}`);
      }
    }
  }
});

/** Up to f crashes, values by the seed. */
function random(seed: number, parameters: JsonObject = {}): Finished {
  const n = 3 + (seed % 4);
  const f = Math.ceil(n / 2) - 1;
  const mortal = Object.keys(crowd(n));
  const faults = randomCrashes(seed, {
    mortal,
    most: f,
    withinMs: 600,
    kinds: ['report', 'proposal'],
    restarts: false,
  });
  const values = perNode(n, (i) => (draw(seed, i) < 0.5 ? 0 : 1));
  return run(n, { f, values, ...parameters }, { faults, seed });
}

test('with at most f crashes of n > 2f every survivor decides, and all decide the same', () => {
  const undecidedAfter = [0, 0, 0, 0, 0, 0, 0];
  for (let seed = 0; seed < runsOr(400); seed++) {
    const finished = random(seed);
    assert.ok(finished.quiet, `seed ${seed}`);
    assert.deepEqual(violations(finished.world), [], `seed ${seed}`);
    for (const { id, decisions } of survivors(finished)) assert.equal(decisions.length, 1, `seed ${seed}: ${id}`);
    for (let k = 1; k < undecidedAfter.length && lastRound(finished) > k; k++)
      undecidedAfter[k] = (undecidedAfter[k] ?? 0) + 1;
  }
  assert.ok((undecidedAfter[2] ?? 0) > 0, 'some runs need luck');
  assert.ok((undecidedAfter[6] ?? 0) < (undecidedAfter[2] ?? 0) / 2, 'and luck comes');
});

test('once a node has decided, every other decides in the same round or the next', () => {
  for (let seed = 0; seed < 200; seed++) {
    const rounds = survivors(random(seed)).map(({ context }) => Number(context.decidedIn));
    assert.ok(Math.max(...rounds) - Math.min(...rounds) <= 1, `seed ${seed}: ${rounds}`);
  }
});

/** Choices 82 to 91 of a hundred are crashes and restarts: a node that came back would have forgotten what it said. */
const numbers = fc.array(
  fc.nat().filter((number) => number % 100 < 82 || number % 100 > 91),
  { minLength: 300, maxLength: 300 },
);
test('no order of deliveries, losses and duplicates splits them, whatever f is', () => {
  let decided = 0;
  fc.assert(
    fc.property(numbers, fc.integer({ min: 0, max: 3 }), fc.nat(15), (schedule, f, bits) => {
      const values = perNode(4, (i) => (bits >> i) & 1);
      const world = walk(benOr, scenarioOf(benOr, crowd(4), { f, values }), schedule, { inputs: [] });
      assert.deepEqual(violations(world), []);
      if (world.nodes.some(({ decisions }) => decisions.length > 0)) decided += 1;
    }),
    { numRuns: runsOr(250) },
  );
  assert.ok(decided > runsOr(250) / 10, `the schedules must often decide something: ${decided}`);
});

test('n = 4, f = 2 blocks even when all want the same, and stays safe', () => {
  for (let seed = 0; seed < 30; seed++) {
    for (const value of [0, 1]) {
      const finished = run(4, { f: 2, values: perNode(4, () => value) }, { seed, untilMs: 2000 });
      assert.deepEqual(
        finished.decisions,
        perNode(4, () => []),
      );
      assert.equal(finished.verdicts['ben-or/proposed'], 'not reached');
      assert.deepEqual(violations(finished.world), []);
      assert.ok(Number(finished.world.nodes[0]?.context.round) > 5);
    }
  }
});

test('more than f crashes: the others wait for the dead', () => {
  const faults = ['P4', 'P5'].map((node) => ({ at: 50, fault: { type: 'crash', node } as const }));
  const finished = run(5, { f: 1 }, { faults });
  assert.ok(finished.quiet);
  assert.deepEqual(
    survivors(finished).map(({ decisions }) => decisions),
    [[], [], []],
  );
  assert.ok(finished.world.blockedSets.some(({ nodes }) => nodes.length === 3));
});

/** The adversary's order: everybody hears first from one who has the other value. */
const slow = (from: NodeId, to: NodeId): LinkSetting => ({ from, to, latency: { kind: 'constant', ms: 400 } });
const adverse = {
  latency: { kind: 'uniform', minMs: 10, maxMs: 20 },
  order: 'unordered',
  loss: 0,
  duplicate: 0,
  links: [slow('P2', 'P1'), slow('P1', 'P2'), slow('P2', 'P3')],
} as const;

test('a scheduler can delay it for any k rounds, as long as the coins let it', () => {
  for (const k of [1, 5, 20, 60]) {
    const coins = { P1: [0], P2: [0], P3: [...Array.from({ length: k }, () => 1), 0] };
    const finished = run(3, { f: 1, values: { P1: 0, P2: 0, P3: 1 }, coins }, { network: adverse });
    assert.equal(lastRound(finished), k + 2, `k=${k}`);
    assert.deepEqual(finished.decisions, { P1: [0], P2: [0], P3: [0] });
  }
});

test('against that scheduler, too, it ends with probability one: each round decides a fixed share of the runs', () => {
  const rounds = Array.from({ length: 300 }, (_, seed) =>
    lastRound(run(3, { f: 1, values: { P1: 0, P2: 0, P3: 1 } }, { network: adverse, seed })),
  );
  assert.ok(rounds.every((round) => round > 1));
  const left = (k: number) => rounds.filter((round) => round > k).length;
  for (const k of [2, 3, 4]) assert.ok(left(k + 1) < 0.8 * left(k) + 5, `${left(k)}, then ${left(k + 1)}`);
});

test('the coins come from the seed: the same seed, the same run; other nodes, other coins', () => {
  const coinsOf = (seed: number) =>
    run(3, { f: 1, values: { P1: 0, P2: 0, P3: 1 } }, { network: adverse, seed }).trace.map(({ after }) => after);
  assert.deepEqual(coinsOf(5), coinsOf(5));
  const lengths = new Set(Array.from({ length: 20 }, (_, seed) => coinsOf(seed).length));
  assert.ok(lengths.size > 3);
});

test('every wrong variant is caught within 100 runs', () => {
  for (const { parameters, breaks } of benOr.wrongVariants ?? []) {
    const caught = Array.from({ length: 100 }, (_, seed) => seed).find((seed) =>
      violations(random(seed, parameters).world).some((text) => text.startsWith(breaks)),
    );
    assert.notEqual(caught, undefined, JSON.stringify(parameters));
  }
});

test('two proposals in one round would be noticed', () => {
  const lemma = benOr.properties.find(({ name }) => name === 'ben-or/one-proposal');
  const say = (value: number) => ({
    node: 'P1',
    honest: true,
    effect: { type: 'send' as const, to: 'P2', message: { type: 'proposal', round: 3, value } },
  });
  const next = lemma?.memory?.next ?? ((memory) => memory);
  const { view } = run(3, {}).world;
  assert.equal(lemma?.test(view, next({}, say(0))), true);
  const why = '0 and 1 are both proposed in round 3';
  assert.deepEqual(lemma?.test(view, next(next({}, say(0)), say(1))), { clause: 'one-proposal', why });
});

test('what the lessons tell to try comes out as they say', async () => {
  for (let seed = 0; seed < 10; seed++) {
    const luck = await tried('coins-fall-badly', seed, ['parameters.coins.P3=0']);
    assert.deepEqual(luck.decisions, { P1: 0, P2: 0, P3: 0 });
    const patient = await tried('hasty-gambler', seed, ['parameters.hasty=false']);
    assert.deepEqual(patient.decisions, { P1: 1, P2: 1, P3: 1 });
    const lucky = await tried('hasty-gambler', seed, ['parameters.coins.P2=0', 'parameters.coins.P3=0']);
    assert.deepEqual(lucky.decisions, { P1: 0, P2: 0, P3: 0 });
    const one = await tried('half-may-fail', seed, ['parameters.f=1']);
    assert.deepEqual(one.decisions, { P1: 1, P2: 1, P3: 1, P4: 1 });
  }
});
