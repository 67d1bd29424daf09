/** Gathers what runs are drawn from: the presets that there are. */
import { listPresetsSoon, loadScenarioSoon } from '../scenario/prepared.ts';
import type { Field } from './case.ts';
import { gatherEvidence, type Preset } from './evidence.ts';

/** Of larger presets a soak would see little else. */
const nodesMax = 64;

export async function gatherField(): Promise<Field> {
  const presets: Preset[] = [];
  for (const { id } of await listPresetsSoon()) {
    const { scenario, protocol } = await loadScenarioSoon(id);
    if (Object.keys(scenario.nodes).length <= nodesMax) presets.push({ scenario, protocol });
  }
  return fieldOf(presets);
}

export function fieldOf(presets: readonly Preset[]): Field {
  const { grounds, variants } = gatherEvidence(presets);
  return { grounds: Object.fromEntries(Map.groupBy(grounds, ({ scenario }) => scenario.protocol)), variants };
}
