/** Every challenge that comes along is graded from the file of its solution as it is judged in memory. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { instruments } from '../../src/cli/grade-instruments.ts';
import { gradeRecording } from '../../src/grade/grade-recording.ts';
import { loadTasks, scenarioFor, type Task } from '../../src/grade/task.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { solutionOf, solved } from '../challenges/own-solutions.ts';
import { play, type Script as Solution } from '../challenges/play.ts';
import { folder, record, scriptOf } from './made.ts';

const student = 'anna';

test('the solution of every challenge, as a file, gets all points and a picture of where it was decided', async () => {
  const place = folder();
  for (const challenge of solved) {
    const { tasks } = await loadTasks(challenge);
    const [task] = tasks as [Task];
    const { seed } = await scenarioFor(task, student);
    const instance = task.challenge.instance === undefined ? undefined : seed;
    const loaded = await loadScenario(challenge, { instance });
    const { trace, claims } = play(loaded, solutionOf(challenge, loaded.scenario) as Solution);
    const file = await record(join(place, `${challenge}.jsonl`), {
      challenge,
      instance,
      script: scriptOf(trace),
      claims,
      events: Math.max(100, trace.length),
    });
    const grade = await gradeRecording({ file, student, challenge }, tasks, instruments());
    assert.equal(grade.outcome, 'met', `${challenge}: ${grade.why}`);
    assert.equal(grade.points, grade.pointsMax, challenge);
    for (const { event, lines } of grade.excerpts) {
      assert.ok(
        lines.some((line) => line.startsWith('›')),
        `${challenge}: event ${event} is marked`,
      );
      assert.ok(
        lines.every((line) => line.length <= 100 && !line.includes('\u001b')),
        challenge,
      );
    }
  }
});
