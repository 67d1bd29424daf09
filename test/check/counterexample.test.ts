/** What the command line makes of an exploration: exit codes, and counterexamples that are ordinary recordings. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type Ended, havoc as run } from '../fixtures/program.ts';

const folder = mkdtempSync(join(tmpdir(), 'havoc-check-'));
after(() => rmSync(folder, { recursive: true }));
const havoc = (...args: readonly string[]): Promise<Ended> => run(args);

const broken = [
  { preset: 'three-generals', property: 'byzantine-generals/IC2' },
  { preset: 'impatient-participant', property: 'atomic-commit/commit-validity' },
  { preset: 'unlogged-vote', property: 'atomic-commit/agreement' },
];
for (const { preset, property } of broken) {
  test(`the counterexample of ${preset} is a recording that verifies`, async () => {
    const file = join(folder, `${preset}.jsonl`);
    const { code, stdout } = await havoc('check', preset, '--json', '--counterexample', file);
    assert.equal(code, 1);
    const { properties, counterexample, complete } = JSON.parse(stdout);
    assert.equal(complete, false);
    assert.equal(counterexample.property, property);
    assert.equal(counterexample.file, file);
    const verified = await havoc('replay', file, '--verify', '--json');
    assert.equal(verified.code, 0, verified.stderr);
    const replayed = JSON.parse(verified.stdout);
    assert.equal(replayed.events, counterexample.events);
    const settled = replayed.report.properties.find((each: { name: string }) => each.name === property);
    assert.equal(settled.verdict, 'violated');
    assert.equal(settled.at, properties.find((each: { name: string }) => each.name === property).at);
  });
}

for (const preset of ['slow-is-not-dead', 'asking-the-server']) {
  test(`${preset}: that states without time cannot answer is no mistake of the scenario, and one line with exit code 2`, async () => {
    const { code, stderr } = await havoc('check', preset);
    assert.equal(code, 2);
    assert.match(stderr, /^[^\n]*states that are explored[^\n]*\n$/);
  });
}

test('a limit ends with exit code 2, what cannot be explored with 3', async () => {
  assert.equal((await havoc('check', 'all-vote-yes', '--max-states', '1000')).code, 2);
  const wrong = await havoc('check', 'all-vote-yes', '--set', 'constraint.depht=3');
  assert.equal(wrong.code, 3);
  assert.match(wrong.stderr, /did you mean depth/);
});
