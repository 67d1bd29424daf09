/** The command as scripts and graders meet it: run in a folder of its own, with what it prints and its exit code. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
export const loader = fileURLToPath(import.meta.resolve('tsx'));
export const place = mkdtempSync(join(tmpdir(), 'havoc-cli-'));

export interface Result {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function havoc(args: readonly string[], cwd = place): Promise<Result> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['--import', loader, main, ...args], { cwd }, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode, stdout, stderr });
    });
  });
}

/** One line on stderr, no stack, nothing on stdout. */
export function refusedWith({ code, stdout, stderr }: Result, expectedCode: number, expected: RegExp): void {
  assert.match(stderr, expected);
  assert.equal(code, expectedCode);
  assert.equal(stdout, '');
  assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
  assert.doesNotMatch(stderr, / at .*:\d+:\d+\)?$/);
}

/** Writes a scenario with these expectations; gives its path. `more`: lines of YAML. */
export function scenario(name: string, expectations: string, more = ''): string {
  const file = join(place, `${name}.yaml`);
  const text = `title: ${name}
protocol: two-phase-commit
nodes: { C: coordinator, P1: participant, P2: participant }
failures: crash-recovery
inputs: [{ at: 0ms, node: C, input: begin, transaction: t1 }]
${more}expect: ${expectations}
`;
  writeFileSync(file, text);
  return file;
}
