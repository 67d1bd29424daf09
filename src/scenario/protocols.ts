/**
 * Finds and loads protocols: the built-in ones by the name of their file in `machines/`, a user's by its path. Nothing
 * is registered anywhere. Does nothing when imported, and imports little, so that worker threads use it too.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, extname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { defineProtocol, type ProtocolDefinition } from '../core/define.ts';
import { isObject } from '../core/json.ts';
import type { Protocol } from '../core/protocol.ts';
import { mistakeIn, quote } from './errors.ts';
import { installImportHooks } from './import-hooks.ts';
import { explainLoadFailure } from './load-failure.ts';
import { rightName } from './nearest.ts';
import { machinesDirectory, namesIn, packageRoot } from './places.ts';
import { fileTrouble } from './text-file.ts';

/** Which protocol: a built-in one, or a user's file by its absolute path. Plain data, so it can cross threads. */
export type ProtocolRef = { readonly id: string } | { readonly file: string };

const CODE_ENDINGS = ['.ts', '.mts', '.js', '.mjs'];
const LARGEST_BYTES = 1024 * 1024;

/** A name that is a path: it has a separator, or the ending of a code file. */
export const isPath = (name: string): boolean => /[\\/]/.test(name) || CODE_ENDINGS.includes(extname(name));

/** What a scenario's `protocol` means; paths are relative to the folder of the scenario. */
export const protocolRef = (name: string, folder: string): ProtocolRef =>
  isPath(name) ? { file: isAbsolute(name) ? name : resolve(folder, name) } : { id: name };

/** The ids of the built-in protocols, sorted. */
export const listProtocols = (): string[] => namesIn(machinesDirectory(), ['.ts', '.js']);

/** A built-in protocol. Throws `ScenarioError` when there is none of that name. */
export async function loadProtocol(id: string): Promise<Protocol> {
  const known = listProtocols();
  if (!known.includes(id)) throw mistakeIn('protocol', `there is no protocol ${quote(id)}; ${rightName(id, known)}`);
  const file = builtInFile(machinesDirectory(), id);
  return importProtocol(file, file);
}

function builtInFile(folder: string, id: string): string {
  const source = join(folder, `${id}.ts`);
  return existsSync(source) ? source : join(folder, `${id}.js`);
}

/** Why this file cannot be a protocol's, before anybody looks inside; null: it can. */
export const protocolFileTrouble = (file: string): string | null =>
  fileTrouble(file, LARGEST_BYTES) ??
  (CODE_ENDINGS.includes(extname(file)) ? null : `a protocol file ends in ${CODE_ENDINGS.join(', ')}`);

/** A user's protocol: a TypeScript or JavaScript module that exports it. Throws `ScenarioError`. */
export async function loadProtocolFile(path: string): Promise<Protocol> {
  const file = resolve(path);
  const trouble = protocolFileTrouble(file);
  if (trouble !== null) throw mistakeIn(path, trouble);
  installImportHooks(file);
  return importProtocol(file, path);
}

/** `path` is what errors call the file. */
async function importProtocol(file: string, path: string): Promise<Protocol> {
  let protocol: Protocol | null;
  try {
    protocol = protocolIn(await import(pathToFileURL(file).href));
  } catch (error) {
    throw explainLoadFailure(error, path, file);
  }
  if (protocol !== null) return protocol;
  throw mistakeIn(path, 'exports no protocol; it needs `export default defineProtocol({ ... })`', 1, 1);
}

/** Either kind. */
export const loadProtocolRef = (ref: ProtocolRef): Promise<Protocol> =>
  'id' in ref ? loadProtocol(ref.id) : loadProtocolFile(ref.file);

/** The default export, or the one called `protocol`; plain definitions are completed. */
function protocolIn(module: unknown): Protocol | null {
  const exported = module as { default?: unknown; protocol?: unknown };
  const found = [exported.default, exported.protocol].find((value) => isObject(value) && 'roles' in value);
  return found === undefined ? null : defineProtocol(found as unknown as ProtocolDefinition);
}

/**
 * SHA-256 of a protocol's source, hex: its file, then what it imports by relative paths, with their names. Of a built-in
 * one the TypeScript sources are taken, bundled or not, so that a recording made with either is recognised by the other;
 * all of its own folder counts, and of the rest of `machines/` what is imported. The engine has a version of its own.
 */
export function protocolSha256(ref: ProtocolRef): string {
  const hash = createHash('sha256');
  // a checkout may have turned the line ends
  const add = (file: string): void => void hash.update(readFileSync(file, 'utf8').replaceAll('\r\n', '\n'));
  const addNamed = (name: string, file: string): void => {
    hash.update(`\0${name.replaceAll(sep, '/')}\0`);
    add(file);
  };
  if ('file' in ref) {
    add(ref.file);
    const folder = dirname(ref.file);
    for (const file of importedBy([ref.file], () => true)) addNamed(relative(folder, file), file);
    return hash.digest('hex');
  }
  const sources = join(packageRoot(), 'machines');
  const source = join(sources, `${ref.id}.ts`);
  add(existsSync(source) ? source : builtInFile(machinesDirectory(), ref.id));
  const parts = namesIn(join(sources, ref.id), ['.ts']);
  for (const part of parts) addNamed(part, join(sources, ref.id, `${part}.ts`));
  const own = [source, ...parts.map((part) => join(sources, ref.id, `${part}.ts`))];
  for (const file of importedBy(own, (each) => each.startsWith(sources + sep))) addNamed(relative(sources, file), file);
  return hash.digest('hex');
}

/** The files that these import by relative paths, and what those import, in order of their paths; not these themselves. */
function importedBy(files: readonly string[], counts: (file: string) => boolean): string[] {
  const found = new Set(files.filter((file) => existsSync(file)));
  for (const file of found) {
    for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(/\bfrom\s*['"](\.{1,2}\/[^'"]+)['"]/g)) {
      const imported = resolve(dirname(file), path);
      if (counts(imported) && existsSync(imported)) found.add(imported);
    }
  }
  return [...found].filter((file) => !files.includes(file)).sort();
}
