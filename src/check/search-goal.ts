/**
 * Can the goal of a challenge be reached at all? Asked of every run within its budget. For each part of the goal that a
 * state shows, states are explored until one shows it, or until there are no more. A goal is impossible when a part of
 * it that is needed never comes about; parts that no state shows (counts, orders, cuts) are taken as possible,
 * so that `impossible` is never said too soon.
 */
import type { Searched } from '../core/challenge.ts';
import { type Allowed, exploredBudget } from '../core/challenge-budget.ts';
import { type Goal, goalWords } from '../core/challenge-goal.ts';
import { type Json, sameJson } from '../core/json.ts';
import type { NodeView, Property, Protocol, View } from '../core/protocol.ts';
import type { Scenario } from '../core/scenario.ts';
import { isInState } from '../core/state-path.ts';
import { constraintWords } from './constraint.ts';
import { type Exploration, type ExploreOptions, explore } from './explore.ts';
import { CheckError, createModel } from './model.ts';
import { soundReductions } from './reductions.ts';

export async function searchGoal(
  scenario: Scenario,
  protocol: Protocol,
  options: ExploreOptions = {},
): Promise<Searched> {
  const { challenge } = scenario;
  if (challenge === undefined) throw new Error('the scenario is no challenge');
  const uncovered = whatIsLeftOut(scenario, challenge.budget);
  if (uncovered !== null) return { possible: null, within: false, states: 0, why: uncovered };
  const budget = exploredBudget(challenge.budget, Number.POSITIVE_INFINITY);
  const search = new Search({ ...scenario, budget }, protocol, options);
  try {
    const reach = await search.reachOf(challenge.goal);
    const possible = reach === 'somewhere' ? true : reach === 'nowhere' ? false : null;
    return { possible, within: reach === 'not within', states: search.states, why: search.words.join('; ') };
  } catch (error) {
    if (!(error instanceof CheckError)) throw error;
    return { possible: null, within: false, states: search.states, why: error.message };
  }
}

/** In the asynchronous model these only change the order of events, and every order is explored. */
const ordering = ['partition', 'cut', 'pause', 'delay', 'hold', 'skew', 'schedule'];

function whatIsLeftOut({ model, faults }: Scenario, budget: Allowed): string | null {
  const explored = exploredBudget(budget);
  for (const [name, times] of Object.entries(budget)) {
    if (times === 0 || Object.hasOwn(explored, name)) continue;
    if (model === 'asynchronous' && ordering.includes(name)) continue;
    return `the budget has ${name}, which is not explored${ordering.includes(name) ? ' in the synchronous model' : ''}`;
  }
  const scripted = faults.find(({ fault }) => fault.type !== 'traitor');
  return scripted === undefined ? null : `the scenario scripts a ${scripted.fault.type}, and scripts are not explored`;
}

/** Where a goal comes about. `not within`: nowhere within the scenario's constraint, which left states out. */
type Reach = 'somewhere' | 'nowhere' | 'not within' | 'unknown';
type Network = ExploreOptions['network'];

class Search {
  readonly #scenario: Scenario;
  readonly #protocol: Protocol;
  readonly #options: ExploreOptions;
  states = 0;
  readonly words: string[] = [];

  constructor(scenario: Scenario, protocol: Protocol, options: ExploreOptions) {
    this.#scenario = scenario;
    this.#protocol = protocol;
    this.#options = options;
  }

  async reachOf(goal: Goal): Promise<Reach> {
    const property = this.#propertyOf(goal);
    if (property !== null) return this.#comesAbout(property, goalWords(goal));
    if ('any' in goal) return this.#reachOfAny(goal.any);
    // all of these are needed: that each can come about does not yet say that they can together
    const needed = 'all' in goal ? goal.all : 'before' in goal ? goal.before : 'after' in goal ? goal.after : [];
    let reach: Reach = 'unknown';
    for (const part of needed) {
      const reached = await this.reachOf(part as Goal);
      if (reached === 'nowhere') return reached;
      if (reached === 'not within') reach = reached;
    }
    return reach;
  }

