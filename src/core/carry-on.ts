/** What becomes of a run that is left alone: for verdicts on how it ends. */
import { advanceWorld } from './run.ts';
import { nextEntry } from './scheduler.ts';
import type { TraceEvent, World } from './world.ts';
import { cloneWorld } from './world-init.ts';

/** a run that never comes to rest is left after so many events more */
const eventsMax = 20_000;

export interface CarriedOn {
  /** the end; a copy, when anything happened */
  readonly world: World;
  /** what has happened since */
  readonly events: readonly TraceEvent[];
  /** nothing is left to happen */
  readonly quiet: boolean;
}

/** Lets a copy go on by itself until nothing is left to happen, or the scenario's `until` has passed once more. */
export function carryOn(world: World): CarriedOn {
  if (nextEntry(world) === null) return { world, events: [], quiet: true };
  const copy = cloneWorld(world);
  const untilMs = world.nowMs + world.scenario.untilMs;
  const events: TraceEvent[] = [];
  for (;;) {
    const entry = nextEntry(copy);
    if (entry === null) return { world: copy, events, quiet: true };
    if (entry.atMs > untilMs || events.length >= eventsMax) return { world: copy, events, quiet: false };
    events.push(...(advanceWorld(copy) ?? []));
  }
}
