/**
 * Lets a user's protocol file, wherever it lies, import `havoc` (always this very package) and `xstate` (its own copy
 * when there is one, else ours), and be TypeScript or a module without a package.json beside it.
 */
import { readFileSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundledXstate, packageEntry } from './places.ts';

const NOT_FOUND = ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'];
let installed = false;
/** folders of the files that a user named; only imports from within them are touched */
const folders = new Set<string>();

/** For the given file and what lies beside or below it. Installs the hooks of this thread at the first call. */
export function installImportHooks(file: string): void {
  const href = pathToFileURL(file).href;
  folders.add(href.slice(0, href.lastIndexOf('/') + 1));
  if (installed) return;
  installed = true;
  // Node 22.0 to 22.14 has no synchronous hooks: there such a file must bring its own packages
  if (typeof nodeModule.registerHooks !== 'function') return;
  nodeModule.registerHooks({ resolve: resolveForUser });
}

const resolveForUser: nodeModule.ResolveHookSync = (specifier, context, nextResolve) => {
  if (specifier === 'havoc') return { url: pathToFileURL(packageEntry()).href, shortCircuit: true };
  if (specifier !== 'xstate' || !isUsers(context.parentURL)) return withFormat(nextResolve(specifier, context));
  try {
    return nextResolve(specifier, context);
  } catch (error) {
    if (!NOT_FOUND.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    const bundled = bundledXstate();
    if (bundled !== null) return { url: pathToFileURL(bundled).href, shortCircuit: true };
    return nextResolve(specifier, { ...context, parentURL: import.meta.url });
  }
};

const isUsers = (url: string | undefined): boolean =>
  url !== undefined && [...folders].some((folder) => url.startsWith(folder)) && !url.includes('/node_modules/');

/** Says outright that a user's file is a module, so that Node neither guesses nor warns about guessing. */
function withFormat(resolved: nodeModule.ResolveFnOutput): nodeModule.ResolveFnOutput {
  if (!isUsers(resolved.url)) return resolved;
  const path = fileURLToPath(resolved.url);
  if (path.endsWith('.ts')) return { ...resolved, format: 'module-typescript' };
  return path.endsWith('.js') && hasModuleSyntax(path) ? { ...resolved, format: 'module' } : resolved;
}

const hasModuleSyntax = (path: string): boolean => /^\s*(import|export)\b/m.test(readFileSync(path, 'utf8'));
