import assert from 'node:assert/strict';
import { test } from 'node:test';
import floodSet from '../../machines/flood-set.ts';
import type { Json, JsonObject, NodeId } from '../../src/core/protocol.ts';
import type { ScheduledFault } from '../../src/core/scenario.ts';
import { type Finished, nodesOf, runScenario, scenarioOf, violations } from './drive.ts';
import { tried } from './lessons.ts';
import { randomCrashes, runsOr } from './random-crashes.ts';

const crowd = (n: number) => nodesOf({ P: ['node', n] });
const roundMs = 100;
interface Options {
  readonly n: number;
  readonly parameters: JsonObject;
  readonly faults?: readonly ScheduledFault[];
  readonly values?: Readonly<Record<NodeId, number>>;
  readonly seed?: number;
}
function run({ n, parameters, faults = [], values = { P1: 0 }, seed = 1 }: Options): Finished {
  const everyone = Object.fromEntries(Object.keys(crowd(n)).map((id) => [id, values[id] ?? 1]));
  return runScenario(
    floodSet,
    scenarioOf(
      floodSet,
      crowd(n),
      { ...parameters, values: everyone },
      {
        faults,
        seed,
        failures: 'crash-stop',
        model: 'synchronous',
        boundMs: 60,
      },
    ),
  );
}
/** Crashes in this round after so many sends; 0: before it says anything. */
const crashIn = (node: NodeId, round: number, sends: number): ScheduledFault => ({
  at: round * roundMs - 1,
  fault: { type: 'crash', node, ...(sends === 0 ? {} : { afterSends: sends }) },
});
/** In every round k, Pk tells the smallest value to Pk+1 and to no other that runs, and crashes. */
const chain = (length: number): ScheduledFault[] =>
  Array.from({ length }, (_, i) => crashIn(`P${i + 1}`, i + 1, i + 1));
const survivors = ({ world }: Finished) => world.nodes.filter(({ status }) => status === 'up');
const decisions = (finished: Finished): Json[] => survivors(finished).map(({ decisions: [first] }) => first ?? null);
const crashes = ({ world }: Finished): number => world.nodes.filter(({ everCrashed }) => everCrashed).length;
const roundsTaken = (finished: Finished): number =>
  Math.max(...survivors(finished).map(({ context }) => Number(context.round)));

test('a run without crashes takes f + 1 rounds of n(n-1) messages; early stopping takes two', () => {
  for (let n = 3; n <= 10; n++) {
    for (let f = 0; f < 4; f++) {
      for (const earlyStopping of [false, true]) {
        const finished = run({ n, parameters: { f, earlyStopping } });
        const rounds = earlyStopping ? Math.min(2, f + 1) : f + 1;
        assert.equal(finished.world.costs.messages, rounds * n * (n - 1));
        assert.deepEqual(new Set(decisions(finished)), new Set([0]));
        for (const { name, expected, measured } of floodSet.costs ?? []) {
          const published = expected({ node: n }, finished.world.scenario.parameters);
          assert.equal(measured(finished.world.costs), published, `${name}: ${JSON.stringify({ n, f })}`);
        }
      }
    }
  }
});

test('a chain of f crashes defeats f rounds, for every f, and never f + 1', () => {
  for (let f = 1; f <= 6; f++) {
    const n = f + 2;
    const short = run({ n, parameters: { f, rounds: f }, faults: chain(f) });
    assert.deepEqual(decisions(short), [0, 1], `f=${f}`);
    assert.equal(short.verdicts['consensus/agreement'], 'violated');
    const enough = run({ n, parameters: { f }, faults: chain(f) });
    assert.deepEqual(decisions(enough), [0, 0]);
    assert.deepEqual(violations(enough.world), []);
  }
});

test('seven nodes, four crashes, four rounds: the chain leaves one node that does not know', () => {
  const finished = run({ n: 7, parameters: { f: 4, rounds: 4 }, faults: chain(4) });
  assert.deepEqual(decisions(finished), [0, 1, 1]);
});

/** Every way in which at most two of four nodes crash, in any round and after any number of sends. */
function* everyCrashOf(nodes: readonly NodeId[], rounds: number, left: number): Generator<ScheduledFault[]> {
  yield [];
  if (left === 0) return;
  for (const [i, node] of nodes.entries()) {
    for (let round = 1; round <= rounds; round++) {
      for (let sends = 0; sends < 3; sends++) {
        for (const rest of everyCrashOf(nodes.slice(i + 1), rounds, left - 1)) {
          yield [crashIn(node, round, sends), ...rest];
        }
      }
    }
  }
}
function splits(parameters: JsonObject, rounds: number, look: (finished: Finished) => void = () => {}): number {
  let found = 0;
  const ids = Object.keys(crowd(4));
  for (const faults of everyCrashOf(ids, rounds, 2)) {
    for (const smallest of ids) {
      const finished = run({ n: 4, parameters, faults, values: { [smallest]: 0 } });
      if (violations(finished.world).some((text) => text.startsWith('consensus/agreement'))) found += 1;
      look(finished);
    }
  }
  return found;
}

