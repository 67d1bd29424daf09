/** The failure models as a subject: what the lessons of the family say that an observer may conclude, looked at as an observer. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Message } from '../../src/core/protocol.ts';
import { createRun, type Run, runToEnd } from '../../src/core/run.ts';
import type { Scenario } from '../../src/core/scenario.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { tried, verdictIn } from './lessons.ts';

const seeds = Array.from({ length: 10 }, (_, seed) => seed);

async function played(preset: string, seed: number, more: Partial<Scenario> = {}): Promise<Run> {
  const { scenario, protocol } = await loadScenario(preset, { seed });
  const run = createRun({ ...scenario, ...more }, protocol);
  runToEnd(run);
  return run;
}

/** All that a node can see: who sent it what, and when it arrived. */
const seenBy = ({ trace }: Run, node: string, untilMs: number): [number, string, Message][] =>
  trace.flatMap(({ atMs, message, fates }) =>
    message?.to === node && atMs <= untilMs && fates.length === 0 ? [[atMs, message.from, message.body]] : [],
  );
const contextOf = ({ world }: Run, node: string) => world.nodes.find(({ id }) => id === node)?.context ?? {};
const suspectedBy = ({ world }: Run, node: string): unknown[] =>
  (world.nodes.find(({ id }) => id === node)?.delivered ?? []).map((item) => (item as { suspects?: string }).suspects);

test('crash: to the others it is the same as a process that is only slow', async () => {
  for (const seed of seeds) {
    const crashed = await played('failures-1-crash', seed);
    const asleep = await played('failures-1-crash', seed, {
      faults: [{ at: 1000, fault: { type: 'pause', node: 'N3' } }],
    });
    const seen = seenBy(crashed, 'N1', 2400);
    assert.ok(seen.length > 20);
    assert.deepEqual(seen, seenBy(asleep, 'N1', 2400));
  }
});

test('fail-stop: whoever said farewell is dead, and known to be, without any timeout', async () => {
  for (const seed of seeds) {
    const run = await played('failures-2-fail-stop', seed);
    for (const node of ['N1', 'N2']) assert.deepEqual(contextOf(run, node).dead, ['N3']);
    const untold = await tried('failures-2-fail-stop', seed, ['failures=crash-stop']);
    assert.equal(verdictIn(untold, 'detector/completeness'), 'violated');
  }
});

test('crash and recovery: the notice proves what silence did not', async () => {
  for (const seed of seeds) {
    const run = await played('failures-3-crash-recovery', seed);
    for (const node of ['N1', 'N2']) {
      assert.deepEqual(contextOf(run, node).wasDown, ['N3']);
      assert.deepEqual(contextOf(run, node).suspects, []);
    }
    const patient = await tried('failures-3-crash-recovery', seed, ['parameters.timeouts=none']);
    assert.equal(verdictIn(patient, 'detector/suspected'), 'not reached');
  }
});

test('omission: two observers come to two conclusions, each with good reasons', async () => {
  for (const seed of seeds) {
    const run = await played('failures-4-omission', seed);
    assert.deepEqual(suspectedBy(run, 'N1'), []);
    assert.ok(suspectedBy(run, 'N2').includes('N3'));
  }
});

test('corruption: what is garbled is thrown away, and its sender known to be broken', async () => {
  for (const seed of seeds) {
    const run = await played('failures-5-corruption', seed);
    for (const node of ['N1', 'N2']) {
      assert.ok(Number(contextOf(run, node).garbled) > 0);
      assert.ok(suspectedBy(run, node).includes('N3'));
    }
  }
});

test('malice: lies with the right figure, and nobody notices anything', async () => {
  for (const seed of seeds) {
    const run = await played('failures-6-malice', seed);
    assert.ok((run.world.faults[0]?.touched ?? 0) > 5);
    for (const node of ['N1', 'N2']) {
      assert.equal(contextOf(run, node).garbled, 0);
      assert.deepEqual(suspectedBy(run, node), []);
    }
  }
});

test('synchronous: silence is proof; asynchronous: the same detector takes the living for dead, however long it waits', async () => {
  for (const seed of seeds) {
    const known = await played('time-1-synchronous', seed);
    for (const node of ['N1', 'N2', 'N4']) assert.deepEqual(suspectedBy(known, node), ['N3']);
    const none = await tried('time-2-asynchronous', seed, ['parameters.timeouts=none']);
    assert.equal(verdictIn(none, 'detector/accuracy'), 'holds');
    assert.equal(verdictIn(none, 'detector/completeness'), 'violated');
  }
  const longer = await Promise.all(
    seeds.map((seed) => tried('time-2-asynchronous', seed, ['parameters.timeout=350ms'])),
  );
  const wrong = longer.filter((report) => verdictIn(report, 'detector/accuracy') === 'violated').length;
  assert.ok(wrong > 0, 'a longer timeout makes fewer mistakes, not none');
});
