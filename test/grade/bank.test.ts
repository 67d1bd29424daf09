/** Every challenge that comes along is graded from the file of its solution as it is judged in memory. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { instruments } from '../../src/cli/grade-instruments.ts';
import { gradeRecording } from '../../src/grade/grade-recording.ts';
import { loadTasks } from '../../src/grade/task.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { play } from '../challenges/play.ts';
import { solutions } from '../challenges/solutions.ts';
import { folder, record, scriptOf } from './made.ts';

test('the solution of every challenge, as a file, gets all points and a picture of where it was decided', async () => {
  const place = folder();
  for (const [challenge, solution] of Object.entries(solutions)) {
    const { trace, claims } = play(await loadScenario(challenge), solution);
    const file = await record(join(place, `${challenge}.jsonl`), {
      challenge,
      script: scriptOf(trace),
      claims,
      events: Math.max(100, trace.length),
    });
    const { tasks } = await loadTasks(challenge);
    const grade = await gradeRecording({ file, student: null, challenge }, tasks, instruments());
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
