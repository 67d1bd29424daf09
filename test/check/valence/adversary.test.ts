/** The adversary: a run of the preset `flp` stays bivalent under its hands, is fair, and replays from its recording. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { Valences, valenceOf } from '../../../src/check/valence/valences.ts';
import { keepBivalent } from '../../../src/cli/autopilot.ts';
import { observe } from '../../../src/cli/open-session.ts';
import { Refusal } from '../../../src/core/session.ts';
import { openLocalSession } from '../../../src/live/local-session.ts';
import type { PacedSession } from '../../../src/live/paced-session.ts';
import { readRecordingFile } from '../../../src/record/reader.ts';
import { replayRecording } from '../../../src/record/replay.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { folder, recorderFor } from '../../record/made.ts';

const { scenario, protocol } = await loadScenario('flp');
const searchMax = 20_000;
const patient = { rest: async () => {}, isStopped: () => false };

function openRecorded(): { session: PacedSession; file: string } {
  const recorder = recorderFor(join(folder(), 'flp.jsonl'), scenario);
  const session = openLocalSession({ scenario, protocol, paused: true, observer: observe(recorder) });
  return { session, file: recorder.file };
}

test('100 events later the run is still bivalent, no message was held back for long, and the recording verifies', async () => {
  const { session, file } = openRecorded();
  const kept = await keepBivalent(session, new Valences(scenario, protocol), { events: 100, ...patient });
  assert.equal(kept.why, null);
  assert.equal(kept.events, 100);
  assert.ok(kept.longestWait > 0 && kept.longestWait <= 8, `${kept.longestWait}`);
  assert.ok(session.world.faults.length === 0, 'it orders events, and does nothing else');
  await session.close();

  let bivalent = 0;
  const recording = readRecordingFile(file);
  const replayed = replayRecording(recording, protocol, () => {});
  assert.equal(replayed.divergence, null);
  assert.ok(replayed.compared > 0);
  assert.equal(replayed.world.events, 100);
  for (let count = 0; count <= 100; count += 10)
    if (valenceOf(replayed.history.at(count), searchMax).kind === 'bivalent') bivalent += 1;
  assert.equal(bivalent, 11);
});

test('the schedule alone settles it before long: the adversary is what keeps it open', async () => {
  const session = openLocalSession({ scenario, protocol, paused: true });
  let events = 0;
  while (valenceOf(session.world, searchMax).kind === 'bivalent' && (await session.step())) events += 1;
  assert.ok(events < 30, `${events}`);
  const kept = await keepBivalent(session, new Valences(scenario, protocol), { events: 5, ...patient });
  assert.deepEqual([kept.events, kept.why], [0, 'the run is not bivalent any more']);
  await session.close();
});

test('where every next event settles the decision, it says so', async () => {
  const paxos = await loadScenario('flp-two-proposers');
  const session = openLocalSession({ scenario: paxos.scenario, protocol: paxos.protocol, paused: true });
  const valences = new Valences(paxos.scenario, paxos.protocol);
  const kept = await keepBivalent(session, valences, { events: 100, ...patient });
  assert.equal(kept.why, 'every next event settles the decision');
  assert.equal(valences.of(session.world, searchMax).kind, 'bivalent');
  await session.step();
  assert.equal(valences.of(session.world, searchMax).kind, 'univalent');
  await session.close();
});

test('time does not run backwards, nor past what is due, when events come out of turn', async () => {
  const session = openLocalSession({ scenario, protocol, paused: true });
  for (let i = 0; i < 3; i++) await session.step();
  const { pending } = session.world;
  const byArrival = [...pending.values()].sort((a, b) => a.deliverAtMs - b.deliverAtMs);
  const [first, last] = [byArrival[0], byArrival.at(-1)];
  await session.hasten({ type: 'deliver', message: last?.id ?? 0 });
  assert.equal(session.world.nowMs, first?.deliverAtMs);
  await assert.rejects(session.hasten({ type: 'deliver', message: last?.id ?? 0 }), Refusal);
  await session.step();
  assert.equal(pending.has(first?.id ?? 0), false);
  await session.close();
});
