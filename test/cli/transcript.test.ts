/** The transcript of a preset, against the one that was read and found good: `UPDATE_TRANSCRIPTS=1` writes it anew. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { eventLine, titleLines, verdictLines } from '../../src/cli/transcript.ts';
import type { Protocol } from '../../src/core/protocol.ts';
import { reportRun } from '../../src/core/report.ts';
import { createRun, runToEnd } from '../../src/core/run.ts';
import type { Scenario } from '../../src/core/scenario.ts';
import { loadScenario } from '../../src/scenario/load.ts';

function transcript(scenario: Scenario, protocol: Protocol): string {
  const run = createRun(scenario, protocol);
  const quiet = runToEnd(run);
  const lines = [titleLines(scenario), ...run.trace.map(eventLine), verdictLines(reportRun(run.world, quiet))];
  // the digest has tests of its own, and changes with what the world keeps
  return `${lines.join('\n').replace(/digest [0-9a-f]+/, 'digest')}\n`;
}

for (const preset of ['partition-during-commit', 'leader-crash-after-accept', 'three-generals']) {
  test(`${preset} reads as it did`, async () => {
    const { scenario, protocol } = await loadScenario(preset);
    const file = fileURLToPath(new URL(`../transcripts/${preset}.txt`, import.meta.url));
    const text = transcript(scenario, protocol);
    if (process.env.UPDATE_TRANSCRIPTS !== undefined) writeFileSync(file, text);
    assert.equal(text, readFileSync(file, 'utf8'));
  });
}

test('a transcript stays one line an event, whatever the labels hold', async () => {
  const { scenario, protocol } = await loadScenario('partition-during-commit');
  const hostile = {
    ...scenario,
    title: 'a\u001b[2J\nb',
    inputs: scenario.inputs.map((input) => ({ ...input, data: { transaction: 't\u202e\n\u009b1' } })),
  };
  const text = transcript(hostile, protocol);
  assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  assert.ok(text.startsWith('# partition-during-commit: a\\u{1b}[2J\\u{a}b\n'));
});
