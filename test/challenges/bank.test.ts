/** The bank of challenges: each has the answer that it says it has, and nothing else earns its points. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { searchGoal } from '../../src/check/search-goal.ts';
import { valenceOf } from '../../src/check/valence/valences.ts';
import { type Challenge, judgeChallenge } from '../../src/core/challenge.ts';
import { createRun, type Run, stepRun } from '../../src/core/run.ts';
import { valenceText } from '../../src/core/valence.ts';
import type { World } from '../../src/core/world.ts';
import { type LoadedScenario, listPresets, loadScenario } from '../../src/scenario/load.ts';
import { bank, challengeOf, isPossible } from './bank.ts';
import { attacks, type Backing, backings, isMetByLot, rowOf } from './impossible.ts';
import { solutionOf } from './own-solutions.ts';
import { finished, foundByExplorer, judged, keptOpen, play } from './play.ts';
import { explored } from './solutions.ts';

const nothing = { steps: [] };
const giveUp = { steps: [], claims: [{ answer: 'cannot' as const }] };

test('the bank is large, covers the problems, and has challenges that are impossible', () => {
  assert.ok(bank.length >= 50);
  const ids = listPresets().map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length, 'a challenge has a name of its own');
  assert.ok(new Set(bank.map(({ loaded }) => loaded.protocol.id)).size >= 30);
  assert.ok(bank.filter((each) => !isPossible(each)).length >= 15);
  for (const each of bank) {
    const { title, topic, summary } = each.loaded.scenario;
    const { difficulty, hints = [], answer } = challengeOf(each);
    assert.ok(title !== '' && topic !== '' && summary !== '' && difficulty !== undefined && hints.length > 0, each.id);
    assert.ok(answer !== undefined, each.id);
  }
});

for (const each of bank.filter(isPossible)) {
  const { id, loaded } = each;
  test(`${id}: the known solution earns all points, within the budget and without a word refused`, () => {
    const script = solutionOf(id, loaded.scenario);
    if (script === undefined) {
      assert.ok([...explored, 'keep-it-open'].includes(id), `${id} has no known solution`);
      return;
    }
    const played = play(loaded, script);
    assert.deepEqual(played.refused, []);
    const { met, points, goals, budget, cannot } = judgeChallenge(challengeOf(each), played);
    assert.deepEqual({ met, points }, { met: true, points: challengeOf(each).points });
    assert.deepEqual(budget.exceeded, []);
    assert.deepEqual(cannot, { claimed: false, right: false });
    for (const goal of goals) assert.deepEqual(goal.missing, []);
  });

  test(`${id}: to do nothing, or to give up, earns nothing`, () => {
    assert.equal(judged(loaded, nothing).points, 0);
    assert.equal(judged(loaded, giveUp).points, 0);
    const script = solutionOf(id, loaded.scenario);
    if (script === undefined) return;
    const undone = { ...script, claims: [...(script.claims ?? []), ...giveUp.claims] };
    assert.equal(judged(loaded, undone).points, 0, 'a solution is none when its author says that there is none');
  });
}

for (const id of explored) {
  test(`${id}: what the explorer finds earns all points`, async () => {
    const loaded = await loadScenario(id);
    const challenge = loaded.scenario.challenge as Challenge;
    assert.equal(judgeChallenge(challenge, await foundByExplorer(loaded)).points, challenge.points);
  });
}

test('keep-it-open: who always puts off what would settle the decision earns all points', async () => {
  const loaded = await loadScenario('keep-it-open');
  const challenge = loaded.scenario.challenge as Challenge;
  const tools = { valenceOf: (world: World) => valenceText(valenceOf(world, 20_000)) };
  const { points, budget, goals } = judgeChallenge(challenge, keptOpen(loaded, 40), tools);
  assert.equal(points, challenge.points, goals[0]?.why);
  assert.deepEqual(budget.exceeded, []);
  assert.equal(judgeChallenge(challenge, keptOpen(loaded, 20), tools).met, false, 'too few events');
  assert.equal(judgeChallenge(challenge, finished(ended(loaded)), tools).met, false, 'the schedule settles it');
});

function ended({ scenario, protocol }: LoadedScenario): Run {
  const run = createRun(scenario, protocol);
  while (stepRun(run) !== null);
  return run;
}

for (const each of bank.filter((other) => !isPossible(other))) {
  const { id, loaded } = each;
  test(`${id}: only who says that it cannot be done earns the points`, () => {
    assert.equal(judged(loaded, giveUp).points, challengeOf(each).points);
    assert.equal(judged(loaded, nothing).points, 0);
    const takenBack = { steps: [], claims: [...giveUp.claims, { answer: 'can' as const }] };
    assert.equal(judged(loaded, takenBack).points, 0);
  });
}

const docs = readFileSync(new URL('../../docs/challenges.md', import.meta.url), 'utf8');

test('each impossible challenge has its row in docs/challenges.md, and what no full search backs has its argument', () => {
  const impossible = bank.filter((each) => !isPossible(each));
  assert.deepEqual(impossible.map(({ id }) => id).sort(), Object.keys(backings));
  for (const each of impossible) {
    const { states, smaller } = backings[each.id] as Backing;
    const isWhole = states !== null && smaller === undefined && each.loaded.scenario.constraint === undefined;
    assert.ok(isWhole || challengeOf(each).argument !== undefined, each.id);
    assert.equal(docs.split(`| \`${each.id}\` |`).length, 2, each.id);
  }
});

for (const [id, backing] of Object.entries(backings)) {
  const { states, isLong, smaller = [], wrong } = backing;
  const load = (more: readonly string[] = []) => loadScenario(id, { overrides: [...smaller, ...more] });
  const skip = isLong === true && process.env.HAVOC_RUNS === undefined;
  if (states !== null) {
    test(`${id}: a search through every run finds none that does it`, { skip }, async () => {
      const { scenario, protocol } = await load();
      const searched = await searchGoal(scenario, protocol, { statesMax: 3_000_000 });
      assert.ok(searched.possible === false || searched.within, searched.why);
      assert.equal(searched.states, states);
      const row = rowOf(id, backing, searched);
      assert.ok(docs.includes(`\n${row}\n`), row);
    });
    if (wrong === undefined) continue;
    test(`${id}: with ${wrong} the same search finds one`, async () => {
      const { scenario, protocol } = await load(wrong);
      assert.equal((await searchGoal(scenario, protocol, { statesMax: 3_000_000 })).possible, true);
    });
  } else {
    test(`${id}: ${attacks} attacks by lot do not do it, and with ${wrong} some do`, async () => {
      const [right, mistaken] = [await load(), await load(wrong)];
      const seeds = Array.from({ length: attacks }, (_, i) => i + 1);
      assert.deepEqual(
        seeds.filter((seed) => isMetByLot(right, seed)),
        [],
      );
      assert.ok(seeds.some((seed) => isMetByLot(mistaken, seed)));
      const row = rowOf(id, backing, { why: '' });
      assert.ok(docs.includes(`\n${row}\n`), row);
    });
  }
}

test('the search says of a challenge that can be met that it is possible', async () => {
  for (const id of ['promise-forgotten', 'three-generals-challenge', 'too-few-rounds', 'two-inside', 'two-accounts']) {
    const { scenario, protocol } = await loadScenario(id);
    assert.equal((await searchGoal(scenario, protocol)).possible, true, id);
  }
});
