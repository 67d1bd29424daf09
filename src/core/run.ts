/** A run in this process: a world, its trace, and a digest every 64 events. The live runtime keeps the same three. */
import { perform } from './commit.ts';
import { digestWorld, passesCheckpoint } from './digest.ts';
import type { Protocol } from './protocol.ts';
import { refusal } from './refusal.ts';
import type { Scenario } from './scenario.ts';
import { nextEntry, takeEntry } from './scheduler.ts';
import { type Act, Refusal } from './session.ts';
import type { TraceEvent, World } from './world.ts';
import { createWorld } from './world-init.ts';

export interface Checkpoint {
  /** number of events before it */
  readonly index: number;
  readonly atMs: number;
  /** SHA-256, hex */
  readonly digest: string;
}

export interface Run {
  readonly world: World;
  readonly trace: TraceEvent[];
  readonly checkpoints: Checkpoint[];
}

export const createRun = (scenario: Scenario, protocol: Protocol): Run => ({
  world: createWorld(scenario, protocol),
  trace: [],
  checkpoints: [],
});

/** Takes what happened into the trace, and a digest for every 64th event that it passed. */
export function record(run: Run, events: readonly TraceEvent[]): void {
  const { world, trace, checkpoints } = run;
  const before = trace.length;
  for (const event of events) trace.push(event);
  if (passesCheckpoint(before, trace.length, world.ids.length))
    checkpoints.push({ index: trace.length, atMs: world.nowMs, digest: digestWorld(world) });
}

/** The next scheduled event and what it set off; null: nothing is left to happen. */
export function advanceWorld(world: World): readonly TraceEvent[] | null {
  const entry = takeEntry(world);
  if (entry === null) return null;
  world.nowMs = Math.max(world.nowMs, entry.atMs);
  return perform(world, entry.choice, entry.script >= 0 ? 'script' : 'schedule', entry.script);
}

/** The same for a run. */
export function stepRun(run: Run): readonly TraceEvent[] | null {
  const events = advanceWorld(run.world);
  if (events !== null) record(run, events);
  return events;
}

/** A person's act, now. Throws `Refusal` when it is not possible. */
export function actInRun(run: Run, act: Act): readonly TraceEvent[] {
  const why = refusal(run.world, act);
  if (why !== null) throw new Refusal(why);
  const events = perform(run.world, act, 'person');
  record(run, events);
  return events;
}

/** Runs until nothing is left, or until the next event would be later than `untilMs`. True: it became quiet. */
export function runToEnd(
  run: Run,
  untilMs = run.world.scenario.untilMs,
  maxEvents = Number.POSITIVE_INFINITY,
): boolean {
  for (;;) {
    const entry = nextEntry(run.world);
    if (entry === null) return true;
    if (entry.atMs > untilMs || run.trace.length >= maxEvents) return false;
    stepRun(run);
  }
}
