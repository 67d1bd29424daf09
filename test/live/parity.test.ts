/** Threads and sockets change nothing: a live run ends in the very state that a run in process ends in. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestWorld } from '../../src/core/digest.ts';
import type { Scenario } from '../../src/core/scenario.ts';
import { openLocalSession } from '../../src/live/local-session.ts';
import { chatter, chatterScenario } from '../fixtures/chatter.ts';
import { openChatter, plainDigest } from './sessions.ts';

async function liveDigest(scenario: Scenario): Promise<string> {
  const session = await openChatter(scenario);
  try {
    await session.runUntil(scenario.untilMs);
    assert.deepEqual(session.troubles, []);
    return digestWorld(session.world);
  } finally {
    await session.close();
  }
}

const constant = { latency: { kind: 'constant', ms: 20 }, order: 'unordered', loss: 0, duplicate: 0 } as const;
const scenarios: Record<string, Scenario> = {
  'spread latencies': chatterScenario(5),
  'everything at the same instants': chatterScenario(5, { network: constant }),
  'loss and duplicates': chatterScenario(4, { seed: 7, network: { ...constant, loss: 0.2, duplicate: 0.3 } }),
  'crash and restart': chatterScenario(4, {
    faults: [
      { at: 25, fault: { type: 'crash', node: 'N1' } },
      { at: 90, fault: { type: 'restart', node: 'N1' } },
      { at: 100, fault: { type: 'pause', node: 'N2' } },
      { at: 300, fault: { type: 'resume', node: 'N2' } },
    ],
  }),
  'a crash in the middle of a broadcast': chatterScenario(5, {
    network: constant,
    faults: [{ when: { node: 'N2', on: 'sends', what: 'word', nth: 2 }, fault: { type: 'crash', node: 'N2' } }],
  }),
  'a crash of a node that has been asked ahead of its turn': chatterScenario(5, {
    network: constant,
    faults: [{ when: { node: 'N1', on: 'receives', what: 'word', nth: 1 }, fault: { type: 'crash', node: 'N3' } }],
  }),
  'a restart that an event sets off': chatterScenario(4, {
    faults: [
      { at: 5, fault: { type: 'crash', node: 'N1' } },
      { when: { node: 'N2', on: 'receives', what: 'word', nth: 1 }, fault: { type: 'restart', node: 'N1' } },
    ],
  }),
  'a traitor with amnesia': chatterScenario(4, {
    failures: 'byzantine',
    faults: [{ at: 1, fault: { type: 'traitor', node: 'N1', behaviour: 'amnesia' } }],
  }),
  'a traitor that mutates': chatterScenario(4, {
    failures: 'byzantine',
    faults: [{ at: 0, fault: { type: 'traitor', node: 'N1', behaviour: 'mutate' } }],
  }),
};

for (const [name, scenario] of Object.entries(scenarios)) {
  test(`a live run ends as a plain run does: ${name}`, async () => {
    assert.equal(await liveDigest(scenario), plainDigest(scenario, chatter));
  });
}

test('a session in process ends as a plain run does', async () => {
  for (const scenario of Object.values(scenarios)) {
    const session = openLocalSession({ scenario, protocol: chatter, paused: true });
    await session.runUntil(scenario.untilMs);
    assert.equal(digestWorld(session.world), plainDigest(scenario, chatter));
    await session.close();
  }
});

test('64 nodes come up and run', async () => {
  const scenario = chatterScenario(64, { network: constant, untilMs: 25 });
  assert.equal(await liveDigest(scenario), plainDigest(scenario, chatter));
});
