/**
 * What backs each challenge that cannot be done: a search through every run, of the challenge itself or of a smaller instance
 * of it, or, where no search says anything, attacks by lot. docs/challenges.md has a row of each.
 */
import { type Challenge, judgeChallenge, type Searched } from '../../src/core/challenge.ts';
import type { LoadedScenario } from '../../src/scenario/load.ts';
import { playAtRandom } from './at-random.ts';

export interface Backing {
  /** how many `searchGoal` has gone through; null: the space has no end, or the protocol reads clocks */
  readonly states: number | null;
  /** seconds: searched where HAVOC_RUNS is set */
  readonly isLong?: true;
  /** `path=value`, as `--set` takes them: the smaller instance that is searched */
  readonly smaller?: readonly string[];
  /** `path=value`: the mistake with which the same search, or the same attack, finds a run that does it */
  readonly wrong?: readonly string[];
}

export const backings: Readonly<Record<string, Backing>> = {
  'a-fresh-read': { states: 1_130_408, isLong: true },
  'a-lie-found-out': { states: 440_341 },
  'a-majority-is': { states: 945_713, isLong: true },
  'abort-not-presumed': { states: 2385 },
  'block-three-phase-commit': { states: 382 },
  'everybody-answers': { states: 217 },
  'executed-by-a-majority': { states: null, wrong: ['parameters.uniform=false'] },
  'extremes-left-out': { states: null, wrong: ['parameters.discard=false'] },
  'four-generals-challenge': { states: 24_350 },
  'in-order-only-one': { states: 22 },
  'no-phantom': { states: 1_114_266, wrong: ['parameters.detector=poll'] },
  'one-account': { states: 425 },
  'one-delivery': { states: 20_692 },
  'one-liar-alone': { states: 63_769, wrong: ['parameters.vouching=false'] },
  'one-liar-of-four': { states: null, wrong: ['challenge.budget.traitor=2'] },
  'one-round-more-challenge': { states: 357_275 },
  'one-side-answers': { states: 19_982, wrong: ['parameters.system=ca'] },
  'one-view-a-number': {
    states: 1_334_432,
    isLong: true,
    smaller: ['parameters.beats=2', 'parameters.patience=1', 'constraint.context.ballot=1001'],
    wrong: ['parameters.majority=false'],
  },
  'patient-majority': { states: 307 },
  'promise-kept': { states: 3254 },
  'question-first': { states: 12 },
  'signed-and-three': { states: 720 },
  'silence-is-no-proof': { states: 29_624 },
  'slow-on-a-ring': { states: 161 },
  'stale-write-refused': { states: 254_033, wrong: ['parameters.fencing=false'] },
  'three-phases-and-crashes': { states: 3835 },
  'tokens-stay': { states: 880 },
  'votes-are-kept': { states: 23_882, wrong: ['parameters.stableVote=false'] },
  'votes-with-witnesses': { states: 239_057 },
};

/** so many attacks by lot are made */
export const attacks = 100;

/** The row of docs/challenges.md. */
export function rowOf(id: string, { states, smaller = [] }: Backing, { why }: Pick<Searched, 'why'>): string {
  const within = / within (.*?)(?:, in which|;|$)/.exec(why)?.[1];
  const bounds = within === undefined ? '' : ` within ${within}`;
  const instance = smaller.filter((each) => !each.startsWith('constraint')).map((each) => `\`${each}\``);
  const of = instance.length === 0 ? '' : ` of a smaller instance (${instance.join(', ')})`;
  const backing =
    states === null ? `argument; ${attacks} attacks by lot find nothing` : `search${of}${bounds}: ${states} states`;
  return `| \`${id}\` | ${backing} |`;
}

/** Has somebody who does at random what the budget allows met the goal, in a run with this seed? */
export function isMetByLot({ scenario, ...loaded }: LoadedScenario, seed: number): boolean {
  const session = playAtRandom({ ...loaded, scenario: { ...scenario, seed } }, seed);
  return judgeChallenge(scenario.challenge as Challenge, session).met === true;
}
