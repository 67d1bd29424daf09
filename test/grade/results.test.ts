/** What follows from all grades together. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figuresOf } from '../../src/grade/class-report.ts';
import { resultsOf } from '../../src/grade/results.ts';
import { gradeOf, tasks } from './sample.ts';

const alone = { ...tasks, tasks: tasks.tasks.slice(0, 1) };

test('of several recordings of one student the best counts, and the others are shown', () => {
  const grades = [
    gradeOf('ada', 'block-two', 'unreadable'),
    gradeOf('ada', 'block-two', 'met'),
    gradeOf('ada', 'block-two', 'not met'),
  ];
  const { rows, exitCode } = resultsOf(alone, grades, []);
  assert.equal(rows.length, 1);
  assert.equal(rows[0]?.grades[0]?.outcome, 'met');
  assert.equal(rows[0]?.others.length, 2);
  assert.equal(exitCode, 0, 'what does not count does not spoil it');
});

test('the exit code is that of the worst row: unreadable, then unknown, then not met', () => {
  const code = (...outcomes: Parameters<typeof gradeOf>[2][]) =>
    resultsOf(
      alone,
      outcomes.map((outcome, i) => gradeOf(`s${i}`, 'block-two', outcome)),
      [],
    ).exitCode;
  assert.equal(code('met', 'met'), 0);
  assert.equal(code('met', 'over budget'), 1);
  assert.equal(code('not met', 'truncated', 'met'), 2);
  assert.equal(code('truncated', 'other instance', 'met'), 3);
});

test('who has handed in nothing is a row, and the row is not met', () => {
  const { rows, exitCode } = resultsOf(alone, [gradeOf('ada', 'block-two', 'met')], ['ada', 'bob']);
  assert.deepEqual(
    rows.map(({ student, grades }) => [student, grades[0]?.outcome]),
    [
      ['ada', 'met'],
      ['bob', 'not handed in'],
    ],
  );
  assert.equal(exitCode, 1);
});

test('files of nobody are rows of their own for one challenge, and one row for several', () => {
  const grades = [gradeOf(null, 'block-two', 'met'), gradeOf(null, 'block-two', 'not met')];
  assert.equal(resultsOf(alone, grades, []).rows.length, 2);
  assert.equal(resultsOf(tasks, [...grades, gradeOf(null, 'never-both', 'met')], []).rows.length, 1);
});

test('a recording of no challenge of the assignment spoils the exit code, and counts for nothing', () => {
  const stray = { ...gradeOf('ada', 'block-two', 'other challenge'), challenge: null };
  const { rows, exitCode } = resultsOf(alone, [gradeOf('ada', 'block-two', 'met'), stray], []);
  assert.equal(exitCode, 3);
  assert.equal(rows[0]?.points, 10);
});

test('copies are found across students, and not among the attempts of one', () => {
  const like = (student: string, id: string, inputs: string | null) =>
    gradeOf(student, 'block-two', 'met', { prints: { id, inputs, acts: 4 }, file: `${student}/${id}` });
  const { copies } = resultsOf(
    alone,
    [
      like('ada', '1', 'x'),
      like('ada', '2', 'x'),
      like('bob', '1', 'x'),
      like('cyd', '3', 'y'),
      like('dan', '4', 'y'),
      like('eve', '5', null),
      like('fay', '6', null),
    ],
    [],
  );
  assert.deepEqual(
    copies.map(({ same, files }) => [same, files.map(({ student }) => student)]),
    [
      ['recording', ['ada', 'bob']],
      ['inputs', ['ada', 'ada', 'bob']],
      ['inputs', ['cyd', 'dan']],
    ],
  );
});

test('whoever is far from the others by their acts stands out', () => {
  const acts = [2, 2, 3, 2, 3, 2, 2, 2, 60];
  const grades = acts.map((inputs, i) =>
    gradeOf(`s${i}`, 'block-two', 'met', { run: { events: 9, virtualTimeMs: 9, inputs, checkpoints: 0, digest: '' } }),
  );
  const [figures] = figuresOf(resultsOf(alone, grades, []));
  assert.equal(figures?.actsMedian, 2);
  assert.deepEqual(figures?.outliers, [{ student: 's8', acts: 60 }]);
});
