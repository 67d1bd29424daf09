/** The whole screen as text: what it shows, that nothing is ragged, and that no key or label can break it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import protocol from '../../machines/two-phase-commit.ts';
import type { Protocol } from '../../src/core/protocol.ts';
import { nextInteger, streamOf } from '../../src/core/rng.ts';
import type { Scenario } from '../../src/core/scenario.ts';
import { frameOf } from '../../src/tui/frame.ts';
import { bindings } from '../../src/tui/keymap.ts';
import { width } from '../../src/tui/text.ts';
import { setLook, unpainted } from '../../src/tui/theme.ts';
import { assertWhole, golden } from './golden.ts';
import { StillSession, scenarioOf, stageFor } from './stage.ts';

const four = { C: 'coordinator', P1: 'participant', P2: 'participant', P3: 'participant' };
const begin = { atMs: 0, node: 'C', input: 'begin', data: { transaction: 't1' } };
const partitioned = (change: Partial<Scenario> = {}): Scenario =>
  scenarioOf(protocol, four, {
    name: 'partition-during-commit',
    inputs: [begin],
    faults: [
      {
        when: { node: 'C', on: 'sends', what: 'commit', nth: 1 },
        fault: {
          type: 'partition',
          groups: [
            ['C', 'P1'],
            ['P2', 'P3'],
          ],
        },
      },
    ],
    ...change,
  });

const sizes = [
  [60, 20],
  [80, 24],
  [120, 36],
  [160, 45],
  [200, 60],
] as const;

for (const [columns, rows] of sizes) {
  test(`the stage at ${columns}x${rows} is as kept: before, while voting, partitioned, crashed`, async () => {
    const session = new StillSession(partitioned(), protocol);
    const stage = stageFor(session, columns, rows);
    golden(`before-${columns}x${rows}`, stage.lines());
    session.steps(7);
    golden(`voting-${columns}x${rows}`, stage.lines());
    session.steps(8);
    await stage.keys('tab', 'down');
    golden(`partitioned-${columns}x${rows}`, stage.lines());
    await stage.keys('tab', 'tab', '1', 'c', '3');
    await stage.keys('t', 'down', 'down', 'enter', 'space', 'enter');
    golden(`crashed-${columns}x${rows}`, stage.lines());
  });
}

test('in ASCII the stage has the same shape, and nothing but ASCII', async (t) => {
  const session = new StillSession(partitioned(), protocol);
  const stage = stageFor(session, 80, 24);
  session.steps(15);
  const usual = stage.lines();
  t.after(() => setLook({ ascii: false }));
  setLook({ ascii: true });
  const inAscii = (): string[] => frameOf(stage.app).map(unpainted);
  assertWhole(inAscii(), 80, 24, 'in ASCII');
  for (const [y, text] of inAscii().entries()) {
    assert.match(text, /^[\x20-\x7e]*$/);
    // what is spelled out may push what follows it
    if (!/[≤…]/.test(usual[y] as string)) assert.equal(text.length, width(usual[y] as string));
  }
  await stage.keys('tab', 'down');
  golden('ascii-partitioned-80x24', inAscii());
  await stage.keys('tab', 'tab', '1', 'c', '3');
  await stage.keys('t', 'down', 'down', 'enter', 'space', 'enter');
  golden('ascii-crashed-80x24', inAscii());
  for (const keys of [['?'], ['escape', 'l'], ['escape', '2', 'enter'], ['escape', ':'], ['escape', 'p']]) {
    await stage.keys(...keys);
    assertWhole(inAscii(), 80, 24, keys.join(' '));
    for (const text of inAscii()) assert.match(text, /^[\x20-\x7e]*$/, keys.join(' '));
  }
});

test('every line is exactly as wide as the window, whatever keys are pressed, at every size', async () => {
  const random = streamOf(7);
  const names = [
    ...bindings.flatMap((binding) => binding.keys),
    'enter',
    'enter',
    'escape',
    'backspace',
    'space',
    'a',
    '|',
    '9',
  ].filter((name) => name !== 'ctrl-c' && name !== 'e');
  for (const [columns, rows] of [...sizes, [61, 21], [97, 31]] as const) {
    const session = new StillSession(partitioned(), protocol);
    const stage = stageFor(session, columns, rows);
    for (let i = 0; i < 250; i++) {
      const name = names[nextInteger(random, 0, names.length - 1)] as string;
      if (i % 5 === 0) session.steps(1);
      await stage.keys(name);
      assertWhole(stage.lines(), columns, rows, `${columns}x${rows} after ${i} keys, the last ${name}`);
    }
  }
});

test('under 60x20 there is a clear message, not a broken frame', () => {
  const stage = stageFor(new StillSession(partitioned(), protocol), 50, 15);
  assertWhole(stage.lines(), 50, 15, 'too small');
  assert.match(stage.text(), /havoc needs a larger window/);
  assert.match(stage.text(), /60x20 or more/);
});

const hostile = `\u001b[2J\u001b]52;c;aGk=\u0007\u009b31m\u202egnirts\u2028e${'\u0301'.repeat(5000)}`;

test('hostile labels are shown escaped, and the layout holds', async () => {
  const evil: Protocol = { ...protocol, title: hostile, source: hostile, about: hostile };
  const scenario = partitioned({
    name: hostile,
    title: hostile,
    summary: hostile,
    learn: hostile,
    inputs: [{ ...begin, data: { transaction: hostile } }],
  });
  const session = new StillSession(scenario, evil);
  for (const [columns, rows] of sizes) {
    const stage = stageFor(session, columns, rows);
    session.steps(3);
    for (const name of [
      '1',
      'tab',
      'down',
      'enter',
      'escape',
      'tab',
      'up',
      'enter',
      'escape',
      'l',
      'escape',
      '1',
      'enter',
      'escape',
      'd',
      'escape',
    ]) {
      await stage.keys(name);
      const lines = stage.lines();
      assertWhole(lines, columns, rows, `${columns}x${rows} after ${name}`);
      for (const text of lines)
        assert.doesNotMatch(text, /[\x00-\x1f\x7f-\x9f\u202e\u2028]/, 'no control character reaches the screen');
      assert.ok(
        lines.every((text) => (text.match(/\u0301/g)?.length ?? 0) < 200),
        'no flood of combining marks',
      );
    }
  }
});

test('64 nodes are a table with the selected one whole', async () => {
  const nodes: Record<string, string> = { C: 'coordinator' };
  for (let i = 1; i < 64; i++) nodes[`P${i}`] = 'participant';
  const session = new StillSession(scenarioOf(protocol, nodes, { inputs: [begin] }), protocol);
  session.steps(100);
  for (const [columns, rows] of sizes) {
    const stage = stageFor(session, columns, rows);
    assertWhole(stage.lines(), columns, rows, `${columns}x${rows}`);
    await stage.keys(':');
    await stage.type('select P40');
    await stage.keys('enter');
    const lines = stage.lines();
    assertWhole(lines, columns, rows, `${columns}x${rows}, P40 selected`);
    assert.match(stage.text(), /▸P40 /);
    assert.match(stage.text(), /vote yes/, 'the selected card has its details');
    assert.match(stage.text(), /more nodes/, 'the diagram says that it shows a part');
  }
});

test('the picker finds presets by what is typed, and opens the chosen one', async () => {
  const presets = ['partition-during-commit', 'unlogged-vote', 'three-generals'].map((id, i) => ({
    id,
    title: id,
    topic: i < 2 ? 'Atomic commit' : 'Byzantine generals',
    summary: `About ${id}.`,
    protocol: 'p',
    path: id,
  }));
  const stage = stageFor(null, 80, 24, presets);
  assertWhole(stage.lines(), 80, 24, 'picker');
  assert.match(
    stage.text(),
    /Atomic commit[\s\S]*partition-during-commit[\s\S]*Byzantine generals[\s\S]*three-generals/,
  );
  await stage.type('gener');
  assert.doesNotMatch(stage.text(), /unlogged-vote/);
  await stage.keys('enter');
  assert.deepEqual(stage.opened, ['three-generals']);
  assert.match(stage.text(), /no three-generals here/, 'what went wrong is said on the screen');
});

test('a lesson flows: lines of one paragraph are joined, headings and items stand alone', async () => {
  const learn = 'WHAT TO WATCH\nThe votes arrive\none by one.\n- crash C\n  at once\n- heal\n\nThe end.';
  const session = new StillSession(partitioned({ learn }), protocol);
  const stage = stageFor(session, 100, 30);
  await stage.keys('l');
  const text = stage.text();
  for (const part of [
    '  WHAT TO WATCH ',
    '  The votes arrive one by one. ',
    '  - crash C at once ',
    '  - heal ',
    '  The end. ',
  ]) {
    assert.ok(text.includes(`│${part}`), part);
  }
});
