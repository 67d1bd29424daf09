/** Files that were damaged, anyhow: always a row, never points. HAVOC_RUNS multiplies the tries. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { nextInteger, streamOf } from '../../src/core/rng.ts';
import { gradeRecording } from '../../src/grade/grade-recording.ts';
import type { Outcome } from '../../src/grade/outcome.ts';
import { loadTasks } from '../../src/grade/task.ts';
import { challengeFile, folder, record } from './made.ts';

const tries = 300 * Number(process.env.HAVOC_RUNS ?? 1);

async function grader(): Promise<{ bytes: Uint8Array; outcomeOf: (bytes: Uint8Array) => Promise<Outcome> }> {
  const file = join(folder(), 'r.jsonl');
  await record(file);
  const { tasks } = await loadTasks(challengeFile('block-two'));
  const outcomeOf = async (bytes: Uint8Array): Promise<Outcome> => {
    writeFileSync(file, bytes);
    const { outcome, points, bonusPoints } = await gradeRecording({ file, student: null, challenge: null }, tasks, {});
    assert.equal(points + bonusPoints, 0);
    return outcome;
  };
  return { bytes: new Uint8Array(readFileSync(file)), outcomeOf };
}

test('a file with one byte changed is unreadable or edited', async () => {
  const { bytes, outcomeOf } = await grader();
  const stream = streamOf(2026);
  for (let i = 0; i < tries; i++) {
    const changed = bytes.slice();
    const at = nextInteger(stream, 0, bytes.length - 1);
    changed[at] = ((changed[at] as number) + nextInteger(stream, 1, 255)) % 256;
    const outcome = await outcomeOf(changed);
    assert.ok(['unreadable', 'edited', 'truncated'].includes(outcome), `byte ${at}: ${outcome}`);
  }
});

test('a file that ends early is unreadable or truncated', async () => {
  const { bytes, outcomeOf } = await grader();
  for (let end = 0; end < bytes.length - 1; end += Math.ceil(bytes.length / tries)) {
    const outcome = await outcomeOf(bytes.slice(0, end));
    assert.ok(outcome === 'unreadable' || outcome === 'truncated', `${end} bytes: ${outcome}`);
  }
});
