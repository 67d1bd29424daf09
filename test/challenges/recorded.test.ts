/** A challenge as it is handed in: played in a session, recorded, read and executed anew, it is judged the same. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openSession } from '../../src/cli/open-session.ts';
import { type Challenge, judgeChallenge } from '../../src/core/challenge.ts';
import { challengeMark, instanceSeed } from '../../src/core/instance.ts';
import { gradeRecording } from '../../src/grade/grade-recording.ts';
import { loadTasks } from '../../src/grade/task.ts';
import { claimsIn } from '../../src/record/claims.ts';
import { readRecordingFile } from '../../src/record/reader.ts';
import { replayRecording } from '../../src/record/replay.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { folder } from '../record/made.ts';

const options = { overrides: [], inProcess: true, paused: true, speed: Number.POSITIVE_INFINITY } as const;

async function handedIn(id: string, crashAfter: number | null, student?: string) {
  const record = join(folder(), 'handed-in.jsonl');
  const session = await openSession(id, { ...options, record, student });
  for (let i = 0; i < (crashAfter ?? 0); i++) await session.step();
  if (crashAfter !== null) await session.act({ type: 'crash', node: 'C' });
  else session.claim({ answer: 'cannot' });
  await session.close();
  const recording = readRecordingFile(record);
  const { protocol } = await loadScenario(id);
  const { divergence, world, history } = replayRecording(recording, protocol);
  assert.equal(divergence, null);
  const run = { world, trace: history.trace, claims: claimsIn(recording) };
  return { recording, judgement: judgeChallenge(world.scenario.challenge as Challenge, run) };
}

test('what was played is judged by its recording, although it was left before its end', async () => {
  const early = await handedIn('block-two-phase-commit', 9);
  assert.deepEqual([early.judgement.met, early.judgement.budget.used], [true, { crash: 1 }]);
  assert.deepEqual(
    early.recording.header.challenge,
    { ...challengeMark((await loadScenario('block-two-phase-commit')).scenario) },
    'the file says of which challenge it is',
  );
  const late = await handedIn('block-two-phase-commit', 14);
  assert.equal(late.judgement.met, false, 'C has told somebody by then');
  const givenUp = await handedIn('block-three-phase-commit', null);
  assert.equal(givenUp.judgement.points, 10);
});

test('in a challenge with a seed for everybody, a student plays that seed, and no other', async () => {
  const file = join(folder(), 'own.yaml');
  const text = readFileSync(new URL('../../presets/challenges/block-two-phase-commit.yaml', import.meta.url), 'utf8');
  writeFileSync(file, text.replace('  points: 10\n', '  points: 10\n  instance: per-student\n  salt: s\n'));
  const { recording } = await handedIn(file, null, 'anna');
  assert.equal(recording.header.scenario.seed, instanceSeed('s', 'own', 'anna'));
  assert.equal(recording.header.student, 'anna');
  const seedOf = async (more: object) => {
    const session = await openSession(file, { ...options, record: null, ...more });
    await session.close();
    return { seed: session.scenario.seed, troubles: session.troubles };
  };
  assert.equal((await seedOf({ student: 'anna', salt: 'other' })).seed, instanceSeed('other', 'own', 'anna'));
  const nobody = await seedOf({});
  assert.equal(nobody.seed, 2);
  assert.match(nobody.troubles.join(), /nobody’s instance/);
  await assert.rejects(seedOf({ student: 'anna', seed: 3 }), /leave --seed out/);
  await assert.rejects(seedOf({ student: 'anna', overrides: ['seed=3'] }), /leave --set seed out/);
  await assert.rejects(seedOf({ salt: 'other' }), /--salt goes with --student/);
  await assert.rejects(
    openSession('block-two-phase-commit', { ...options, record: null, salt: 'x' }),
    /leave --salt out/,
  );
});

test('who rightly says that it cannot be done reads with the grade why, and what a search has found', async () => {
  const id = 'votes-are-kept';
  const file = join(folder(), 'cannot.jsonl');
  const session = await openSession(id, { ...options, record: file });
  session.claim({ answer: 'cannot' });
  await session.close();
  const { tasks } = await loadTasks(id);
  const { outcome, why, points } = await gradeRecording({ file, student: null, challenge: id }, tasks, {});
  const { argument = '', points: all } = (await loadScenario(id)).scenario.challenge as Challenge;
  assert.deepEqual({ outcome, points }, { outcome: 'cannot, rightly', points: all });
  assert.ok(argument !== '' && why.startsWith(argument), why);
  assert.match(why, /in none of all the \d+ states within term ≤ 1, draws ≤ 4/);
});
