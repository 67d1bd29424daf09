/** Moving in time on the screen: back and forth, along what stands out, to places, and on from the past. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestWorld } from '../../src/core/digest.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { complete } from '../../src/tui/commands/commands.ts';
import { StillSession, stageFor } from './stage.ts';

const loaded = await loadScenario('partition-during-commit');

/** A commit that a partition cuts in two at the decision, and then a crash. */
async function open(columns = 120, rows = 36) {
  const session = new StillSession(loaded.scenario, loaded.protocol);
  session.steps(12);
  await session.act({ type: 'crash', node: 'P1' });
  session.steps(2);
  const stage = stageFor(session, columns, rows);
  const command = async (text: string): Promise<void> => {
    await stage.keys(':');
    await stage.type(text);
    await stage.keys('enter');
  };
  const shown = (): number => stage.app.view()?.world.events ?? -1;
  const last = (): string => stage.lines().at(-1) ?? '';
  return { session, stage, command, shown, last, total: session.world.events };
}

test('back and forth goes through every moment, and an event with what it set off is one', async () => {
  const { stage, shown, session, total } = await open();
  const seen = [shown()];
  while (shown() > 0) {
    await stage.keys('left');
    seen.push(shown());
    assert.ok(stage.text().includes(`viewing ${shown()} of ${total}`), 'the banner says which');
  }
  assert.ok(seen.length < total + 1, 'the partition strikes in the middle of the decision');
  const back = [shown()];
  while (!(stage.app.view()?.live ?? true)) {
    await stage.keys('right');
    back.push(shown());
  }
  assert.deepEqual(back.reverse(), seen);
  assert.doesNotMatch(stage.text(), /viewing/);
  assert.equal(session.world.events, total);
});

test('[ and ] go along everything of note, and say what it is', async () => {
  const { stage, last, shown } = await open();
  const words: string[] = [];
  for (let before = -1; before !== shown(); ) {
    before = shown();
    await stage.keys('[');
    words.unshift(last());
  }
  assert.match(words[0] ?? '', /\[: nothing of note is earlier/);
  assert.match(words[1] ?? '', /#1\d (C decides commit|partition C,P1 \| P2,P3)/);
  assert.match(words.at(-1) ?? '', /#13 crash P1/);
  await stage.keys(']');
  assert.match(last(), /#12 P1 decides commit/);
  await stage.keys('home', ']');
  assert.match(last(), /#1\d (C decides commit|partition)/);
});

test('K and the command line choose what they go by', async () => {
  const { stage, command, last, shown, session } = await open();
  await stage.keys('K', 'down', 'down', 'enter');
  assert.match(last(), /\[ and \] go by decisions: 2 so far/);
  await stage.keys('[', '[');
  assert.match(last(), /C decides commit/);
  await stage.keys('[');
  assert.match(last(), /there is no earlier decision/);
  await command('forward fault');
  assert.match(last(), /crash P1/);
  assert.equal(session.trace[shown() - 1]?.choice.type, 'crash');
  await command('rewind violation');
  assert.match(last(), /there is no earlier violation/);
  await command('rewind nothing');
  assert.match(last(), /nothing is none of any, fault, decision/);
});

test('what has just happened can be looked at in the present, too', async () => {
  const session = new StillSession(loaded.scenario, loaded.protocol);
  session.steps(12);
  await session.act({ type: 'crash', node: 'P1' });
  const stage = stageFor(session, 120, 36);
  await stage.keys('[');
  assert.equal(stage.store.get().past, null);
  assert.equal(stage.store.get().event, 13);
  await stage.keys('[');
  assert.ok((stage.app.view()?.world.events ?? 0) < 14);
});

test('goto takes a number of events or a time, and offers what is of note', async () => {
  const { session, stage, command, shown } = await open();
  await command('goto 7');
  assert.equal(shown(), 7);
  await command('goto 0.05s');
  assert.equal(shown(), session.trace.filter(({ atMs }) => atMs <= 50).length);
  await command('goto 10m');
  assert.equal(stage.app.view()?.live, true);
  const { options } = complete('goto ', stage.app.view()!);
  assert.ok(options.some(({ about }) => about.includes('crash P1')));
  for (const { text } of options) assert.match(text, /^\d+$/);
});

test('b makes the moment that is shown the present, and the run goes on from there', async () => {
  const { session, stage, last, total } = await open();
  const other = new StillSession(loaded.scenario, loaded.protocol);
  other.steps(7);
  await stage.keys('b');
  assert.match(last(), /b: this is the present/);
  await stage.keys('home', 'right', 'right', 'right', 'right', 'right', 'right', 'right', 'b');
  assert.match(last(), new RegExp(`goes on from here.*leaves ${total - 7} events behind, which the recording keeps`));
  assert.equal(digestWorld(session.world), digestWorld(other.world));
  assert.deepEqual(session.branches, [{ from: total, to: 7 }]);
  assert.match(stage.lines()[0] ?? '', /branch 1/);
  assert.doesNotMatch(stage.text(), /viewing|crash P1|═ #1/, 'what was left behind is not drawn');
  await stage.keys('1', 'c');
  assert.equal(session.trace[7]?.choice.type, 'crash');
  session.steps(3);
  assert.match(stage.text(), /C +coordinator +CRASHED/);
});

test('m marks the moment that is shown, M leads back to it', async () => {
  const { session, stage, last, shown } = await open();
  await stage.keys('M');
  assert.match(last(), /nothing is marked yet/);
  await stage.keys('left', 'left', 'm');
  await stage.type('here it blocks');
  await stage.keys('enter');
  const count = shown();
  assert.deepEqual(session.marks, [{ count, text: 'here it blocks' }]);
  await stage.keys('end', 'm', 'enter');
  assert.deepEqual(session.marks.at(-1), { count: session.world.events, text: '' });
  await stage.keys('M');
  assert.match(stage.text(), /mark 1 +after \d+ events.*here it blocks/);
  await stage.keys('enter');
  assert.equal(shown(), count);
  assert.match(last(), /marked: here it blocks/);
  await stage.keys('home', 'K', 'up', 'enter', ']');
  assert.equal(shown(), count);
});

test('while the past is shown, what happens in the run does not move it', async () => {
  const { session, stage, shown } = await open();
  await stage.keys('left', 'left', 'left');
  const before = stage.lines().slice(1, -8);
  const count = shown();
  session.steps(3);
  assert.equal(shown(), count);
  assert.deepEqual(stage.lines().slice(1, -8), before);
  assert.ok(stage.text().includes(`viewing ${count} of ${session.world.events}`));
});
