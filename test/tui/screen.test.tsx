/** The Ink application around the pure screen: it draws the frame, and takes keys that come joined. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as rest } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { render } from 'ink-testing-library';
import protocol from '../../machines/two-phase-commit.ts';
import { createPulse } from '../../src/tui/pulse.ts';
import { Screen } from '../../src/tui/screen.tsx';
import { StillSession, scenarioOf, stageFor } from './stage.ts';

const four = { C: 'coordinator', P1: 'participant', P2: 'participant', P3: 'participant' };

test('the application draws the frame, and takes joined keys one by one', async () => {
  const inputs = [{ atMs: 0, node: 'C', input: 'begin', data: { transaction: 't1' } }];
  const session = new StillSession(scenarioOf(protocol, four, { inputs }), protocol);
  const { app, store } = stageFor(session, 100, 30);
  const pulse = createPulse(store);
  pulse.watch(session);
  const screen = render(<Screen app={app} pulse={pulse} />);
  assert.match(screen.lastFrame() ?? '', /nodes 4/);
  screen.stdin.write('......2c');
  for (let i = 0; i < 100 && session.world.nodes[1]?.status !== 'crashed'; i++) await rest(10);
  await rest(80);
  assert.match(stripVTControlCharacters(screen.lastFrame() ?? ''), /P1 +participant +CRASHED/);
  screen.unmount();
  pulse.stop();
});
