/** Whether a challenge can be done at all, for those who claim that it cannot: a search through every run, made once. */
import { searchGoal } from '../check/search-goal.ts';
import type { Searched } from '../core/challenge.ts';
import type { Task } from './task.ts';

/** Limits by states, not by time, so that every machine comes to the same answer. Where the author has given the answer the search only backs it. */
const statesMax = { toAnswer: 2_000_000, toBack: 200_000 };

const known = new WeakMap<Task, Promise<Searched>>();

export function searchOnce(task: Task): Promise<Searched> {
  const limit = task.challenge.answer === undefined ? statesMax.toAnswer : statesMax.toBack;
  const made = known.get(task) ?? searchGoal(task.scenario, task.protocol, { statesMax: limit });
  known.set(task, made);
  return made;
}
