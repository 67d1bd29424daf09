/** The worked assignment, graded with every challenge solved, and not. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { gradeSafely } from '../../src/grade/grade-recording.ts';
import { resultsOf } from '../../src/grade/results.ts';
import { findSubmissions } from '../../src/grade/submissions.ts';
import { loadTasks } from '../../src/grade/task.ts';
import { course, handIn } from './course.ts';
import { folder } from './made.ts';

test('the worked assignment: full marks for who solved it, and for nobody else', async () => {
  const place = folder();
  await handIn(place);
  const tasks = await loadTasks(join(course, 'assignment.yaml'));
  const { submissions, students } = findSubmissions([place], { challenges: tasks.tasks.map(({ id }) => id) });
  const grades = [];
  for (const submission of submissions) grades.push(await gradeSafely(submission, tasks.tasks, {}));
  const { rows, copies, exitCode } = resultsOf(tasks, grades, students);
  assert.deepEqual(
    rows.map(({ student, points, grades }) => [student, points, ...grades.map(({ outcome }) => outcome)]),
    [
      ['ada@example.edu', 50, 'met', 'cannot, rightly', 'met', 'met', 'met'],
      ['bob@example.edu', 0, 'not met', 'not handed in', 'not handed in', 'not handed in', 'other instance'],
      ['cyd@example.edu', 0, 'unreadable', 'not handed in', 'not handed in', 'not handed in', 'not handed in'],
      ['dan@example.edu', 0, ...Array(5).fill('not handed in')],
    ],
  );
  assert.deepEqual(
    copies.map(({ same, files }) => [same, files.map(({ student }) => student)]),
    [['recording', ['ada@example.edu', 'bob@example.edu']]],
  );
  assert.equal(exitCode, 3);
});
