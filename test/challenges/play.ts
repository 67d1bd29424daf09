/** Challenges, played by a script: acts at moments, and what the judge says of the run. */

import { runPath } from '../../src/check/counterexample.ts';
import { explore } from '../../src/check/explore.ts';
import { valenceOf } from '../../src/check/valence/valences.ts';
import {
  type Challenge,
  type Claim,
  type FinishedRun,
  type Judgement,
  judgeChallenge,
} from '../../src/core/challenge.ts';
import { budgetRefusal } from '../../src/core/challenge-budget.ts';
import { perform } from '../../src/core/commit.ts';
import { History } from '../../src/core/history.ts';
import { type Happening, timesIn } from '../../src/core/lesson.ts';
import { actInRun, createRun, type Run, record, stepRun } from '../../src/core/run.ts';
import { comingEntries, nextEntry } from '../../src/core/scheduler.ts';
import type { Act } from '../../src/core/session.ts';
import type { Choice, World } from '../../src/core/world.ts';
import { cloneWorld } from '../../src/core/world-init.ts';
import type { LoadedScenario } from '../../src/scenario/load.ts';

/** At a moment (after the event in which it happens), at a virtual time, or at the start: what the person does. */
export type Step = readonly [when: Happening | number, ...acts: Act[]];
export interface Script {
  readonly steps: readonly Step[];
  readonly claims?: readonly Claim[];
}

export interface Played extends FinishedRun {
  /** what the budget refused, in words */
  readonly refused: readonly string[];
}

export function play({ scenario, protocol }: LoadedScenario, { steps, claims = [] }: Script): Played {
  const run = createRun(scenario, protocol);
  const refused: string[] = [];
  for (const [when, ...acts] of steps) {
    if (typeof when === 'number') runUntil(run, when);
    else runTo(run, when);
    for (const act of acts) {
      const why = budgetRefusal(run, act);
      if (why === null) actInRun(run, act);
      else refused.push(why);
    }
  }
  return { ...finished(run), claims, refused };
}

export function judged(loaded: LoadedScenario, script: Script): Judgement {
  return judgeChallenge(loaded.scenario.challenge as Challenge, play(loaded, script));
}

export function finished(run: Run): FinishedRun {
  const history = new History(run.world, run.trace);
  return { world: run.world, trace: run.trace, claims: [], worldAt: (events) => history.at(events) };
}

function runUntil(run: Run, ms: number): void {
  for (let entry = nextEntry(run.world); entry !== null && entry.atMs < ms; entry = nextEntry(run.world)) stepRun(run);
  run.world.nowMs = Math.max(run.world.nowMs, ms);
}

/** more events than any solution needs until its next act; heartbeats go on for ever */
const mostEvents = 3000;

function runTo(run: Run, when: Happening): void {
  const wanted = 'nth' in when ? (when.nth ?? 1) : 1;
  let times = run.trace.reduce((sum, event) => sum + timesIn(when, event), 0);
  while (times < wanted) {
    const events = run.trace.length < mostEvents ? stepRun(run) : null;
    if (events === null) throw new Error(`this never happens: ${JSON.stringify(when)}`);
    for (const event of events) times += timesIn(when, event);
  }
}

/** The shortest run that violates the property which the challenge wants violated, as the explorer finds it. */
export async function foundByExplorer({ scenario, protocol }: LoadedScenario): Promise<FinishedRun> {
  const { goal } = scenario.challenge as Challenge;
  if (!('violated' in goal)) throw new Error('the explorer looks for violations');
  const properties = protocol.properties.filter(({ name }) => name === goal.violated);
  const exploration = await explore(scenario, { ...protocol, properties });
  const state = exploration.properties[0]?.state;
  if (state == null) throw new Error('the explorer has found nothing');
  const path = runPath(exploration.model, protocol, exploration.path(state));
  if (typeof path === 'string') throw new Error(path);
  return finished(path.run);
}

/** Puts off whatever would settle the decision: the oldest event after which the run is still bivalent comes next. */
export function keptOpen({ scenario, protocol }: LoadedScenario, events: number): FinishedRun {
  const run = createRun(scenario, protocol);
  while (run.trace.length < events) {
    if (nextEntry(run.world)?.choice.type === 'start') {
      stepRun(run);
      continue;
    }
    const coming = comingEntries(run.world).sort((a, b) => a.seq - b.seq);
    const open = coming.find(({ choice }) => isOpenAfter(run.world, choice));
    if (open === undefined) throw new Error(`every event after ${run.trace.length} settles the decision`);
    record(run, perform(run.world, open.choice, 'person'));
  }
  return finished(run);
}

function isOpenAfter(world: World, choice: Choice): boolean {
  const after = cloneWorld(world);
  perform(after, choice, 'person');
  return valenceOf(after, 20_000).kind === 'bivalent';
}
