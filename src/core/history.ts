/**
 * The past of a run, exact at every event. It keeps a copy of the world now and then, and what people did; everything
 * between two copies is taken again from the seeded schedule. When the copies become too many, every other one goes and
 * the distance doubles: memory stays bounded, however long the run.
 */
import { perform } from './commit.ts';
import { takeEntry } from './scheduler.ts';
import type { Choice, Origin, World } from './world.ts';
import { cloneWorld } from './world-init.ts';

/** Something that the schedule does not produce by itself: a person's act, or the loss of a node. */
export interface Intervention {
  /** number of events before it */
  readonly index: number;
  readonly atMs: number;
  readonly choice: Choice;
  readonly origin: Origin;
}

export interface History {
  readonly copies: { readonly index: number; readonly world: World }[];
  readonly interventions: Intervention[];
  /** events between two copies */
  spacing: number;
  readonly most: number;
}

/** @param world the run's world before its first event @param most copies kept at the most, 2 or more */
export const createHistory = (world: World, most = 512): History => ({
  copies: [{ index: world.events, world: cloneWorld(world) }],
  interventions: [],
  spacing: 64,
  most: Math.max(2, most),
});

export function intervene(history: History, intervention: Intervention): void {
  history.interventions.push(intervention);
}

/** Called after every commit: keeps a copy when enough has happened since the last. */
export function keep(history: History, world: World): void {
  const { copies } = history;
  if (world.events - (copies.at(-1)?.index ?? 0) < history.spacing) return;
  copies.push({ index: world.events, world: cloneWorld(world) });
  if (copies.length <= history.most) return;
  const kept = copies.filter((_, i) => i % 2 === 0);
  copies.length = 0;
  copies.push(...kept);
  history.spacing *= 2;
}

/** The last element whose index is not beyond `index`; the list is sorted by index. */
function lastUpTo<T extends { readonly index: number }>(sorted: readonly T[], index: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as T).index <= index) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * A world of its own, as it was after `index` events (or a few more, where one choice made several). The caller may go
 * on from it: nothing is shared with the run that could change.
 */
export function worldAt(history: History, index: number): World {
  const from = history.copies[Math.max(0, lastUpTo(history.copies, index))] as History['copies'][number];
  const world = cloneWorld(from.world);
  let next = lastUpTo(history.interventions, from.index - 1) + 1;
  while (world.events < index) {
    const act = history.interventions[next];
    if (act !== undefined && act.index <= world.events) {
      world.nowMs = Math.max(world.nowMs, act.atMs);
      perform(world, act.choice, act.origin);
      next += 1;
      continue;
    }
    const entry = takeEntry(world);
    if (entry === null) return world;
    world.nowMs = Math.max(world.nowMs, entry.atMs);
    perform(world, entry.choice, entry.script >= 0 ? 'script' : 'schedule', entry.script);
  }
  return world;
}
