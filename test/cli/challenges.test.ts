/** The list of challenges: by topic and difficulty, and without their answers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { difficulties } from '../../src/core/challenge.ts';
import { listChallenges } from '../../src/scenario/challenges.ts';
import { listPresets } from '../../src/scenario/load.ts';

test('challenges are listed by topic, the easy ones first, and all of them', async () => {
  const rows = await listChallenges();
  assert.equal(rows.length, listPresets().filter(({ challenge }) => challenge).length);
  for (const [i, row] of rows.entries()) {
    const before = rows[i - 1];
    if (before === undefined || before.topic < row.topic) continue;
    assert.equal(before.topic, row.topic);
    assert.ok(difficulties.indexOf(before.difficulty) <= difficulties.indexOf(row.difficulty), row.id);
  }
});

test('the list does not tell the answers', async () => {
  for (const row of await listChallenges()) {
    assert.ok(!('answer' in row) && !('hints' in row));
    assert.doesNotMatch(JSON.stringify(row), /impossible/);
  }
});
