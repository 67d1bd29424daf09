/** The command line: kept between sessions, recalled by how a line begins, and pasted text that runs line by line. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import protocol from '../../machines/two-phase-commit.ts';
import { commandHistory, historyPath, mostLines } from '../../src/tui/history-file.ts';
import { usualKeymap } from '../../src/tui/keymap.ts';
import { commandsIn, paste } from '../../src/tui/paste.ts';
import { StillSession, scenarioOf, stageFor } from './stage.ts';

const folder = mkdtempSync(join(tmpdir(), 'havoc-history-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const four = { C: 'coordinator', P1: 'participant', P2: 'participant', P3: 'participant' };
const begin = { atMs: 0, node: 'C', input: 'begin', data: { transaction: 't1' } };

function open(steps = 6, columns = 120) {
  const session = new StillSession(scenarioOf(protocol, four, { inputs: [begin] }), protocol);
  session.steps(steps);
  const stage = stageFor(session, columns, 36);
  const status = (id: string) => session.world.nodes[session.world.indexOf.get(id) ?? -1]?.status;
  return { session, stage, status };
}
const typedText = (stage: ReturnType<typeof stageFor>): string | null => {
  const { prompt } = stage.store.get();
  return prompt?.kind === 'line' ? prompt.text : null;
};

test('what a key does can be typed: every binding names a command, but the one that opens the line', () => {
  const nameless = usualKeymap.bindings.filter(({ command }) => command === '').map(({ shown }) => shown);
  assert.deepEqual(nameless, [':']);
});

test('focus, up, down and zoom do by name what Tab, arrows and z do', async () => {
  const { stage } = open();
  await stage.app.run('focus queue');
  assert.equal(stage.store.get().focus, 'queue');
  await stage.app.run('focus nodes');
  await stage.app.run('down 2');
  assert.equal(stage.store.get().node, 2);
  await stage.app.run('up');
  assert.equal(stage.store.get().node, 1);
  await stage.app.run('zoom');
  assert.equal(stage.store.get().zoomed, true);
  assert.equal(await stage.app.run('focus nowhere'), false);
  assert.match(stage.text(), /write focus with one of nodes, queue, diagram/);
});

test('pasted lines run one after the other, each seeing what the one before it did', async () => {
  const { stage, status, session } = open(2);
  const events = session.world.events;
  await paste(stage.app, ':crash P1\r\n\n# a remark\n  step\nstep\nrestart P1\n');
  assert.equal(status('P1'), 'up');
  assert.equal(session.world.events, events + 4);
  assert.match(stage.text(), /4 pasted lines have been run/);
  assert.deepEqual(stage.store.get().history, ['crash P1', 'step', 'restart P1']);
});

test('a mistake in pasted lines stops them, and names the line', async () => {
  const { stage, status } = open();
  await paste(stage.app, 'crash P1\ncrash P9\ncrash P2\n');
  assert.equal(status('P1'), 'crashed');
  assert.equal(status('P2'), 'up');
  assert.match(stage.text(), /line 2 of 3, crash P9: crash: there is no node P9/);
  await paste(stage.app, 'crash P1\nrestart P1');
  assert.match(stage.text(), /line 1 of 2, crash P1: P1 is (down|crashed)/, 'and so does what is refused');
});

test('one pasted line waits on the command line for Enter, where it was put', async () => {
  const { stage, status } = open();
  await paste(stage.app, ':crash P1');
  assert.equal(typedText(stage), 'crash P1');
  assert.equal(status('P1'), 'up');
  await stage.keys('home');
  await paste(stage.app, 're');
  assert.equal(typedText(stage), 'recrash P1');
  await stage.keys('backspace', 'backspace', 'enter');
  assert.equal(status('P1'), 'crashed');
});

test('lines pasted into a line that is being typed are joined to it', async () => {
  const { stage, status } = open();
  await stage.keys(':');
  await stage.type('crash ');
  await paste(stage.app, 'P1\ncrash P2');
  assert.deepEqual([status('P1'), status('P2')], ['crashed', 'crashed']);
});

test('nothing that a terminal obeys gets in by pasting, and no flood of lines is run', async () => {
  assert.deepEqual(commandsIn('\u001b[2Jnote a\u202eb\n: step\n'), ['[2Jnote a b', 'step']);
  const { stage, session } = open();
  const { events } = session.world;
  await paste(stage.app, 'step\n'.repeat(300));
  assert.equal(session.world.events, events);
  assert.match(stage.text(), /at most 200 are run at once/);
});

test('↑ goes through the lines that begin with what is typed', async () => {
  const { stage } = open();
  for (const line of ['crash P1', 'step', 'crash P2']) stage.app.remember(line);
  await stage.keys(':', 'up');
  assert.equal(typedText(stage), 'crash P2');
  await stage.keys('up', 'up', 'up');
  assert.equal(typedText(stage), 'crash P1');
  await stage.keys('down', 'down', 'down');
  assert.equal(typedText(stage), '');
  await stage.type('cr');
  await stage.keys('up', 'up');
  assert.equal(typedText(stage), 'crash P1');
  await stage.keys('up', 'down');
  assert.equal(typedText(stage), 'crash P2');
  await stage.keys('down');
  assert.equal(typedText(stage), 'cr');
});

test('the history is in the state folder of the system', () => {
  assert.equal(historyPath({ XDG_STATE_HOME: '/state' }, 'linux', '/home/me'), '/state/havoc/history');
  assert.equal(historyPath({ XDG_STATE_HOME: 'relative' }, 'linux', '/home/me'), '/home/me/.local/state/havoc/history');
  assert.match(historyPath({}, 'darwin', '/Users/me'), /Application Support.havoc.history$/);
  assert.match(historyPath({ LOCALAPPDATA: 'C:/Local' }, 'win32', 'C:/Users/me'), /Local.havoc.history$/);
});

test('what is typed is there in the next session, harmless and not without end', () => {
  const file = join(folder, 'deep', 'history');
  const first = commandHistory(file);
  assert.deepEqual(first.load(), []);
  first.add('crash P1');
  first.add('heal');
  assert.deepEqual(commandHistory(file).load(), ['crash P1', 'heal']);
  assert.equal(statSync(file).mode & 0o077, 0, 'for nobody else to read');
  writeFileSync(file, `\u001b[2Jevil\u202e\n\n${'step\n'.repeat(3 * mostLines)}`);
  assert.equal(commandHistory(file).load().length, mostLines);
  assert.equal(readFileSync(file, 'utf8').trimEnd().split('\n').length, mostLines);
  writeFileSync(file, '\u001b[2Jevil\u202e\n');
  assert.deepEqual(commandHistory(file).load(), ['[2Jevil']);
});

test('a history that cannot be read or written harms nothing', () => {
  const history = commandHistory(join(folder, 'deep'));
  assert.deepEqual(history.load(), []);
  history.add('crash P1');
});
