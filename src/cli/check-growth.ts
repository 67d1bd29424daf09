/**
 * Why a space was not through at its limit, shown by the longest of some runs at random: it ends, and the space is only large;
 * or it goes on and on, with fields and messages that grow, and these can be bounded.
 */
import type { Exploration } from '../check/explore.ts';
import { type Entry, withdraw } from '../core/agenda.ts';
import { perform } from '../core/commit.ts';
import type { Json } from '../core/json.ts';
import { createStreams, pick } from '../core/rng.ts';
import { createRun, type Run, stepRun } from '../core/run.ts';
import { comingEntries, nextEntry } from '../core/scheduler.ts';
import type { World } from '../core/world.ts';
import type { LoadedScenario } from '../scenario/load.ts';

export interface Growth {
  /** of the run */
  readonly events: number;
  /** nothing was left to happen after it */
  readonly isOver: boolean;
  /** the field of a context that grew most, and what it was at the start and is now: its number, or its length */
  readonly field: { readonly name: string; readonly from: number; readonly to: number } | null;
  /** so many messages on their way say the same on one link */
  readonly copies: number;
}

const eventsMax = 300;
/** what grows by less may well come to an end */
const leastGrowth = 8;

const runs = 5;

/** Faults left aside. */
export function growthOf({ scenario, protocol }: LoadedScenario): Growth {
  const quiet = { ...scenario, faults: [] };
  const found = Array.from({ length: runs }, (_, i) =>
    growthIn(createRun(quiet, { ...protocol, properties: [] }), scenario.seed + i),
  );
  return found.reduce((longest, each) => (each.events > longest.events ? each : longest));
}

function growthIn(run: Run, seed: number): Growth {
  const { latency: stream } = createStreams(seed);
  const { world } = run;
  while (nextEntry(world)?.choice.type === 'start') stepRun(run);
  const before = sizesIn(world);
  let coming = comingEntries(world);
  while (coming.length > 0 && world.events < eventsMax) {
    const entry = pick(stream, coming) as Entry;
    world.nowMs = Math.max(world.nowMs, coming[0]?.atMs ?? 0);
    withdraw(world.agenda, entry);
    perform(world, entry.choice, 'schedule');
    coming = comingEntries(world);
  }
  const field = mostGrown(before, sizesIn(world), world.events);
  return { events: world.events, isOver: coming.length === 0, field, copies: mostCopies(world) };
}

/** What grows by more than one at an event is a name or a size that counts something else. */
function mostGrown(before: Sizes, after: Sizes, events: number): Growth['field'] {
  const grown = [...after]
    .map(([name, to]) => ({ name, from: before.get(name) ?? 0, to }))
    .filter(({ from, to }) => to - from >= leastGrowth && to - from <= events)
    .sort((a, b) => b.to - b.from - (a.to - a.from));
  return grown[0] ?? null;
}

type Sizes = ReadonlyMap<string, number>;
/** Of each field of a context, the greatest size at any node. */
function sizesIn({ nodes }: World): Sizes {
  const sizes = new Map<string, number>();
  for (const { context } of nodes)
    for (const [name, value] of Object.entries(context))
      sizes.set(name, Math.max(sizes.get(name) ?? 0, sizeOf(value ?? null)));
  return sizes;
}
const sizeOf = (value: Json): number => (typeof value === 'number' ? value : Array.isArray(value) ? value.length : 0);

function mostCopies({ pending }: World): number {
  const counts = new Map<string, number>();
  for (const { from, to, body } of pending.values()) {
    const text = JSON.stringify([from, to, body]);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return Math.max(0, ...counts.values());
}

/** One paragraph: what the runs show, how far the exploration would have come, and what else may help. */
export function growthText(growth: Growth, exploration: Exploration): string {
  const { events, isOver, field, copies } = growth;
  const { order, depth } = exploration;
  const grown = [
    ...(field === null ? [] : [`${field.name} from ${field.from} to ${field.to}`]),
    ...(copies > 1 ? [`${copies} messages on one link that say the same`] : []),
  ];
  const run = `The longest of ${runs} runs at random, without faults, ${isOver ? 'ended' : 'was not over'} after ${events} events`;
  return [
    isOver || grown.length === 0
      ? `${run}: the space is large.`
      : `${run}, with ${grown.join(' and ')}: the space may have no end.`,
    // the level before the one that it was at is whole
    ...(order === 'breadth' && depth > 2
      ? [`--set constraint.depth=${depth - 1} comes to an end: all runs of ${depth - 1} states.`]
      : []),
    `Smaller: ${smallerBy(growth, exploration).join(', ')}. --walks 10000 looks for violations at random.`,
  ].join(' ');
}

function smallerBy({ isOver, field, copies }: Growth, { model, reductions }: Exploration): string[] {
  const isReducible = !model.synchronous && model.network !== 'fifo' && reductions.length === 0;
  return [
    'fewer nodes',
    'a smaller budget',
    ...(isOver || field === null ? [] : [`--set constraint.context.${field.name}=${field.from + 1}`]),
    ...(copies > 1 || (isOver && !model.synchronous) ? ['--set constraint.copies=1'] : []),
    ...(isReducible ? ['--reductions noop,por'] : []),
    // there it makes no difference how often a message is sent
    ...(!model.synchronous && model.network === 'unordered'
      ? ['--network set (messages may come again: what always holds there holds here)']
      : []),
  ];
}
