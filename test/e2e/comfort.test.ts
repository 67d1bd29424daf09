/** Comfort in a real pseudo-terminal: settings, ASCII, the mouse, pictures as text; and that every way out leaves a terminal that can be used. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as rest } from 'node:timers/promises';
import { type Screen, type StartOptions, startHavoc } from './terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'havoc-comfort-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const commit = (title: string): string => `title: ${title}
protocol: two-phase-commit
summary: One transaction, three participants.
learn: Watch the votes.
nodes: { C: coordinator, P1: participant, P2: participant, P3: participant }
model: asynchronous
failures: crash-recovery
network: { latency: 20ms..60ms, order: unordered }
inputs:
  - { at: 0ms, node: C, input: begin, transaction: t1 }
seed: 42
`;
writeFileSync(join(folder, 'commit.yaml'), commit('A commit for comfort'));

const play = (options: Partial<StartOptions> = {}, ...more: string[]): Screen =>
  startHavoc(['play', 'commit.yaml', '--paused', ...more], { columns: 80, rows: 24, folder, ...options });

/** Every mode that was switched on has been switched off again. */
function assertRestored(raw: string): void {
  const isOff = (on: string, off: string): boolean => raw.lastIndexOf(off) > raw.lastIndexOf(on);
  assert.ok(isOff('\u001b[?1049h', '\u001b[?1049l'), 'the alternate screen is left');
  assert.ok(isOff('\u001b[?25l', '\u001b[?25h'), 'the cursor is shown');
  for (const mode of ['1000', '1002', '1003', '1006', '2004'])
    if (raw.includes(`\u001b[?${mode}h`))
      assert.ok(isOff(`\u001b[?${mode}h`, `\u001b[?${mode}l`), `mode ${mode} is off`);
}
const lastLine = (file: string): string => readFileSync(file, 'utf8').trimEnd().split('\n').at(-1) ?? '';

/** Every row is as wide as the window, once what is being drawn is drawn. */
const whole = (screen: Screen, columns: number, rows: number): Promise<void> =>
  screen.sees(new RegExp(`^.*\\n([┌+├│|].{${columns - 2}}[┐+┤│|]\\n){${rows - 2}}[└+].{${columns - 2}}[┘+]$`));

// an exception in the middle of everything, for whoever sends the signal
const planted = "--import=data:text/javascript,process.on('SIGUSR2',()=>{throw%20new%20Error('planted')})";
for (const [name, signal, code, env] of [
  ['SIGHUP', 'SIGHUP', 129, {}],
  ['SIGQUIT', 'SIGQUIT', 131, {}],
  ['an exception', 'SIGUSR2', 2, { NODE_OPTIONS: planted }],
] as const) {
  test(`${name} leaves a usable terminal and a complete recording`, async () => {
    const file = `${signal}.jsonl`;
    const screen = play({ env }, '--record', file);
    await screen.sees(/nodes 4/);
    assert.ok(screen.raw().includes('\u001b[?1000h'), 'the mouse is asked for');
    screen.press('..');
    await screen.sees(/what happened · [23] events/);
    screen.kill(signal);
    assert.equal(await screen.ended(), code);
    assertRestored(screen.raw());
    assert.match(lastLine(join(folder, file)), /"end":true/);
    const said = screen.raw().slice(screen.raw().lastIndexOf('\u001b[?1049l'));
    assert.equal(said.includes('internal error: planted'), name === 'an exception', said);
    assert.doesNotMatch(said, /\n +at /, 'nobody is shown a stack trace');
  });
}

test('a window that is closed ends the run with a complete recording', async () => {
  const screen = play({}, '--record', 'closed.jsonl');
  await screen.sees(/nodes 4/);
  screen.press('..');
  await screen.sees(/what happened · [23] events/);
  screen.vanish();
  for (let waitedMs = 0; screen.lives() && waitedMs < 10_000; waitedMs += 50) await rest(50);
  assert.equal(screen.lives(), false);
  assert.match(lastLine(join(folder, 'closed.jsonl')), /"end":true/);
});

