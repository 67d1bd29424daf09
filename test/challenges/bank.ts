/** Every challenge that comes along, loaded, as the tests take them. */
import type { Challenge } from '../../src/core/challenge.ts';
import { type LoadedScenario, listPresets, loadScenario } from '../../src/scenario/load.ts';

export interface Banked {
  readonly id: string;
  readonly loaded: LoadedScenario;
}

export const bank: readonly Banked[] = await Promise.all(
  listPresets()
    .filter(({ challenge }) => challenge)
    .map(async ({ id }) => ({ id, loaded: await loadScenario(id) })),
);

export const challengeOf = ({ loaded }: Banked): Challenge => loaded.scenario.challenge as Challenge;
export const isPossible = (each: Banked): boolean => challengeOf(each).answer === 'possible';
