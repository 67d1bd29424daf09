/** Determinism is tested, not hoped for: other time zones and locales, and a check that a planted clock turns red. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { assign, setup } from 'xstate';
import { digestWorld } from '../../src/core/digest.ts';
import { defineProtocol, type NodeInput, type Protocol } from '../../src/core/protocol.ts';
import { createRun, runToEnd } from '../../src/core/run.ts';
import { chatter, chatterScenario } from '../fixtures/chatter.ts';

const script = fileURLToPath(new URL('../fixtures/digests.ts', import.meta.url));
const digestsUnder = async (env: Readonly<Record<string, string>>): Promise<string> => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script], {
    env: { ...process.env, ...env },
  });
  return stdout;
};

test('every preset has the same digest in Kathmandu and in Turkish', async () => {
  const [here, there] = await Promise.all([
    digestsUnder({ TZ: 'UTC', LANG: 'C', LC_ALL: 'C' }),
    digestsUnder({ TZ: 'Asia/Kathmandu', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' }),
  ]);
  assert.ok(here.split('\n').length > 12);
  assert.equal(there, here);
});

/** Equal digests of two runs of the same scenario, the second a little later. */
function repeats(protocol: Protocol): boolean {
  const digest = (): string => {
    const run = createRun(chatterScenario(3, { protocol: protocol.id }), protocol);
    runToEnd(run);
    return digestWorld(run.world);
  };
  const first = digest();
  const now = performance.now();
  while (performance.now() - now < 3);
  return digest() === first;
}

const clockwatcher = setup({
  types: {} as { context: { at: number }; input: NodeInput; events: { type: 'say' } },
}).createMachine({
  id: 'clockwatcher',
  context: { at: 0 },
  on: { say: { actions: assign({ at: () => Date.now() }) } },
});

test('a planted Date.now in a machine turns the check red', () => {
  assert.equal(repeats(chatter), true);
  const planted = defineProtocol({ id: 'planted', roles: { talker: clockwatcher }, messages: [], inputs: ['say'] });
  assert.equal(repeats(planted), false);
});
