/** A key that does nothing says so, names other keys as they are bound, and asks nothing of whoever cannot be answered. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import protocol from '../../machines/two-phase-commit.ts';
import { createApp } from '../../src/tui/app.ts';
import { rebind } from '../../src/tui/rebind.ts';
import { createStore, initialUi } from '../../src/tui/store.ts';
import { width } from '../../src/tui/text.ts';
import { StillSession, scenarioOf, stageFor } from './stage.ts';

const four = { C: 'coordinator', P1: 'participant', P2: 'participant', P3: 'participant' };
const begin = { atMs: 0, node: 'C', input: 'begin', data: { transaction: 't1' } };

function open(steps = 6) {
  const session = new StillSession(scenarioOf(protocol, four, { inputs: [begin] }), protocol);
  session.steps(steps);
  return { session, stage: stageFor(session, 120, 36) };
}

test('a key that means nothing says so, be it a character or not', async () => {
  const { stage } = open();
  for (const [key, shown] of [
    ['Q', 'Q'],
    ['delete', 'Del'],
    ['backspace', 'Backspace'],
    ['ctrl-k', 'Ctrl-K'],
  ] as const) {
    await stage.keys(key);
    assert.match(stage.lines().at(-1) ?? '', new RegExp(`▸ ${shown} does nothing here: \\? shows all keys`));
  }
});

test('reasons and hints name the keys that have been chosen', async () => {
  const { stage } = open();
  const { keymap, mistakes } = rebind({
    live: ['ctrl-l'],
    'cut-line': ['Y'],
    step: ['ctrl-n'],
    mark: ['ctrl-b'],
    help: ['ctrl-h'],
  });
  assert.deepEqual(mistakes, []);
  stage.store.set({ keymap });
  const answer = async (...keys: string[]): Promise<string> => {
    await stage.keys(...keys);
    return stage.lines().at(-1) ?? '';
  };
  assert.match(await answer('('), /no cut is drawn: Y draws one/);
  assert.match(await answer('right'), /this is the present: Ctrl-N takes a step/);
  assert.match(await answer('M'), /nothing is marked yet: Ctrl-B marks this moment/);
  assert.match(await answer('Q'), /Ctrl-H shows all keys/);
  assert.match(await answer('left', 'c'), /the past, which cannot be changed \(Ctrl-L: back to the run\)/);
  await stage.keys('ctrl-l', 'left', ':');
  await stage.type('crash C');
  assert.match(await answer('enter'), /Ctrl-L brings you back to the run/);
});

test('what cannot be done to a recording is refused before anything is asked', async () => {
  const { session, stage } = open();
  Object.assign(session, { mode: 'replay' });
  for (const key of ['c', 'C', 't', 'p', 'P', 'd', 'x', 'u', 'i', 'w', 's', 'h', 'B']) {
    await stage.keys(key);
    assert.equal(stage.store.get().prompt, null, key);
    assert.match(stage.lines().at(-1) ?? '', new RegExp(`✗ ${key}: this is a recording: what happened in it cannot`));
  }
});

test('step by name is refused in the past, as the key is', async () => {
  const { session, stage } = open();
  await stage.keys('left');
  const { events } = session.world;
  await stage.type(':step');
  await stage.keys('enter');
  assert.match(stage.lines().at(-1) ?? '', /step: this is the past, which cannot be changed/);
  assert.equal(session.world.events, events);
});

test('a command that there is not is answered with the nearest one', async () => {
  const { stage } = open();
  await stage.type(':crsh C');
  await stage.keys('enter');
  assert.match(stage.lines().at(-1) ?? '', /there is no command crsh: did you mean crash\?/);
});

test('in the command line the cursor moves by what is seen as one character', async () => {
  const { stage } = open();
  await stage.keys(':', 'x', 'e\u0301', '\u{1F600}', 'y', 'left', 'left', 'left', '!');
  const { prompt } = stage.store.get();
  assert.equal(prompt?.kind === 'line' && prompt.text, 'x!e\u0301\u{1F600}y');
});

test('a line longer than the window says that its beginning is out of sight', async () => {
  const { stage } = open();
  await stage.type(`:note ${'word '.repeat(40)}`);
  assert.match(stage.lines().at(-1) ?? '', /^└ :….*word +┘$/);
  await stage.keys('home');
  assert.match(stage.lines().at(-1) ?? '', /^└ :note word.*… ┘$/);
});

test('when nothing is left, space says so instead of nothing; time that runs can be held for what comes next', async () => {
  const { session, stage } = open(40);
  assert.equal(session.quiet, true);
  const last = (): string => stage.lines().at(-1) ?? '';
  assert.doesNotMatch(last(), /space run/);
  await stage.keys('space');
  assert.match(last(), /space: nothing is left to happen/);
  session.setRunning(true);
  await stage.type(':stop');
  await stage.keys('enter');
  assert.equal(session.running, false);
  assert.match(last(), /time is held: what you set off next waits/);
});

test('a recording that has been shown to its end says that this is its end', async () => {
  const { session, stage } = open();
  Object.assign(session, { mode: 'replay', ended: true });
  assert.match(stage.lines()[0] ?? '', /■ end $/);
  for (const key of ['space', '.']) {
    await stage.keys(key);
    assert.match(stage.lines().at(-1) ?? '', /the recording ends here/);
  }
});

test('a filter that hides the selected event selects the one before it', async () => {
  const { stage } = open();
  await stage.type(':event 5');
  await stage.keys('enter');
  await stage.type(':filter input');
  await stage.keys('enter');
  assert.equal(stage.store.get().event, 4);
});

test('the narrowest window that is usual names what strikes: a crash, and a partition', () => {
  const session = new StillSession(scenarioOf(protocol, four, { inputs: [begin] }), protocol);
  session.steps(6);
  const last = stageFor(session, 80, 24).lines().at(-1) ?? '';
  assert.match(last, /space run .*c crash {2}p partition .*: command {2}\? help {2}q quit/);
  session.setRunning(true);
  assert.match(stageFor(session, 80, 24).lines().at(-1) ?? '', /space stop /);
});

test('an answer longer than the last line is said in full, and the next key takes it away', async () => {
  const session = new StillSession(scenarioOf(protocol, four, { inputs: [begin] }), protocol);
  const stage = stageFor(session, 60, 20);
  const before = stage.lines();
  await stage.type(':inspect P1 nowhere');
  await stage.keys('enter');
  const after = stage.lines();
  assert.equal(after.length, 20);
  for (const text of after) assert.equal(width(text), 60, text);
  const said = after.slice(-3).map((text) => text.replace(/^[│└] |─*[│┘]$/g, '').trim());
  assert.match(said.join(' '), /✗ inspect: write a node .*states, memory, storage, coming, events, lies/);
  await stage.keys('1');
  assert.deepEqual(stage.lines(), before);
});

test('what a question answers is seen while it is open', async () => {
  const { stage } = open();
  await stage.keys('p', '2', 'enter');
  assert.match(stage.lines().at(-1) ?? '', /all are on one side: move one with space or a number/);
  assert.equal(stage.store.get().prompt?.kind, 'sides');
});

test('goto says how far there is to go', async () => {
  const { stage } = open(6);
  await stage.type(':goto 99');
  await stage.keys('enter');
  assert.match(stage.lines().at(-1) ?? '', /goto: only 6 events have happened so far/);
});

test('Esc with nothing to let go of, and Enter where no message is, say so', async () => {
  const { stage } = open(40);
  await stage.keys('escape');
  assert.match(stage.lines().at(-1) ?? '', /nothing to let go of/);
  await stage.keys('tab', 'enter');
  assert.match(stage.lines().at(-1) ?? '', /nothing is on its way/);
});

test('while the nodes start, one can leave', async () => {
  const stage = stageFor(null, 80, 24);
  stage.store.set({ screen: 'opening' });
  assert.match(stage.text(), /starting the nodes… *\n +q quits/);
  await stage.keys('space', 'x');
  assert.equal(stage.outcome.left, false);
  await stage.keys('q');
  assert.equal(stage.outcome.left, true);
});

test('a run that comes up after one has left is ended', async () => {
  const { promise, resolve } = Promise.withResolvers<StillSession>();
  const store = createStore(initialUi('picker', 80, 24));
  const app = createApp({ store, presets: () => [], leave() {}, open: () => promise }, null);
  app.open('anything');
  await app.close();
  const session = new StillSession(scenarioOf(protocol, four), protocol);
  resolve(session);
  await app.run('');
  assert.equal(session.closed, true);
  assert.equal(app.session(), null);
});
