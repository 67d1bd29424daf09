/** What can still be decided, on the screen: the badge, the signs behind messages, the past, and the adversary's key. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { width } from '../../src/tui/text.ts';
import { keysIn, takeLesson } from '../lessons/play.ts';

type Stage = Awaited<ReturnType<typeof takeLesson>>;

/** The upper line, once it says what is known. */
async function header({ lines }: Stage): Promise<string> {
  for (let tries = 0; tries < 400; tries++) {
    const [top = ''] = lines();
    if (!top.includes('valence …')) return top;
    await sleep(10);
  }
  throw new Error('the valence is not found out');
}
const untilSigned = async ({ lines }: Stage, sign: string): Promise<string[]> => {
  for (let tries = 0; tries < 400 && !lines().some((line) => line.includes(sign)); tries++) await sleep(10);
  return lines();
};

test('the badge says what can still be decided, and each message where its arrival leads', async () => {
  for (const [columns, rows] of [
    [80, 24],
    [160, 45],
  ] as const) {
    const stage = await takeLesson('flp', columns, rows);
    assert.match(await header(stage), / bivalent /);
    await stage.press('.', '.', '.', 'n', 'n', '.', '.', 'tab');
    assert.match(await header(stage), / bivalent /);
    const lines = await untilSigned(stage, '→0/1');
    assert.ok(lines.some((line) => line.includes('→0/1')));
    for (const line of lines) assert.equal(width(line), columns);
    await stage.press('V');
    assert.doesNotMatch(stage.lines().join('\n'), /bivalent +not|→0/);
    await stage.press('V');
    assert.match(await header(stage), / bivalent /);
  }
});

test('in the past the badge is about the past', async () => {
  const stage = await takeLesson('flp');
  await stage.press(...keysIn('`:lesson off` `Enter`'), ...Array.from({ length: 45 }, () => '.'));
  assert.match(await header(stage), / [01]-valent /);
  await stage.press('home');
  assert.match(await header(stage), / bivalent /);
  await stage.press('B');
  assert.match(stage.lines().join('\n'), /this is the past/);
});

test('B lets the adversary choose, and B stops it', async () => {
  const stage = await takeLesson('flp');
  await stage.press(...keysIn('`:bivalent 30` `Enter`'));
  assert.match(stage.lines().join('\n'), /kept bivalent for 30 events/);
  assert.equal(stage.app.session()?.world.events, 30);
  const kept = stage.press('B');
  await sleep(50);
  stage.app.foresight()?.stop();
  await kept;
  assert.match(stage.lines().join('\n'), /then it was stopped/);
});

test('where no valence can be told, it says why', async () => {
  const stage = await takeLesson('asking-the-server');
  await stage.press('V');
  assert.match(await header(stage), / no valence /);
  await stage.press('V', 'V', 'B');
  assert.match(stage.lines().join('\n'), /reads clocks/);
});

test('a sign that has to be written in ASCII has one', async () => {
  const { asciiOf } = await import('../../src/tui/theme.ts');
  for (const sign of '→–') assert.ok(asciiOf[sign], sign);
});
