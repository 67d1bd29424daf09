/** A lesson on the screen: at every size, with hostile words, and everything that can be done with its steps by name. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import protocol from '../../machines/two-phase-commit.ts';
import type { LessonStep } from '../../src/core/lesson.ts';
import { width } from '../../src/tui/text.ts';
import { keysIn, takeLesson } from '../lessons/play.ts';
import { StillSession, scenarioOf, stageFor } from './stage.ts';

const four = { C: 'coordinator', P1: 'participant', P2: 'participant', P3: 'participant' };
const begin = { atMs: 0, node: 'C', input: 'begin', data: { transaction: 't1' } };
const steps: readonly LessonStep[] = [
  {
    do: 'Let C ask: `.`. There is more to say about this.',
    when: { node: 'C', sends: 'prepare' },
    ask: 'What?',
    answer: 'That.',
  },
  { do: 'Crash P1: `2`, `c`.', when: { fault: 'crash', node: 'P1', by: 'person' } },
  { do: 'Read this.' },
  { do: 'Look back: `←`.', when: { viewing: 'past' }, ask: 'Why?', answer: 'So.' },
];

function open(lesson: readonly LessonStep[] = steps, columns = 120, rows = 36) {
  const session = new StillSession(scenarioOf(protocol, four, { inputs: [begin], lesson }), protocol);
  const stage = stageFor(session, columns, rows);
  const strip = (): string => stage.lines()[1]?.trimEnd() ?? '';
  return { session, stage, strip };
}

function assertWhole(lines: readonly string[], columns: number, rows: number): void {
  assert.equal(lines.length, rows);
  for (const text of lines) assert.equal(width(text), columns, text);
}

test('the stage shows the present step, ticks it, asks, and answers on a key', async () => {
  const { session, stage, strip } = open();
  assert.match(strip(), /^ ▸○○○ {2}Let C ask: `\.`\. +l more$/, 'one sentence, and that there is more');
  session.steps(5);
  assert.match(strip(), /^ ✓▸○○ {2}Done\. What\? +n answer$/);
  await stage.keys('n');
  assert.match(strip(), /n next step$/);
  assert.match(stage.lines()[2] ?? '', /^ +That\./);
  await stage.keys('n');
  assert.match(strip(), /^ ✓▸○○ {2}Crash P1: `2`, `c`\.$/);
  await stage.keys('n');
  assert.match(stage.text(), /step 2 is not done yet/);
  await stage.keys('2', 'c');
  assert.match(strip(), /^ ✓✓▸○ {2}Read this\. +n next$/, 'a step without a question leads on at once');
  await stage.keys('n');
  assert.match(strip(), /^ ✓✓✓▸ {2}Look back/);
  await stage.keys('left');
  assert.match(strip(), /Done\. Why\?/);
  await stage.keys('end');
  assert.match(strip(), /^ ✓✓✓✓ {2}Done\. Why\?/, 'the present does not untick it');
  await stage.keys('n', 'n');
  assert.match(strip(), /The lesson is done\./);
  await stage.keys('n');
  assert.match(stage.text(), /lesson restart begins it anew/);
});

test('the pane shows all steps, hides the answer until it is asked for, and opens at the present step', async () => {
  const many = Array.from(
    { length: 40 },
    (_, i): LessonStep => ({ ...(steps[0] as LessonStep), do: `Step number ${i + 1}.` }),
  );
  const { session, stage } = open([...steps.slice(0, 2), ...many], 80, 24);
  session.steps(5);
  await stage.keys('l');
  assert.match(stage.text(), /✓ {2}1 {2}Let C ask[\s\S]*\? What\?[\s\S]*n shows the answer[\s\S]*▸ {2}2 {2}Crash P1/);
  assert.doesNotMatch(stage.text(), /That\./);
  await stage.keys('n');
  assert.match(stage.text(), /That\./);
  await stage.keys('escape');
  for (let i = 0; i < 30; i++) await stage.app.run('lesson skip');
  await stage.keys('l');
  assert.match(stage.text(), /– 31 {2}Step number 29\.[\s\S]*▸ 32 {2}Step number 30\./);
  assertWhole(stage.lines(), 80, 24);
});

test('steps are skipped, begun anew, hidden and shown by name', async () => {
  const { session, stage, strip } = open();
  await stage.app.run('lesson skip');
  assert.match(strip(), /^ –▸○○ {2}Done\. What\?/, 'a step that is passed still has its question');
  await stage.app.run('lesson off');
  assert.doesNotMatch(stage.text(), /Done\. What/);
  assert.equal(await stage.app.run('lesson next'), false);
  assert.match(stage.text(), /the lesson is off/);
  await stage.app.run('lesson on');
  assert.match(strip(), /^ –▸○○/);
  session.steps(5);
  await stage.app.run('lesson restart');
  assert.match(strip(), /^ ✓▸○○/, 'what has happened counts');
  assert.equal(await stage.app.run('lesson backwards'), false);
  assert.match(stage.text(), /next, skip, restart, off, on/);
});

test('a scenario without steps has no line for them, and its text on the key', async () => {
  const session = new StillSession(scenarioOf(protocol, four, { learn: 'WHAT TO WATCH\nAll of it.' }), protocol);
  const stage = stageFor(session, 100, 30);
  assert.match(stage.lines()[1] ?? '', /^┌/);
  await stage.keys('n');
  assert.match(stage.text(), /n: this scenario has no lesson in steps: l shows its text/);
  await stage.keys('l');
  assert.match(stage.text(), /All of it\./);
});

for (const [columns, rows] of [
  [60, 20],
  [80, 24],
  [120, 36],
  [160, 45],
  [200, 60],
] as const) {
  test(`every frame of a lesson is whole at ${columns}x${rows}`, async () => {
    const { lesson, press, lines } = await takeLesson('partition-during-commit', columns, rows);
    for (const step of lesson().steps) {
      assertWhole(lines(), columns, rows);
      for (const key of [...keysIn(step.do), 'n', 'n']) {
        await press(key);
        assertWhole(lines(), columns, rows);
      }
    }
    assert.equal(lesson().done.length, lesson().steps.length);
    await press('l');
    assertWhole(lines(), columns, rows);
  });
}

test('hostile and endless words of a lesson are shown escaped, and the layout holds', async () => {
  const hostile = `\u001b[2J\u202e\u2028${'\u0301'.repeat(500)}${'word '.repeat(150)}${'x'.repeat(500)}`;
  for (const [columns, rows] of [
    [60, 20],
    [120, 36],
  ] as const) {
    const { session, stage } = open(
      [{ ...(steps[0] as LessonStep), do: hostile, ask: hostile, answer: hostile }],
      columns,
      rows,
    );
    const frames = [stage.lines()];
    session.steps(5);
    frames.push(stage.lines());
    for (const key of ['n', 'l', 'pagedown']) {
      await stage.keys(key);
      frames.push(stage.lines());
    }
    for (const lines of frames) {
      assertWhole(lines, columns, rows);
      for (const text of lines) assert.doesNotMatch(text, /[\x00-\x1f\x7f-\x9f\u202e\u2028]/);
    }
  }
});
