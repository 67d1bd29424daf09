/**
 * Grades one recording: limits, parse, schema and chain (the reader's), then whether it is of this challenge and this
 * student's instance, then the re-execution with every checkpoint compared, and only then the goals. The run that is
 * judged is the challenge's own, with the file's inputs: nothing that the file claims about it is believed.
 */
import {
  type Challenge,
  type FinishedRun,
  type Judgement,
  judgeChallenge,
  lastAnswer,
  type Searched,
} from '../core/challenge.ts';
import type { BudgetReport } from '../core/challenge-budget.ts';
import { digestWorld } from '../core/digest.ts';
import { printable } from '../core/printable.ts';
import type { World } from '../core/world.ts';
import { claimsIn } from '../record/claims.ts';
import { type Recording, RecordingError } from '../record/format.ts';
import { readRecordingFile } from '../record/reader.ts';
import { type Replayer, replayRecording } from '../record/replay.ts';
import { type DrawExcerpt, excerptsOf, printsOf } from './evidence.ts';
import { type Grade, ungraded } from './grade.ts';
import { hintedTask, objection, ownRun, taskOf } from './match.ts';
import type { Outcome } from './outcome.ts';
import { searchOnce } from './search.ts';
import type { Submission } from './submissions.ts';
import { scenarioFor, type Task } from './task.ts';

/** What is drawn and computed in other rooms. */
export interface Instruments {
  readonly draw?: DrawExcerpt;
  readonly valenceOf?: (world: World) => string;
}

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
    const place = error.line === null ? '' : `${error.line}:${error.column}: `;
    const why = printable(`${place}${error.reason}`);
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
  const scenario = await scenarioFor(task, submission.student);
  const against = objection(recording, task, scenario, submission);
  if (against !== null) return refuse(...against);
  const replayer = replayRecording(ownRun(recording, scenario), task.protocol);
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

async function judged(
  replayer: Replayer,
  task: Task,
  { file, student }: Submission,
  instruments: Instruments,
  prints: Grade['prints'],
): Promise<Grade> {
  const { world, history, recording } = replayer;
  // the goal is the instance's own, the points are the assignment's
  const challenge = { ...(world.scenario.challenge as Challenge), points: task.challenge.points };
  const claims = claimsIn(recording);
  const run: FinishedRun = { world, trace: history.trace, claims, worldAt: (events) => history.at(events) };
  const hasClaimed = lastAnswer(claims) === 'cannot';
  const searched = hasClaimed && challenge.answer !== 'possible' ? await searchOnce(task, world.scenario) : undefined;
  const judgement = judgeChallenge(challenge, run, { valenceOf: instruments.valenceOf, searched });
  const { goals, budget, cannot, points, bonusPoints } = judgement;
  const [outcome, why] = verdictOf(judgement, searched, task.challenge.argument);
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

/** @param argument why it cannot be done, in the author's words */
function verdictOf(
  { met, goals, budget, cannot }: Judgement,
  searched: Searched | undefined,
  argument: string | undefined,
): [Outcome, string] {
  if (cannot.claimed) {
    const found = [argument, searched?.why].filter((text) => text !== undefined).join(' ');
    if (cannot.right === null) return ['unknown', `whether it can be done is not known: ${found}`];
    return [cannot.right ? 'cannot, rightly' : 'cannot, wrongly', found];
  }
  if (budget.exceeded.length > 0) return ['over budget', excessWords(budget)];
  const open = goals.find((goal) => goal.met === false) ?? goals.find((goal) => goal.met === null);
  if (met === true || open === undefined) return ['met', goals.map(({ why }) => why).join('; ')];
  return [met === null ? 'unknown' : 'not met', `${open.goal}, but ${open.why}`];
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
