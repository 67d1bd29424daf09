/** Every lesson, taken as its reader takes it: what a step says to press ticks that step, and no other. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listPresets, loadScenario } from '../../src/scenario/load.ts';
import { width } from '../../src/tui/text.ts';
import { keysIn, takeLesson } from './play.ts';

const asked = [
  'partition-during-commit',
  'coordinator-crash-before-decision',
  'unlogged-vote',
  'duelling-proposers',
  'amnesiac-acceptor',
  'three-generals',
  'four-generals',
];
const lessons = listPresets().filter(({ steps }) => steps > 0);

test('the presets that everybody begins with have lessons in steps', () => {
  const ids = lessons.map(({ id }) => id);
  for (const id of asked) assert.ok(ids.includes(id), id);
});

for (const [{ id }, seed] of lessons.flatMap((preset) => [undefined, 1, 2].map((each) => [preset, each] as const))) {
  const latencies = seed === undefined ? '' : `, with the latencies of seed ${seed} as well`;
  test(`${id}: whoever does what its lesson says has every step ticked, one by one${latencies}`, async () => {
    const { lesson, press, lines } = await takeLesson(id, 80, 24, seed);
    const { steps } = lesson();
    for (const [i, step] of steps.entries()) {
      assert.equal(lesson().done.length, i, `step ${i + 1} is not ticked before it is done: ${step.do}`);
      const [, strip = ''] = lines();
      assert.doesNotMatch(strip, /…/, `what to do in step ${i + 1} fits a line of 80 columns`);
      await press(...(step.when === undefined ? ['n'] : keysIn(step.do)));
      const { done, reading } = lesson();
      assert.equal(done.length, i + 1, `step ${i + 1} is ticked once it is done: ${step.do}`);
      assert.equal(done[i]?.how, step.when === undefined ? 'read' : 'seen');
      assert.equal(reading, step.ask === undefined ? null : 'question');
      if (step.ask === undefined) continue;
      assert.match(lines().join('\n'), /Done\./);
      await press('n');
      assert.equal(lesson().reading, 'answer');
      assert.doesNotMatch(lines().join('\n'), /all of it: l/, `the answer of step ${i + 1} fits the stage at 80x24`);
      await press('n');
      assert.equal(lesson().reading, null);
    }
    assert.match(lines().join('\n'), /The lesson is done/);
    for (const text of lines()) assert.equal(width(text), 80);
  });
}

test('what the lessons speak of exists', async () => {
  const presets = listPresets().map(({ id }) => id);
  for (const { id } of lessons) {
    const { scenario, protocol } = await loadScenario(id);
    const words = (scenario.lesson ?? []).flatMap(({ ask = '', answer = '' }) => [ask, answer]).join(' ');
    for (const [, name = ''] of words.matchAll(/`([a-z]+(?:-[a-z]+)+)`/g))
      assert.ok(presets.includes(name) || Object.hasOwn(protocol.messages, name), `${id} speaks of ${name}`);
  }
});
