/** The key table and the command line: one table, everything by name, a reason for every key that does nothing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import protocol from '../../machines/two-phase-commit.ts';
import { defineProtocol } from '../../src/core/protocol.ts';
import type { Act } from '../../src/core/session.ts';
import { actText } from '../../src/tui/act-text.ts';
import { complete, verbs } from '../../src/tui/commands/commands.ts';
import { keysOf } from '../../src/tui/input.ts';
import { bindings } from '../../src/tui/keymap.ts';
import { StillSession, scenarioOf, stageFor } from './stage.ts';

const four = { C: 'coordinator', P1: 'participant', P2: 'participant', P3: 'participant' };
const begin = { atMs: 0, node: 'C', input: 'begin', data: { transaction: 't1' } };

function open(steps = 6, columns = 120, rows = 36) {
  const session = new StillSession(scenarioOf(protocol, four, { inputs: [begin] }), protocol);
  session.steps(steps);
  const stage = stageFor(session, columns, rows);
  const command = async (text: string): Promise<void> => {
    await stage.keys(':');
    await stage.type(text);
    await stage.keys('enter');
  };
  const node = (id: string) => session.world.nodes[session.world.indexOf.get(id) ?? -1]!;
  return { session, stage, command, node };
}

test('no key stands for two things', () => {
  const keys = bindings.flatMap((binding) => binding.keys);
  assert.deepEqual(keys, [...new Set(keys)]);
});

test('the help lists every key and every command', async () => {
  const { stage } = open(6, 200, 60);
  let seen = '';
  await stage.keys('?');
  for (let i = 0; i < 20; i++) {
    seen += stage.text();
    await stage.keys('pagedown');
  }
  for (const binding of bindings) assert.ok(seen.includes(binding.about), `help has ${binding.shown}`);
  for (const verb of verbs) assert.ok(seen.includes(verb.usage), `help has ${verb.name}`);
});

test('every command that a key names exists', () => {
  const names = verbs.map((verb) => verb.name);
  for (const { command } of bindings) {
    for (const part of command.split(' / '))
      if (part !== '') assert.ok(names.includes(part.split(' ')[0] as string), part);
  }
});

test('a disabled key says why', async () => {
  const { stage } = open();
  await stage.keys('r');
  assert.match(stage.text(), /r: C is up: only a crashed node can restart/);
  await stage.keys('h');
  assert.match(stage.text(), /h: nothing is broken/);
  await stage.keys('right');
  assert.match(stage.text(), /→: this is the present/);
});

test('c crashes the selected node, and the card says what was lost and kept; r restarts it', async () => {
  const { stage, node } = open(8);
  await stage.keys('2', 'c');
  assert.equal(node('P1').status, 'crashed');
  assert.match(stage.text(), /P1 +participant +CRASHED/);
  assert.match(stage.text(), /lost: .*vote yes/);
  assert.match(stage.text(), /kept: prepared/);
  await stage.keys('r');
  assert.equal(node('P1').status, 'up');
});

test('C arms a crash in the middle of the next broadcast', async () => {
  const { stage, node, session } = open(4);
  await stage.keys('1', 'C', 'down', 'enter');
  assert.equal(node('C').crashAfter?.sends, 2);
  session.steps(1);
  assert.equal(node('C').status, 'crashed');
  assert.match(stage.text(), /CRASHED/);
});

test('s makes a node slow and lets it go on', async () => {
  const { stage, node } = open();
  await stage.keys('3', 's');
  assert.equal(node('P2').status, 'paused');
  await stage.keys('s');
  assert.equal(node('P2').status, 'up');
});

test('w skews a clock, with the command line filled in to be changed', async () => {
  const { stage, node } = open();
  await stage.keys('2', 'w', 'enter');
  assert.equal(node('P1').clock.offsetMs, 100);
});

test('p partitions by sides, and h heals', async () => {
  const { stage, session } = open();
  await stage.keys('1', 'p', 'down', '1', 'enter');
  assert.deepEqual(session.world.partition?.groupOf, [0, 0, 1, 1]);
  await stage.keys('h');
  assert.equal(session.world.partition, null);
});

test('P cuts one direction of one link', async () => {
  const { stage, session } = open();
  await stage.keys('1', 'P', 'down', 'enter');
  assert.deepEqual(
    session.world.cuts.map(({ from, to }) => [from, to]),
    [['C', 'P2']],
  );
});

test('t chooses a behaviour, then its targets; and honest again', async () => {
  const { stage, node } = open();
  await stage.keys('1', 't', 'down', 'down', 'enter', 'space', 'enter');
  assert.deepEqual(node('C').treachery?.how, { type: 'traitor', node: 'C', behaviour: 'equivocate', targets: ['P1'] });
  assert.match(stage.text(), /TRAITOR/);
  await stage.keys('t', 'enter');
  assert.equal(node('C').treachery, null);
});

test('in the queue: x drops, u duplicates, g delivers now, o reorders, d delays the selected message', async () => {
  const { stage, session } = open(5);
  await stage.keys('tab');
  const first = [...session.world.pending.keys()];
  await stage.keys('u');
  assert.equal(session.world.pending.size, first.length + 1);
  await stage.keys('o');
  await stage.keys('d', 'enter');
  assert.equal(session.trace.at(-1)?.choice.type, 'delay');
  await stage.keys('x');
  assert.equal(session.trace.at(-1)?.choice.type, 'drop');
  assert.equal(session.world.pending.size, first.length);
  await stage.keys('g');
  assert.equal(session.trace.at(-1)?.choice.type, 'deliver-now');
});

test('in the queue E changes what a message says, with what it says now filled in', async () => {
  const { stage, session } = open(5, 160, 45);
  await stage.keys('tab', 'E');
  const { prompt } = stage.store.get();
  const id = stage.app.view()?.message?.id ?? 0;
  assert.equal(prompt?.kind === 'line' && prompt.text, `corrupt ${id} transaction=t1`);
  await stage.keys('enter');
  assert.match(stage.text(), /says that already/);
  await stage.keys('E', 'backspace', '2', 'enter');
  assert.match(stage.text(), new RegExp(`✓ #\\d+ corrupt ${id} transaction=t2`));
  assert.equal(session.world.pending.get(id)?.body.transaction, 't2');
  assert.match(stage.text(), /‡ changed on its way; it was: prepare \{transaction: t1\}/);
  assert.match(stage.text(), /! #\d+ message \d+ from C to P\d was changed on its way/, 'the model is broken');
  while (session.world.pending.has(id)) session.steps(1);
  assert.match(stage.text(), /╌‡prepare t2╌.* changed on its way/, 'and the arrow says so');
});

test('a message without fields has nothing to be changed, and E says so', async () => {
  const silent = defineProtocol({ ...protocol, id: 'silent', messages: { ...protocol.messages, prepare: {} } });
  const session = new StillSession(scenarioOf(silent, four, { inputs: [begin] }), silent);
  session.steps(5);
  for (const message of session.world.pending.values()) Object.assign(message, { body: { type: 'prepare' } });
  const stage = stageFor(session, 120, 36);
  await stage.keys('tab', 'E');
  assert.match(stage.lines().at(-1) ?? '', /E: prepare has no field to change/);
});

test('with a node selected, x makes a rule for what it sends to whom', async () => {
  const { stage, session } = open();
  await stage.keys('2', 'x', 'down', 'enter');
  assert.deepEqual(session.trace.at(-1)?.choice, { type: 'drop', from: 'P1', to: 'C' });
});

test('i gives an input, filled in with its defaults', async () => {
  const { stage, session } = open(4);
  const before = session.world.inputs.length;
  await stage.keys('1', 'i', 'enter');
  assert.equal(session.world.inputs.length, before + 1);
});

test('. takes one step; space runs and holds; + and - and 0 set the speed', async () => {
  const { stage, session } = open(2);
  const { events } = session.world;
  await stage.keys('.');
  assert.equal(session.world.events, events + 1);
  await stage.keys('space');
  assert.equal(session.running, true);
  await stage.keys('space', '+');
  assert.equal(session.running, false);
  assert.equal(session.speed, 2);
  await stage.keys('-', '-', '0');
  assert.equal(session.speed, Number.POSITIVE_INFINITY);
});

test('q asks to leave, and Ctrl-C does wherever one is', async () => {
  const first = open();
  await first.stage.keys('q');
  assert.equal(first.stage.outcome.left, true);
  const second = open();
  await second.stage.keys(':', 'ctrl-c');
  assert.equal(second.stage.outcome.left, true);
});

const acts: Act[] = [
  { type: 'crash', node: 'P1' },
  { type: 'crash', node: 'C', afterSends: 2 },
  { type: 'restart', node: 'P1' },
  { type: 'pause', node: 'P1' },
  { type: 'resume', node: 'P1' },
  { type: 'honest', node: 'P1' },
  { type: 'skew', node: 'P1', offsetMs: -100, rate: 1.1 },
  {
    type: 'partition',
    groups: [
      ['C', 'P1'],
      ['P2', 'P3'],
    ],
  },
  { type: 'partition', groups: [['C'], ['P1'], ['P2', 'P3']], drop: true },
  { type: 'cut', from: 'C', to: 'P1' },
  { type: 'cut', from: 'C', to: 'P1', drop: true },
  { type: 'heal' },
  { type: 'delay', message: 1, byMs: 200 },
  { type: 'delay', from: 'C', to: 'P1', kind: 'commit', count: 2, byMs: 1500 },
  { type: 'delay', to: 'P1', byMs: 90_000 },
  { type: 'hold', message: 1 },
  { type: 'release', message: 1 },
  { type: 'drop', from: 'C', kind: 'commit' },
  { type: 'drop' },
  { type: 'duplicate', message: 1 },
  { type: 'deliver-now', message: 1 },
  { type: 'reorder', message: 1 },
  { type: 'corrupt', message: 1, values: { transaction: 't2', round: 3, sure: true, name: '7' } },
  { type: 'traitor', node: 'P2', behaviour: 'silent' },
  { type: 'traitor', node: 'P2', behaviour: 'equivocate', targets: ['C', 'P1'], kinds: ['yes', 'no'] },
  { type: 'traitor', node: 'P2', behaviour: 'delay', byMs: 250 },
  { type: 'input', node: 'C', input: 'begin', data: { transaction: 't2' } },
];

test('every act can be typed as it is shown', () => {
  const { stage } = open(5);
  const view = stage.app.view()!;
  for (const act of acts) {
    const [name, ...words] = actText(act).split(/\s+/);
    const got: Act[] = [];
    const listening = { ...stage.app, act: (each: Act) => void got.push(each) };
    verbs.find((verb) => verb.name === name)?.run(listening, view, words);
    assert.deepEqual(got, [act], actText(act));
  }
});

const mistakes: readonly (readonly [string, RegExp])[] = [
  ['crash P9', /there is no node P9; there are C, P1, P2, P3/],
  ['crash', /name a node: C, P1/],
  ['frobnicate', /there is no command frobnicate/],
  ['delay 1 200', /200 is no duration; write delay 31 200ms/],
  ['drop 999', /message 999 is not on its way/],
  ['partition C,P1,P2,P3', /two sides or more/],
  ['partition C | C', /C cannot be on two sides/],
  ['traitor P1 lie', /lie is no behaviour: silent/],
  ['speed -1', /write speed 4/],
  ['cut C->C', /name two nodes/],
  ['input C nothing', /there is no input nothing: begin/],
  ['goto now', /write goto 31/],
  ['restart C', /C is up: only a crashed node can restart/],
];

test('a mistyped command is answered with what would be right', async () => {
  for (const [text, answer] of mistakes) {
    const { stage, command } = open(5, 160, 45);
    await command(text);
    assert.match(stage.lines().at(-1) ?? '', answer, text);
  }
});

test('a shortened verb is understood when it can be only one', async () => {
  const { command, node } = open();
  await command('cra P1');
  assert.equal(node('P1').status, 'crashed');
});

test('completion knows verbs, nodes, messages, behaviours and kinds', () => {
  const { stage, session } = open(5);
  const view = stage.app.view()!;
  const offered = (text: string): string[] => complete(text, view).options.map((option) => option.text);
  assert.deepEqual(offered('cr'), ['crash']);
  assert.deepEqual(offered('crash '), ['C', 'P1', 'P2', 'P3']);
  assert.deepEqual(offered('traitor P1 eq'), ['equivocate']);
  assert.ok(offered('drop ').includes(String([...session.world.pending.keys()][0])));
  assert.deepEqual(offered('drop C->P1 pre'), ['prepare']);
  assert.deepEqual(offered('partition C,P'), ['P1', 'P2', 'P3']);
  assert.deepEqual(offered('input C '), ['begin', 'rollback']);
});

test('Tab completes, up brings back what was typed before', async () => {
  const { stage, command, node } = open();
  await stage.keys(':');
  await stage.type('resta');
  await stage.keys('tab');
  assert.match(stage.lines().at(-1) ?? '', /:restart /);
  await stage.keys('tab', 'tab');
  assert.match(stage.lines().at(-1) ?? '', /:restart P1/);
  await stage.keys('escape');
  await command('crash P2');
  await stage.keys(':', 'up', 'backspace', '3', 'enter');
  assert.equal(node('P3').status, 'crashed');
});

test('the past is shown exactly, changes nothing, and End leads back', async () => {
  const { stage, session } = open(9);
  const { events } = session.world;
  await stage.keys('left', 'left');
  assert.match(stage.text(), new RegExp(`viewing ${events - 2} of ${events}`));
  await stage.keys('c');
  assert.match(stage.text(), /this is the past, which cannot be changed/);
  await stage.keys('home');
  assert.match(stage.text(), new RegExp(`viewing 0 of ${events}`));
  await stage.keys('end');
  assert.doesNotMatch(stage.text(), /viewing/);
  assert.equal(session.world.events, events);
});

const noKey = {
  upArrow: false,
  downArrow: false,
  leftArrow: false,
  rightArrow: false,
  pageDown: false,
  pageUp: false,
  home: false,
  end: false,
  return: false,
  escape: false,
  ctrl: false,
  shift: false,
  tab: false,
  backspace: false,
  delete: false,
  meta: false,
  super: false,
  hyper: false,
  capsLock: false,
  numLock: false,
} as Parameters<typeof keysOf>[1];

test('keys joined in one chunk are taken one by one', () => {
  assert.deepEqual(keysOf('..c', noKey), ['.', '.', 'c']);
  assert.deepEqual(keysOf(':crash P1\r', noKey), [':', 'c', 'r', 'a', 's', 'h', 'space', 'P', '1', 'enter']);
  assert.deepEqual(keysOf('', { ...noKey, leftArrow: true }), ['left']);
  assert.deepEqual(keysOf('c', { ...noKey, ctrl: true }), ['ctrl-c']);
  assert.deepEqual(keysOf('q', { ...noKey, meta: true }), ['escape', 'q']);
});
