/** Whole journeys in a real pseudo-terminal, through the real program, worker threads and bus included. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { keys, type Screen, type StartOptions, startHavoc } from './terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'havoc-tui-'));
after(() => rmSync(folder, { recursive: true, force: true }));

writeFileSync(
  join(folder, 'commit.yaml'),
  `title: A commit for the screen
protocol: two-phase-commit
summary: One transaction, three participants.
learn: |
  # What to watch
  Crash the coordinator while the votes are on their way.
nodes: { C: coordinator, P1: participant, P2: participant, P3: participant }
model: asynchronous
failures: crash-recovery
network: { latency: 20ms..60ms, order: unordered }
inputs:
  - { at: 0ms, node: C, input: begin, transaction: t1 }
seed: 42
`,
);

const restored = (raw: string): void => {
  assert.ok(raw.includes('\u001b[?1049h'), 'the alternate screen was used');
  assert.ok(raw.lastIndexOf('\u001b[?1049l') > raw.lastIndexOf('\u001b[?1049h'), 'and left');
  assert.ok(raw.lastIndexOf('\u001b[?25h') > raw.lastIndexOf('\u001b[?25l'), 'the cursor is shown again');
};

function assertWhole(screen: Screen, columns: number, rows: number): void {
  const lines = screen.lines();
  assert.equal(lines.length, rows);
  assert.match(lines[1] ?? '', /^┌.*┐$/);
  assert.match(lines[rows - 1] ?? '', /^└.*┘$/);
  for (const text of lines.slice(1)) assert.equal([...text].length, columns, `ragged: ${text}`);
}

const play = (options: Omit<StartOptions, 'folder'>, ...more: string[]): Screen =>
  startHavoc(['play', 'commit.yaml', '--paused', ...more], { ...options, folder });

for (const [columns, rows] of [
  [80, 24],
  [160, 45],
] as const) {
  test(`start, step, crash, restart, partition, heal, traitor, quit at ${columns}x${rows}`, async () => {
    const file = `journey-${columns}.jsonl`;
    const screen = play({ columns, rows }, '--record', file);
    await screen.sees(/nodes 4/);
    assertWhole(screen, columns, rows);
    screen.press('......');
    await screen.sees(/what happened · [67] events/);
    screen.press('2c');
    await screen.sees(/P1 .*CRASHED/);
    screen.press('r');
    await screen.sees(/P1 .*up/);
    screen.press(`1p${keys.down}`);
    await screen.sees(/who is on which side/);
    screen.press('1\r');
    await screen.sees(/partition C,P1 \| P2,P3/);
    assertWhole(screen, columns, rows);
    screen.press('h');
    await screen.sees(/✓ #\d+ heal/);
    screen.press(':traitor P3 equivocate C\r');
    await screen.sees(/P3 .*TRAITOR/);
    screen.press(keys.left);
    await screen.sees(/viewing \d+ of \d+/);
    screen.press(`${keys.end}0 `);
    await screen.sees(/■ quiet|✓ termination|‖ held/);
    assertWhole(screen, columns, rows);
    screen.press('q');
    assert.equal(await screen.ended(), 0);
    restored(screen.raw());
    const lines = readFileSync(join(folder, file), 'utf8').trimEnd().split('\n');
    assert.ok(
      lines.some((line) => line.includes('"type":"crash"')),
      'what was done is in the recording',
    );
    assert.ok(lines.at(-1)?.includes('"end":true'), 'which is complete');
  });
}

test('a resize repaints wholly, up, down, and under the least size', async () => {
  const screen = play({ columns: 120, rows: 36 }, '--no-record');
  await screen.sees(/nodes 4/);
  screen.press('.....');
  for (const [columns, rows] of [
    [80, 24],
    [200, 60],
    [100, 30],
  ] as const) {
    screen.resize(columns, rows);
    await screen.sees(new RegExp(`^.{${columns - 1}}┘$`, 'm'));
    await screen.sees(/what happened/);
    assertWhole(screen, columns, rows);
  }
  screen.resize(50, 15);
  await screen.sees(/60x20 or more/);
  screen.press('q');
  assert.equal(await screen.ended(), 0);
});

for (const [name, stop, code] of [
  ['Ctrl-C', (screen: Screen) => screen.press(keys.ctrlC), 0],
  ['SIGTERM', (screen: Screen) => screen.kill('SIGTERM'), 143],
  ['SIGINT', (screen: Screen) => screen.kill('SIGINT'), 130],
] as const) {
  test(`${name} leaves a usable terminal and a complete recording`, async () => {
    const file = `${name}.jsonl`;
    const screen = play({ columns: 80, rows: 24 }, '--record', file);
    await screen.sees(/nodes 4/);
    screen.press('..');
    await screen.sees(/what happened · [23] events/);
    stop(screen);
    assert.equal(await screen.ended(), code);
    restored(screen.raw());
    assert.match(readFileSync(join(folder, file), 'utf8').trimEnd().split('\n').at(-1) ?? '', /"end":true/);
  });
}

test('NO_COLOR: not one colour reaches the terminal', async () => {
  const screen = startHavoc(['play', 'commit.yaml', '--paused', '--no-record'], {
    columns: 80,
    rows: 24,
    folder,
    env: { NO_COLOR: '1' },
  });
  await screen.sees(/nodes 4/);
  screen.press('.q');
  await screen.ended();
  assert.doesNotMatch(screen.raw(), /\u001b\[[0-9;]*m/);
});

test('TERM=dumb gets a plain transcript', async () => {
  const screen = startHavoc(['play', 'commit.yaml', '--no-record'], {
    columns: 120,
    rows: 36,
    folder,
    env: { TERM: 'dumb' },
  });
  await screen.ended();
  assert.ok(!screen.raw().includes('\u001b'), 'no control sequence at all');
});

test('64 nodes start in their threads and fit the screen', async () => {
  const nodes = Array.from({ length: 63 }, (_, i) => `P${i + 1}: participant`).join(', ');
  const text = readFileSync(join(folder, 'commit.yaml'), 'utf8').replace(
    /nodes: .*/,
    `nodes: { C: coordinator, ${nodes} }`,
  );
  writeFileSync(join(folder, 'many.yaml'), text);
  const screen = startHavoc(['play', 'many.yaml', '--paused', '--no-record'], { columns: 120, rows: 36, folder });
  await screen.sees(/nodes 64/, 60_000);
  screen.press(':select P40\r');
  await screen.sees(/▸P40 /);
  assertWhole(screen, 120, 36);
  screen.press('q');
  assert.equal(await screen.ended(30_000), 0);
});

test('the folder holds only what was asked for', () => {
  const files = readdirSync(folder).filter((name) => !/\.(yaml|jsonl)$/.test(name));
  assert.deepEqual(files, []);
});