test('four nodes, two crashes, every schedule of them: breakable in one round and in two, not in three', () => {
  assert.ok(splits({ f: 2, rounds: 1 }, 1) > 0);
  assert.ok(splits({ f: 2, rounds: 2 }, 2) > 0);
  assert.equal(splits({ f: 2 }, 3), 0);
});

test('early stopping: every schedule of two crashes agrees, in at most min(f′ + 2, f + 1) rounds, and some need them', () => {
  const most = [0, 0, 0];
  const split = splits({ f: 2, earlyStopping: true }, 3, (finished) => {
    const actual = crashes(finished);
    assert.ok(roundsTaken(finished) <= Math.min(actual + 2, 3), JSON.stringify(finished.world.scenario.faults));
    assert.deepEqual(violations(finished.world), []);
    most[actual] = Math.max(most[actual] as number, roundsTaken(finished));
  });
  assert.equal(split, 0);
  assert.deepEqual(most, [2, 3, 3]);
});

const random = (seed: number, parameters: JsonObject, most: number): Finished => {
  const n = 3 + (seed % 4);
  const mortal = Object.keys(crowd(n));
  const faults = randomCrashes(seed, {
    mortal,
    most: Math.min(most, n - 1),
    withinMs: 500,
    kinds: ['values'],
    restarts: false,
  });
  const values = Object.fromEntries(mortal.map((id, i) => [id, (seed * (i + 3)) % 5]));
  return run({ n, parameters, faults, values, seed });
};

test('at most f crashes, whenever they strike: agreement, validity, and every survivor decides', () => {
  for (let seed = 0; seed < runsOr(400); seed++) {
    const f = 1 + (seed % 3);
    const finished = random(seed, { f, earlyStopping: seed % 2 === 0 }, f);
    assert.deepEqual(violations(finished.world), [], `seed ${seed}`);
    assert.equal(finished.verdicts['consensus/termination'], 'holds');
    assert.ok(roundsTaken(finished) <= (seed % 2 === 0 ? Math.min(crashes(finished) + 2, f + 1) : f + 1));
  }
});

test('every wrong variant is caught within 100 runs with at most one random crash', () => {
  for (const { parameters, breaks } of floodSet.wrongVariants ?? []) {
    const caught = Array.from({ length: 100 }, (_, seed) => seed).find((seed) =>
      violations(random(seed, parameters, 1).world).some((text) => text.startsWith(breaks)),
    );
    assert.notEqual(caught, undefined, JSON.stringify(parameters));
  }
});

test('one crash more than promised breaks it: f + 1 rounds and a chain of f + 1', () => {
  for (let f = 1; f <= 4; f++) {
    const finished = run({ n: f + 3, parameters: { f }, faults: chain(f + 1) });
    assert.deepEqual(decisions(finished), [0, 1]);
  }
});

test('a message that is later than the model allows is not heard, and the model’s assumption is named', () => {
  const faults: ScheduledFault[] = [{ at: 0, fault: { type: 'delay', byMs: 500, from: 'P1' } }];
  const finished = run({ n: 3, parameters: { f: 1 }, faults });
  assert.deepEqual(finished.decisions, { P1: [0], P2: [1], P3: [1] });
  assert.match(finished.world.assumptions[0]?.what ?? '', /the model promises at most 60 ms/);
});

test('what the lessons tell to try comes out as they say', async () => {
  for (let seed = 0; seed < 10; seed++) {
    const enough = await tried('chain-of-crashes', seed, ['parameters.rounds=3']);
    assert.deepEqual([enough.decisions.P3, enough.decisions.P4], [0, 0]);
    const late = await tried('five-crashes', seed, ['parameters.f=5']);
    assert.deepEqual([late.decisions.P6, late.decisions.P7], [0, 0]);
    const plain = await tried('stopping-early', seed, ['parameters.earlyStopping=false']);
    assert.equal(plain.costs.messages, 65);
    const telling = await tried('decided-in-silence', seed, ['parameters.tellFirst=true']);
    assert.deepEqual([telling.decisions.P2, telling.decisions.P3, telling.decisions.P4], [0, 0, 0]);
  }
});
