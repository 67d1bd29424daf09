/** Figures on a class: per challenge how many met each goal and where the others failed, and who stands out. */
import type { GoalReport } from '../core/challenge.ts';
import { type Outcome, wasJudged } from './outcome.ts';
import type { Results } from './results.ts';

export interface GoalFigures {
  readonly goal: string;
  readonly met: number;
  readonly judged: number;
  /** why it was not, and how often, the most frequent first */
  readonly failures: readonly { readonly why: string; readonly times: number }[];
}

export interface ChallengeFigures {
  readonly id: string;
  readonly title: string;
  /** how many rows have each outcome, the most frequent first */
  readonly outcomes: readonly { readonly outcome: Outcome; readonly times: number }[];
  readonly goals: readonly GoalFigures[];
  /** median of the acts of those who were judged; null: nobody was */
  readonly actsMedian: number | null;
  /** far from the others by their acts: more than three times the median away from it, among at least eight */
  readonly outliers: readonly { readonly student: string | null; readonly acts: number }[];
}

const failuresMax = 5;
const enough = 8;

export const figuresOf = ({ rows, challenges }: Results): ChallengeFigures[] =>
  challenges.map(({ id, title }, i) => {
    const grades = rows.flatMap(({ grades }) => grades[i] ?? []);
    const judged = grades.filter(({ outcome, run }) => wasJudged(outcome) && run !== null);
    const acts = judged.map(({ student, run }) => ({ student, acts: run?.inputs ?? 0 }));
    const actsMedian = median(acts.map((each) => each.acts));
    const isFar = (count: number): boolean =>
      actsMedian !== null && Math.abs(count - actsMedian) > 3 * Math.max(1, actsMedian);
    return {
      id,
      title,
      outcomes: countBy(grades.map(({ outcome }) => outcome)).map(({ value, times }) => ({ outcome: value, times })),
      // whoever claims that it cannot be done has not tried to
      goals: goalFigures(judged.filter(({ cannot }) => cannot === null).map(({ goals }) => goals)),
      actsMedian,
      outliers: acts.length < enough ? [] : acts.filter(({ acts }) => isFar(acts)),
    };
  });

function goalFigures(all: readonly (readonly GoalReport[])[]): GoalFigures[] {
  const [first] = all;
  return (first ?? []).map(({ goal: firstGoal }, i) => {
    const theirs = all.flatMap((goals) => goals[i] ?? []);
    const isSame = theirs.every(({ goal }) => goal === firstGoal);
    const goal = isSame ? firstGoal : `${firstGoal}, or as another’s instance has it`;
    const failures = countBy(theirs.filter(({ met }) => met !== true).map(({ why }) => why));
    return {
      goal,
      met: theirs.filter(({ met }) => met === true).length,
      judged: theirs.length,
      failures: failures.slice(0, failuresMax).map(({ value, times }) => ({ why: value, times })),
    };
  });
}

/** Ties in the order of code units. */
function countBy<T extends string>(values: readonly T[]): { readonly value: T; readonly times: number }[] {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .map(([value, times]) => ({ value, times }))
    .sort((a, b) => b.times - a.times || (a.value < b.value ? -1 : 1));
}

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle] as number;
  return ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}
