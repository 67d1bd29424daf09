/** Finds and reads the settings of the person at the screen. Whatever is wrong with them is said, and the program starts. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { formatMistake, type Mistake, ScenarioError } from '../scenario/errors.ts';
import { readTextFile } from '../scenario/text-file.ts';
import { usualKeymap } from '../tui/keymap.ts';
import type { Comfort } from '../tui/main.tsx';
import { rebind } from '../tui/rebind.ts';
import { type Settings, type SettingsMistake, settingsIn, usualSettings } from '../tui/settings.ts';

const mostBytes = 64 * 1024;

/** Where the settings are on this system, whether they exist or not. */
export function settingsPath(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: string = process.platform,
  home: string = homedir(),
): string {
  const wished = env.XDG_CONFIG_HOME ?? '';
  if (isAbsolute(wished)) return join(wished, 'havoc', 'settings.json');
  if (platform === 'win32') return join(env.APPDATA ?? join(home, 'AppData', 'Roaming'), 'havoc', 'settings.json');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'havoc', 'settings.json');
  return join(home, '.config', 'havoc', 'settings.json');
}

/** The folder for recordings that settings name: `~` is the person's own. */
export const recordingsFolder = ({ recordings }: Settings, home: string = homedir()): string =>
  recordings === undefined ? 'recordings' : recordings.replace(/^~(?=$|[\\/])/, () => home);

export async function loadComfort(file: string = settingsPath()): Promise<Comfort> {
  const usual: Comfort = { settings: usualSettings, keymap: usualKeymap, troubles: [] };
  if (!existsSync(file)) return usual;
  try {
    const text = readTextFile(file, mostBytes);
    const { settings, mistakes } = settingsIn(await dataIn(text, file));
    const { keymap, mistakes: more } = rebind(settings.keys);
    return { settings, keymap, troubles: await placed([...mistakes, ...more], text, file) };
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    // one slip makes the reader stumble over what follows it
    return { ...usual, troubles: error.errors.slice(0, 1).map((mistake) => formatMistake(inJson(mistake))) };
  }
}

/** JSON; what is not quite JSON (a comma too many, a remark after #) goes the longer way, which also knows the place of a mistake. */
async function dataIn(text: string, file: string): Promise<unknown> {
  try {
    return JSON.parse(text);
  } catch {
    return (await import('../scenario/yaml-document.ts')).parseYaml(text, file).value;
  }
}

const inJson = (mistake: Mistake): Mistake => ({
  ...mistake,
  what: mistake.what
    .replace('not YAML', 'not JSON')
    .replace(/unexpected \S*scalar\b.*/, 'is a comma or a quote missing before this?'),
});

async function placed(mistakes: readonly SettingsMistake[], text: string, file: string): Promise<string[]> {
  if (mistakes.length === 0) return [];
  const document = (await import('../scenario/yaml-document.ts')).parseYaml(text, file);
  return mistakes.map(({ path, what }) => formatMistake({ ...document.locate(path, 'key'), what }));
}
