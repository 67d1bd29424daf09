/**
 * Who is blocked, and whom each waits for. A node is blocked when it is up and undecided, cannot go on by itself (its
 * protocol's `waitsFor` says so), nothing that could help is on its way to it, and of those it waits for too few can
 * still speak to it: they are down, cut off, or blocked themselves. The last makes it a greatest fixpoint: a ring of
 * uncertain nodes that wait for one another is blocked, unless they can answer while they wait (`answering`). When
 * nothing at all is left to happen, every node that waits and is undecided is blocked (of a protocol without `waitsFor`:
 * every undecided node). Whether some other schedule would have freed it is a question for the explorer.
 */
import type { AnyStateMachine, AnyStateNode } from 'xstate';
import { nodeIn, nodeOf } from './draft.ts';
import { nodeSeed } from './draw.ts';
import { barrier } from './network.ts';
import type { NodeId, WaitsFor } from './protocol.ts';
import { nextEntry } from './scheduler.ts';
import type { NodeRecord, World } from './world.ts';

export interface BlockedNode {
  readonly node: NodeId;
  readonly waitsFor: readonly NodeId[];
  readonly sinceMs: number;
}

/** The nodes blocked now, in scenario order. */
export function blockedNodes(world: World): BlockedNode[] {
  return findBlocked(world).map(({ node, waits }) => ({
    node: node.id,
    waitsFor: waits?.nodes ?? [],
    sinceMs: node.blockedSinceMs ?? world.nowMs,
  }));
}

/** Whom this node waits for, blocked or not; null: nobody, it can go on by itself. */
export function waitsForNow(world: World, node: NodeRecord): WaitsFor | null {
  if (node.state === null || node.decisions.length > 0 || world.protocol.waitsFor === undefined) return null;
  return world.protocol.waitsFor(node.state, {
    self: node.id,
    role: node.role,
    nodes: world.scenario.nodes,
    parameters: world.scenario.parameters,
    stable: node.stable,
    seed: nodeSeed(world.scenario.seed, node.id),
  });
}

interface Candidate {
  readonly node: NodeRecord;
  readonly waits: WaitsFor | null;
}

const couldDecide = (node: NodeRecord): boolean => node.honest && node.status === 'up' && node.decisions.length === 0;

function findBlocked(world: World): Candidate[] {
  if (nextEntry(world) === null) {
    // a protocol that says whom its nodes wait for has said it of those that were never asked anything, too, and of
    // those that wait for something else than a decision
    const saysWhom = world.protocol.waitsFor !== undefined;
    return world.nodes
      .filter((node) => couldDecide(node) && (saysWhom || canDecide(world.protocol.roles[node.role])))
      .map((node) => ({ node, waits: waitsForNow(world, node) }))
      .filter(({ waits }) => !saysWhom || waits !== null);
  }
  if (!world.anyFault || world.protocol.waitsFor === undefined) return [];
  const helped = new Set<NodeId>();
  for (const message of world.pending.values()) {
    if (message.held !== null) continue;
    const from = nodeOf(world, message.to);
    if (from.status === 'up') helped.add(message.to);
  }
  let candidates: Candidate[] = [];
  for (const node of world.nodes) {
    if (!couldDecide(node) || helped.has(node.id)) continue;
    const waits = waitsForNow(world, node);
    if (waits !== null) candidates.push({ node, waits });
  }
  for (;;) {
    const stuck = new Set(candidates.map(({ node }) => node.id));
    const remaining = candidates.filter(({ node, waits }) => {
      const { nodes, need = 1, answering = false } = waits as WaitsFor;
      const canSpeak = nodes.filter((id) => canReach(world, id, node) && (answering || !stuck.has(id))).length;
      return canSpeak < need;
    });
    if (remaining.length === candidates.length) return candidates;
    candidates = remaining;
  }
}

function canReach(world: World, id: NodeId, to: NodeRecord): boolean {
  const from = nodeIn(world, id);
  return from !== undefined && (from.status === 'up' || from.status === 'paused') && barrier(world, from, to) === null;
}

/** Notes who became blocked, and which nodes are blocked together. Without a fault nobody is, except at the very end. */
export function trackBlocked(world: World): void {
  if (!world.anyFault) return;
  const blocked = findBlocked(world);
  // nobody is, and nobody ever was
  if (blocked.length === 0 && world.blockedSets.length === 0) return;
  const now = new Set(blocked.map(({ node }) => node.id));
  let changed = false;
  for (const node of world.nodes) {
    if (now.has(node.id) === (node.blockedSinceMs !== null)) continue;
    node.blockedSinceMs = now.has(node.id) ? world.nowMs : null;
    changed = true;
  }
  if (!changed || now.size === 0) return;
  const nodes = [...now];
  const seen = world.blockedSets.some(
    (set) => set.nodes.length === nodes.length && set.nodes.every((id) => now.has(id)),
  );
  if (!seen) world.blockedSets.push({ nodes, atMs: world.nowMs });
}

const deciders = new WeakMap<AnyStateMachine, boolean>();

/** Does this role ever decide? Read off its machine; an `enqueueActions` is searched as text. */
export function canDecide(machine: AnyStateMachine | undefined): boolean {
  if (machine === undefined) return false;
  const known = deciders.get(machine);
  if (known !== undefined) return known;
  const decides = (action: unknown): boolean => {
    if (typeof action === 'string') return action === 'decide';
    const { type, collect } = action as { type?: unknown; collect?: unknown };
    return type === 'decide' || (collect !== undefined && String(collect).includes('decide'));
  };
  const visit = (node: AnyStateNode): boolean =>
    [...node.entry, ...node.exit, ...[...node.transitions.values()].flat().flatMap(({ actions }) => actions)].some(
      decides,
    ) ||
    (node.always ?? []).some(({ actions }) => actions.some(decides)) ||
    Object.values(node.states).some((child) => visit(child as AnyStateNode));
  const answer = visit(machine.root as AnyStateNode);
  deciders.set(machine, answer);
  return answer;
}
