/** What the command line makes of an exploration: exit codes, and counterexamples that are ordinary recordings. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const folder = mkdtempSync(join(tmpdir(), 'havoc-check-'));
after(() => rmSync(folder, { recursive: true }));
const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const havoc = (...args: string[]) =>
  spawnSync(process.execPath, ['--import', 'tsx', main, ...args], { encoding: 'utf8' });

const broken = [
  { preset: 'three-generals', property: 'byzantine-generals/IC2' },
  { preset: 'impatient-participant', property: 'atomic-commit/commit-validity' },
  { preset: 'unlogged-vote', property: 'atomic-commit/agreement' },
];
for (const { preset, property } of broken) {
  test(`the counterexample of ${preset} is a recording that verifies`, () => {
    const file = join(folder, `${preset}.jsonl`);
    const { status, stdout } = havoc('check', preset, '--json', '--counterexample', file);
    assert.equal(status, 1);
    const { properties, counterexample, complete } = JSON.parse(stdout);
    assert.equal(complete, false);
    assert.equal(counterexample.property, property);
    assert.equal(counterexample.file, file);
    const verified = havoc('replay', file, '--verify', '--json');
    assert.equal(verified.status, 0, verified.stderr);
    const replayed = JSON.parse(verified.stdout);
    assert.equal(replayed.events, counterexample.events);
    const settled = replayed.report.properties.find((each: { name: string }) => each.name === property);
    assert.equal(settled.verdict, 'violated');
    assert.equal(settled.at, properties.find((each: { name: string }) => each.name === property).at);
  });
}

for (const preset of ['slow-is-not-dead', 'asking-the-server']) {
  test(`${preset}: that states without time cannot answer is no mistake of the scenario, and one line with exit code 2`, () => {
    const { status, stderr } = havoc('check', preset);
    assert.equal(status, 2);
    assert.match(stderr, /^[^\n]*states that are explored[^\n]*\n$/);
  });
}

test('a limit ends with exit code 2, what cannot be explored with 3', () => {
  assert.equal(havoc('check', 'all-vote-yes', '--max-states', '1000').status, 2);
  const wrong = havoc('check', 'all-vote-yes', '--set', 'constraint.depht=3');
  assert.equal(wrong.status, 3);
  assert.match(wrong.stderr, /did you mean depth/);
});
