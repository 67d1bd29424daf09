/** An input of the scenario ahead of its time: as the explorer orders it, in a recording that can be graded. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventLine } from '../../src/cli/transcript.ts';
import { chargeAll } from '../../src/core/challenge-budget.ts';
import { perform } from '../../src/core/commit.ts';
import { createRun, record, runToEnd, stepRun } from '../../src/core/run.ts';
import { engineVersion } from '../../src/core/version.ts';
import type { Choice } from '../../src/core/world.ts';
import { readAct } from '../../src/record/acts.ts';
import type { Recording } from '../../src/record/format.ts';
import { replayRecording } from '../../src/record/replay.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { whatText } from '../../src/tui/event-text.ts';

const { scenario, protocol } = await loadScenario('a-stale-read');
const read = { type: 'input', node: 'K2', input: 'read', data: {}, early: true } as const;
const isRead = ({ choice }: { choice: Choice }): boolean => choice.type === 'input' && choice.input === 'read';

function runWith(act: Choice | null) {
  const run = createRun(scenario, protocol);
  for (let i = 0; i < 8; i++) stepRun(run);
  if (act !== null) record(run, perform(run.world, act, 'person'));
  runToEnd(run);
  return run;
}

test('an input that came early does not come again at its time', () => {
  const [usual, early] = [runWith(null), runWith(read)];
  assert.deepEqual(
    [usual, early].map(({ trace }) => trace.filter(isRead).length),
    [1, 1],
  );
  assert.ok((early.trace.find(isRead)?.atMs ?? 0) < (usual.trace.find(isRead)?.atMs ?? 0));
  assert.deepEqual(early.world.inputs.length, usual.world.inputs.length);
});

test('an input ahead of its time is told as such, and one that comes when it is due is not', () => {
  const told = (act: Choice | null) =>
    runWith(act)
      .trace.filter(isRead)
      .flatMap((event) => [eventLine(event), whatText(event)].map((text) => text.includes('ahead of its time')));
  assert.deepEqual(told(read), [true, true]);
  assert.deepEqual(told(null), [false, false]);
});

test('to have an input early is to choose the order: it costs schedule, and another one of the person’s own costs input', () => {
  const cost = (act: Choice) => chargeAll({}, runWith(act).trace, runWith(act).world).used;
  const { early, ...another } = read;
  assert.deepEqual(cost(read), { schedule: 1 });
  assert.deepEqual(cost(another), { input: 1 });
});

test('what the scenario has no input for, or none any more, cannot come early: the replay says so', () => {
  const header = {
    engine: { version: engineVersion, protocol: protocol.id, protocolSha256: '' },
    scenario,
    id: 'test',
    startedAt: '2026-01-01T00:00:00.000Z',
  };
  const begun = createRun(scenario, protocol);
  for (let i = 0; i < 8; i++) stepRun(begun);
  const { nowMs } = begun.world;
  const replayed = (...acts: object[]) => {
    const entries = acts.map((act, n) => ({
      kind: 'act' as const,
      i: 8 + n,
      atMs: nowMs,
      line: n + 2,
      act: readAct(act, Object.keys(scenario.nodes)),
    }));
    const recording = { file: 'made', header, entries, end: null, halfLine: null } as unknown as Recording;
    return replayRecording(recording, protocol).divergence?.why ?? null;
  };
  assert.equal(replayed(read), null);
  assert.match(replayed(read, read) ?? '', /no such input of the scenario is still to come at K2/);
  assert.match(replayed({ ...read, node: 'K1' }) ?? '', /no such input of the scenario is still to come at K1/);
  assert.throws(() => readAct({ ...read, early: 1 }, ['K2']), /early must be true or false/);
});
