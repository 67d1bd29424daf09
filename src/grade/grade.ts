/** What a grading gives for one recording: plain data, the same text for the same file on every machine. No times in it. */
import type { GoalReport } from '../core/challenge.ts';
import type { BudgetReport } from '../core/challenge-budget.ts';
import type { Outcome } from './outcome.ts';

/** A piece of the sequence diagram around one event, as lines of text. */
export interface Excerpt {
  readonly event: number;
  /** what it shows: `P1 blocked at the end: not met` */
  readonly title: string;
  readonly lines: readonly string[];
}

export interface GradedRun {
  readonly events: number;
  readonly virtualTimeMs: number;
  /** acts of the person, those of abandoned branches too */
  readonly inputs: number;
  /** checkpoints that agreed */
  readonly checkpoints: number;
  readonly digest: string;
}

export interface Grade {
  /** null: nothing was handed in */
  readonly file: string | null;
  /** as the grader says; null: nobody said */
  readonly student: string | null;
  /** the challenge's id; null: it is a recording of none of them */
  readonly challenge: string | null;
  readonly outcome: Outcome;
  /** one sentence; of a file, `line:column: what` */
  readonly why: string;
  readonly points: number;
  readonly bonusPoints: number;
  readonly pointsMax: number;
  readonly goals: readonly GoalReport[];
  readonly budget: BudgetReport | null;
  /** the claim that it cannot be done; `states`: how many a search has covered, null: none was needed or made */
  readonly cannot: { readonly claimed: boolean; readonly right: boolean | null; readonly states: number | null } | null;
  readonly excerpts: readonly Excerpt[];
  readonly run: GradedRun | null;
  /** what tells copies: the recording's own id, and SHA-256 over the sequence of acts (null: there are none) */
  readonly prints: { readonly id: string; readonly inputs: string | null; readonly acts: number } | null;
}

export const totalOf = ({ points, bonusPoints }: Pick<Grade, 'points' | 'bonusPoints'>): number => points + bonusPoints;

/** A grade without a judgement: nothing for it. */
export const ungraded = (
  { file, student }: Pick<Grade, 'file' | 'student'>,
  challenge: Pick<Grade, 'challenge' | 'pointsMax'>,
  outcome: Outcome,
  why: string,
  prints: Grade['prints'] = null,
): Grade => ({
  file,
  student,
  ...challenge,
  outcome,
  why,
  points: 0,
  bonusPoints: 0,
  goals: [],
  budget: null,
  cannot: null,
  excerpts: [],
  run: null,
  prints,
});
