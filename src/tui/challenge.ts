/**
 * A challenge as it is played: how its goal stands, what is left of the budget, and what has been handed in. The judge is
 * the core's; this remembers between frames what it has said, and makes time stop when the goal stands for the first time.
 */
import {
  type Challenge,
  everyMet,
  type FinishedRun,
  type GoalReport,
  judgeChallenge,
  lastAnswer,
  standingOf,
} from '../core/challenge.ts';
import { type Allowed, type BudgetReport, budgetLeft, chargeAll } from '../core/challenge-budget.ts';
import type { Tools } from '../core/challenge-judge.ts';
import type { Session } from '../core/session.ts';
import { type Valence, valenceText } from '../core/valence.ts';

export interface ChallengeNow {
  readonly challenge: Challenge;
  readonly goals: readonly GoalReport[];
  /** so far: it stands now, and what comes may undo it; met: whatever comes by itself does not */
  readonly standing: 'open' | 'so far' | 'met';
  readonly used: BudgetReport['used'];
  readonly left: Allowed;
  readonly exceeded: BudgetReport['exceeded'];
  readonly claimed: boolean;
  /** how many hints are shown */
  readonly hints: number;
}

/** Of a long run not every event is judged for itself. */
const judgedWhole = 1000;

export class ChallengeWatch {
  readonly #challenge: Challenge;
  readonly #session: Session;
  #hints = 0;
  #known: { readonly key: string; readonly now: ChallengeNow } | null = null;
  #stood = false;
  /** what the person had done when it was met: as long as there is no more, it stays so */
  #metAfter: string | null = null;

  constructor(challenge: Challenge, session: Session) {
    this.#challenge = challenge;
    this.#session = session;
  }

  /** Asked after every event; true: the goal stands for the first time. */
  standsFirst(): boolean {
    const { world, trace } = this.#session;
    if (this.#stood || world.events % (1 + Math.floor(world.events / judgedWhole)) !== 0) return false;
    this.#stood = everyMet(standingOf(this.#challenge, { world, trace, claims: this.#session.claims })) === true;
    return this.#stood;
  }

  /** @param valence of the present configuration; null: not known */
  now(valence: Valence | null): ChallengeNow {
    const { world, branches, claims, running, quiet } = this.#session;
    const seen = [world.events, world.nowMs, branches.length, claims.length, running, quiet, this.#hints];
    const key = [...seen, valence?.kind].join(' ');
    if (this.#known?.key !== key) this.#known = { key, now: this.#judge(valence) };
    return this.#known.now;
  }

  /** One hint more; null: there are no others. */
  hint(): string | null {
    const hint = this.#challenge.hints?.[this.#hints];
    if (hint !== undefined) this.#hints += 1;
    return hint ?? null;
  }

  #judge(valence: Valence | null): ChallengeNow {
    const challenge = this.#challenge;
    const { world, trace, claims, branches, running } = this.#session;
    // whatever led to a bivalent configuration was bivalent, too: what is asked of an earlier one, the present one answers
    const run = { world, trace, claims, worldAt: () => world };
    const tools = valence === null ? {} : { valenceOf: () => valenceText(valence) };
    const goals = standingOf(challenge, run, tools);
    const { used, exceeded } = chargeAll(challenge.budget, trace, world);
    const done = [world.faults.length, used.input, used.schedule, claims.length, branches.length].join(' ');
    const isMet = everyMet(goals) === true;
    // what becomes of a run is judged when it is held: that takes longer than there is between two frames
    if (!running) this.#metAfter = isMet && staysMet(challenge, run, tools) ? done : null;
    return {
      challenge,
      goals,
      standing: !isMet ? 'open' : this.#metAfter === done ? 'met' : 'so far',
      used,
      left: budgetLeft(challenge.budget, used),
      exceeded,
      claimed: lastAnswer(claims) === 'cannot',
      hints: this.#hints,
    };
  }
}

/** Does it still stand when the run is left alone? */
const staysMet = (challenge: Challenge, run: FinishedRun, tools: Tools): boolean =>
  everyMet(judgeChallenge(challenge, run, tools).goals) === true;
