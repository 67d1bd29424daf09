/** Why nobody can go on: whom each blocked node waits for, what keeps each of them from speaking, and since which event. */
import { blockedNodes, waitsForNow } from './blocked.ts';
import { nodeIn, nodeOf } from './draft.ts';
import { barrier } from './network.ts';
import type { NodeId } from './protocol.ts';
import type { Envelope, NodeRecord, World } from './world.ts';

/** Why a node that is waited for does not speak. */
export interface Silence {
  readonly node: NodeId;
  readonly because: 'down' | 'partition' | 'cut' | 'blocked' | 'nothing to say';
  /** the fault behind it (index into `World.faults`), and the event in which it struck */
  readonly fault: number | null;
  readonly at: number | null;
}

export interface Wait {
  readonly node: NodeId;
  readonly sinceMs: number;
  /** so many of those would be enough */
  readonly need: number;
  readonly silent: readonly Silence[];
  /** what would reach it if it were let go */
  readonly held: readonly Envelope[];
}

/** In scenario order; empty: nobody is blocked. */
export function whyBlocked(world: World): Wait[] {
  const blocked = blockedNodes(world);
  const stuck = new Set(blocked.map(({ node }) => node));
  return blocked.map(({ node, waitsFor, sinceMs }) => {
    const self = nodeOf(world, node);
    return {
      node,
      sinceMs,
      need: waitsForNow(world, self)?.need ?? 1,
      silent: waitsFor.map((id) => silenceOf(world, id, self, stuck)),
      held: [...world.pending.values()].filter((message) => message.to === node && message.held !== null),
    };
  });
}

function silenceOf(world: World, id: NodeId, to: NodeRecord, stuck: ReadonlySet<NodeId>): Silence {
  const from = nodeIn(world, id);
  if (from === undefined) return { node: id, because: 'nothing to say', fault: null, at: null };
  if (from.status === 'crashed' || from.status === 'failed')
    return { node: id, because: 'down', fault: from.crash?.fault ?? null, at: from.crash?.index ?? null };
  const wall = barrier(world, from, to);
  if (wall !== null)
    return { node: id, because: wall.by, fault: wall.fault, at: world.faults[wall.fault]?.index ?? null };
  return { node: id, because: stuck.has(id) ? 'blocked' : 'nothing to say', fault: null, at: null };
}

/** The event that silenced those it waits for: the last fault among them; null when no fault did. */
export function silencedAt({ silent }: Wait): number | null {
  const faults = silent.map(({ at }) => at).filter((at) => at !== null);
  return faults.length === 0 ? null : Math.max(...faults);
}
