/** Whether a goal can be met at all: what the search finds, what it leaves open, and that it never says impossible too soon. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explore } from '../../src/check/explore.ts';
import { searchGoal } from '../../src/check/search-goal.ts';
import { Seen } from '../../src/check/seen.ts';
import type { Challenge } from '../../src/core/challenge.ts';
import type { Goal } from '../../src/core/challenge-goal.ts';
import type { Scenario } from '../../src/core/scenario.ts';
import { loadScenario } from '../../src/scenario/load.ts';

const { scenario, protocol } = await loadScenario('promise-forgotten');
const search = (goal: Goal, budget: Challenge['budget'] = {}, change: Partial<Scenario> = {}) =>
  searchGoal({ ...scenario, challenge: { points: 1, goal, budget }, ...change }, protocol, { statesMax: 20_000 });

const agreement: Goal = { violated: 'atomic-commit/agreement' };
const committed = (node: string): Goal => ({ reached: { node, state: 'committed' } });
const never: Goal = { decided: { P1: 'perhaps' } };

const cases: readonly (readonly [goal: Goal, budget: Challenge['budget'], possible: boolean | null])[] = [
  [agreement, {}, false],
  [agreement, { crash: 1, restart: 1 }, true],
  [agreement, { partition: 1, delay: 'any', schedule: 'any' }, false],
  [{ holds: 'atomic-commit/two-decided' }, {}, true],
  [committed('P1'), {}, true],
  [{ decided: { P1: 'commit', P2: 'abort' } }, {}, false],
  [never, { crash: 1, restart: 1 }, false],
  [{ any: [never, committed('P2')] }, {}, true],
  [{ any: [never, agreement] }, {}, false],
  [{ all: [never, committed('P2')] }, {}, false],
  [{ before: [committed('P1'), never] }, {}, false],
  // each can come about, and no search says whether they can together
  [{ all: [committed('P1'), committed('P2')] }, {}, null],
  [{ count: { messages: 'prepare', 'at-least': 99 } }, {}, null],
  [{ not: never }, {}, null],
  // more than what is explored
  [agreement, { input: 1 }, null],
];
for (const [goal, budget, possible] of cases) {
  test(`within ${JSON.stringify(budget)} the answer is ${possible}: ${JSON.stringify(goal)}`, async () => {
    const searched = await search(goal, budget);
    assert.equal(searched.possible, possible, searched.why);
    if (possible !== null) assert.ok(searched.states > 0 && searched.why.includes('states'));
  });
}

test('a fault that is allowed any number of times may strike, and is not counted', async () => {
  const generals = await loadScenario('last-messenger-challenge');
  const exploreWith = (drop: number) =>
    explore({ ...generals.scenario, model: 'synchronous', boundMs: 60, budget: { drop } }, generals.protocol);
  const verdictOf = async (drop: number) =>
    (await exploreWith(drop)).properties.find(({ name }) => name === 'coordinated-attack/agreement')?.verdict;
  assert.equal(await verdictOf(0), 'holds');
  assert.equal(await verdictOf(1), 'violated');
  assert.equal(await verdictOf(1_000_000), 'violated');
  assert.ok((await exploreWith(1_000_000)).states <= (await exploreWith(999_999)).states);
});

test('what the search does not cover is said', async () => {
  const crash = { at: 5, fault: { type: 'crash', node: 'C' } } as const;
  assert.match((await search(agreement, {}, { faults: [crash] })).why, /scripts a crash/);
  assert.match(
    (await search(agreement, { pause: 1 }, { model: 'synchronous', boundMs: 60 })).why,
    /pause, which is not explored in the synchronous model/,
  );
  assert.match((await search(agreement, { input: 2 })).why, /input, which is not explored/);
});

test('where each state came from is known beyond the room that there was at first', () => {
  const seen = new Seen(false);
  const count = 300_000;
  for (let state = 0; state < count; state++) seen.add(Int32Array.of(state, 7), 2, state - 1, state % 5);
  for (const state of [1, 2048, 265_719, 265_720, 265_721, count - 1]) {
    assert.equal(seen.parentOf(state), state - 1);
    assert.equal(seen.ordinalOf(state), state % 5);
  }
});
