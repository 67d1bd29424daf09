/** Results with something of everything in them, hostile text too, for the tests of formats. */
import { type Grade, ungraded } from '../../src/grade/grade.ts';
import type { Outcome } from '../../src/grade/outcome.ts';
import { type Results, resultsOf } from '../../src/grade/results.ts';
import type { Task, Tasks } from '../../src/grade/task.ts';

/** moves the cursor, ends an XML section, opens an element, is a formula, hides in the dark, breaks the line */
export const hostile = '=HYPERLINK("http://x")\u001b[2J]]><script>alert(1)</script>\u202e\u0007\nnext';

const task = (id: string, points: number): Task =>
  ({ id, title: `About ${id}`, challenge: { points } }) as unknown as Task;

export const tasks: Tasks = {
  title: 'Week 3',
  due: '2026-10-01T23:59:00Z',
  tasks: [task('block-two', 10), task('never-both', 5)],
};

export function gradeOf(student: string | null, challenge: string, outcome: Outcome, more: Partial<Grade> = {}): Grade {
  const pointsMax = challenge === 'block-two' ? 10 : 5;
  const isMet = outcome === 'met';
  const base = ungraded(
    { file: `${student}/${challenge}.jsonl`, student },
    { challenge, pointsMax },
    outcome,
    `because of ${outcome}`,
  );
  if (outcome !== 'met' && outcome !== 'not met') return { ...base, ...more };
  return {
    ...base,
    points: isMet ? pointsMax : 0,
    goals: [
      {
        goal: 'P1 blocked at the end',
        met: isMet,
        atEvent: isMet ? 57 : null,
        why: 'P1 waits for C',
        missing: isMet ? [] : ['P1 blocked at the end'],
      },
      { goal: 'not: agreement violated', met: true, atEvent: null, why: 'it holds', missing: [] },
    ],
    budget: { allowed: { crash: 1 }, used: { crash: 1 }, faults: 1, exceeded: [] },
    excerpts: [{ event: 57, title: 'P1 blocked at the end', lines: ['      C    P1', '›  57 ├────▶│'] }],
    run: { events: 80, virtualTimeMs: 5000, inputs: 1, checkpoints: 1, digest: 'd'.repeat(64) },
    prints: { id: `${student}-${challenge}`, inputs: null, acts: 1 },
    ...more,
  };
}

/** One student: one challenge met, and a file that cannot be read. */
export const oneStudent = (): Results =>
  resultsOf(
    tasks,
    [
      gradeOf('ada', 'block-two', 'met', { bonusPoints: 2 }),
      gradeOf('ada', 'never-both', 'unreadable', { why: hostile }),
    ],
    [],
  );

/** A class: copies, somebody who handed in nothing, somebody hostile. */
export const aClass = (): Results =>
  resultsOf(
    tasks,
    [
      gradeOf('ada', 'block-two', 'met', { prints: { id: 'x1', inputs: 'same', acts: 4 } }),
      gradeOf('ada', 'never-both', 'not met'),
      gradeOf('bob', 'block-two', 'met', { prints: { id: 'x2', inputs: 'same', acts: 4 } }),
      gradeOf(hostile, 'block-two', 'not reproduced', { why: hostile, file: hostile }),
    ],
    ['ada', 'bob', 'cyd', hostile],
  );
