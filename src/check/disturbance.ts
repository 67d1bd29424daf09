/** What still disturbs a run that has come to rest, so that "it has not come about" would be no fair verdict. */
import type { NodeView } from '../core/protocol.ts';
import type { Scenario } from '../core/scenario.ts';

export function disturbanceOf(scenario: Scenario, nodes: readonly NodeView[], isParted: boolean): string | null {
  if (isParted) return 'the partition has not healed';
  const recovers = scenario.failures === 'crash-recovery' || scenario.failures === 'omission';
  for (const { id, status } of nodes) {
    if (status === 'failed') return `${id} has failed`;
    if (status === 'crashed' && recovers) return `${id} is still down`;
  }
  return null;
}
