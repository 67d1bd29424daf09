/** Writes every preset, checked and completed, where `prepared.ts` looks for it. The build runs this last. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listPresets, loadScenario } from './load.ts';
import { type PreparedPreset, preparedDirectory } from './prepared.ts';

export async function preparePresets(folder = preparedDirectory()): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const { id, path, challenge } of listPresets()) {
    if (challenge) continue;
    // a preset with a mistake in it says so when it is played, not when the program is built
    const loaded = await loadScenario(id).catch(() => null);
    if (loaded === null) continue;
    const prepared: PreparedPreset = { text: readFileSync(path, 'utf8'), scenario: loaded.scenario };
    writeFileSync(join(folder, `${id}.json`), JSON.stringify(prepared));
  }
}
