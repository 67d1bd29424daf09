/** A run that was opened from its recording can be played again from its start, with the settings that it was recorded with. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openSession } from '../../src/cli/open-session.ts';
import { reopen } from '../../src/cli/reopen.ts';
import type { Session } from '../../src/core/session.ts';
import { readRecordingFile } from '../../src/record/reader.ts';
import { createApp } from '../../src/tui/app.ts';
import { createStore, initialUi } from '../../src/tui/store.ts';
import { folder } from '../record/made.ts';

const options = { overrides: [], inProcess: true, paused: true, speed: Number.POSITIVE_INFINITY } as const;
const preset = 'partition-during-commit';

/** A run of a preset with a setting of its own, and a crash that the scenario knows nothing of. */
async function recorded(): Promise<string> {
  const record = join(folder(), 'first.jsonl');
  const session = await openSession(preset, { ...options, overrides: ['parameters.impatient=true'], seed: 9, record });
  for (let i = 0; i < 6; i++) await session.step();
  await session.act({ type: 'crash', node: 'P1' });
  await session.close();
  return record;
}

test('the scenario of a recording starts anew: its settings and its seed, nothing of what was done in it', async () => {
  const first = await recorded();
  const again = join(folder(), 'again.jsonl');
  const session = await reopen(first, 'again', { ...options, record: again });
  assert.deepEqual([session.mode, session.world.events], ['live', 0]);
  assert.deepEqual([session.scenario.parameters.impatient, session.scenario.seed], [true, 9]);
  for (let i = 0; i < 6; i++) await session.step();
  await session.close();
  const { header, entries } = readRecordingFile(again);
  assert.deepEqual(header.scenario, readRecordingFile(first).header.scenario);
  assert.deepEqual(
    entries.filter(({ kind }) => kind === 'act'),
    [],
  );
});

for (const how of ['resume', 'replay'] as const)
  test(`:again works in a run that was opened by ${how}, and says why it takes no settings`, async () => {
    const file = await recorded();
    const store = createStore(initialUi('picker', 120, 36));
    const opened: Session[] = [];
    const app = createApp(
      {
        store,
        presets: () => [],
        leave() {},
        open: () => Promise.reject(new Error('nothing is played by its name here')),
        async reopen(from, way) {
          const session = await reopen(from, way, { ...options, record: null });
          opened.push(session);
          return session;
        },
      },
      null,
    );
    const settled = (): Promise<boolean> => app.run('');
    app.reopen(file, how);
    await settled();
    assert.equal(await app.run('again seed=3'), false);
    assert.match(store.get().toast?.text ?? '', /the settings are those of the recording/);
    for (let times = 1; times <= 2; times++) {
      assert.equal(await app.run('again'), true);
      assert.equal(opened.length, times + 1);
      assert.equal(app.session(), opened.at(-1));
      assert.deepEqual([app.session()?.mode, app.session()?.world.events], ['live', 0]);
    }
    await app.close();
  });
