/**
 * GitHub Classroom: what its reporter takes from a runner, in base64. Of an assignment there is a runner for each
 * challenge, as lines `ID=BASE64` for `$GITHUB_OUTPUT`. A runner has one test, and a challenge is met as a whole: the
 * reporter adds up the scores of tests, but prints passed tests divided by all, and so both say the same.
 */
import { printable } from '../../core/printable.ts';
import { type Grade, totalOf } from '../grade.ts';
import { exitCodeOf } from '../outcome.ts';
import type { Row } from '../results.ts';
import { detailLines } from './words.ts';

export function githubOf({ grades }: Row): string {
  const [only] = grades;
  if (grades.length === 1 && only !== undefined) return `${runnerOf(only)}\n`;
  return grades.map((grade) => `${grade.challenge}=${runnerOf(grade)}\n`).join('');
}

function runnerOf(grade: Grade): string {
  const code = exitCodeOf(grade.outcome);
  const status = code === 0 ? 'pass' : code === 1 ? 'fail' : 'error';
  const result = {
    version: 1,
    status,
    max_score: grade.pointsMax,
    tests: [
      {
        name: printable(grade.challenge ?? ''),
        status,
        score: totalOf(grade),
        message: detailLines(grade).join('\n'),
        line_no: 0,
      },
    ],
  };
  return Buffer.from(JSON.stringify(result), 'utf8').toString('base64');
}
