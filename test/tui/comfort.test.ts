/** What the person at the screen can have otherwise while it runs, and the screen as text in a file. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import protocol from '../../machines/two-phase-commit.ts';
import { complete } from '../../src/tui/commands/commands.ts';
import { currentLook, lookOf, setLook } from '../../src/tui/theme.ts';
import type { View } from '../../src/tui/view.ts';
import { StillSession, scenarioOf, stageFor } from './stage.ts';

const home = process.cwd();
const folder = mkdtempSync(join(tmpdir(), 'havoc-frames-'));
process.chdir(folder);
after(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true, force: true });
  setLook(lookOf({}));
});

const stageOf = (name = 'a-run') =>
  stageFor(new StillSession(scenarioOf(protocol, { C: 'coordinator', P1: 'participant' }, { name }), protocol), 80, 24);

async function command(stage: ReturnType<typeof stageFor>, text: string): Promise<string> {
  await stage.keys(':');
  await stage.type(text);
  await stage.keys('enter');
  return stage.store.get().toast?.text ?? '';
}

test('theme, ASCII and mouse change by command; what is mistyped is told with the nearest right name', async () => {
  const stage = stageOf();
  assert.equal(await command(stage, 'set theme light'), 'theme light');
  assert.equal(await command(stage, 'set ascii on'), 'ascii on');
  assert.deepEqual(currentLook(), { theme: 'light', ascii: true });
  await command(stage, 'set mouse on');
  assert.equal(stage.store.get().mouse, true);
  await command(stage, 'set mouse off');
  assert.equal(stage.store.get().mouse, false);
  assert.match(await command(stage, 'set theme lihgt'), /^set: there is no theme lihgt; did you mean light\?$/);
  assert.match(await command(stage, 'set asci on'), /^set: there is no setting asci; did you mean ascii\?$/);
  assert.match(await command(stage, 'set mouse'), /^set: say how: set mouse on \| off$/);
  assert.match(await command(stage, 'set'), /^set: say what: theme, ascii, mouse$/);
  const offered = (text: string) => complete(text, stage.app.view() as View).options.map((option) => option.text);
  assert.deepEqual(offered('set '), ['theme', 'ascii', 'mouse']);
  assert.deepEqual(offered('set theme '), ['dark', 'light', 'colour-blind', 'none']);
  assert.deepEqual(offered('set mouse o'), ['on', 'off']);
  setLook({ theme: 'dark', ascii: false });
});

test('e writes the screen as it stands into a file of its own, and says which; no file is written over', async () => {
  const stage = stageOf();
  const lines = stage.lines();
  await stage.keys('e');
  assert.equal(stage.store.get().toast?.text, 'the screen is in havoc-a-run-at-0.txt');
  assert.deepEqual(readFileSync('havoc-a-run-at-0.txt', 'utf8'), `${lines.map((line) => line.trimEnd()).join('\n')}\n`);
  await stage.keys('e');
  assert.equal(stage.store.get().toast?.text, 'the screen is in havoc-a-run-at-0-2.txt');
});

test('e over the help writes the help, and leaves it open', async () => {
  const stage = stageOf('helped');
  await stage.keys('?', 'e');
  assert.equal(stage.store.get().overlay?.kind, 'help');
  assert.match(stage.text(), /the screen is in havoc-helped-at-0\.txt/);
  assert.match(readFileSync('havoc-helped-at-0.txt', 'utf8'), /help: keys and commands/);
});

test('dump takes a name, and says what is wrong with one in one line', async () => {
  const stage = stageOf();
  assert.equal(await command(stage, 'dump mine.txt'), 'the screen is in mine.txt');
  writeFileSync('kept.txt', 'kept');
  assert.match(await command(stage, 'dump kept.txt'), /kept\.txt: it exists, and is not written over/);
  assert.equal(readFileSync('kept.txt', 'utf8'), 'kept');
  mkdirSync('a-folder');
  assert.match(await command(stage, 'dump a-folder'), /it exists/);
  assert.match(await command(stage, 'dump nowhere/x.txt'), /nowhere\/x\.txt: there is no such folder$/);
  assert.match(await command(stage, `dump ${'x'.repeat(300)}`), /the name is too long$/);
});

test('a scenario cannot name a file elsewhere', async () => {
  const stage = stageOf('../../\u001b[2Jetc/passwd');
  const before = readdirSync('.').length;
  await stage.keys('e');
  assert.match(stage.store.get().toast?.text ?? '', /^the screen is in havoc-[\w.-]+\.txt$/);
  assert.equal(readdirSync('.').length, before + 1);
});
