/**
 * Grades one recording: limits, parse, schema and chain (the reader's), then whether it is of this challenge and this
 * student's instance, then the re-execution with every checkpoint compared, and only then the goals. The run that is
 * judged is the challenge's own, with the file's inputs: nothing that the file claims about it is believed.
 */
import { type FinishedRun, type Judgement, judgeChallenge, lastAnswer, type Searched } from '../core/challenge.ts';
import type { BudgetReport } from '../core/challenge-budget.ts';
import { digestWorld } from '../core/digest.ts';
import { instanceSeed } from '../core/instance.ts';
import { printable } from '../core/printable.ts';
import type { World } from '../core/world.ts';
import { claimsIn } from '../record/claims.ts';
import { type Recording, RecordingError } from '../record/format.ts';
import { readRecordingFile } from '../record/reader.ts';
import { type Replayer, replayRecording } from '../record/replay.ts';
import { type DrawExcerpt, excerptsOf, printsOf } from './evidence.ts';
import { type Grade, ungraded } from './grade.ts';
import { differenceOf } from './match.ts';
import type { Outcome } from './outcome.ts';
import { searchOnce } from './search.ts';
import type { Submission } from './submissions.ts';
import type { Task } from './task.ts';

/** What is drawn and computed in other rooms. */
export interface Instruments {
  readonly draw?: DrawExcerpt;
  readonly valenceOf?: (world: World) => string;
}

/** more than a person brings about in an evening; the judge looks at every one of them */
export const mostEvents = 100_000;

export async function gradeRecording(
  submission: Submission,
  tasks: readonly Task[],
  instruments: Instruments,
): Promise<Grade> {
  let recording: Recording;
  try {
    recording = readRecordingFile(submission.file);
  } catch (error) {
    if (!(error instanceof RecordingError)) throw error;
    const challenge = hintedTask(submission, tasks);
    const why = printable(`${error.line}:${error.column}: ${error.reason}`);
    return ungraded(submission, headOf(challenge), error.kind === 'changed' ? 'edited' : 'unreadable', why);
  }
  const task = taskOf(recording, submission, tasks);
  const prints = printsOf(recording);
  const refuse = (outcome: Outcome, why: string): Grade =>
    ungraded(submission, headOf(task), outcome, printable(why), prints);
  if (task === null) {
    const { name } = recording.header.scenario;
    return refuse('other challenge', `it is a recording of ${name}, which is not in this assignment`);
  }
  const against = objection(recording, task, submission);
  if (against !== null) return refuse(...against);
  const replayer = replayRecording(ownRun(recording, task, submission.student), task.protocol);
  const { divergence } = replayer;
  if (divergence !== null) {
    const window = `events ${divergence.from} to ${divergence.to - 1}`;
    return refuse('not reproduced', `${divergence.line}:1: the re-execution differs in ${window}: ${divergence.why}`);
  }
  return judged(replayer, task, submission, instruments, prints);
}

const headOf = (task: Task | null): Pick<Grade, 'challenge' | 'pointsMax'> => ({
  challenge: task?.id ?? null,
  pointsMax: task?.challenge.points ?? 0,
});

const hintedTask = ({ challenge }: Submission, tasks: readonly Task[]): Task | null =>
  tasks.find(({ id }) => id === challenge) ?? (tasks.length === 1 ? (tasks[0] as Task) : null);

/** Which challenge it is for: what its file's name says, or the one whose scenario it has. */
function taskOf({ header }: Recording, submission: Submission, tasks: readonly Task[]): Task | null {
  const hinted = hintedTask(submission, tasks);
  if (hinted !== null) return hinted;
  const { scenario } = header;
  return (
    tasks.find((task) => differenceOf(scenario, task.scenario) === null && task.scenario.name === scenario.name) ??
    tasks.find((task) => task.scenario.name === scenario.name) ??
    tasks.find((task) => differenceOf(scenario, task.scenario) === null) ??
    null
  );
}

