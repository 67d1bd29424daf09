/**
 * The state of the explorer that a world is in. What holds a message back (a partition, a person) makes it late, nothing
 * more; a paused node is a slow one. Faults that have struck are taken off the budget.
 */
import { advanceWorld } from '../../core/run.ts';
import { nextEntry } from '../../core/scheduler.ts';
import type { NodeRecord, World } from '../../core/world.ts';
import { cloneWorld } from '../../core/world-init.ts';
import type { Counted } from '../layout.ts';
import type { LocalTimer } from '../locals.ts';
import { insert } from '../network.ts';
import { passTime } from '../time.ts';
import type { Transitions } from '../transitions.ts';

/** What is to come of the beginning, before anything else can happen: every node starts, and takes its inputs at 0 ms. */
function isBeginning(world: World): boolean {
  const entry = nextEntry(world);
  return entry !== null && entry.atMs === 0 && (entry.choice.type === 'start' || entry.choice.type === 'input');
}

function begun(world: World): World {
  if (!isBeginning(world)) return world;
  const later = cloneWorld(world);
  while (isBeginning(later)) advanceWorld(later);
  return later;
}

/** The state as a vector of its own. */
export function placeOf(present: World, transitions: Transitions): Int32Array {
  const world = begun(present);
  const { layout, model, steps, successor } = transitions;
  const vector = new Int32Array(layout.network + world.pending.size);
  for (const node of world.nodes) vector[node.index] = localOf(world, node, transitions);
  for (const fault of Object.keys(layout.used) as Counted[]) {
    const place = layout.used[fault];
    if (place < 0) continue;
    const struck = world.faults.filter((record) => record.fault.type === fault).length;
    vector[place] = Math.min(struck, model.budget[fault]);
  }
  if (layout.nextInput >= 0) vector[layout.nextInput] = model.later.length - inputsToCome(world);
  if (layout.partition >= 0) vector[layout.partition] = partitionOf(world, transitions);
  let length = layout.network;
  for (const { from, to, body } of [...world.pending.values()].sort((a, b) => a.id - b.id)) {
    const letter = steps.letters.intern(world.indexOf.get(from) as number, to, body);
    length = insert(vector, layout.network, length, letter, model.network, steps.letters.all);
  }
  successor.next.set(vector);
  passTime(successor, length);
  return successor.next.slice(0, length);
}

function localOf(world: World, node: NodeRecord, { model, steps }: Transitions): number {
  const { honest, everCrashed, state, stable, decisions, delivered } = node;
  const timers: LocalTimer[] = node.timers.map(({ timer, fireAtMs }) => ({
    timer,
    leftMs: model.synchronous ? Math.max(0, fireAtMs - world.nowMs) : 0,
  }));
  const status = node.status === 'paused' ? 'up' : node.status;
  const parts = { status, honest, everCrashed, state, stable, decisions, delivered, timers };
  return (steps.nodes[node.index] as (typeof steps.nodes)[number]).intern(parts).number;
}

/** Inputs that the scenario has for a later time, and that nobody has given yet. */
function inputsToCome(world: World): number {
  const onOffer = world.scenario.inputs.filter(({ anytime }) => anytime === true).map(({ data }) => data);
  return world.agenda.heap.filter(({ choice }) => choice.type === 'input' && !onOffer.includes(choice.data)).length;
}

/** The number of the partition in force, from 1; 0: there is none that the scenario knows. */
function partitionOf({ partition }: World, { model }: Transitions): number {
  if (partition === null) return 0;
  return 1 + model.partitions.findIndex(({ groupOf }) => groupOf.every((group, i) => group === partition.groupOf[i]));
}
