/**
 * What was typed on the command line, kept between sessions: one line each, the newest last, in the user's state folder.
 * A folder that cannot be read or written costs nothing but the memory.
 */
import { appendFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';

export interface CommandHistory {
  /** oldest first */
  load(): readonly string[];
  add(line: string): void;
}

export const mostLines = 500;
const mostBytes = 256 * 1024;
const longestLine = 1000;

/** Where the history is on this system, whether it exists or not. */
export function historyPath(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: string = process.platform,
  home: string = homedir(),
): string {
  const wished = env.XDG_STATE_HOME ?? '';
  if (isAbsolute(wished)) return join(wished, 'havoc', 'history');
  if (platform === 'win32') return join(env.LOCALAPPDATA ?? join(home, 'AppData', 'Local'), 'havoc', 'history');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'havoc', 'history');
  return join(home, '.local', 'state', 'havoc', 'history');
}

export function commandHistory(file: string = historyPath()): CommandHistory {
  return {
    load() {
      try {
        if (!statSync(file).isFile() || statSync(file).size > mostBytes) return [];
        const lines = linesOf(readFileSync(file, 'utf8'));
        const kept = lines.slice(-mostLines);
        // several sessions may add at once, so lines are only ever appended, and thinned out here
        if (lines.length > 2 * mostLines) writeFileSync(file, `${kept.join('\n')}\n`, { mode: 0o600 });
        return kept;
      } catch {
        return [];
      }
    },
    add(line) {
      try {
        mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
        appendFileSync(file, `${line.slice(0, longestLine)}\n`, { mode: 0o600 });
      } catch {
        // the session has it in memory
      }
    },
  };
}

/** Lines as they were typed; nothing that a terminal would obey. */
const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) =>
      line
        .replaceAll(/[\p{Cc}\p{Cf}]/gu, '')
        .slice(0, longestLine)
        .trim(),
    )
    .filter((line) => line !== '');
