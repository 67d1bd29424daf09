/** A challenge in a real pseudo-terminal: refused, hinted at, met, and recorded. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { startHavoc } from './terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'havoc-challenge-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('a challenge is played to its goal; what it does not allow is refused; the end says where the recording lies', async () => {
  const screen = startHavoc(['play', 'block-two-phase-commit'], { columns: 80, rows: 24, folder });
  await screen.sees(/^ goal {4}○ P1, P2 and P3 blocked at the end/m);
  await screen.sees(/^ left {4}crash 1 .*10 points/m);
  await screen.sees(/‖ held/);
  screen.press('s');
  await screen.sees(/s: the challenge allows no pause/);
  screen.press('H');
  await screen.sees(/Who is the only one that can count the votes\?/);
  for (let events = 2; events < 9; events++) {
    screen.press('.');
    await screen.sees(new RegExp(`what happened · ${events} events`));
  }
  screen.press('1c');
  await screen.sees(/^ goal {4}✓ met, and nothing that comes by itself undoes it/m);
  await screen.sees(/q ends the run; recorded in recordings\/havoc-block-two-phase-commit/);
  screen.press('q');
  await screen.sees(/recorded; to see it again/);
  assert.equal(readdirSync(join(folder, 'recordings')).length, 1);
});
