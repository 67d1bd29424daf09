/**
 * The settings of the person at the screen, read from their text. What is wrong with it is said in one line each, with
 * the nearest right name; everything else in it counts, and the program starts.
 */
import { isObject } from '../core/json.ts';
import { quote } from '../scenario/errors.ts';
import { rightName } from '../scenario/nearest.ts';
import { type ThemeName, themeNames } from './palettes.ts';

export interface Settings {
  /** left out: as the terminal's surroundings say */
  readonly theme?: ThemeName;
  readonly ascii?: boolean;
  readonly mouse: boolean;
  /** virtual for wall time; `Infinity`: as fast as possible; left out: the program's own */
  readonly speed?: number;
  /** the folder for recordings; left out: `recordings` in the current folder */
  readonly recordings?: string;
  /** keys by the name of what they do */
  readonly keys: Readonly<Record<string, readonly string[]>>;
}

export const usualSettings: Settings = { mouse: true, keys: {} };

/** What is wrong, and with which part. */
export interface SettingsMistake {
  readonly path: readonly string[];
  readonly what: string;
}

export const speedMin = 0.01;
export const speedMax = 1000;

type Reader = (value: unknown) => Partial<Settings> | string;

function readSpeed(value: unknown): Partial<Settings> | string {
  if (value === 'max') return { speed: Number.POSITIVE_INFINITY };
  if (typeof value === 'number' && value >= speedMin && value <= speedMax) return { speed: value };
  return `a speed is a number from ${speedMin} to ${speedMax}, or "max", not ${quote(value)}`;
}

function readTheme(value: unknown): Partial<Settings> | string {
  const theme = themeNames.find((name) => name === value);
  if (theme !== undefined) return { theme };
  return `there is no theme ${quote(value)}; ${rightName(String(value), themeNames)}`;
}

function readKeys(value: unknown): Partial<Settings> | string {
  if (!isObject(value)) return 'write names and their keys, as in { "crash": "K" }';
  const keys: [string, readonly string[]][] = [];
  for (const [name, of] of Object.entries(value)) {
    const list = Array.isArray(of) ? of : [of];
    if (!list.every((key) => typeof key === 'string'))
      return `the key for ${quote(name)} is written in quotes: "K", or ["K", "ctrl-k"]`;
    keys.push([name, list]);
  }
  return { keys: Object.fromEntries(keys) };
}

const readers: Readonly<Record<string, Reader>> = {
  theme: readTheme,
  ascii(value) {
    if (value === 'auto') return {};
    return typeof value === 'boolean' ? { ascii: value } : `write true, false or "auto", not ${quote(value)}`;
  },
  mouse: (value) => (typeof value === 'boolean' ? { mouse: value } : `write true or false, not ${quote(value)}`),
  speed: readSpeed,
  recordings: (value) =>
    typeof value === 'string' && value.trim() !== ''
      ? { recordings: value }
      : `write the path of a folder, not ${quote(value)}`,
  keys: readKeys,
};

export const settingNames = Object.keys(readers);

/** From the data of a settings file. */
export function settingsIn(data: unknown): { readonly settings: Settings; readonly mistakes: SettingsMistake[] } {
  if (!isObject(data))
    return { settings: usualSettings, mistakes: [{ path: [], what: 'settings are one object: { "theme": "light" }' }] };
  let settings = usualSettings;
  const mistakes: SettingsMistake[] = [];
  for (const [name, value] of Object.entries(data)) {
    if (!Object.hasOwn(readers, name)) {
      mistakes.push({ path: [name], what: `there is no setting ${quote(name)}; ${rightName(name, settingNames)}` });
      continue;
    }
    const read = (readers[name] as Reader)(value);
    if (typeof read === 'string') mistakes.push({ path: [name], what: `${name}: ${read}` });
    else settings = { ...settings, ...read };
  }
  return { settings, mistakes };
}
