/** Whatever does not fit can be read all the same: texts wrap and scroll, lists say how much they leave out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import protocol from '../../machines/two-phase-commit.ts';
import { verbs } from '../../src/tui/commands/commands.ts';
import { spread, styled } from '../../src/tui/inline.ts';
import { bindings } from '../../src/tui/keymap.ts';
import { lineWidth, plain, wrapLine } from '../../src/tui/text.ts';
import { StillSession, scenarioOf, stageFor } from './stage.ts';

const four = { C: 'coordinator', P1: 'participant', P2: 'participant', P3: 'participant' };
const begin = { atMs: 0, node: 'C', input: 'begin', data: { transaction: 't1' } };

function open(columns = 80, rows = 24, transaction = 't1') {
  const input = { ...begin, data: { transaction } };
  const session = new StillSession(scenarioOf(protocol, four, { inputs: [input] }), protocol);
  session.steps(7);
  return { session, stage: stageFor(session, columns, rows) };
}

/** What a text over the stage says from its beginning to its end, blanks joined. */
async function wholeText(stage: ReturnType<typeof stageFor>): Promise<string> {
  const said: string[] = [];
  for (let last = ''; last !== stage.text(); await stage.keys('down')) {
    last = stage.text();
    const body = stage.lines().slice(2, -1);
    said.push(...body.filter((text, i) => i === 0 || !/more lines/.test(text)).map((text) => text.slice(1, -1).trim()));
  }
  // going down by one line repeats all the others
  return [...new Set(said)].join(' ').replaceAll(/ +/g, ' ');
}

for (const [columns, rows] of [
  [60, 20],
  [80, 24],
] as const)
  test(`at ${columns}x${rows} the help says every word of every key and command`, async () => {
    const { stage } = open(columns, rows);
    await stage.keys('?');
    const text = (await wholeText(stage)).replaceAll(' ', '');
    const has = (words: string): boolean => words.split(' ').every((word) => text.includes(word));
    for (const { about } of bindings) assert.ok(has(about), about);
    for (const { usage, about } of verbs) assert.ok(has(usage) && has(about), usage);
    assert.doesNotMatch(text, /…/);
  });

test('from the end of a text the first step back goes back', async () => {
  const { stage } = open();
  await stage.keys('?', 'end');
  const end = stage.text();
  assert.doesNotMatch(end, /more lines/);
  await stage.keys('down', 'down');
  assert.equal(stage.text(), end);
  await stage.keys('up');
  assert.notEqual(stage.text(), end);
  assert.match(stage.text(), /↓ 2 more lines/);
});

test('however long a message is, its event says all of it', async () => {
  const words = Array.from({ length: 60 }, (_, i) => `word${i}`).join('_');
  const { session, stage } = open(80, 24, words);
  await stage.keys('tab', 'tab', 'enter');
  assert.match(stage.text(), /▸event \d/);
  const text = (await wholeText(stage)).replaceAll(' ', '');
  assert.ok(text.includes(words), 'broken over lines, and nothing is missing');
  assert.equal(session.trace.at(-1)?.message?.body.transaction, words);
});

test('the selected message says that there is more of it than is shown', async () => {
  const { stage } = open(80, 24, Array.from({ length: 40 }, (_, i) => `word${i}`).join(' '));
  await stage.keys('tab');
  assert.match(stage.text(), /word\d+ …/);
});

test('a list that is longer than its room says how many there are on either side', async () => {
  const { stage } = open();
  await stage.keys(':');
  const [, below] = /↓ (\d+) more/.exec(stage.text()) ?? [];
  const shown = verbs.length - Number(below);
  assert.ok(shown > 3 && Number(below) > 10, `${shown} shown, ${below} below`);
  await stage.keys('escape', 't', 'down', 'down', 'down', 'down', 'down');
  assert.match(stage.text(), /↑ \d+ more {3}↓ \d+ more/);
});

test('the completion that Tab has chosen is explained in full', async () => {
  const { stage } = open();
  const { name, about } = verbs.find((verb) => verb.about.length > 78) as (typeof verbs)[number];
  await stage.keys(':');
  const says = (): boolean =>
    stage
      .text()
      .replaceAll(/[│\s]+/g, ' ')
      .includes(about);
  assert.equal(says(), false, 'it does not fit into its line');
  for (let i = 0; i <= verbs.findIndex((verb) => verb.name === name); i++) await stage.keys('tab');
  const { prompt } = stage.store.get();
  assert.equal(prompt?.kind === 'line' && prompt.text, name);
  assert.ok(says(), about);
});

test('f shows the marks of the filter that is in force', async () => {
  const { stage } = open(120, 36);
  await stage.type(':filter P2 decision');
  await stage.keys('enter', 'f');
  assert.match(stage.text(), /● P2 .*\n/);
  assert.match(stage.text(), /○ P1 /);
  await stage.keys('enter');
  assert.deepEqual(stage.store.get().instrument.filter?.nodes, ['P2']);
  assert.deepEqual(stage.store.get().instrument.filter?.kinds, ['decision']);
});

test('a line is broken at blanks, what follows is indented, and nothing gets lost', () => {
  const of = [
    { text: 'key  ', style: 'key' as const },
    { text: 'does something rather long ' },
    { text: 'not now: why' },
  ];
  const lines = wrapLine(of, 20, 5);
  assert.deepEqual(
    lines.map(plain).map((text) => text.trimEnd()),
    ['key  does something', '     rather long not', '     now: why'],
  );
  assert.ok(lines.every((each) => lineWidth(each) <= 20));
});

test('emphasis is set in bold, also over the end of a line; a star that is none stays', () => {
  const [first, second] = styled(['they are *prepared*: press `h`, and', '`space` 2 * 3 * 4'], 'dim');
  assert.deepEqual(first, [
    { text: 'they are ', style: 'dim' },
    { text: 'prepared', style: 'bold' },
    { text: ': press ', style: 'dim' },
    { text: '`', style: 'key' },
    { text: 'h', style: 'key' },
    { text: '`', style: 'key' },
    { text: ', and', style: 'dim' },
  ]);
  assert.equal(plain(second ?? []), '`space` 2 * 3 * 4');
  assert.equal(spread('all *of these* words, and `a *b* c`'), 'all *of* *these* words, and `a *b* c`');
});
