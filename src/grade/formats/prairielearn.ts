/**
 * The `results.json` of a PrairieLearn external grader: a score from 0 to 1 and a test for each challenge. What cannot be
 * graded is `gradable: false`, which costs the student no attempt. Source: its manual on external grading.
 */
import { type Grade, totalOf } from '../grade.ts';
import type { Outcome } from '../outcome.ts';
import type { Row } from '../results.ts';
import { jsonText } from './json.ts';
import { detailLines, verdictLine } from './words.ts';

/** it takes no more than 1 MB */
const largestBytes = 1_000_000;
/** what is no attempt at all: the file, or the grader, is not what it should be */
const noAttempt: readonly Outcome[] = [
  'unreadable',
  'truncated',
  'other engine',
  'no student',
  'unknown',
  'not handed in',
];

export function prairielearnOf(row: Row): string {
  const whole = textOf(row, true);
  return Buffer.byteLength(whole) <= largestBytes ? whole : textOf(row, false);
}

function textOf({ grades, points, pointsMax }: Row, withExcerpts: boolean): string {
  const gradable = grades.some(({ outcome }) => !noAttempt.includes(outcome));
  const results = gradable
    ? {
        gradable,
        score: pointsMax === 0 ? 0 : Math.min(1, points / pointsMax),
        message: grades.map(headline).join('\n'),
        tests: grades.map((grade) => testOf(grade, withExcerpts)),
      }
    : { gradable, format_errors: grades.map(headline) };
  return jsonText(results);
}

const headline = (grade: Grade): string => `${grade.challenge ?? ''}: ${verdictLine(grade)}`;

const testOf = (grade: Grade, withExcerpts: boolean): object => ({
  name: grade.challenge ?? '',
  points: totalOf(grade),
  max_points: grade.pointsMax,
  message: verdictLine(grade),
  output: detailLines(grade, withExcerpts).join('\n'),
});
