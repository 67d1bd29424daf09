/** Time travel in a real pseudo-terminal: back across a crash and a partition, on from there, and the file that keeps both. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { keys, startHavoc } from './terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'havoc-travel-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const size = { columns: 120, rows: 36, folder };

test('rewind across a crash and a partition, branch, quit, verify, and watch it again', async () => {
  const screen = startHavoc(['play', 'partition-during-commit', '--paused', '--record', 'r.jsonl'], size);
  await screen.sees(/nodes 4/);
  screen.press('.'.repeat(10));
  await screen.sees(/what happened · 10 events/);
  // the next event sets off the partition of the scenario
  screen.press('.');
  await screen.sees(/what happened · 12 events/);
  screen.press('2c');
  await screen.sees(/P1 +participant +CRASHED/);
  screen.press(keys.left);
  await screen.sees(/viewing 12 of 13/);
  await screen.sees(/P1 +participant +up/);
  assert.match(screen.text(), /held 2/);
  screen.press(keys.left);
  await screen.sees(/viewing 10 of 13/);
  assert.doesNotMatch(screen.text(), /partition #1|held 2/);
  screen.press(']');
  await screen.sees(/viewing 12 of 13/);
  screen.press(':goto 9\r');
  await screen.sees(/viewing 9 of 13/);
  screen.press('mbefore the vote\r');
  await screen.sees(/after 9 events is marked/);
  screen.press('b');
  await screen.sees(/goes on from here.*leaves 4 events behind/);
  await screen.sees(/branch 1/);
  screen.press('1c');
  await screen.sees(/C +coordinator +CRASHED/);
  screen.press('...');
  await screen.sees(/what happened · 1[23] events/);
  assert.doesNotMatch(screen.text(), /P1 +participant +CRASHED/);
  screen.press('q');
  assert.equal(await screen.ended(), 0);

  const lines = readFileSync(join(folder, 'r.jsonl'), 'utf8').trimEnd().split('\n');
  const at = lines.findIndex((line) => line.startsWith('{"i":9,') && line.includes('"branch":13'));
  assert.ok(
    lines.slice(0, at).some((line) => line.includes('"crash","node":"P1"')),
    'what was left stays in the file',
  );
  assert.ok(lines.slice(at).some((line) => line.includes('"crash","node":"C"')));

  const verified = startHavoc(['replay', 'r.jsonl', '--verify'], size);
  assert.equal(await verified.ended(), 0);
  assert.match(verified.text(), /r\.jsonl: OK: \d+ events, 2 inputs, 1 branch/);

  const replay = startHavoc(['replay', 'r.jsonl', '--paused'], size);
  await replay.sees(/nodes 4/);
  replay.press('.'.repeat(12));
  await replay.sees(/P1 +participant +CRASHED/);
  replay.press('.');
  await replay.sees(/branch 1: after event 13 the run went back to 9/);
  await replay.sees(/what happened · 9 events/);
  replay.press('M\r');
  await replay.sees(/marked: before the vote/);
  replay.press(`${keys.left}b`);
  await replay.sees(/this is a recording, which is not changed/);
  replay.press('q');
  assert.equal(await replay.ended(), 0);
});
