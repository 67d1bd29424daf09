/** Loads what is played: of a challenge with an instance for every student, that student's own. */
import { instanceSeed } from '../core/instance.ts';
import type { LoadedScenario } from '../scenario/load.ts';
import { loadScenarioSoon } from '../scenario/prepared.ts';
import { UsageError } from './failures.ts';

export interface InstanceOptions {
  readonly overrides: readonly string[];
  readonly seed?: number;
  readonly student?: string;
  readonly salt?: string;
}

/** Throws `ScenarioError`, `ProtocolError` or `UsageError`. */
export async function loadInstance(
  nameOrPath: string,
  { overrides, seed, student, salt }: InstanceOptions,
  onTrouble: (trouble: string) => void,
): Promise<LoadedScenario> {
  const loaded = await loadScenarioSoon(nameOrPath, { overrides, seed });
  const { name, challenge } = loaded.scenario;
  if (challenge?.instance !== 'per-student') {
    if (salt !== undefined) throw new UsageError(`${name} gives nobody a seed of their own: leave --salt out`);
    return loaded;
  }
  if (student === undefined) {
    if (salt !== undefined)
      throw new UsageError('--salt goes with --student ID: only a student has a seed of their own');
    onTrouble('this is nobody’s instance: to hand it in, play it with --student ID');
    return loaded;
  }
  const own = `${name} gives every student a seed of their own`;
  if (seed !== undefined) throw new UsageError(`${own}: leave --seed out`);
  if (overrides.some((setting) => /^seed\s*=/.test(setting))) throw new UsageError(`${own}: leave --set seed out`);
  return loadScenarioSoon(nameOrPath, {
    overrides,
    instance: instanceSeed(salt ?? challenge.salt ?? '', name, student),
  });
}
