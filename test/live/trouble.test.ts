/** A node that breaks is a failed node with its reason; the run, and the process, go on. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { digestWorld } from '../../src/core/digest.ts';
import type { LiveSession } from '../../src/live/live-session.ts';
import { openLocalSession } from '../../src/live/local-session.ts';
import troublesome, { troubleScenario } from '../fixtures/live/troublesome.ts';
import { openTrouble, plainDigest } from './sessions.ts';

async function run(
  trouble: string,
  check: (session: LiveSession) => void | Promise<void>,
  limits = { stepMs: 10_000, memoryMb: 32 },
): Promise<void> {
  const session = await openTrouble(troubleScenario(trouble), { limits });
  try {
    await session.runUntil(60_000);
    await check(session);
  } finally {
    await session.close();
  }
}

const pongs = (session: LiveSession, index: number): unknown => session.world.nodes[index]?.context.pongs;

/** B and C have greeted each other, after A was lost. */
function othersWentOn(session: LiveSession): void {
  assert.equal(session.world.nodes[0]?.status, 'failed');
  assert.equal(pongs(session, 1), 1);
  assert.equal(pongs(session, 2), 1);
}

test('a node that spins is failed by the watchdog, and the others go on', async () => {
  await run(
    'hang',
    (session) => {
      othersWentOn(session);
      assert.match(session.world.nodes[0]?.failure ?? '', /did not answer within 0.6 s/);
      assert.deepEqual(session.troubles, [`A failed: ${session.world.nodes[0]?.failure}`]);
      const failed = session.trace.find(({ choice }) => choice.type === 'fail');
      assert.equal(failed?.origin, 'runtime');
    },
    { stepMs: 600, memoryMb: 32 },
  );
});

test('a node that throws is failed with the message, as in process', async () => {
  await run('throw', (session) => {
    othersWentOn(session);
    assert.match(session.world.nodes[0]?.failure ?? '', /boom/);
    assert.equal(digestWorld(session.world), plainDigest(session.scenario, troublesome));
  });
});

test('a node whose thread exits is failed with the code', async () => {
  await run('exit', (session) => {
    othersWentOn(session);
    assert.match(session.world.nodes[0]?.failure ?? '', /exited \(code 3\)/);
  });
});

test('a node that eats its memory is failed, and only it', async () => {
  await run('eat', (session) => {
    othersWentOn(session);
    assert.match(session.world.nodes[0]?.failure ?? '', /ran out of memory \(it may use 32 MB\)/);
  });
});

test('a node that puts something else than JSON into its context is failed, and told where', async () => {
  await run('not-json', (session) => {
    othersWentOn(session);
    assert.match(session.world.nodes[0]?.failure ?? '', /context\.last is NaN/);
  });
});

test('a node whose thread exits between two steps is failed as well', async () => {
  const session = await openTrouble(troubleScenario('die-later'));
  try {
    for (let i = 0; i < 4; i++) await session.step();
    assert.equal(session.world.nodes[0]?.context.last, 'die-later');
    await until(session, () => session.world.nodes[0]?.status === 'failed');
    assert.match(session.world.nodes[0]?.failure ?? '', /exited \(code 5\)/);
    await session.runUntil(60_000);
    assert.equal(pongs(session, 1), 1);
  } finally {
    await session.close();
  }
});

test('a failed node can be restarted, and works again', async () => {
  await run('exit', async (session) => {
    await session.act({ type: 'restart', node: 'A' });
    await session.act({ type: 'input', node: 'A', input: 'go', data: {} });
    await session.runUntil(120_000);
    assert.equal(session.world.nodes[0]?.status, 'up');
    assert.equal(pongs(session, 0), 2);
  });
});

test('a state that is longer than a message of the bus travels in parts', async () => {
  await run('big', (session) => {
    assert.equal(session.world.nodes[0]?.status, 'up');
    assert.equal(String(session.world.nodes[0]?.context.last).length, 200_000);
    assert.equal(digestWorld(session.world), plainDigest(session.scenario, troublesome));
  });
});

for (const [trouble, words] of [
  ['huge', /^A \(node\): context has more than 1048576 characters$/],
  ['deep', /^A \(node\): context\.last\[0\].*… is nested more than 50 deep$/],
  ['circular', /^A \(node\): context\.last\.self\.self.*… is nested more than 50 deep$/],
  ['prototype', /^A \(node\): context\.last\.__proto__ is a key that stands for a prototype/],
] as const)
  test(`a state that is ${trouble} fails its node, with the reason, in process as well`, async () => {
    await run(trouble, (session) => {
      othersWentOn(session);
      assert.match(session.world.nodes[0]?.failure ?? '', words);
      assert.equal(digestWorld(session.world), plainDigest(session.scenario, troublesome));
    });
  });

test('what a protocol prints does not reach the screen', async () => {
  const script = fileURLToPath(new URL('../fixtures/live/print-run.ts', import.meta.url));
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script]);
  assert.equal(stdout, 'ended with A up');
  assert.doesNotMatch(stderr, /printed by a protocol/);
});

test('a protocol that cannot be loaded fails every node, with the reason', async () => {
  const session = await openTrouble(troubleScenario('none'), { source: { file: '/nowhere/protocol.ts' } });
  await session.runUntil(60_000);
  for (const node of session.world.nodes) assert.match(node.failure ?? '', /could not load its protocol/);
  await session.close();
});

test('in process, a node that throws is failed too', async () => {
  const session = openLocalSession({ scenario: troubleScenario('throw'), protocol: troublesome, paused: true });
  await session.runUntil(60_000);
  assert.match(session.world.nodes[0]?.failure ?? '', /boom/);
  await session.close();
});

function until(session: LiveSession, condition: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const stop = session.subscribe(() => {
      if (!condition()) return;
      stop();
      resolve();
    });
    if (condition()) resolve();
  });
}
