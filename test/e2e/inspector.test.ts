/** The inspector on a traitor, and 64 nodes sorted and filtered, in a real pseudo-terminal. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { keys, startHavoc } from './terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'havoc-inspector-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const shiftTab = '\u001b[Z';

test('on a traitor: its lies beside the truth, its states and events, and back to the moment of the lie', async () => {
  const screen = startHavoc(['play', 'four-generals-two-traitors', '--paused', '--no-record'], {
    columns: 80,
    rows: 24,
    folder,
  });
  await screen.sees(/nodes 4/);
  screen.press('..........');
  await screen.sees(/what happened · (9|1\d) events/);
  screen.press('1\r');
  await screen.sees(/▸states .*its events +lies/);
  await screen.sees(/● ordered/);
  screen.press(shiftTab);
  await screen.sees(/an honest node would send +it sent/);
  await screen.sees(/‡ L2 +order attack.*order retreat/);
  screen.press(shiftTab);
  await screen.sees(/‡ 1 lie.*→ ordered/);
  screen.press('\r');
  await screen.sees(/viewing \d+ of \d+/);
  await screen.sees(/C {2}commander {2}TRAITOR {2}ordered/);
  screen.press('2');
  await screen.sees(/node L1 at/);
  screen.press(`${keys.end}${keys.escape}`);
  await screen.sees(/what happened/);
  screen.press('q');
  assert.equal(await screen.ended(), 0);
});

test('64 nodes: sorted by trouble, filtered, some kept in the diagram', async () => {
  const nodes = Array.from({ length: 63 }, (_, i) => `P${i + 1}: participant`).join(', ');
  writeFileSync(
    join(folder, 'many.yaml'),
    `title: Many nodes
protocol: two-phase-commit
summary: One transaction, 63 participants.
nodes: { C: coordinator, ${nodes} }
model: asynchronous
failures: crash-recovery
network: { latency: 20ms..60ms, order: unordered }
inputs:
  - { at: 0ms, node: C, input: begin, transaction: t1 }
seed: 42
`,
  );
  const screen = startHavoc(['play', 'many.yaml', '--paused', '--no-record', '--in-process'], {
    columns: 100,
    rows: 30,
    folder,
  });
  await screen.sees(/nodes 64/, 30_000);
  screen.press(':crash P40\r');
  await screen.sees(/down 1/);
  screen.press('SS');
  await screen.sees(/by status/);
  await screen.sees(/status↓[\s\S]*P40 participant CRASHED/);
  screen.press('/!down role:part\r');
  await screen.sees(/62 listed: !down role:part/);
  screen.press(':nodes P6\r');
  await screen.sees(/5 listed: P6/);
  screen.press('A');
  await screen.sees(/P6 .*P60 .*59 not shown/);
  screen.press(':nodes all\rAz');
  await screen.sees(/▸nodes 64 · down 1/);
  await screen.sees(/P15 participant/);
  screen.press('q');
  assert.equal(await screen.ended(30_000), 0);
});
