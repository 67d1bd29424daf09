/** The soak as anybody would call it, for as long as a suite can afford: on one core, while the other tests use the other. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { havoc } from '../fixtures/program.ts';

const seconds = '120';

test(`${seconds} seconds of random faults over every protocol: nothing violated, nothing that threads do otherwise`, async (t) => {
  const { stdout: text, code } = await havoc(['soak', '--seconds', seconds, '--seed', '0', '--threads', '1']);
  for (const line of text.trim().split('\n')) t.diagnostic(line);
  assert.match(text, /^violations 0, mismatches 0, failed nodes 0$/m);
  const [, runs] = /: (\d+) runs, \d+ events/.exec(text) ?? [];
  assert.ok(Number(runs) > 100, 'it made runs');
  // 2: a slow machine made too few runs to catch every wrong variant by chance; the other tests see to each of them
  assert.ok(code === 0 || code === 2, `exit code ${code}`);
});