  async #reachOfAny(goals: readonly Goal[]): Promise<Reach> {
    const reaches: Reach[] = [];
    for (const goal of goals) {
      const reach = await this.reachOf(goal);
      if (reach === 'somewhere') return reach;
      reaches.push(reach);
    }
    return (['unknown', 'not within'] as const).find((reach) => reaches.includes(reach)) ?? 'nowhere';
  }

  /** The property that is violated as soon as the goal has come about; null: no state shows this goal. */
  #propertyOf(goal: Goal): Property | null {
    if ('violated' in goal) return this.#named(goal.violated, 'always');
    if ('holds' in goal) {
      const property = this.#named(goal.holds, 'sometimes');
      return property && { ...property, kind: 'always', test: (view, memory) => property.test(view, memory) !== true };
    }
    if ('reached' in goal) {
      const { node, state } = goal.reached;
      return never(goalWords(goal), ['states'], (view) => isInState(view.node(node).path, state));
    }
    if ('decided' in goal) {
      const decided = Object.entries(goal.decided);
      return never(goalWords(goal), ['decisions'], (view) =>
        decided.every(([id, value]) => hasDecided(view.node(id), value)),
      );
    }
    if ('blocked' in goal)
      return never(
        goalWords(goal),
        ['states'],
        (view) => goal.blocked.every((id) => isUndecided(view.node(id))),
        'eventually',
      );
    return null;
  }

  #named(name: string, kind: Property['kind']): Property | null {
    return this.#protocol.properties.find((property) => property.name === name && property.kind === kind) ?? null;
  }

  /** Tries ever more states, in two ways by turns, until one of them is through. */
  async #comesAbout(property: Property, words: string): Promise<Reach> {
    const { network, statesMax = Number.POSITIVE_INFINITY } = this.#options;
    let mayRepeat = this.#mayRepeat;
    for (let limit = triedFirst; ; limit *= 8) {
      const most = Math.min(limit, statesMax);
      if (mayRepeat) {
        // retries make endless spaces of messages; what cannot be where every message may come again cannot be without that
        const trial = await this.#explore(property, 'set', most);
        if (trial.complete) return this.#report(trial, words);
        mayRepeat = isCutShort(trial, most);
      }
      const found = await this.#explore(property, network, most);
      if (most === statesMax || !isCutShort(found, most)) return this.#report(found, words);
    }
  }

  get #mayRepeat(): boolean {
    const { model, network, constraint = {} } = this.#scenario;
    const { messages, perLink, copies } = constraint;
    const isBounded = (messages ?? perLink ?? copies) !== undefined;
    const isFree = this.#options.network === undefined && network.order === 'unordered' && !isBounded;
    return isFree && model === 'asynchronous';
  }

  #explore(property: Property, network: Network, statesMax: number): Promise<Exploration> {
    const protocol = { ...this.#protocol, properties: [property] };
    const scenario = property.kind === 'always' ? withoutLosses(this.#scenario, network) : this.#scenario;
    const reductions = this.#options.reductions ?? soundReductions(createModel(scenario, protocol, { network }));
    return explore(scenario, protocol, { ...this.#options, network, statesMax, reductions });
  }

  #report({ states, complete, pruned, stopped, properties, model }: Exploration, words: string): Reach {
    const { verdict, why } = properties[0] as Exploration['properties'][number];
    const isNone = complete && verdict === 'holds';
    const outcome =
      verdict === 'violated'
        ? 'comes about in one of'
        : isNone
          ? 'comes about in none of all the'
          : `was not found (${stopped ?? why}) in`;
    const bounds = pruned > 0 ? ` within ${constraintWords(this.#scenario.constraint ?? {})}` : '';
    const repeating = model.network === 'set' ? ', in which messages may come again' : '';
    this.words.push(`${words} ${outcome} ${states} states${bounds}${repeating}`);
    this.states += states;
    if (verdict === 'violated') return 'somewhere';
    if (!isNone) return 'unknown';
    return pruned > 0 ? 'not within' : 'nowhere';
  }
}

const triedFirst = 50_000;
const isCutShort = ({ stopped, states }: Exploration, most: number): boolean => stopped !== null && states >= most;

/** Where messages overtake each other, one that is lost is one that never comes: whatever may come about, it may without. */
function withoutLosses(scenario: Scenario, network: Network = scenario.network.order): Scenario {
  if (scenario.model === 'synchronous' || network === 'fifo') return scenario;
  const { drop, ...budget } = scenario.budget;
  return { ...scenario, budget };
}

const never = (
  name: string,
  reads: Property['reads'],
  comesAbout: (view: View) => boolean,
  kind: 'always' | 'eventually' = 'always',
): Property => ({
  name,
  kind,
  clauses: {},
  reads,
  test: (view) => !comesAbout(view),
});

const isUndecided = ({ status, decisions }: NodeView): boolean => status === 'up' && decisions.length === 0;

/** An undecided node is as good as it gets: what is undecided now may be so at the end. */
function hasDecided({ decisions }: NodeView, value: Json): boolean {
  const last = decisions.at(-1);
  return last === undefined ? value === null : value === 'any' || (value !== null && sameJson(last, value));
}
