/**
 * Where the package keeps its files: beside the bundle once built, at the package's root in development.
 * Imports nothing but `node:`, so that worker threads can use it.
 */
import { existsSync, readdirSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = (): string => dirname(fileURLToPath(import.meta.url));

/** The nearest folder above this module that holds a package.json. */
export function packageRoot(): string {
  let folder = here();
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('havoc cannot find its own package.json: the installation is incomplete');
    folder = parent;
  }
  return folder;
}

/** The folder with one file a protocol: `machines/` beside the bundle, or at the root. */
export function machinesDirectory(): string {
  const bundled = join(here(), 'machines');
  return existsSync(bundled) ? bundled : join(packageRoot(), 'machines');
}

export const presetsDirectory = (): string => join(packageRoot(), 'presets');

/** The module that a user's protocol file gets for `havoc`. */
export function packageEntry(): string {
  const bundled = join(here(), 'index.js');
  return existsSync(bundled) ? bundled : join(packageRoot(), 'src', 'index.ts');
}

/** The copy of XState that the bundle carries; null in development, where the installed one serves. */
export function bundledXstate(): string | null {
  const bundled = join(here(), 'xstate.js');
  return existsSync(bundled) ? bundled : null;
}

/** Names without ending of the files in a folder that have one of the endings, sorted; none when there is no folder. */
export function namesIn(folder: string, endings: readonly string[]): string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder)
    .filter((file) => endings.includes(extname(file)) && !file.endsWith('.d.ts'))
    .map((file) => file.slice(0, -extname(file).length));
  return [...new Set(names)].sort();
}
