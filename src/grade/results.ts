/** All grades of a run of the grader, and what follows from them together: each student's total, copies, the worst outcome. */
import { type Grade, totalOf, ungraded } from './grade.ts';
import { exitCodeOf, worstExitCode } from './outcome.ts';
import type { Task, Tasks } from './task.ts';

/** Files that are alike across students. */
export interface Copies {
  readonly challenge: string | null;
  /** `recording`: one and the same; `inputs`: the same acts at the same events and times */
  readonly same: 'recording' | 'inputs';
  /** how many acts they share */
  readonly acts: number;
  readonly files: readonly { readonly file: string; readonly student: string | null }[];
}

/** What one student gets for one challenge: the best of what was handed in. */
export interface Row {
  readonly student: string | null;
  /** one a challenge, in the order of the assignment */
  readonly grades: readonly Grade[];
  /** other recordings of theirs, which do not count: worse ones, and those of no challenge of the assignment */
  readonly others: readonly Grade[];
  readonly points: number;
  readonly pointsMax: number;
}

export interface ChallengeHead {
  readonly id: string;
  readonly title: string;
  readonly points: number;
}

export interface Results {
  readonly title: string;
  readonly due: string | null;
  readonly challenges: readonly ChallengeHead[];
  /** sorted by student; whoever has no name comes last */
  readonly rows: readonly Row[];
  readonly copies: readonly Copies[];
  /** the worst of the grades that count, and of everything that belongs to no challenge */
  readonly exitCode: number;
}

/** @param students everybody of whom a grade is expected, those who have handed in nothing too */
export function resultsOf(
  { title, due, tasks }: Tasks,
  grades: readonly Grade[],
  students: readonly string[],
): Results {
  const named = new Set([...students, ...grades.flatMap(({ student }) => student ?? [])]);
  const rows = [...named].sort().map((student) => {
    const theirs = grades.filter((grade) => grade.student === student);
    return rowOf(student, theirs, tasks);
  });
  rows.push(...anonymousRows(grades, tasks));
  const counted = rows.flatMap((row) => [...row.grades, ...row.others.filter(({ challenge }) => challenge === null)]);
  return {
    title,
    due,
    challenges: tasks.map(({ id, title, challenge: { points } }) => ({ id, title, points })),
    rows,
    copies: copiesAmong(grades),
    exitCode: worstExitCode(counted.map(({ outcome }) => outcome)),
  };
}

/** Files of which nobody said whose they are: each by itself; but those for several challenges are one person's. */
function anonymousRows(grades: readonly Grade[], tasks: readonly Task[]): Row[] {
  const theirs = grades.filter(({ student }) => student === null);
  if (theirs.length === 0) return [];
  return tasks.length > 1 ? [rowOf(null, theirs, tasks)] : theirs.map((grade) => rowOf(null, [grade], tasks));
}

function rowOf(student: string | null, theirs: readonly Grade[], tasks: readonly Task[]): Row {
  const counted = tasks.map((task) => {
    const attempts = theirs.filter(({ challenge }) => challenge === task.id);
    return (
      attempts.reduce<Grade | null>((best, next) => (best === null || isBetter(next, best) ? next : best), null) ??
      missing(student, task)
    );
  });
  return {
    student,
    grades: counted,
    others: theirs.filter((grade) => !counted.includes(grade)),
    points: counted.reduce((sum, grade) => sum + totalOf(grade), 0),
    pointsMax: counted.reduce((sum, { pointsMax }) => sum + pointsMax, 0),
  };
}

const isBetter = (a: Grade, b: Grade): boolean =>
  totalOf(a) > totalOf(b) || (totalOf(a) === totalOf(b) && exitCodeOf(a.outcome) < exitCodeOf(b.outcome));

const missing = (student: string | null, { id, challenge }: Task): Grade =>
  ungraded({ file: null, student }, { challenge: id, pointsMax: challenge.points }, 'not handed in', '');

function copiesAmong(grades: readonly Grade[]): Copies[] {
  const groups = new Map<string, Grade[]>();
  const add = (key: string, grade: Grade): void => void groups.set(key, [...(groups.get(key) ?? []), grade]);
  for (const grade of grades) {
    if (grade.prints === null) continue;
    add(`recording ${grade.prints.id}`, grade);
    if (grade.prints.inputs !== null) add(`inputs ${grade.challenge ?? ''} ${grade.prints.inputs}`, grade);
  }
  const found = [...groups].flatMap(([key, members]): Copies[] => {
    if (new Set(members.map(({ student }) => student)).size < 2) return [];
    const [first] = members as [Grade];
    const files = members.map(({ file, student }) => ({ file: file ?? '', student }));
    return [
      {
        challenge: first.challenge,
        same: key.startsWith('recording') ? 'recording' : 'inputs',
        acts: first.prints?.acts ?? 0,
        files,
      },
    ];
  });
  // one and the same recording has the same inputs, too: that goes without saying
  const shown = found.filter(
    ({ same, files }) =>
      same === 'recording' ||
      !found.some(
        (other) =>
          other.same === 'recording' &&
          other.files.length >= files.length &&
          files.every(({ file }) => other.files.some((its) => its.file === file)),
      ),
  );
  return shown.sort(byWeight);
}

/** The same recording says most; then the longest sequence of acts, for short ones are alike by chance. */
const byWeight = (a: Copies, b: Copies): number =>
  Number(b.same === 'recording') - Number(a.same === 'recording') ||
  b.acts - a.acts ||
  ((a.files[0]?.file ?? '') < (b.files[0]?.file ?? '') ? -1 : 1);
