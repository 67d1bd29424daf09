/** What a viewer on the bus is shown of a run: one JSON text, small enough to send many times a second. */
import { reportProperties } from '../core/properties.ts';
import type { World } from '../core/world.ts';

export function snapshotText(world: World, running: boolean): string {
  return JSON.stringify({
    type: 'snapshot',
    scenario: world.scenario.name,
    events: world.events,
    atMs: world.nowMs,
    running,
    inFlight: world.pending.size,
    nodes: world.nodes.map(({ id, role, status, path, decisions, lamport, failure }) => ({
      id,
      role,
      status,
      state: path,
      decisions,
      lamport,
      failure,
    })),
    properties: reportProperties(world, false).map(({ name, verdict }) => ({ name, verdict })),
  });
}
