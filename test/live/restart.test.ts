/** A restart is a step like any other, also one that another event sets off: what hangs in it hangs nobody else. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { observe } from '../../src/cli/open-session.ts';
import { digestWorld } from '../../src/core/digest.ts';
import type { Scenario, ScheduledFault } from '../../src/core/scenario.ts';
import { openLiveSession } from '../../src/live/live-session.ts';
import { readRecordingFile } from '../../src/record/reader.ts';
import { replayRecording } from '../../src/record/replay.ts';
import restless from '../fixtures/live/restless.ts';
import { troubleScenario } from '../fixtures/live/troublesome.ts';
import { folder, recorderFor } from '../record/made.ts';

const file = fileURLToPath(new URL('../fixtures/live/restless.ts', import.meta.url));
const crash: ScheduledFault = { at: 20, fault: { type: 'crash', node: 'A' } };
const restart = { type: 'restart', node: 'A' } as const;

const scenario = (fault: ScheduledFault): Scenario => ({
  ...troubleScenario('none'),
  protocol: 'restless',
  inputs: ['B', 'C'].map((node) => ({ atMs: 100, node, input: 'go', data: {} })),
  faults: [crash, fault],
});

const faults: Readonly<Record<string, ScheduledFault>> = {
  'that a receipt sets off': { when: { node: 'B', on: 'receives', what: 'ping', nth: 1 }, fault: restart },
  'that a sending sets off': { when: { node: 'C', on: 'sends', what: 'ping', nth: 1 }, fault: restart },
  'at its time': { at: 110, fault: restart },
};
for (const [name, fault] of Object.entries(faults)) {
  test(`a node that hangs in a restart ${name} is failed by the watchdog; its recording replays without hanging`, async () => {
    const recording = join(folder(), 'hung.jsonl');
    const session = await openLiveSession({
      scenario: scenario(fault),
      protocol: restless,
      source: { file },
      paused: true,
      limits: { stepMs: 600 },
      observer: observe(recorderFor(recording, scenario(fault))),
    });
    await session.runUntil(60_000);
    const { world, trace } = session;
    assert.match(world.nodes[0]?.failure ?? '', /did not answer within 0.6 s/);
    assert.deepEqual(
      world.nodes.map(({ status }) => status),
      ['failed', 'up', 'up'],
    );
    assert.equal(trace.filter(({ choice }) => choice.type === 'restart').length, 1);
    // the restart brings it up and down again: what is still sent to it is lost
    assert.equal(world.pending.size, 0);
    await session.close();
    const { divergence, world: again } = replayRecording(readRecordingFile(recording), restless);
    assert.equal(divergence, null);
    assert.equal(digestWorld(again), digestWorld(world));
  });
}

test('a node that a person restarts, and that hangs, is failed; the person may try again', async () => {
  const session = await openLiveSession({
    scenario: scenario(crash),
    protocol: restless,
    source: { file },
    paused: true,
    limits: { stepMs: 600 },
  });
  await session.runUntil(60_000);
  for (let i = 0; i < 2; i++) {
    const event = await session.act(restart);
    assert.equal(event.choice.type, 'fail');
    assert.equal(session.world.nodes[0]?.status, 'failed');
  }
  await session.close();
});
