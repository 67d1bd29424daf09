/**
 * Faults that strike at a moment of the protocol. `sends` strikes right at the send, in the middle of the step (a crash
 * there suppresses the rest of a broadcast); `decides` right at the decision; `receives` at the arrival, before the node
 * takes the step (a crash there loses the message); `enters` after the step that entered the state, its effects done.
 */
import { sameJson } from './json.ts';
import type { Json } from './protocol.ts';
import type { ScheduledFault, Trigger } from './scenario.ts';
import { isInState } from './state-path.ts';
import type { NodeRecord, World } from './world.ts';

export interface Strike {
  readonly script: number;
  readonly fault: ScheduledFault['fault'];
}

function occurs(when: Trigger, on: Trigger['on'], what: Json, before: string): boolean {
  if (when.on !== on) return false;
  if (when.what === null) return true;
  if (on !== 'enters') return sameJson(when.what, what);
  return isInState(String(what), String(when.what)) && !isInState(before, String(when.what));
}

/**
 * The faults that strike now. Each strikes once: it leaves the list of those that wait.
 * @param what message kind, decided value, or the path entered
 * @param before for `enters`: the path that was left
 */
export function strikesAt(world: World, node: NodeRecord, on: Trigger['on'], what: Json, before = ''): Strike[] {
  if (world.triggers.length === 0) return noStrikes;
  const strikes: Strike[] = [];
  for (const trigger of world.triggers) {
    const { when, fault } = trigger.scheduled;
    if (when.node !== node.id || !occurs(when, on, what, before)) continue;
    trigger.seen += 1;
    if (trigger.seen === when.nth) strikes.push({ script: trigger.script, fault });
  }
  if (strikes.length > 0) {
    world.triggers = world.triggers.filter(({ seen, scheduled }) => seen < scheduled.when.nth);
  }
  return strikes;
}

const noStrikes: Strike[] = [];
