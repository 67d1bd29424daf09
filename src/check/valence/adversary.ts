/**
 * The adversary of Fischer, Lynch and Paterson: it orders the events so that the run stays bivalent. Whatever has waited
 * longest comes next, unless that would settle the decision; then it waits on, and the next in age is tried. So nothing
 * waits without need, and what is delayed now comes as soon as it settles nothing.
 */
import type { Entry } from '../../core/agenda.ts';
import { comingEntries, nextEntry } from '../../core/scheduler.ts';
import type { World } from '../../core/world.ts';
import type { Valences } from './valences.ts';

/** The next event; a text: there is none that is known to keep the run bivalent, and why. Pauses between two slices of work. */
export function* nextBivalent(world: World, valences: Valences, statesMax: number): Generator<void, Entry | string> {
  const next = nextEntry(world);
  if (next === null) return 'nothing is left to happen';
  // starts, inputs and scripted faults have their time; messages and timers come when the adversary lets them
  const isFree = ({ choice }: Entry): boolean => choice.type === 'deliver' || choice.type === 'fire';
  const byAge = comingEntries(world)
    .filter((entry) => isFree(entry) || entry === next)
    .sort((a, b) => a.seq - b.seq);
  const inquiry = valences.inquire(world, statesMax, byAge);
  const slice = 8;
  let isDone = false;
  while (!isDone) {
    isDone = inquiry.advance(slice);
    const at = inquiry.outlook().next.findIndex(({ valence }) => valence.kind === 'bivalent');
    if (at >= 0) return byAge[at] as Entry;
    yield;
  }
  const { now, next: ahead } = inquiry.outlook();
  if (now.kind === 'univalent' || now.kind === 'none') return 'the run is not bivalent any more';
  return ahead.some(({ valence }) => valence.kind === 'unknown')
    ? 'the search did not find an event that keeps the run bivalent'
    : 'every next event settles the decision';
}
