/** Claims in a recording: written as they are made, kept when a run goes on, and refused when they are malformed. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openLocalSession } from '../../src/live/local-session.ts';
import { claimsIn } from '../../src/record/claims.ts';
import { RecordingError } from '../../src/record/format.ts';
import { readRecording, readRecordingFile } from '../../src/record/reader.ts';
import { replayRecording } from '../../src/record/replay.ts';
import { chatter, chatterScenario } from '../fixtures/chatter.ts';
import { folder, recorderFor } from './made.ts';

const scenario = chatterScenario(4);
const nodes = Object.keys(scenario.nodes).length;

async function claimed(): Promise<string> {
  const file = join(folder(), 'claimed.jsonl');
  const recorder = recorderFor(file, scenario);
  const observer = {
    onCheckpoint: recorder.onCheckpoint.bind(recorder),
    onClaim: recorder.onClaim.bind(recorder),
    onClose: recorder.onClose.bind(recorder),
  };
  const session = openLocalSession({ scenario, protocol: chatter, paused: true, observer });
  await session.step();
  session.claim({ answer: 'cannot' });
  await session.step();
  session.claim({ cut: new Array<number>(nodes).fill(2) });
  await session.close();
  return file;
}

test('claims are read as they were made, and the run is replayed as if there were none', async () => {
  const recording = readRecordingFile(await claimed());
  assert.deepEqual(claimsIn(recording), [{ answer: 'cannot' }, { cut: new Array(nodes).fill(2) }]);
  const { divergence, world } = replayRecording(recording, chatter);
  assert.equal(divergence, null);
  assert.equal(world.events, recording.end?.events);
});

test('a claim that is none is refused at its place', async () => {
  const [header = ''] = readFileSync(await claimed(), 'utf8').split('\n');
  const cases: readonly (readonly [claim: string, why: RegExp])[] = [
    ['{"answer":"canot"}', /2:\d+: unknown answer "canot"; did you mean "cannot"\?/],
    ['{}', /the field "claim.answer" is missing/],
    ['{"cut":[1]}', /a cut names one place for each of the \d+ nodes/],
    [`{"cut":[${new Array(nodes).fill('-1').join(',')}]}`, /0 is -1, but must be 0\.\./],
    ['{"cut":[1,1,1,1],"answer":"can"}', /unknown field "answer"/],
    ['"cannot"', /claim must be an object/],
  ];
  const head = header.replace(/,"c":"[0-9a-f]+"\}$/, '}');
  for (const [claim, why] of cases) {
    const text = `${head}\n{"i":0,"at":0,"claim":${claim}}\n`;
    assert.throws(
      () => readRecording(new TextEncoder().encode(text), 'x.jsonl'),
      (error: Error) => error instanceof RecordingError && why.test(error.message),
      claim,
    );
  }
});
