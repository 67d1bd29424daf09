/**
 * The past, exactly: any earlier moment of a run as a world of its own. The trace names every choice, and performing the
 * same choices on the same scenario gives the same world; copies kept along the way make going back cheap.
 */

import { perform } from '../core/commit.ts';
import type { Protocol } from '../core/protocol.ts';
import type { Scenario } from '../core/scenario.ts';
import { takeEntry } from '../core/scheduler.ts';
import type { TraceEvent, World } from '../core/world.ts';
import { cloneWorld, createWorld } from '../core/world-init.ts';

export interface Timeline {
  /** The world after `count` events. Callers only read it. */
  at(count: number): World;
}

const spacing = 64;

export function createTimeline(scenario: Scenario, protocol: Protocol, trace: () => readonly TraceEvent[]): Timeline {
  const kept: World[] = [createWorld(scenario, protocol)];
  let shown: World | null = null;
  return {
    at(count) {
      if (shown?.events === count) return shown;
      const start = kept.findLast((world) => world.events <= count) as World;
      const world = cloneWorld(start);
      const events = trace();
      // one choice can set off more events than one: the moment between them is not a world of its own
      while (world.events < count) {
        forward(world, events);
        if (world.events >= (kept.at(-1) as World).events + spacing) kept.push(cloneWorld(world));
      }
      shown = world;
      return world;
    },
  };
}

/** The next choice of the trace, performed again. */
function forward(world: World, trace: readonly TraceEvent[]): void {
  const event = trace[world.events] as TraceEvent;
  if (event.origin === 'person' || event.origin === 'runtime') {
    world.nowMs = event.atMs;
    perform(world, event.choice, event.origin);
    return;
  }
  const entry = takeEntry(world);
  if (entry === null) throw new Error(`nothing is due after event ${world.events}, but the trace goes on`);
  world.nowMs = Math.max(world.nowMs, entry.atMs);
  perform(world, entry.choice, entry.script >= 0 ? 'script' : 'schedule', entry.script);
}
