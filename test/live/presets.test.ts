/** Every preset, live through threads and bus, ends as it does in process, with all its checkpoints. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestWorld } from '../../src/core/digest.ts';
import { createRun, runToEnd } from '../../src/core/run.ts';
import { openLiveSession } from '../../src/live/live-session.ts';
import { listPresets, loadScenario } from '../../src/scenario/load.ts';

// a challenge plays the protocol of a preset, and differs in what a person may do to it
for (const { id } of listPresets().filter(({ challenge }) => !challenge)) {
  test(`live equals in process: ${id}`, async () => {
    const { scenario, protocol, ref } = await loadScenario(id);
    const run = createRun(scenario, protocol);
    runToEnd(run);
    const checkpoints: string[] = [];
    const session = await openLiveSession({
      scenario,
      protocol,
      source: ref,
      paused: true,
      observer: { onCheckpoint: (index, _atMs, digest) => checkpoints.push(`${index} ${digest}`) },
    });
    await session.runUntil(scenario.untilMs);
    await session.close();
    assert.deepEqual(session.troubles, []);
    assert.equal(session.world.events, run.world.events);
    assert.deepEqual(
      checkpoints,
      run.checkpoints.map(({ index, digest }) => `${index} ${digest}`),
    );
    assert.equal(digestWorld(session.world), digestWorld(run.world));
  });
}
