/**
 * The `results.json` of a Gradescope autograder: a test for each challenge, which has the points, and one for each of its
 * goals, which has none of its own, for a challenge is met as a whole. All text has the format `text`. The fields are
 * those of its specification; `execution_time` is optional there and left out, so that the same file gives the same text.
 * Source: https://gradescope-autograders.readthedocs.io/en/latest/specs/
 */
import { printable } from '../../core/printable.ts';
import { type Grade, totalOf } from '../grade.ts';
import { exitCodeOf } from '../outcome.ts';
import type { Row } from '../results.ts';
import { jsonText } from './json.ts';
import type { Visibility } from './names.ts';
import { detailLines, goalsTried, scoreOf } from './words.ts';

/** @param remarks lines before everything else, such as that it was late */
export function gradescopeOf(row: Row, visibility: Visibility, remarks: readonly string[] = []): string {
  const { grades, others, points, pointsMax } = row;
  const results = {
    score: points,
    output: [
      ...remarks,
      `${scoreOf(points, pointsMax)} points`,
      ...others.map(({ file, why }) => printable(`not counted: ${file ?? ''}: ${why}`)),
    ].join('\n'),
    output_format: 'text',
    test_output_format: 'text',
    test_name_format: 'text',
    visibility,
    stdout_visibility: 'hidden',
    extra_data: { grades: grades.map(({ challenge, outcome, prints }) => ({ challenge, outcome, prints })) },
    tests: grades.flatMap((grade, i) => testsOf(grade, i + 1, visibility)),
  };
  return jsonText(results);
}

function testsOf(grade: Grade, place: number, visibility: Visibility): object[] {
  const isMet = exitCodeOf(grade.outcome) === 0;
  const whole = {
    name: grade.challenge,
    number: String(place),
    score: totalOf(grade),
    max_score: grade.pointsMax,
    status: isMet ? 'passed' : 'failed',
    output: detailLines(grade).join('\n'),
    output_format: 'text',
    tags: [grade.outcome],
    visibility,
  };
  const goals = goalsTried(grade).map(({ goal, met, why }, i) => ({
    name: printable(goal),
    number: `${place}.${i + 1}`,
    status: met === true ? 'passed' : 'failed',
    output: printable(why),
    output_format: 'text',
    visibility,
  }));
  return [whole, ...goals];
}
