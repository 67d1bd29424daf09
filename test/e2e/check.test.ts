/** `havoc check` as it is installed: from the bundle, interrupted, at its limits, and with files that it writes. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Ended, havoc as run } from '../fixtures/program.ts';

const spaces = fileURLToPath(new URL('../check/spaces/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'havoc-e2e-check-'));
after(() => rmSync(folder, { recursive: true }));

/** @param interruptAfterMs when it is sent an interrupt, as by Ctrl-C */
const havoc = (args: readonly string[], interruptAfterMs?: number): Promise<Ended> =>
  run(args, { cwd: folder, interruptAfterMs });

test('from the bundle: a block is found, recorded, and the recording verifies', async () => {
  const file = join(folder, 'blocked.jsonl');
  const space = join(spaces, 'two-phase-commit-blocking.yaml');
  const { code, stdout } = await havoc(['check', space, '--blocked', file, '--json']);
  assert.equal(code, 0);
  const { blocked, complete, states } = JSON.parse(stdout);
  assert.ok(complete && states > 5000);
  assert.deepEqual(blocked[0], { nodes: ['P1'], events: 6, file });
  assert.equal((await havoc(['replay', file, '--verify'])).code, 0);
});

test('from the bundle: two workers count what one does', async () => {
  const space = join(spaces, 'two-phase-commit-blocking.yaml');
  const [one, two] = await Promise.all(
    ['1', '2'].map(async (workers) =>
      JSON.parse((await havoc(['check', space, '--workers', workers, '--json'])).stdout),
    ),
  );
  assert.deepEqual([two.states, two.transitions, two.depth], [one.states, one.transitions, one.depth]);
  assert.deepEqual([one.workers, two.workers, two.complete], [1, 2, true]);
});

test('a text fits 80 columns, but for the transcript of the counterexample', async () => {
  const { code, stdout } = await havoc(['check', join(spaces, 'three-phase-commit.yaml')]);
  assert.equal(code, 0);
  for (const line of stdout.split('\n')) assert.ok(line.length <= 80, line);
  assert.match(stdout, /Nobody can be blocked for good/);
});

test('an interrupt ends it with what there is, and exit code 2', async () => {
  const { code, stdout } = await havoc(['check', 'duelling-proposers', '--json'], 4000);
  assert.equal(code, 2);
  const { complete, stopped, states } = JSON.parse(stdout);
  assert.equal(complete, false);
  assert.equal(stopped, 'it was interrupted');
  assert.ok(states > 0);
});

test('a limit of time ends it likewise', async () => {
  const { code, stdout } = await havoc(['check', 'duelling-proposers', '--max-seconds', '1', '--json']);
  assert.equal(code, 2);
  assert.match(JSON.parse(stdout).stopped, /the limit of 1 s was reached/);
});

const refused = [
  { args: ['no-such-preset'], code: 3, expected: /there is no preset `no-such-preset`/ },
  { args: ['three-generals', '--counterexample', '/no/such/folder/x'], code: 3, expected: /its folder does not exist/ },
  { args: ['three-generals', '--graph', tmpdir()], code: 3, expected: /this is a folder/ },
  { args: ['three-generals', '--property', 'IC1'], code: 64, expected: /has no property IC1; it has/ },
  { args: ['three-generals', '--max-states', 'many'], code: 64, expected: /must be a whole number/ },
  { args: ['asking-the-server'], code: 2, expected: /reads clocks/ },
];
for (const { args, code, expected } of refused) {
  test(`check ${args.slice(0, 2).join(' ')} is refused in one line`, async () => {
    const result = await havoc(['check', ...args]);
    assert.equal(result.code, code);
    assert.match(result.stderr, expected);
    assert.equal(result.stderr.trimEnd().split('\n').length, 1);
    assert.equal(result.stdout, '');
  });
}
