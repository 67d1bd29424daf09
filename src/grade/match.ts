/**
 * Is this a recording of the challenge, in this student's instance? Everything that makes a run what it is must be the
 * same; words (title, lesson, expectations) may have changed since, and what the file says of the challenge's goal is not
 * read at all.
 */
import { canonicalJson, isObject } from '../core/json.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Recording } from '../record/format.ts';
import type { Outcome } from './outcome.ts';
import type { Submission } from './submissions.ts';
import type { Task } from './task.ts';

/** more than a person brings about in an evening; the judge looks at every one of them */
const mostEvents = 100_000;

/** By the file's name, or because there is but one. */
export const hintedTask = ({ challenge }: Submission, tasks: readonly Task[]): Task | null =>
  tasks.find(({ id }) => id === challenge) ?? (tasks.length === 1 ? (tasks[0] as Task) : null);

/** Which challenge it is for: what its file's name says, or the one whose scenario it has. */
export function taskOf({ header }: Recording, submission: Submission, tasks: readonly Task[]): Task | null {
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

/**
 * What speaks against grading it, before anything is executed; null: nothing.
 * @param right what was to be played: `scenarioFor` this student
 */
export function objection(
  recording: Recording,
  task: Task,
  right: Scenario,
  { student }: Submission,
): [Outcome, string] | null {
  const { header, end, halfLine } = recording;
  const { scenario, engine } = header;
  if (scenario.protocol !== task.scenario.protocol)
    return ['other challenge', `it is a recording of ${scenario.name}, with the protocol ${scenario.protocol}`];
  // two challenges can have one scenario, and differ in their budgets and goals alone
  if (scenario.name !== task.scenario.name)
    return ['other challenge', `it is a recording of ${scenario.name}, not of ${task.scenario.name}`];
  const isOwn = task.challenge.instance === 'per-student';
  if (isOwn && student === null)
    return [
      'no student',
      'everybody has an instance of their own, and nobody has said whose this should be: --student',
    ];
  if (isOwn && scenario.seed !== right.seed)
    return [
      'other instance',
      `it was played with the seed ${scenario.seed}, and the instance of ${student} has ${right.seed}`,
    ];
  const difference = differenceOf(scenario, right) ?? compare('seed', scenario.seed, right.seed);
  if (difference !== null) {
    const { field, claimed, right: inChallenge } = difference;
    return [
      'other scenario',
      `${field} is ${claimed ?? 'left out'}, but in the challenge ${inChallenge ?? 'it is left out'}`,
    ];
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

/** The file's inputs, in what was to be played. */
export const ownRun = (recording: Recording, right: Scenario): Recording => ({
  ...recording,
  header: { ...recording.header, scenario: right },
});

/** What a run depends on, but for the seed. */
const decisive = [
  'protocol',
  'nodes',
  'model',
  'boundMs',
  'failures',
  'network',
  'clocks',
  'parameters',
  'inputs',
  'faults',
] as const satisfies readonly (keyof Scenario)[];

interface Difference {
  /** `parameters.voteTimeout` */
  readonly field: string;
  /** as JSON; null: it is not there */
  readonly claimed: string | null;
  readonly right: string | null;
}

/** The first field in which the file's scenario would run otherwise than the challenge's; null: there is none. */
function differenceOf(claimed: Scenario, right: Scenario): Difference | null {
  for (const field of decisive) {
    const found = compare(field, claimed[field], right[field]);
    if (found !== null) return found;
  }
  // the order of the nodes is the order in which they start
  return compare('nodes', Object.keys(claimed.nodes), Object.keys(right.nodes));
}

function compare(field: string, claimed: unknown, right: unknown): Difference | null {
  const [a, b] = [textOf(claimed), textOf(right)];
  if (a === b) return null;
  if (isObject(claimed) && isObject(right)) {
    for (const key of [...new Set([...Object.keys(right), ...Object.keys(claimed)])]) {
      const inner = compare(`${field}.${key}`, claimed[key], right[key]);
      if (inner !== null) return inner;
    }
  }
  return { field, claimed: a, right: b };
}

const textOf = (value: unknown): string | null => (value === undefined ? null : canonicalJson(value));
