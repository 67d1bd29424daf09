/** The picker: presets with what they teach, runs to go on with or to see again, both searched by what is typed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createApp, type PresetInfo } from '../../src/tui/app.ts';
import { frameOf } from '../../src/tui/frame.ts';
import { press } from '../../src/tui/input.ts';
import { matching } from '../../src/tui/picker.ts';
import { ago, type RunInfo } from '../../src/tui/runs.ts';
import { createStore, initialUi } from '../../src/tui/store.ts';
import { plain, width } from '../../src/tui/text.ts';

const learn = `Two of them meet, and the setting
is told in a few lines.

WHAT TO WATCH
Them.

ASK YOURSELF
- Why is one not enough?
- Who decides, and
  when?
`;
const preset = (id: string, topic: string, more: Partial<PresetInfo> = {}): PresetInfo => ({
  id,
  title: `The title of ${id}`,
  topic,
  summary: `About ${id}.`,
  protocol: 'paxos',
  path: id,
  learn,
  steps: 0,
  ...more,
});
const presets = [
  preset('signed-generals', 'Generals'),
  preset('duel', 'Consensus', { steps: 7 }),
  preset('generals', 'Generals', { learn: `${learn}\nThis is about presumed abort.` }),
];
const run = (file: string, more: Partial<RunInfo> = {}): RunInfo => ({
  file,
  name: 'duel',
  title: 'The title of duel',
  protocol: 'paxos',
  seed: 7,
  modifiedMs: Date.now() - 5 * 60_000,
  events: 57,
  atMs: 1284,
  complete: true,
  ...more,
});
const runs = [
  run('recordings/new.jsonl', { complete: false, events: 31 }),
  run('recordings/old.jsonl', { name: 'generals' }),
];

function open(columns: number, rows: number, listed: readonly RunInfo[] = runs) {
  const store = createStore(initialUi('picker', columns, rows));
  const did: string[] = [];
  const app = createApp(
    {
      store,
      presets: () => presets,
      runs: () => ({ runs: listed, older: 3 }),
      reopen: async (file, how) => {
        did.push(`${how} ${file}`);
        throw new Error('not in this test');
      },
      open: async (id) => {
        did.push(`play ${id}`);
        throw new Error('not in this test');
      },
      leave: () => did.push('leave'),
    },
    null,
  );
  const lines = (): string[] => frameOf(app).map(plain);
  const keys = async (...names: string[]): Promise<void> => {
    for (const name of names) {
      press(app, name);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { did, lines, keys, text: () => lines().join('\n') };
}

for (const [columns, rows] of [
  [60, 20],
  [80, 24],
  [120, 36],
  [160, 45],
] as const) {
  test(`presets and runs at ${columns}x${rows}: whole lines, the chosen one explained`, async () => {
    const { lines, keys, text } = open(columns, rows);
    const whole = (): void => {
      assert.equal(lines().length, rows);
      for (const each of lines()) assert.equal(width(each), columns, each);
    };
    whole();
    await keys('down', 'down');
    whole();
    assert.match(text(), /▸ ● duel/, 'a preset with a lesson in steps is marked');
    assert.match(text(), /The title of duel · paxos/);
    assert.match(text(), /a lesson in 7 steps/);
    if (rows > 20) {
      assert.match(text(), /Two of them meet, and the setting is told in a few lines\./);
      assert.match(text(), /teaches you to answer[\s\S]*- Why is one not enough\?|more in the lesson/);
    }
    await keys('tab');
    whole();
    assert.match(text(), /▸your runs 5/);
    assert.match(text(), /▸ duel +5 min ago +31\+ events +cut off/);
    assert.match(text(), /generals +5 min ago +57 +events +whole/);
    assert.match(text(), /and 3 older/);
    assert.match(text(), /31 or more events, to 0:01\.284/);
  });
}

test('Enter plays a preset or goes on with a run; → shows a run again; Tab changes over', async () => {
  const { did, keys } = open(80, 24);
  await keys('enter', 'tab', 'enter', 'down', 'right', 'tab', 'escape');
  assert.deepEqual(did, [
    'play signed-generals',
    'resume recordings/new.jsonl',
    'replay recordings/old.jsonl',
    'leave',
  ]);
});

test('what is typed searches the names, then the texts; the beginning of a name finds it first', async () => {
  const ids = (query: string): string[] => matching(presets, query).map(({ id }) => id);
  assert.deepEqual(ids(''), ['signed-generals', 'generals', 'duel']);
  assert.deepEqual(ids('gen'), ['generals', 'signed-generals']);
  assert.deepEqual(ids('PAXOS signed'), ['signed-generals']);
  assert.deepEqual(ids('presumed abort'), ['generals']);
  assert.deepEqual(ids('nothing of this'), []);
  const { keys, text } = open(80, 24);
  await keys('tab', ...'cut'.split(''), 'space', ...'off'.split(''));
  assert.match(text(), /your runs 1 of 5/);
  assert.doesNotMatch(text(), /57 +events/);
  await keys('x');
  assert.match(text(), /nothing matches/);
  await keys('escape');
  assert.match(text(), /57 +events/);
});

test('q begins a search as every letter does; once more it quits, and so does Esc when nothing is searched for', async () => {
  const { did, keys, text } = open(80, 24);
  await keys('q');
  assert.match(text(), /search: q/);
  assert.match(text(), /once more to quit/);
  await keys('u');
  assert.match(text(), /search: qu/);
  assert.deepEqual(did, []);
  assert.match(text(), /Esc clear/);
  await keys('escape', 'q', 'q');
  assert.deepEqual(did, ['leave']);
});

test('the last line names only keys that do something, and those that do nothing say so', async () => {
  const { did, keys, lines, text } = open(80, 24, []);
  await keys('right');
  assert.match(text(), /Enter plays it/);
  await keys('tab');
  assert.doesNotMatch(lines().at(-1) ?? '', /Enter|→|↑↓/);
  await keys('enter');
  assert.match(text(), /nothing is recorded here yet: Tab shows what there is to play/);
  assert.deepEqual(did, []);
});

test('without runs the list says so', async () => {
  const { keys, text } = open(80, 24, []);
  await keys('tab');
  assert.match(text(), /nothing is recorded here yet|and 3 older/);
  await keys('enter');
});

test('how long ago is said as people say it', () => {
  const now = new Date(2025, 2, 14, 12).getTime();
  const hour = 3_600_000;
  assert.deepEqual(
    [0, 5 * 60_000, 2 * hour, 30 * hour, 72 * hour, 24 * 30 * hour].map((ms) => ago(now - ms, now)),
    ['just now', '5 min ago', '2 h ago', 'yesterday', '3 days ago', '12 Feb 2025'],
  );
});

test('hostile names of runs are shown escaped', async () => {
  const { lines, keys } = open(80, 24, [
    run('\u001b[2J\u202e.jsonl', { name: '\u001b]0;x\u0007', title: '\u2028\u001b[31m' }),
  ]);
  await keys('tab');
  for (const text of lines()) {
    assert.equal(width(text), 80);
    assert.doesNotMatch(text, /[\x00-\x1f\u202e\u2028]/);
  }
});

test('in a small window the last line leaves keys out rather than cutting them, and a long text says that it goes on', async () => {
  for (const [columns, rows] of [
    [60, 20],
    [80, 24],
    [112, 20],
  ] as const) {
    const { keys, lines, text } = open(columns, rows);
    assert.match(lines().at(-1) ?? '', /Enter play .*Esc quit/);
    await keys('t');
    assert.match(lines().at(-1) ?? '', /Esc clear/);
    await keys('escape', 'down', 'down');
    const isWhole = /- Why is one not enough\?/.test(text());
    assert.ok(isWhole || /… more in the lesson/.test(text()), `${columns}x${rows}`);
  }
});
