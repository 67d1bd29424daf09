/** A trace event while it is being made: the same fields, still open. Every change to the world is noted in one. */
import { canonicalJson } from './json.ts';
import type { NodeId } from './protocol.ts';
import type { Choice, DropReason, Envelope, Fate, NodeRecord, Origin, TraceEvent, World } from './world.ts';

type Open<T> = { -readonly [K in keyof T]: T[K] };
export interface Draft extends Open<TraceEvent> {
  effects: TraceEvent['effects'][number][];
  sends: Envelope[];
  fates: Fate[];
  notes: string[];
}

/** Opens the next event of the world: it takes the next index at once, so that whatever it triggers comes after it. */
export function openEvent(world: World, choice: Choice, origin: Origin, node: NodeRecord | null): Draft {
  const index = world.events;
  world.events += 1;
  return {
    index,
    atMs: world.nowMs,
    choice,
    origin,
    node: node?.id ?? null,
    message: null,
    before: null,
    after: null,
    effects: [],
    sends: [],
    fates: [],
    lamport: node?.lamport ?? 0,
    vector: node === null ? [] : node.vector.slice(),
    violated: nothing,
    reached: nothing,
    fault: null,
    notes: [],
  };
}

/** Traces are long and most of their lists are empty: let those be one. */
export function closeEvent(draft: Draft): void {
  if (draft.effects.length === 0) draft.effects = nothing;
  if (draft.sends.length === 0) draft.sends = nothing;
  if (draft.fates.length === 0) draft.fates = nothing;
  if (draft.notes.length === 0) draft.notes = nothing;
}
const nothing = Object.freeze([]) as unknown as never[];

/** undefined: there is none of this name */
export const nodeIn = (world: World, id: NodeId): NodeRecord | undefined => world.nodes[world.indexOf.get(id) ?? -1];

export function nodeOf(world: World, id: NodeId): NodeRecord {
  const node = nodeIn(world, id);
  if (node === undefined) throw new Error(`there is no node ${canonicalJson(id)}`);
  return node;
}

/** The fault has touched one more message, timer or node. */
export function touch(world: World, fault: number | null, times = 1): void {
  const record = fault === null ? undefined : world.faults[fault];
  if (record !== undefined) record.touched += times;
}

/** A message will never arrive: it leaves the world, and the event says why. */
export function dropMessage(world: World, draft: Draft, message: Envelope, why: DropReason): void {
  world.pending.delete(message.id);
  world.costs.dropped += 1;
  world.anyFault = true;
  draft.fates.push({ id: message.id, message, place: 'dropped', why });
  if ('fault' in why) touch(world, why.fault);
}
