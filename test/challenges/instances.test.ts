/** Challenges in which every student has nodes, values or goals of their own: what one has done is none of the others' answer. */
import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Challenge, judgeChallenge } from '../../src/core/challenge.ts';
import { instanceSeed } from '../../src/core/instance.ts';
import { canonicalJson } from '../../src/core/json.ts';
import { exitCodeOf } from '../../src/grade/outcome.ts';
import { type LoadedScenario, loadScenario } from '../../src/scenario/load.ts';
import { folder, grade, record, scriptOf } from '../grade/made.ts';
import { bank, challengeOf } from './bank.ts';
import { solutionOf } from './own-solutions.ts';
import { foundByExplorer, judged, play, type Script } from './play.ts';
import { explored } from './solutions.ts';

const own = bank.filter((each) => challengeOf(each).instance === 'per-student');
const students = ['anna@example.edu', 'bob@example.edu', 'cyd@example.edu'];
const seedOf = (id: string, student: string): number => instanceSeed('', id, student);

/** The variants of a challenge: those of small seeds, until they come again. */
async function variants(id: string): Promise<LoadedScenario[]> {
  const found = new Map<string, LoadedScenario>();
  for (let instance = 0; instance < 12; instance++) {
    const loaded = await loadScenario(id, { instance });
    const key = canonicalJson({ ...loaded.scenario, seed: 0 });
    if (!found.has(key)) found.set(key, loaded);
  }
  return [...found.values()];
}

test('many challenges differ by student, over many protocols, in more than their seed', async () => {
  assert.ok(own.length >= 12, `${own.length}`);
  assert.ok(new Set(own.map(({ loaded }) => loaded.protocol.id)).size >= 10);
  for (const { id } of own) assert.ok((await variants(id)).length >= 2, id);
});

for (const { id } of own.filter(({ id }) => !explored.includes(id))) {
  test(`${id}: three students solve their own instances, and nobody another’s`, async () => {
    const place = folder();
    const files: string[] = [];
    for (const student of students) {
      const instance = seedOf(id, student);
      const loaded = await loadScenario(id, { instance });
      const { trace } = play(loaded, solutionOf(id, loaded.scenario) as Script);
      const made = { challenge: id, instance, script: scriptOf(trace), events: Math.max(100, trace.length) };
      files.push(await record(join(place, `${student}.jsonl`), { ...made, student, id: student }));
    }
    for (const [i, student] of students.entries()) {
      const mine = await grade(files[i] as string, id, { student });
      assert.deepEqual([mine.outcome, mine.points], ['met', mine.pointsMax], mine.why);
      const copy = join(place, `copy-${i}.jsonl`);
      copyFileSync(files[(i + 1) % files.length] as string, copy);
      const theirs = await grade(copy, id, { student });
      assert.deepEqual([theirs.outcome, exitCodeOf(theirs.outcome), theirs.points], ['other instance', 3, 0]);
      assert.match(theirs.why, new RegExp(`the instance of ${student} has ${seedOf(id, student)}`));
    }
    assert.equal((await grade(files[0] as string, id)).outcome, 'no student');
    const nobodys = await record(join(place, 'nobody.jsonl'), { challenge: id, script: [] });
    assert.equal((await grade(nobodys, id, { student: students[0] as string })).outcome, 'other instance');
  });

  test(`${id}: who does what a neighbour with another variant has done earns nothing`, async () => {
    const all = await variants(id);
    for (const neighbour of all)
      for (const mine of all) {
        const script = solutionOf(id, neighbour.scenario);
        if (neighbour === mine || script === undefined) continue;
        assert.equal(pointsOf(mine, script), 0, `${shown(neighbour)} for ${shown(mine)}`);
      }
  });
}

const shown = ({ scenario }: LoadedScenario): string => `the variant of ${scenario.seed}`;

function pointsOf(loaded: LoadedScenario, script: Script): number {
  try {
    return judged(loaded, script).points;
  } catch (error) {
    assert.match((error as Error).message, /never happens|is down/);
    return 0;
  }
}

test('in no instance does the goal come about by itself', async () => {
  for (const { id } of own)
    for (let instance = 0; instance < 12; instance++)
      assert.equal(judged(await loadScenario(id, { instance }), { steps: [] }).points, 0, `${id}, seed ${instance}`);
});

test('hasty-voters: the explorer solves every variant', async () => {
  for (const variant of await variants('hasty-voters'))
    assert.equal(judgeChallenge(variant.scenario.challenge as Challenge, await foundByExplorer(variant)).met, true);
});

test('without a student a challenge is as its file has it', async () => {
  for (const { id, loaded } of own) assert.deepEqual((await loadScenario(id)).scenario, loaded.scenario);
  const { scenario } = await loadScenario('minority-leader');
  assert.deepEqual([scenario.seed, scenario.inputs[0]?.node], [4, 'S1']);
  const { scenario: second } = await loadScenario('minority-leader', { instance: 11 });
  assert.deepEqual([second.seed, second.inputs[0]?.node], [11, 'S3'], 'of two variants 11 picks number 1');
});