/** What speaks against grading it, before anything is executed; null: nothing. */
function objection(recording: Recording, task: Task, { student }: Submission): [Outcome, string] | null {
  const { header, end, halfLine } = recording;
  const { scenario, engine } = header;
  if (scenario.protocol !== task.scenario.protocol)
    return ['other challenge', `it is a recording of ${scenario.name}, with the protocol ${scenario.protocol}`];
  const difference = differenceOf(scenario, task.scenario);
  const isOther = scenario.name !== task.scenario.name;
  const other = `it is a recording of ${scenario.name}, not of ${task.scenario.name}`;
  if (difference !== null) {
    if (isOther) return ['other challenge', other];
    const { field, claimed, right } = difference;
    return [
      'other scenario',
      `${field} is ${claimed ?? 'left out'}, but in the challenge ${right ?? 'it is left out'}`,
    ];
  }
  const isOwn = task.challenge.instance === 'per-student';
  if (isOwn && student === null)
    return [
      'no student',
      'everybody has an instance of their own, and nobody has said whose this should be: --student',
    ];
  const seed = seedFor(task, student);
  if (scenario.seed !== seed) {
    if (isOther) return ['other challenge', other];
    return isOwn
      ? ['other instance', `it was played with the seed ${scenario.seed}, and the instance of ${student} has ${seed}`]
      : ['other scenario', `seed is ${scenario.seed}, but in the challenge ${seed}`];
  }
  if (engine.version !== task.engine.version) {
    const versions = `revision ${engine.version} of the engine's rules, and this is ${task.engine.version}`;
    return ['other engine', `it was made under ${versions}`];
  }
  if (engine.protocolSha256 !== task.engine.protocolSha256)
    return ['other engine', `the protocol ${engine.protocol} is another version here than where it was made`];
  if (end === null)
    return [
      'truncated',
      halfLine === null ? 'it has no end; finish it and hand it in again' : `line ${halfLine} is cut off`,
    ];
  const events = eventsOf(recording);
  if (events > mostEvents)
    return ['unknown', `it takes ${events} events, abandoned ones too; more than ${mostEvents} are not executed`];
  return null;
}

/** How many events its replay executes: a branch goes back, and what it leaves behind was executed all the same. */
const eventsOf = ({ entries, end }: Recording): number =>
  entries.reduce((sum, entry) => (entry.kind === 'branch' ? sum + entry.from - entry.i : sum), end?.events ?? 0);

/** Of a challenge that is the same for everybody: the scenario's. */
function seedFor({ challenge, scenario, salt }: Task, student: string | null): number {
  return challenge.instance === 'per-student' && student !== null
    ? instanceSeed(salt, scenario.name, student)
    : scenario.seed;
}

/** The file's inputs, in the challenge's scenario. */
function ownRun(recording: Recording, task: Task, student: string | null): Recording {
  const scenario = { ...task.scenario, seed: seedFor(task, student) };
  return { ...recording, header: { ...recording.header, scenario } };
}

async function judged(
  replayer: Replayer,
  task: Task,
  { file, student }: Submission,
  instruments: Instruments,
  prints: Grade['prints'],
): Promise<Grade> {
  const { world, history, recording } = replayer;
  const claims = claimsIn(recording);
  const run: FinishedRun = { world, trace: history.trace, claims, worldAt: (events) => history.at(events) };
  const hasClaimed = lastAnswer(claims) === 'cannot';
  const searched = hasClaimed && task.challenge.answer !== 'possible' ? await searchOnce(task) : undefined;
  const judgement = judgeChallenge(task.challenge, run, { valenceOf: instruments.valenceOf, searched });
  const { goals, budget, cannot, points, bonusPoints } = judgement;
  const [outcome, why] = verdictOf(judgement, searched);
  return {
    file,
    student,
    ...headOf(task),
    outcome,
    why,
    points,
    bonusPoints,
    goals,
    budget,
    cannot: cannot.claimed ? { ...cannot, states: searched?.states ?? null } : null,
    excerpts: instruments.draw === undefined || cannot.claimed ? [] : excerptsOf(run, judgement, instruments.draw),
    run: {
      events: world.events,
      virtualTimeMs: world.nowMs,
      inputs: replayer.inputs,
      checkpoints: replayer.compared,
      digest: digestWorld(world),
    },
    prints,
  };
}

function verdictOf({ met, goals, budget, cannot }: Judgement, searched: Searched | undefined): [Outcome, string] {
  if (cannot.claimed) {
    const found = searched?.why ?? '';
    if (cannot.right === null) return ['unknown', `whether it can be done is not known: ${found}`];
    return [cannot.right ? 'cannot, rightly' : 'cannot, wrongly', found];
  }
  if (budget.exceeded.length > 0) return ['over budget', excessWords(budget)];
  const open = goals.find((goal) => goal.met === false) ?? goals.find((goal) => goal.met === null);
  if (met === true || open === undefined) return ['met', goals.map(({ why }) => why).join('; ')];
  return [met === null ? 'unknown' : 'not met', `${open.goal}: ${open.why}`];
}

const excessWords = ({ exceeded }: BudgetReport): string =>
  exceeded
    .map(
      ({ name, used, allowed, atEvent }) => `${name}: ${used}, but ${allowed} allowed (exceeded at event ${atEvent})`,
    )
    .join('; ');

/** The same, and a mistake of the grader itself is a row too: one file never ends the others. */
export async function gradeSafely(
  submission: Submission,
  tasks: readonly Task[],
  instruments: Instruments,
): Promise<Grade> {
  try {
    return await gradeRecording(submission, tasks, instruments);
  } catch (error) {
    const why = printable(`a mistake in havoc: ${error instanceof Error ? error.message : String(error)}`);
    return ungraded(submission, headOf(hintedTask(submission, tasks)), 'unknown', why);
  }
}
