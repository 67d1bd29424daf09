/**
 * Presets as the build has prepared them: read, checked and completed, so that starting one needs neither the reader of
 * YAML nor the checker, which take longer to load than everything else before the first frame. A prepared preset counts
 * only as long as its file holds the very text that it was prepared from; everything else is read as ever.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Scenario } from '../core/scenario.ts';
import type { LoadedScenario, LoadOptions, PresetInfo } from './load.ts';
import { namesIn, presetsDirectory } from './places.ts';
import { loadProtocol } from './protocols.ts';

export interface PreparedPreset {
  /** the preset's file, as it was */
  readonly text: string;
  readonly scenario: Scenario;
}

/** Beside the bundle; in development there are none. */
export const preparedDirectory = (): string => join(dirname(fileURLToPath(import.meta.url)), 'prepared');

const textOf = (path: string): string | null => (existsSync(path) ? readFileSync(path, 'utf8') : null);

/** Null: there is none of that name, or its file has changed since. */
export const preparedPreset = (name: string, prepared?: string, presets?: string): Scenario | null =>
  keptPreset(name, prepared, presets)?.scenario ?? null;

function keptPreset(name: string, prepared = preparedDirectory(), presets = presetsDirectory()): PreparedPreset | null {
  if (!/^[\w-]+$/.test(name)) return null;
  const kept = textOf(join(prepared, `${name}.json`));
  if (kept === null) return null;
  const preset = JSON.parse(kept) as PreparedPreset;
  return preset.text === textOf(join(presets, `${name}.yaml`)) ? preset : null;
}

/** Its inputs are drawn from the seed: with another seed it is another scenario. */
const isDrawn = ({ text }: PreparedPreset): boolean => /^workload:/m.test(text);

/** `loadScenario`, by the short way when there is one. */
export async function loadScenarioSoon(
  nameOrPath: string,
  options: LoadOptions = {},
  prepared = preparedDirectory(),
): Promise<LoadedScenario> {
  const { overrides = [], instance, loadProtocol: own } = options;
  const isAsItIs = overrides.length === 0 && instance === undefined && own === undefined;
  const preset = isAsItIs ? keptPreset(nameOrPath, prepared) : null;
  if (preset === null || (options.seed !== undefined && isDrawn(preset)))
    return (await import('./load.ts')).loadScenario(nameOrPath, options);
  const ref = { id: preset.scenario.protocol };
  const scenario = options.seed === undefined ? preset.scenario : { ...preset.scenario, seed: options.seed };
  return { scenario, protocol: await loadProtocol(ref.id), ref };
}

/** `listPresets`, by the short way where there is one. */
export async function listPresetsSoon(
  prepared = preparedDirectory(),
  presets = presetsDirectory(),
): Promise<PresetInfo[]> {
  const found: PresetInfo[] = [];
  for (const folder of [presets, join(presets, 'challenges')]) {
    for (const id of namesIn(folder, ['.yaml', '.yml'])) {
      const scenario = folder === presets ? preparedPreset(id, prepared, presets) : null;
      const info = scenario === null ? (await import('./load.ts')).listedPreset(id) : infoOf(scenario, presets);
      if (info !== null) found.push(info);
    }
  }
  return found;
}

function infoOf(scenario: Scenario, presets: string): PresetInfo {
  const { name, title, topic, summary, protocol, learn, lesson = [], challenge } = scenario;
  const path = join(presets, `${name}.yaml`);
  return {
    id: name,
    title,
    topic,
    summary,
    protocol,
    path,
    challenge: challenge !== undefined,
    learn,
    steps: lesson.length,
  };
}
