/** The explorer on the TLA+ two-phase commit: states and transitions a second, bytes a state. */
import { explore } from '../../src/check/explore.ts';
import { tlaScenario, tlaTwoPhase } from '../check/tla-two-phase.ts';
import type { Figure } from './measure.ts';

const sizes = [6, 7, 8];

export async function benchCheck(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const size of sizes) {
    const startedMs = performance.now();
    const found = await explore(tlaScenario(size), tlaTwoPhase, { network: 'set' });
    const seconds = (performance.now() - startedMs) / 1000;
    const figure = (what: string, value: number, unit: string, aim: string): Figure => ({
      name: `check, TLA+ two-phase commit, ${size} resource managers: ${what}`,
      value,
      floor: null,
      unit,
      ratio: null,
      aim,
    });
    figures.push(
      figure('time', seconds, 's', size === 8 ? '<= 8' : ''),
      figure('states', found.states / seconds, '/s', ''),
      figure('transitions', found.transitions / seconds, '/s', ''),
      figure('memory', found.bytesPerState, 'bytes a state', '<= 64'),
      figure('XState calls', found.machineSteps, '', ''),
    );
  }
  return figures;
}
