/** Whether a challenge can be done at all, for those who claim that it cannot: a search through every run, made once. */
import { searchGoal } from '../check/search-goal.ts';
import type { Searched } from '../core/challenge.ts';
import { canonicalJson } from '../core/json.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Task } from './task.ts';

/** Limits by states, not by time, so that every machine comes to the same answer. Where the author has given the answer the search only backs it. */
const statesMax = { toAnswer: 2_000_000, toBack: 200_000 };

const known = new WeakMap<Task, Map<string, Promise<Searched>>>();

/** Of all instances that differ in their seed alone one is searched, with the seed of the file. */
export function searchOnce(task: Task, instance: Scenario): Promise<Searched> {
  const scenario = { ...instance, seed: task.scenario.seed };
  const searches = known.get(task) ?? new Map<string, Promise<Searched>>();
  known.set(task, searches);
  const key = canonicalJson(scenario);
  const limit = task.challenge.answer === undefined ? statesMax.toAnswer : statesMax.toBack;
  const made = searches.get(key) ?? searchGoal(scenario, task.protocol, { statesMax: limit });
  searches.set(key, made);
  return made;
}
