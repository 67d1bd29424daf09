/** Journeys with the diagram as an instrument, at a real pseudo-terminal: two concurrent events compared, an inconsistent cut drawn and mended, and why P2 is blocked. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { keys, type Screen, startHavoc } from './terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'havoc-instrument-'));
after(() => rmSync(folder, { recursive: true, force: true }));

writeFileSync(
  join(folder, 'split.yaml'),
  `title: A commit that a partition splits
protocol: two-phase-commit
summary: The decision reaches one side only.
nodes: { C: coordinator, P1: participant, P2: participant, P3: participant }
model: asynchronous
failures: crash-recovery
network: { latency: 20ms..60ms, order: unordered }
inputs:
  - { at: 0ms, node: C, input: begin, transaction: t1 }
faults:
  - { when: { node: C, sends: commit, nth: 1 }, do: partition, groups: [[C, P1], [P2, P3]] }
seed: 42
`,
);

/** Takes steps until P2 and P3 are cut off; the events are then the same in every run: the seed is. */
async function openAt(columns: number, rows: number): Promise<Screen> {
  const screen = startHavoc(['play', 'split.yaml', '--paused', '--no-record'], { columns, rows, folder });
  // typed before there is a screen: it must neither be lost nor shown
  screen.press('.');
  await screen.sees(/nodes 4/);
  for (let i = 0; i < 12 && !/blocked/.test(screen.text()); i++) {
    const before = /what happened · (\d+) events/.exec(screen.text())?.[1];
    screen.press('.');
    await screen.sees(new RegExp(`what happened · (?!${before} )\\d+ events`));
  }
  await screen.sees(/P2 P3 blocked/);
  assert.match(screen.lines()[0] ?? '', /^ havoc {2}split /, 'the first line begins at the left edge');
  return screen;
}

async function leave(screen: Screen, columns: number): Promise<void> {
  for (const text of screen.lines().slice(1)) assert.equal([...text].length, columns, `ragged: ${text}`);
  screen.press('q');
  assert.equal(await screen.ended(), 0);
}

test('two concurrent events are compared, and a cut that cuts a message off from its sending is mended', async () => {
  const screen = await openAt(120, 36);
  screen.press(':filter prepare\r');
  await screen.sees(/4 shown: prepare/);
  screen.press(`\t\t${keys.up}`);
  await screen.sees(/event 7 selected/);
  screen.press(`v${keys.up}`);
  await screen.sees(/A \(#7\) and #6 are CONCURRENT: neither can have caused the other/);
  await screen.sees(/of P2's clock A \(#7\) knows 1 and #6 only 0; of P1's, #6 knows 1 and A \(#7\) only 0/);
  screen.press(keys.up);
  await screen.sees(/#5 are CONCURRENT/);
  screen.press(keys.up);
  await screen.sees(/A \(#7\) is AFTER #4, as this chain proves/);
  await screen.sees(/#4 C ─prepare→ #7 P2/);
  screen.press(`${keys.escape}`);
  await screen.sees(/^(?![\s\S]*CONCURRENT|[\s\S]*AFTER)/);
  screen.press(':filter off\r');
  screen.press(':event 3\r');
  await screen.sees(/event 3 selected/);
  screen.press('X');
  await screen.sees(/✓ consistent cut/);
  screen.press('2)');
  await screen.sees(
    /✗ not consistent {2}message 1 prepare t1 C→P1 is received inside it \(#6\), but sent outside \(#4\)/,
  );
  screen.press('N');
  await screen.sees(/the nearest consistent cut: (C takes in #4|P1 leaves out #6)/);
  await screen.sees(/✓ consistent cut/);
  await leave(screen, 120);
});

test('why P2 is blocked is one key away, at 80x24 too', async () => {
  const screen = await openAt(80, 24);
  screen.press('3y');
  await screen.sees(/why P2 is blocked/);
  await screen.sees(/‖ P2 \(prepared\) is blocked since 0:00\.\d+; it waits for C, kept/);
  await screen.sees(/event 11 selected/);
  screen.press('z');
  await screen.sees(/partition #1 since #11; held on the way to it: 8 commit t1/);
  await screen.sees(/broken by #11 partition C,P1 \| P2,P3/);
  await screen.sees(/│┃ +7 /);
  await leave(screen, 80);
});
