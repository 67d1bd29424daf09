/** Whether a challenge can be done at all, for those who claim that it cannot: a search through every run, made once. */

import { searchGoal } from '../check/search-goal.ts';
import type { Searched } from '../core/challenge.ts';
import type { Task } from './task.ts';

/** a limit by states, not by time, so that every machine comes to the same answer */
const maxStates = 2_000_000;

const known = new WeakMap<Task, Promise<Searched>>();

export function searchOnce(task: Task): Promise<Searched> {
  const made = known.get(task) ?? searchGoal(task.scenario, task.protocol, { statesMax: maxStates });
  known.set(task, made);
  return made;
}
