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
import { type ExploreOptions, explore } from './explore.ts';
import { CheckError } from './model.ts';

export async function searchGoal(
  scenario: Scenario,
  protocol: Protocol,
  options: ExploreOptions = {},
): Promise<Searched> {
  const { challenge } = scenario;
  if (challenge === undefined) throw new Error('the scenario is no challenge');
  const uncovered = whatIsLeftOut(scenario, challenge.budget);
  if (uncovered !== null) return { possible: null, states: 0, why: uncovered };
  const search = new Search({ ...scenario, budget: exploredBudget(challenge.budget) }, protocol, options);
  try {
    const possible = await search.isPossible(challenge.goal);
    return { possible, states: search.states, why: search.words.join('; ') };
  } catch (error) {
    if (!(error instanceof CheckError)) throw error;
    return { possible: null, states: search.states, why: error.message };
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

  /** null: not known, because a limit came first or because no state shows it. */
  async isPossible(goal: Goal): Promise<boolean | null> {
    const property = this.#propertyOf(goal);
    if (property !== null) return this.#comesAbout(property, goalWords(goal));
    if ('any' in goal) return this.#isAnyPossible(goal.any);
    // all of these are needed: that each can come about does not yet say that they can together
    const needed = 'all' in goal ? goal.all : 'before' in goal ? goal.before : 'after' in goal ? goal.after : [];
    for (const part of needed) if ((await this.isPossible(part as Goal)) === false) return false;
    return null;
  }

  async #isAnyPossible(goals: readonly Goal[]): Promise<boolean | null> {
    let answer: boolean | null = false;
    for (const goal of goals) {
      const possible = await this.isPossible(goal);
      if (possible === true) return true;
      if (possible === null) answer = null;
    }
    return answer;
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

  async #comesAbout(property: Property, words: string): Promise<boolean | null> {
    const protocol = { ...this.#protocol, properties: [property] };
    // retries make endless spaces of messages; what cannot be where every message may come again cannot be without that
    if (this.#mayRepeat && (await this.#explore(protocol, words, 'set', repeatedFirst)) === false) return false;
    const possible = await this.#explore(protocol, words, this.#options.network);
    if (possible !== null || !this.#mayRepeat) return possible;
    return this.#explore(protocol, words, 'set');
  }

  get #mayRepeat(): boolean {
    const { model, network } = this.#scenario;
    return this.#options.network === undefined && model === 'asynchronous' && network.order === 'unordered';
  }

  async #explore(
    protocol: Protocol,
    words: string,
    network: ExploreOptions['network'],
    statesMax = this.#options.statesMax,
  ): Promise<boolean | null> {
    const isTrial = network === 'set';
    const found = await explore(this.#scenario, protocol, { ...this.#options, network, statesMax });
    const { states, complete, pruned, stopped } = found;
    const verdict = found.properties[0]?.verdict;
    const possible = verdict === 'violated' ? true : verdict === 'holds' && complete && pruned === 0 ? false : null;
    if (isTrial && possible !== false) return null;
    this.states += states;
    const outcome =
      possible === true
        ? 'comes about in one of'
        : possible === false
          ? 'comes about in none of all the'
          : `was not found (${stopped ?? found.properties[0]?.why}) in`;
    this.words.push(`${words} ${outcome} ${states} states${isTrial ? ', in which messages may come again' : ''}`);
    return possible;
  }
}

/** so many states are tried with messages that may come again, before anything else is */
const repeatedFirst = 50_000;

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
