/**
 * A challenge: a scenario with a goal, a budget of faults, and points. The judge is pure. It takes a run as its recording
 * left it, lets it go on by itself until nothing is left to happen, and says which goals have come about, at which
 * events, what was missing, and whether the person kept to the budget.
 *
 * The answer may also be that it cannot be done: the person claims so in the recording. That is right when the challenge
 * is impossible, by its author's word or by a search through every run (`Searched`).
 */

import { carryOn } from './carry-on.ts';
import { type BudgetReport, chargeAll } from './challenge-budget.ts';
import { type Goal, goalWords, partsOfGoal } from './challenge-goal.ts';
import { type Judged, judgeGoal, type Tools } from './challenge-judge.ts';
import type { TraceEvent, World } from './world.ts';

export const difficulties = ['easy', 'medium', 'hard'] as const;

export interface Challenge {
  readonly points: number;
  readonly goal: Goal;
  /** how often a person may do what; what is not named is not allowed. `any`: as often as wanted */
  readonly budget: Readonly<Record<string, number | 'any'>>;
  /** `fewest-faults` points more for whoever gets there with at most `par` faults (1 when left out) */
  readonly bonus?: { readonly 'fewest-faults': number; readonly par?: number };
  /** everybody has a seed of their own: see `instanceSeed` */
  readonly instance?: 'per-student';
  /** goes into those seeds, so that another course's are others; an assignment's salt stands above it */
  readonly salt?: string;
  /** left out: for the search to say */
  readonly answer?: 'possible' | 'impossible';
  /** why it cannot be done, for whoever has rightly claimed so */
  readonly argument?: string;
  readonly difficulty?: (typeof difficulties)[number];
  /** the challenge that is its counterpart: the same attack on the protocol that stands it, or the other way round */
  readonly pair?: string;
  /** one after the other, each telling a little more */
  readonly hints?: readonly string[];
}

/** What a person hands in beside the run itself. The last claim of its kind counts. */
export type Claim =
  /** `cannot`: it cannot be done; `can`: takes that back */
  | { readonly answer: 'cannot' | 'can' }
  /** a cut through the run: by node in scenario order, its events with an index below this are inside */
  | { readonly cut: readonly number[] };

/** A run as its recording left it. It is not changed. */
export interface FinishedRun {
  readonly world: World;
  readonly trace: readonly TraceEvent[];
  readonly claims: readonly Claim[];
  /** the world after so many events, for goals on single moments (`bivalent-for`) */
  worldAt?(events: number): World;
}

/** What a search through every run within the budget has found. */
export interface Searched {
  /** null: it is not known, and why */
  readonly possible: boolean | null;
  readonly states: number;
  readonly why: string;
  /** no run does it within the scenario's constraint, which left others out: then it is not known, and this much is */
  readonly within: boolean;
}

export interface GoalReport {
  /** the goal in words */
  readonly goal: string;
  /** null: it could not be judged */
  readonly met: boolean | null;
  /** index of the event that brought it about; null: none did, or it is a matter of the whole run */
  readonly atEvent: number | null;
  /** what the run shows, in one sentence */
  readonly why: string;
  /** the parts of the goal, in words, that have not come about */
  readonly missing: readonly string[];
}

export interface Judgement {
  /** the parts of a goal that wants all of them; otherwise the goal alone */
  readonly goals: readonly GoalReport[];
  /** full marks: the goal within the budget, or the right claim that it cannot be done. null: it could not be judged */
  readonly met: boolean | null;
  readonly budget: BudgetReport;
  readonly cannot: {
    readonly claimed: boolean;
    /** null: nobody knows, no search has come to its end */
    readonly right: boolean | null;
  };
  readonly points: number;
  readonly bonusPoints: number;
  readonly pointsMax: number;
  /** how far the run was carried on after its recording's end; `quiet`: nothing is left to happen */
  readonly judgedTo: { readonly events: number; readonly atMs: number; readonly quiet: boolean };
}

export function judgeChallenge(
  challenge: Challenge,
  run: FinishedRun,
  tools: Tools & { readonly searched?: Searched } = {},
): Judgement {
  const { world, events, quiet } = carryOn(run.world);
  const trace = events.length === 0 ? run.trace : [...run.trace, ...events];
  const ended = { ...run, world, trace, recorded: run.trace.length, ended: true };
  const goals = partsOfGoal(challenge.goal).map((goal) => report(goal, judgeGoal(goal, ended, tools)));
  const budget = chargeAll(challenge.budget, run.trace, world);
  const claimed = lastAnswer(run.claims) === 'cannot';
  const right = isImpossible(challenge, tools.searched);
  const reached = everyMet(goals);
  const met = claimed ? right : budget.exceeded.length > 0 ? false : reached;
  const { bonus } = challenge;
  const isFrugal = met === true && !claimed && bonus !== undefined && budget.faults <= (bonus.par ?? 1);
  return {
    goals,
    met,
    budget,
    cannot: { claimed, right },
    points: met === true ? challenge.points : 0,
    bonusPoints: isFrugal ? bonus['fewest-faults'] : 0,
    pointsMax: challenge.points,
    judgedTo: { events: world.events, atMs: world.nowMs, quiet },
  };
}

/** How the run stands now, as if it ended here. The recording's end decides, not this. */
export function standingOf(challenge: Challenge, run: FinishedRun, tools: Tools = {}): readonly GoalReport[] {
  const now = { ...run, recorded: run.trace.length, ended: false };
  return partsOfGoal(challenge.goal).map((goal) => report(goal, judgeGoal(goal, now, tools)));
}

export function everyMet(goals: readonly GoalReport[]): boolean | null {
  if (goals.some(({ met }) => met === false)) return false;
  return goals.some(({ met }) => met === null) ? null : true;
}

export const lastAnswer = (claims: readonly Claim[]): 'cannot' | 'can' | null =>
  claims.reduce<'cannot' | 'can' | null>((last, claim) => ('answer' in claim ? claim.answer : last), null);

/** Is it right to say that it cannot be done? null: nobody knows. */
function isImpossible({ answer }: Challenge, searched: Searched | undefined): boolean | null {
  if (answer !== undefined) return answer === 'impossible';
  return searched?.possible == null ? null : !searched.possible;
}

const report = (goal: Goal, { met, at, why, missing }: Judged): GoalReport => ({
  goal: goalWords(goal),
  met,
  atEvent: at,
  why,
  missing,
});
