/** Runs `grade`: finds what was handed in, grades it, and writes the results. */
import { goalWords, partsOfGoal } from '../core/challenge-goal.ts';
import { githubOf } from '../grade/formats/github.ts';
import { gradebookOf, type Roster, readRoster, strangersTo } from '../grade/formats/gradebook.ts';
import { gradescopeOf } from '../grade/formats/gradescope.ts';
import { classReportHtml } from '../grade/formats/html.ts';
import { jsonOf } from '../grade/formats/json.ts';
import { junitOf } from '../grade/formats/junit.ts';
import { prairielearnOf } from '../grade/formats/prairielearn.ts';
import { textOf } from '../grade/formats/text.ts';
import type { Grade } from '../grade/grade.ts';
import { gradeSafely } from '../grade/grade-recording.ts';
import { lateness, readMetadata, type SubmissionMetadata } from '../grade/metadata.ts';
import { type Results, type Row, resultsOf } from '../grade/results.ts';
import { type Found, findSubmissions, type Submission } from '../grade/submissions.ts';
import { loadTasks, type Tasks } from '../grade/task.ts';
import { InputError, UsageError } from './failures.ts';
import type { GradeOptions } from './grade.ts';
import { gradeBatch } from './grade-batch.ts';
import { instruments } from './grade-instruments.ts';
import { complain } from './output.ts';
import { statusLine } from './status-line.ts';
import { refuseClash, writeWhole } from './write-whole.ts';

/** for fewer files than this the threads would take longer to start than the grading takes */
const fewFiles = 8;

export async function runGrade(target: string, paths: readonly string[], options: GradeOptions): Promise<number> {
  if (options.metadata !== undefined && options.student !== undefined)
    throw new UsageError('--student and --metadata both say whose it is; leave one of them out');
  const tasks = await loadTasks(target, options.salt);
  const metadata = options.metadata === undefined ? null : readMetadata(options.metadata);
  const roster = options.roster === undefined ? null : readRoster(options.roster);
  const found = findSubmissions(paths, {
    student: options.student,
    studentFrom: options.studentFrom,
    challenges: tasks.tasks.map(({ id }) => id),
  });
  const [missing] = found.missing;
  if (missing !== undefined) throw new InputError(`${missing}: there is no such file or folder`);
  const { roster: list, metadata: people, out, report } = options;
  refuseClash([target, list, people, ...found.submissions.map(({ file }) => file)], [out, report]);
  const grades = await gradeFound(target, tasks, found, metadata, options);
  const students = metadata === null ? found.students : [groupName(metadata)];
  const results = resultsOf(tasks, grades, students);
  if (results.rows.length === 0) throw new InputError(`${paths.join(', ')}: no recording (*.jsonl) is in there`);
  if (roster !== null)
    for (const student of strangersTo(results, roster)) complain(`${student} is not in ${options.roster}`);
  write(render(results, tasks, metadata, roster, options), options.out);
  if (options.report !== undefined) writeWhole(options.report, classReportHtml(results));
  return results.exitCode;
}

function write(text: string, out: string | undefined): void {
  if (out === undefined) process.stdout.write(text);
  else writeWhole(out, text);
}

const groupName = ({ students }: SubmissionMetadata): string => students.join(', ');

/** A group's recording may be the instance of any of its members. */
async function gradeFound(
  target: string,
  tasks: Tasks,
  { submissions }: Found,
  metadata: SubmissionMetadata | null,
  options: GradeOptions,
): Promise<Grade[]> {
  if (metadata === null) return gradeEach(target, tasks, submissions, options);
  const theirs = submissions.flatMap((submission) => metadata.students.map((student) => ({ ...submission, student })));
  const grades = await gradeEach(target, tasks, theirs, options);
  const most = metadata.students.length;
  // of the gradings of one file, one for each member, the best
  return submissions.map((_, i) => {
    const each = grades.slice(i * most, (i + 1) * most);
    const [best] = each.toSorted(
      (a, b) => Number(a.outcome === 'other instance') - Number(b.outcome === 'other instance'),
    );
    return { ...(best as Grade), student: groupName(metadata) };
  });
}

async function gradeEach(
  target: string,
  { tasks }: Tasks,
  submissions: readonly Submission[],
  options: GradeOptions,
): Promise<Grade[]> {
  if (submissions.length >= fewFiles) {
    const line = statusLine();
    const onProgress = (done: number): void => line.show((tookMs) => progressText(done, submissions.length, tookMs));
    const batch = { briefing: { target, salt: options.salt }, threads: options.threads, onProgress };
    return gradeBatch(submissions, batch).finally(line.end);
  }
  const tools = instruments();
  const grades: Grade[] = [];
  for (const submission of submissions) grades.push(await gradeSafely(submission, tasks, tools));
  return grades;
}

function progressText(done: number, total: number, tookMs: number): string {
  const leftS = Math.ceil(((tookMs / done) * (total - done)) / 1000);
  return `${done} of ${total} graded, about ${leftS} s left`;
}

function render(
  results: Results,
  { tasks, due }: Tasks,
  metadata: SubmissionMetadata | null,
  roster: Roster | null,
  options: GradeOptions,
): string {
  const late = lateness(due, metadata?.handedInAt ?? null);
  switch (options.json ? 'json' : options.format) {
    case 'text':
      return textOf(results);
    case 'json':
      return jsonOf(results);
    case 'csv':
      return gradebookOf(results, options.csv, roster);
    case 'junit':
      return junitOf(results, (id) => {
        const goal = tasks.find((task) => task.id === id)?.challenge.goal;
        return goal === undefined ? [] : partsOfGoal(goal).map(goalWords);
      });
    case 'gradescope':
      return gradescopeOf(onlyRow(results, 'gradescope'), options.visibility, late === null ? [] : [late]);
    case 'github':
      return githubOf(onlyRow(results, 'github'));
    case 'prairielearn':
      return prairielearnOf(onlyRow(results, 'prairielearn'));
  }
}

/** Formats that speak of one submission. */
function onlyRow({ rows }: Results, format: string): Row {
  const [row] = rows;
  if (row === undefined || rows.length > 1)
    throw new UsageError(
      `--format ${format} is for one student, and there are ${rows.length}; say whose they are with --student`,
    );
  return row;
}
