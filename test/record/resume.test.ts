/** Going on with a recorded run: the new recording holds all of it, and verifies, wherever the old one was cut off. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openLocalSession } from '../../src/live/local-session.ts';
import { readRecording } from '../../src/record/reader.ts';
import { replayRecording } from '../../src/record/replay.ts';
import { copyInto } from '../../src/record/resume.ts';
import { chatter, chatterScenario } from '../fixtures/chatter.ts';
import { folder, makeRecording, recorderFor } from './made.ts';

const scenario = chatterScenario(8);
const bytes = makeRecording(8);

/** The run goes on for a while with a person at it; the recording that comes of it. */
async function goOn(from: Uint8Array, name: string): Promise<Uint8Array> {
  const old = readRecording(from, 'old.jsonl');
  const { world, history, divergence } = replayRecording(old, chatter);
  assert.equal(divergence, null);
  const recorder = recorderFor(join(folder(), name), scenario);
  copyInto(recorder, old.entries, world);
  const session = openLocalSession({
    scenario,
    protocol: chatter,
    world,
    trace: history.trace,
    paused: true,
    observer: {
      onAct: (i, atMs, act) => recorder.onAct(i, atMs, act),
      onCheckpoint: (i, atMs, digest) => recorder.onCheckpoint(i, atMs, digest),
      onClose: (end) => recorder.onClose(end),
    },
  });
  const before = world.events;
  await session.act({ type: 'crash', node: 'N3' });
  await session.act({ type: 'restart', node: 'N3' });
  await session.act({ type: 'input', node: 'N3', input: 'say', data: { word: 'again' } });
  await session.runUntil(60_000);
  assert.ok(session.world.events > before + 2);
  await session.close();
  return new Uint8Array(readFileSync(recorder.file));
}

test('a run goes on from its end, and the new recording verifies from its beginning', async () => {
  const old = readRecording(bytes, 'old.jsonl');
  const longer = readRecording(await goOn(bytes, 'longer.jsonl'), 'longer.jsonl');
  const replayed = replayRecording(longer, chatter);
  assert.equal(replayed.divergence, null);
  assert.ok((longer.end?.events ?? 0) > (old.end?.events ?? 0));
  assert.ok(replayed.compared > 0, 'with checkpoints of both parts');
});

test('a run that was cut off goes on from its last line, wherever that is', async () => {
  const lines = Buffer.from(bytes).toString('utf8').split('\n');
  for (let count = 1; count < lines.length - 1; count++) {
    const cut = new TextEncoder().encode(`${lines.slice(0, count).join('\n')}\n`);
    const longer = readRecording(await goOn(cut, `cut-${count}.jsonl`), 'longer.jsonl');
    assert.equal(replayRecording(longer, chatter).divergence, null, `after ${count} lines`);
    assert.ok(longer.end !== null);
  }
});
