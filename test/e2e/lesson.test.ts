/** A lesson in a real pseudo-terminal, from the picker to its end; then the run in the list of runs, and what was typed in the history. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { loadScenario } from '../../src/scenario/load.ts';
import { keys, type Screen, startHavoc } from './terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'havoc-lesson-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** What a step says to press, as the terminal sends it. */
const pressed = (words: string): string[] =>
  [...words.matchAll(/`([^`]+)`/g)].map(
    ([, text = '']) => ({ Enter: keys.enter, Esc: keys.escape, space: ' ' })[text] ?? text,
  );

async function takeStep(screen: Screen, words: string, number: number, steps: number): Promise<void> {
  for (const text of pressed(words)) {
    screen.press(text);
    // each sees what the one before it did
    if (text.startsWith(':')) await screen.sees(/└ :\S/);
    if (text === keys.enter) await screen.sees(/^(?!.*└ :\S)/s);
  }
  await screen.sees(new RegExp(`^ ✓{${number}}[▸○]{${steps - number}}  Done\\.`, 'm'));
  screen.press('n');
  await screen.sees(/n next step/);
  screen.press('n');
  await screen.sees(/^(?!.*Done\.)/s);
}

test('a lesson from the picker to its end, and its run in the list; pasted lines run, and the history keeps them', async () => {
  const { scenario } = await loadScenario('three-generals');
  const steps = scenario.lesson ?? [];
  const screen = startHavoc([], { columns: 80, rows: 24, folder });
  await screen.sees(/▸presets \d+/);
  screen.press('three-gen');
  await screen.sees(/▸ ● three-generals/);
  await screen.sees(/a lesson in \d+ steps/);
  screen.press(keys.enter);
  await screen.sees(/^ ▸○+ {2}Let the commander C give its order/m);
  await screen.sees(/‖ held/);
  screen.press('0');
  await screen.sees(/as fast as possible/);
  for (const [i, step] of steps.entries()) await takeStep(screen, step.do, i + 1, steps.length);
  await screen.sees(/The lesson is done/);
  screen.press('l');
  await screen.sees(/WHAT TO TRY/);
  screen.press(keys.escape);
  await screen.sees(/what happened/);

  screen.press('\u001b[200~:crash L1\nrestart L1\n\u001b[201~');
  await screen.sees(/2 pasted lines have been run/);
  screen.press(':presets\r');
  await screen.sees(/▸presets \d+/);
  screen.press(`${keys.escape}\t`);
  await screen.sees(/▸ three-generals +just now +\d+ +events +whole/);
  screen.press(keys.enter);
  await screen.sees(/REC.*‖ held/);
  screen.press(`:${keys.up}`);
  await screen.sees(/└ :presets/);
  screen.press(`${keys.up}`);
  await screen.sees(/└ :restart L1/);
  screen.press(`${keys.escape}`);
  await screen.sees(/nodes 3/);
  screen.press('q');
  assert.equal(await screen.ended(), 0);
});
