/** What `havoc check` finds is an answer: the counterexample of a challenge can be handed in, if the budget allows what is done in it. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { explore } from '../../src/check/explore.ts';
import { excessOf, settledAt, writeRecording } from '../../src/cli/check-record.ts';
import { gradeRecording } from '../../src/grade/grade-recording.ts';
import { loadTasks } from '../../src/grade/task.ts';
import { readRecordingFile } from '../../src/record/reader.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { folder } from '../record/made.ts';

/** Explores the challenge, and hands in what violates the property that its goal names. */
async function handedIn(id: string) {
  const loaded = await loadScenario(id);
  const { scenario, protocol, ref } = loaded;
  const goal = JSON.stringify(scenario.challenge?.goal);
  const properties = protocol.properties.filter(({ name }) => goal.includes(`{"violated":"${name}"}`));
  const exploration = await explore(scenario, { ...protocol, properties }, { statesMax: 400_000, source: ref });
  const p = exploration.properties.findIndex(({ verdict }) => verdict === 'violated');
  const state = exploration.properties[p]?.state;
  assert.ok(state != null, `${id}: ${exploration.stopped}`);
  const settled = await settledAt(loaded, exploration, p, state, async () => false);
  assert.ok(settled.run !== null, `${id}: ${settled.missing}`);
  const file = join(folder(), `${id}.jsonl`);
  writeRecording(loaded, settled.run, file);
  const { tasks } = await loadTasks(id);
  const grade = await gradeRecording({ file, student: null, challenge: id }, tasks, {});
  return { grade, excess: excessOf(settled.run), isScheduled: settled.isScheduled === true, file };
}

/** Orders are what the budget allows here, inputs at later times among them. */
for (const id of ['a-stale-read', 'majority-of-answers', 'two-accounts']) {
  test(`${id}: the least run that the explorer finds earns all points`, async () => {
    const { grade, excess, isScheduled } = await handedIn(id);
    assert.equal(grade.outcome, 'met', grade.why);
    assert.equal(grade.points, grade.pointsMax);
    assert.deepEqual({ excess, isScheduled }, { excess: null, isScheduled: false });
  });
}

for (const id of ['a-lie-for-a-secret', 'promise-forgotten', 'three-generals-challenge', 'too-few-rounds']) {
  test(`${id}: where the budget allows no order, what is found is handed in with all in its turn`, async () => {
    const { grade, isScheduled, file } = await handedIn(id);
    assert.equal(grade.outcome, 'met', grade.why);
    assert.ok(isScheduled);
    assert.ok(
      readRecordingFile(file).entries.every(
        (entry) => entry.kind !== 'act' || ['traitor', 'crash', 'restart'].includes(entry.act.type),
      ),
    );
  });
}

test('phantom: an order that the budget does not allow is told, and graded so', async () => {
  const { grade, excess } = await handedIn('phantom');
  assert.equal(grade.outcome, 'over budget');
  assert.match(excess ?? '', /^schedule: \d+, but 0 allowed$/);
});
