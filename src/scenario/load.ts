/** Loads scenarios: presets by their name, a person's own by its path. The entry of this folder. */
import { existsSync } from 'node:fs';
import { resolve as absolute, basename, dirname, extname, join } from 'node:path';
import { isObject } from '../core/json.ts';
import type { Protocol } from '../core/protocol.ts';
import type { Scenario } from '../core/scenario.ts';
import { mistakeIn, quote, ScenarioError } from './errors.ts';
import { rightName } from './nearest.ts';
import { applyOverrides, fromCommandLine, type Override, parseOverride } from './overrides.ts';
import { namesIn, presetsDirectory } from './places.ts';
import { listProtocols, loadProtocolRef, type ProtocolRef, protocolFileTrouble, protocolRef } from './protocols.ts';
import { protocolNameIn, resolveScenario } from './resolve.ts';
import { readTextFile } from './text-file.ts';
import { pickedVariant, variantsOf } from './variants.ts';
import { type Place, parseYaml } from './yaml-document.ts';

const MOST_BYTES = 1024 * 1024;
const ENDINGS = ['.yaml', '.yml'];

export interface LoadOptions {
  /** `path=value`, as `--set` takes them */
  readonly overrides?: readonly string[];
  /** instead of the scenario's own */
  readonly seed?: number;
  /** a student's seed, instead of any other: the scenario is the variant of the challenge that it picks */
  readonly instance?: number;
  /** for tests: where protocols come from */
  readonly loadProtocol?: (ref: ProtocolRef) => Promise<Protocol>;
}
export interface LoadedScenario {
  readonly scenario: Scenario;
  readonly protocol: Protocol;
  /** what a worker thread loads to get the same protocol */
  readonly ref: ProtocolRef;
}

/** A scenario from its text; `fileName` is its name in errors, and the folder that paths in it are relative to. */
export async function resolveScenarioText(
  text: string,
  fileName: string,
  options: LoadOptions = {},
): Promise<LoadedScenario> {
  const { instance, seed = instance } = options;
  const settings = [...(options.overrides ?? []).map(parseOverride), ...seedOverride(seed)];
  const document = parseYaml(text, fileName);
  const overrides = [...(instance === undefined ? [] : pickedVariant(document, instance)), ...settings];
  const chosen = applyOverrides(
    document,
    overrides.filter(({ path }) => path[0] === 'protocol'),
    [],
  );
  const named = protocolNameIn(chosen);
  const ref = protocolRef(named, dirname(absolute(fileName)));
  const protocol = await load(ref, named, chosen.locate(['protocol']), options.loadProtocol ?? loadProtocolRef);
  const resolve = (changes: readonly Override[]): Scenario => {
    const complete = applyOverrides(document, changes, Object.keys(protocol.parameters));
    return resolveScenario(complete, protocol, basename(fileName, extname(fileName)));
  };
  const scenario = resolve(overrides);
  // a mistake in a variant is the author's to hear of, and not that of the student who gets it
  if (instance === undefined) for (const variant of variantsOf(document)) resolve([...variant, ...settings]);
  return { scenario, protocol, ref };
}

/** Another seed changes the scenario, not only its run: a workload is drawn from it. */
const seedOverride = (seed: number | undefined): Override[] =>
  seed === undefined ? [] : [fromCommandLine(['seed'], seed, '--seed')];

/** A protocol that does not exist is the scenario's mistake; one with mistakes in it is its own. */
async function load(
  ref: ProtocolRef,
  named: string,
  place: Place,
  loadRef: (ref: ProtocolRef) => Promise<Protocol>,
): Promise<Protocol> {
  const { file, line, column } = place;
  if ('file' in ref && !existsSync(ref.file)) {
    throw mistakeIn(
      file,
      `there is no protocol file ${quote(named)}; paths start at the scenario's folder`,
      line,
      column,
    );
  }
  const trouble = 'file' in ref ? protocolFileTrouble(ref.file) : null;
  if (trouble !== null) throw mistakeIn(file, `the protocol ${quote(named)}: ${trouble}`, line, column);
  if ('id' in ref) {
    const known = listProtocols();
    if (!known.includes(ref.id) && loadRef === loadProtocolRef) {
      const right = `${rightName(ref.id, known)} (a file of your own needs its path: ./${ref.id}.ts)`;
      throw mistakeIn(file, `there is no protocol ${quote(ref.id)}; ${right}`, line, column);
    }
  }
  return loadRef(ref);
}

/** Is this the path of a scenario file, rather than a preset's name? */
const isScenarioPath = (name: string): boolean => /[\\/]/.test(name) || ENDINGS.includes(extname(name));

/** A scenario by a preset's name or by its path. Throws `ScenarioError`. */
export async function loadScenario(nameOrPath: string, options: LoadOptions = {}): Promise<LoadedScenario> {
  const path = isScenarioPath(nameOrPath) ? nameOrPath : presetPath(nameOrPath);
  return resolveScenarioText(readTextFile(path, MOST_BYTES), path, options);
}

const folders = (): string[] => [presetsDirectory(), join(presetsDirectory(), 'challenges')];

function presetPath(name: string): string {
  const known = folders().flatMap((folder) => namesIn(folder, ENDINGS));
  if (!known.includes(name)) {
    const right = `${rightName(name, known)} (a file of your own needs its ending: ${name}.yaml)`;
    throw mistakeIn('preset', `there is no preset ${quote(name)}; ${right}`);
  }
  const paths = folders().flatMap((folder) => ENDINGS.map((ending) => join(folder, `${name}${ending}`)));
  return paths.find((path) => existsSync(path)) as string;
}

export interface PresetInfo {
  readonly id: string;
  readonly title: string;
  readonly topic: string;
  readonly summary: string;
  readonly protocol: string;
  readonly path: string;
  readonly challenge: boolean;
  /** the lesson's text, and how many steps it has */
  readonly learn: string;
  readonly steps: number;
}

/** What the picker and `havoc list` show, sorted by name; reads no protocol. A preset that is no YAML is left out. */
export const listPresets = (): PresetInfo[] =>
  folders().flatMap((folder) => namesIn(folder, ENDINGS).flatMap((id) => listedPreset(id) ?? []));

/** Null: it is no YAML. */
export function listedPreset(id: string): PresetInfo | null {
  const path = presetPath(id);
  const value = valueIn(path);
  return isObject(value) ? presetInfo(id, path, value) : null;
}

function valueIn(path: string): unknown {
  try {
    return parseYaml(readTextFile(path, MOST_BYTES), path).value;
  } catch (error) {
    // it says so when it is played
    if (error instanceof ScenarioError) return null;
    throw error;
  }
}

function presetInfo(id: string, path: string, value: Record<string, unknown>): PresetInfo {
  const textOf = (key: string): string => (typeof value[key] === 'string' ? value[key] : '');
  return {
    id,
    title: textOf('title') || id,
    topic: textOf('topic'),
    summary: textOf('summary'),
    protocol: textOf('protocol'),
    path,
    challenge: value.challenge !== undefined,
    learn: textOf('learn'),
    steps: Array.isArray(value.lesson) ? value.lesson.length : 0,
  };
}
