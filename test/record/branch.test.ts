/** Going back to an earlier moment and on from there: live, in the recording, and when that is replayed. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { digestWorld } from '../../src/core/digest.ts';
import { refusal } from '../../src/core/refusal.ts';
import { nextInteger, streamOf } from '../../src/core/rng.ts';
import { type Act, Refusal } from '../../src/core/session.ts';
import { openLocalSession } from '../../src/live/local-session.ts';
import type { SessionObserver } from '../../src/live/observer.ts';
import type { PacedSession } from '../../src/live/paced-session.ts';
import { readRecordingFile } from '../../src/record/reader.ts';
import { Replayer, replayRecording } from '../../src/record/replay.ts';
import type { Recorder } from '../../src/record/writer.ts';
import { chatter, chatterScenario } from '../fixtures/chatter.ts';
import { openChatter } from '../live/sessions.ts';
import { folder, recorderFor } from './made.ts';

const scenario = chatterScenario(6);

const observe = (recorder: Recorder): SessionObserver => ({
  onAct: (i, atMs, act) => recorder.onAct(i, atMs, act),
  onCheckpoint: (i, atMs, digest) => recorder.onCheckpoint(i, atMs, digest),
  onPause: (i, atMs, running) => recorder.onPause(i, atMs, !running),
  onNote: (i, atMs, text) => recorder.onNote(i, atMs, text),
  onMark: (i, atMs, text, of) => recorder.onMark(i, atMs, text, of),
  onClaim: (i, atMs, claim) => recorder.onClaim(i, atMs, claim),
  onBranch: (i, atMs, from) => recorder.onBranch(i, atMs, from),
  onClose: (end) => recorder.onClose(end),
});

function open(changes = scenario): { file: string; session: PacedSession } {
  const file = join(folder(), 'branched.jsonl');
  const observer = observe(recorderFor(file, changes));
  return { file, session: openLocalSession({ scenario: changes, protocol: chatter, paused: true, observer }) };
}
const steps = async (session: PacedSession, count: number): Promise<void> => {
  for (let i = 0; i < count; i++) await session.step();
};

test('over threads and bus, a branch goes on from the states of its moment', async () => {
  const file = join(folder(), 'live.jsonl');
  const session = await openChatter(scenario, { observer: observe(recorderFor(file, scenario)) });
  const seen = [digestWorld(session.world)];
  for (let i = 0; i < 14; i++) {
    await session.step();
    seen.push(digestWorld(session.world));
  }
  for (const [count, digest] of seen.entries()) assert.equal(digestWorld(session.history.at(count)), digest);
  const before = digestWorld(session.world);
  await session.act({ type: 'crash', node: 'N2' });
  await session.act({
    type: 'partition',
    groups: [
      ['N0', 'N1', 'N2'],
      ['N3', 'N4', 'N5'],
    ],
  });
  await steps(session, 10);
  const from = session.world.events;
  await session.branch(14);
  assert.equal(digestWorld(session.world), before);
  assert.equal(session.world.nodes[2]?.status, 'up');
  assert.equal(session.trace.length, 14);
  assert.deepEqual(session.branches, [{ from, to: 14 }]);
  await session.act({ type: 'crash', node: 'N4' });
  await session.runUntil(60_000);
  await session.close();
  assert.deepEqual(session.troubles, []);
  assert.equal(session.world.nodes[2]?.status, 'up');
  assert.equal(session.world.nodes[4]?.status, 'crashed');
  const lines = readFileSync(file, 'utf8').split('\n');
  assert.ok(lines.some((line) => line.startsWith(`{"i":14,"at":${session.trace[13]?.atMs},"branch":${from},`)));
  assert.ok(
    lines.some((line) => line.includes('"partition"')),
    'the abandoned part stays in the file',
  );
  const replayed = replayRecording(readRecordingFile(file), chatter);
  assert.equal(replayed.divergence, null);
  assert.equal(digestWorld(replayed.world), digestWorld(session.world));
});

test('the present is no place to branch to, and a recording none to branch in', async () => {
  const { session } = open();
  await steps(session, 5);
  await assert.rejects(session.branch(5), Refusal);
  await assert.rejects(session.branch(99), Refusal);
  assert.deepEqual(session.branches, []);
  await session.close();
});

test('a run that branches at random verifies, and its replay has the same branches, marks and end', async () => {
  for (let seed = 1; seed <= 25; seed++) {
    const { file, session } = open(chatterScenario(6, { seed }));
    const random = streamOf(seed);
    for (let turn = 0; turn < 60; turn++) {
      const draw = nextInteger(random, 0, 19);
      if (draw === 0 && session.world.events > 0)
        await session.branch(nextInteger(random, 0, session.world.events - 1));
      else if (draw === 1) session.mark(nextInteger(random, 0, session.world.events), `moment ${turn}`);
      else if (draw === 2) session.note(`turn ${turn}`);
      else if (draw < 6) await tryTo(session, nextInteger(random, 0, 99));
      else await steps(session, nextInteger(random, 1, 9));
    }
    await session.close();
    const replayed = replayRecording(readRecordingFile(file), chatter);
    assert.equal(replayed.divergence, null, `seed ${seed}`);
    assert.equal(digestWorld(replayed.world), digestWorld(session.world));
    assert.deepEqual(replayed.branches, session.branches);
    assert.deepEqual(replayed.marks, session.marks);
    assert.deepEqual([...replayed.history.trace], [...session.trace]);
  }
});

async function tryTo(session: PacedSession, draw: number): Promise<void> {
  const node = `N${draw % 6}`;
  const acts: readonly Act[] = [
    { type: 'crash', node },
    { type: 'restart', node },
    { type: 'partition', groups: [[node], session.world.ids.filter((id) => id !== node)] },
    { type: 'heal' },
    { type: 'input', node, input: 'say', data: { word: 'more' } },
  ];
  const act = acts[draw % acts.length] as Act;
  if (refusal(session.world, act) === null) await session.act(act);
}

test('the replay can be watched across a branch: it shows the part that was left, and then goes back', async () => {
  const { file, session } = open();
  await steps(session, 12);
  await session.act({ type: 'crash', node: 'N1' });
  session.mark(7, 'before all that');
  await session.branch(9);
  await steps(session, 8);
  await session.close();
  const replayer = new Replayer(readRecordingFile(file), chatter);
  const counts: number[] = [];
  const crashed: string[] = [];
  while (replayer.step() !== null) {
    counts.push(replayer.world.events);
    crashed.push(replayer.world.nodes[1]?.status ?? '');
  }
  assert.deepEqual(counts.slice(11, 15), [12, 13, 9, 10]);
  assert.deepEqual(crashed.slice(11, 15), ['up', 'crashed', 'up', 'up']);
  assert.deepEqual(replayer.marks, [{ count: 7, text: 'before all that' }]);
  assert.deepEqual(replayer.branches, [{ from: 13, to: 9 }]);
});

test('a branch to a moment that never was is a mistake of the file, with its line', async () => {
  const { file, session } = open(
    chatterScenario(3, {
      faults: [
        { when: { node: 'N0', on: 'sends', what: 'word', nth: 2 }, fault: { type: 'crash', node: 'N1' } } as never,
      ],
    }),
  );
  await steps(session, 8);
  const inner = session.trace.findIndex(({ origin, index }) => origin === 'script' && index > 0);
  assert.ok(inner > 0 && session.history.moment(inner) === inner + 1);
  await session.branch(inner);
  await session.close();
  const recording = readRecordingFile(file);
  assert.equal(replayRecording(recording, chatter).divergence, null, 'live, the next whole moment is taken');
  const bent = recording.entries.map((entry) => (entry.kind === 'branch' ? { ...entry, i: inner } : entry));
  const { divergence } = replayRecording({ ...recording, entries: bent }, chatter);
  assert.match(divergence?.why ?? '', /no moment/);
});

test('branching often over a long recording does not take its length each time', async () => {
  const { file, session } = open(chatterScenario(8));
  await session.runUntil(60_000);
  const count = session.world.events;
  for (let i = 0; i < 200; i++) {
    await session.branch(count - 1);
    await session.step();
  }
  await session.close();
  let performed = 0;
  const replayer = new Replayer(readRecordingFile(file), chatter);
  for (let events = replayer.step(); events !== null; events = replayer.step()) performed += events.length;
  assert.equal(replayer.divergence, null);
  assert.equal(replayer.branches.length, 200);
  assert.equal(performed, count + 200);
});