test('settings are obeyed, their mistakes told in one line, and the program starts', async () => {
  const config = join(folder, 'config');
  mkdirSync(join(config, 'havoc'), { recursive: true });
  const settings = {
    ascii: true,
    theme: 'none',
    mouse: false,
    speed: 4,
    recordings: 'kept',
    keys: { crash: 'ctrl-k', crsh: 'x' },
  };
  writeFileSync(join(config, 'havoc', 'settings.json'), JSON.stringify(settings));
  const screen = play({ env: { XDG_CONFIG_HOME: config } });
  await screen.sees(/settings\.json:1:\d+: keys: nothing is called/);
  await whole(screen, 80, 24);
  assert.match(screen.text(), /^\+>nodes 4 -+\+\+ in flight/m);
  screen.press('2\u000b');
  await screen.sees(/P1 .*CRASHED/);
  screen.press(' ');
  await screen.sees(/> 4x/);
  screen.press('q');
  assert.equal(await screen.ended(), 0);
  const raw = screen.raw();
  assert.doesNotMatch(raw, /\u001b\[[\d;]*m/, 'no colours');
  assert.ok(!raw.includes('\u001b[?1000h'), 'no mouse');
  assert.doesNotMatch(raw, /[^\x00-\x7e]/, 'nothing but ASCII');
  assert.match(raw, /settings\.json:1:\d+: keys: nothing is called `crsh`; did you mean crash\?/);
  assert.equal(readdirSync(join(folder, 'kept')).length, 1);
});

test('the mouse selects, looks change while it runs, and the screen can be had as text', async () => {
  const screen = play({ columns: 100, rows: 30 }, '--no-record');
  await screen.sees(/nodes 4/);
  const row = screen.lines().findIndex((line) => line.includes('P2 participant'));
  screen.press(`\u001b[<0;8;${row + 1}M\u001b[<0;8;${row + 1}m`);
  await screen.sees(/▸P2 participant/);
  screen.press('e');
  await screen.sees(/the screen is in havoc-commit-at-0\.txt/);
  const kept = readFileSync(join(folder, 'havoc-commit-at-0.txt'), 'utf8').trimEnd().split('\n');
  assert.deepEqual(
    kept.slice(0, -1),
    screen
      .lines()
      .slice(0, -1)
      .map((line) => line.trimEnd()),
  );
  screen.press('e');
  await screen.sees(/the screen is in havoc-commit-at-0-2\.txt/);
  screen.press(':dump commit.yaml\r');
  await screen.sees(/commit\.yaml: it exists, and is not written over/);
  screen.press(':set ascii on\r');
  await screen.sees(/^\+>nodes 4/m);
  await whole(screen, 100, 30);
  const marks = screen.raw().length;
  screen.press(':set theme light\r');
  await screen.sees(/theme light/);
  assert.match(screen.raw().slice(marks), /\u001b\[38;5;\d+m/);
  screen.press(':set mouse off\r');
  await screen.sees(/mouse off/);
  assert.ok(screen.raw().lastIndexOf('\u001b[?1000l') > screen.raw().lastIndexOf('\u001b[?1000h'));
  screen.press('q');
  assert.equal(await screen.ended(), 0);
});

test('CI=true does not blank the screen, and without UTF-8 it is ASCII', async () => {
  const screen = play({ env: { CI: 'true', LANG: 'C' } }, '--no-record');
  await screen.sees(/^\+>nodes 4/m);
  await whole(screen, 80, 24);
  screen.press('....');
  await screen.sees(/what happened . [45] events/);
  screen.press('q');
  assert.equal(await screen.ended(), 0);
  assertRestored(screen.raw());
});

test('a resize while events rain repaints wholly, down to the least size and back', async () => {
  writeFileSync(
    join(folder, 'relay.yaml'),
    `title: Balls that go round
protocol: ${new URL('../fixtures/live/relay.ts', import.meta.url).pathname}
nodes: { N0: player, N1: player, N2: player, N3: player, N4: player }
network: { latency: 10ms..60ms }
inputs: [${[0, 1, 2, 3, 4].map((i) => `{ at: 0ms, node: N${i}, input: serve, hops: 1000000 }`).join(', ')}]
until: 100000s
`,
  );
  const screen = startHavoc(['play', 'relay.yaml', '--no-record', '--speed', '1'], {
    columns: 80,
    rows: 24,
    folder,
  });
  await screen.sees(/what happened · \d{2,} events/);
  for (const [columns, rows] of [
    [160, 45],
    [60, 20],
    [120, 30],
    [40, 12],
    [90, 26],
  ] as const) {
    screen.resize(columns, rows);
    if (columns < 60) await screen.sees(/60x20 or more/);
    else await screen.sees(new RegExp(`^└.{${columns - 2}}┘$`, 'm'));
  }
  const events = (): number => Number(/what happened · (\d+) events/.exec(screen.text())?.[1]);
  const before = events();
  await screen.sees(/nodes 5/);
  // it goes on: what is drawn is drawn on nothing of another size
  for (let waitedMs = 0; events() === before && waitedMs < 5000; waitedMs += 25) await rest(25);
  screen.press(' ');
  await screen.sees(/‖ held/);
  assert.ok(events() > before);
  await whole(screen, 90, 26);
  screen.press('q');
  assert.equal(await screen.ended(), 0);
  assertRestored(screen.raw());
});

test('labels full of escape sequences are shown as what they are, and do nothing', async () => {
  const evil =
    '"\\e[2J\\e]0;owned\\a\\e]52;c;aGk=\\a\\e[?1000h\\x9b31m\\u202egnirts\\u2028z\\u0301\\u0301\\u0301\\u0301\\u0301"';
  const text = commit(evil)
    .replace(/summary: .*/, `summary: ${evil}`)
    .replace(/learn: .*/, `learn: ${evil}`);
  writeFileSync(join(folder, 'evil.yaml'), text.replace('transaction: t1', `transaction: ${evil}`));
  const screen = startHavoc(['play', 'evil.yaml', '--paused', '--no-record'], { columns: 100, rows: 30, folder });
  await screen.sees(/nodes 4/);
  screen.press('......');
  await screen.sees(/what happened · [67] events/);
  await whole(screen, 100, 30);
  for (const keys of ['\t\r', 'x', '\t\t\r', 'x', 'l', 'x', '1\r', 'x', ':note \u009b31m\u202e\r']) {
    screen.press(keys);
    await screen.sees(/\\u\{(1b|9b|202e)\}/);
  }
  await whole(screen, 100, 30);
  screen.press('q');
  assert.equal(await screen.ended(), 0);
  const raw = screen.raw();
  for (const what of ['\u001b]', '\u009b', '\u202e', '\u2028', '\u0007'])
    assert.ok(!raw.includes(what), JSON.stringify(what));
  assert.doesNotMatch(raw, /z\u0301{4}/, 'no flood of marks');
  assertRestored(raw);
});
