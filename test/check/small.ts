/** A small space of every protocol: the preset with the fewest nodes, within so many events. */
import { createModel } from '../../src/check/model.ts';
import type { Protocol } from '../../src/core/protocol.ts';
import type { Scenario } from '../../src/core/scenario.ts';
import { listPresets, loadScenario } from '../../src/scenario/load.ts';
import { listProtocols, type ProtocolRef } from '../../src/scenario/protocols.ts';

export interface Small {
  readonly id: string;
  readonly scenario: Scenario;
  readonly protocol: Protocol;
  readonly ref: ProtocolRef;
}

/** With many nodes a few events say little. */
const nodesMax = 12;

/** Of every protocol that can be explored, by its id. */
export async function smallSpaces(depth: number): Promise<Small[]> {
  const found = new Map<string, Small>();
  for (const preset of listPresets()) {
    if (preset.challenge) continue;
    const { scenario, protocol, ref } = await loadScenario(preset.id);
    const { id } = protocol;
    const nodes = Object.keys(scenario.nodes).length;
    const least = found.get(id)?.scenario ?? null;
    if (nodes > nodesMax || (least !== null && Object.keys(least.nodes).length <= nodes)) continue;
    if (isExplorable(scenario, protocol))
      found.set(id, { id, scenario: { ...scenario, constraint: { depth } }, protocol, ref });
  }
  return listProtocols().flatMap((id) => found.get(id) ?? []);
}

function isExplorable(scenario: Scenario, protocol: Protocol): boolean {
  try {
    createModel(scenario, protocol);
    return true;
  } catch {
    return false;
  }
}
