/** The command as scripts and graders meet it: run in a folder of its own, with what it prints and its exit code. */
import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Ended, havoc as run } from '../fixtures/program.ts';

export const place = mkdtempSync(join(tmpdir(), 'havoc-cli-'));

export const havoc = (args: readonly string[], cwd = place): Promise<Ended> => run(args, { cwd });

/** One line on stderr, no stack, nothing on stdout. */
export function refusedWith({ code, stdout, stderr }: Ended, expectedCode: number, expected: RegExp): void {
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
