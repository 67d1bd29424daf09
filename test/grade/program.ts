/** The program as a shell runs it. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
export const loader = fileURLToPath(import.meta.resolve('tsx'));

export interface Result {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function havoc(args: readonly string[], cwd: string): Promise<Result> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['--import', loader, main, ...args], { cwd }, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode, stdout, stderr });
    });
  });
}
