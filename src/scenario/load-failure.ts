/** Why a user's protocol file could not be loaded, as one line with its place: the error itself speaks to no user. */
import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { mistakeIn, type ScenarioError } from './errors.ts';

/** `path`: as the user wrote it; `file`: where it is. */
export function explainLoadFailure(error: unknown, path: string, file: string): ScenarioError {
  const name = error instanceof Error ? error.name : 'error';
  const text = (error instanceof Error ? error.message : 'something that is no Error').split('\n')[0] as string;
  if (name === 'ProtocolError') return mistakeIn(path, text, ...(frameIn(error, file) ?? [null, null]));
  if (error instanceof SyntaxError) {
    const place = syntaxPlace(file) ?? frameIn(error, file);
    return mistakeIn(path, `syntax error: ${text}`, ...(place ?? [1, 1]));
  }
  if ((error as NodeJS.ErrnoException | null)?.code === 'ERR_MODULE_NOT_FOUND') {
    return mistakeIn(path, `imports something that is not there: ${text.replace(/ imported from .*/, '')}`, 1, 1);
  }
  return mistakeIn(path, `threw while it was loaded: ${text}`, ...(frameIn(error, file) ?? [1, 1]));
}

type Place = [line: number, column: number];

/** The first place in the user's own file that the error has passed. */
function frameIn(error: unknown, file: string): Place | null {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  for (const name of [pathToFileURL(file).href, file]) {
    const at = stack.indexOf(`${name}:`);
    if (at < 0) continue;
    const match = /^:(\d+)(?::(\d+))?/.exec(stack.slice(at + name.length));
    if (match !== null) return [Number(match[1]), Number(match[2] ?? 1)];
  }
  return null;
}

/** Node keeps the place of a syntax error to itself, but prints it when asked to check the file. */
function syntaxPlace(file: string): Place | null {
  const checked = spawnSync(process.execPath, ['--check', file], { encoding: 'utf8', timeout: 5000 });
  const lines = (checked.stderr ?? '').split('\n');
  const at = lines.findIndex((line) => line.includes(`${file}:`) || line.includes(`${pathToFileURL(file).href}:`));
  if (at < 0) return null;
  const line = Number(/:(\d+)\s*$/.exec(lines[at] as string)?.[1] ?? 1);
  const caret = lines.slice(at, at + 4).find((each) => /^\s*\^+\s*$/.test(each));
  return [line, caret === undefined ? 1 : caret.indexOf('^') + 1];
}
