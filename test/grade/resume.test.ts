/** A recording that was cut off is not gradable, is gone on with, and then is. */
import assert from 'node:assert/strict';
import { readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { havoc } from '../fixtures/program.ts';
import { folder, grade, record } from './made.ts';

test('a recording that was cut off is gone on with, and the whole is graded', async () => {
  const place = folder();
  const cut = await record(join(place, 'cut.jsonl'));
  truncateSync(cut, readFileSync(cut).length - 40);
  assert.equal((await grade(cut)).outcome, 'truncated');
  const before = readFileSync(cut, 'utf8');
  const { code, stderr } = await havoc(['replay', 'cut.jsonl', '--resume', '--record', 'whole.jsonl'], { cwd: place });
  assert.deepEqual([code, stderr], [0, 'recorded: whole.jsonl\n']);
  assert.equal(readFileSync(cut, 'utf8'), before, 'the old file stays as it was');
  const whole = await grade(join(place, 'whole.jsonl'));
  assert.equal(whole.outcome, 'met');
  assert.equal(whole.run?.inputs, 1);
});
