/** Violations outside a protocol's bound, and of every protocol that is wrong on purpose, kept as recordings. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { reportRun } from '../../src/core/report.ts';
import { readRecordingFile } from '../../src/record/reader.ts';
import { replayRecording } from '../../src/record/replay.ts';
import { listPresets, loadScenario } from '../../src/scenario/load.ts';
import { loadProtocol } from '../../src/scenario/protocols.ts';

const folder = fileURLToPath(new URL('../recordings/', import.meta.url));
const kept = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));

test('every kept recording replays to the same end, with its violation', async () => {
  assert.ok(kept.length >= 10);
  for (const name of kept) {
    const recording = readRecordingFile(join(folder, name));
    const replayer = replayRecording(recording, await loadProtocol(recording.header.scenario.protocol));
    assert.equal(replayer.divergence, null, `${name}: ${replayer.divergence?.why}; see npm run keep-violations`);
    const { properties } = reportRun(replayer.world, true);
    assert.ok(
      properties.some(({ verdict }) => verdict === 'violated'),
      name,
    );
  }
});

test('every preset that shows a violation has its recording', async () => {
  for (const { id } of listPresets()) {
    const { scenario } = await loadScenario(id);
    const breaks = scenario.expect.some((each) => 'property' in each && each.verdict === 'violated');
    if (breaks) assert.ok(kept.includes(`${id}.jsonl`), `${id}: npm run keep-violations ${id}`);
  }
});
