/** Rewinding: the state shown for a past moment is the state that was. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import protocol from '../../machines/two-phase-commit.ts';
import { digestWorld } from '../../src/core/digest.ts';
import type { Act } from '../../src/core/session.ts';
import { createTimeline } from '../../src/tui/timeline.ts';
import { StillSession, scenarioOf } from './stage.ts';

const four = { C: 'coordinator', P1: 'participant', P2: 'participant', P3: 'participant' };
const acts: readonly Act[] = [
  { type: 'crash', node: 'P1' },
  {
    type: 'partition',
    groups: [
      ['C', 'P1'],
      ['P2', 'P3'],
    ],
  },
  { type: 'restart', node: 'P1' },
  { type: 'traitor', node: 'P3', behaviour: 'equivocate' },
  { type: 'heal' },
];

async function played(): Promise<{ session: StillSession; digests: Map<number, string> }> {
  const inputs = [{ atMs: 0, node: 'C', input: 'begin', data: { transaction: 't1' } }];
  const session = new StillSession(scenarioOf(protocol, four, { inputs }), protocol);
  const digests = new Map([[0, digestWorld(session.world)]]);
  for (let i = 0; i < 150; i++) {
    const act = i % 6 === 5 ? acts[Math.floor(i / 6)] : undefined;
    if (act === undefined) session.steps(1);
    else await session.act(act);
    digests.set(session.world.events, digestWorld(session.world));
  }
  return { session, digests };
}

test('the world at every past moment is the world that was, whichever way one comes to it', async () => {
  const { session, digests } = await played();
  const timeline = createTimeline(session.scenario, protocol, () => session.trace);
  const moments = [...digests.keys()];
  assert.ok(moments.length > 30);
  for (const order of [moments, moments.toReversed()]) {
    for (const count of order)
      assert.equal(digestWorld(timeline.at(count)), digests.get(count), `after ${count} events`);
  }
});

test('looking at the past does not change the present', async () => {
  const { session } = await played();
  const before = digestWorld(session.world);
  const timeline = createTimeline(session.scenario, protocol, () => session.trace);
  for (let count = session.world.events; count >= 0; count -= 7) timeline.at(count);
  assert.equal(digestWorld(session.world), before);
});
