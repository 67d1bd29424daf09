/** Presets that the build has prepared are what reading their files gives, and count only while the files are as they were. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { listPresets, loadScenario } from '../../src/scenario/load.ts';
import { presetsDirectory } from '../../src/scenario/places.ts';
import { preparePresets } from '../../src/scenario/prepare.ts';
import { listPresetsSoon, preparedPreset } from '../../src/scenario/prepared.ts';

const folder = mkdtempSync(join(tmpdir(), 'havoc-prepared-'));
after(() => rmSync(folder, { recursive: true, force: true }));
await preparePresets(folder);

test('every preset is prepared, and is exactly what reading its file gives', async () => {
  const presets = listPresets().filter(({ challenge }) => !challenge);
  assert.ok(presets.length > 10);
  for (const { id } of presets) {
    const { scenario } = await loadScenario(id);
    assert.deepEqual(preparedPreset(id, folder), scenario, id);
  }
});

test('a preset whose file has changed is read anew, as is one that nobody prepared', () => {
  const presets = join(folder, 'changed');
  cpSync(presetsDirectory(), presets, { recursive: true });
  const [id] = listPresets().map((preset) => preset.id) as [string];
  assert.notEqual(preparedPreset(id, folder, presets), null);
  const file = join(presets, `${id}.yaml`);
  writeFileSync(file, `${readFileSync(file, 'utf8')}# changed\n`);
  assert.equal(preparedPreset(id, folder, presets), null);
  rmSync(file);
  assert.equal(preparedPreset(id, folder, presets), null);
  for (const name of ['nobody-prepared-this', `../${id}`, `${presets}/${id}`, '']) {
    assert.equal(preparedPreset(name, folder), null, name);
  }
});

test('the list of presets is the same by the short way and by the long one', async () => {
  assert.deepEqual(await listPresetsSoon(folder), listPresets());
  assert.deepEqual(await listPresetsSoon(join(folder, 'nothing-here')), listPresets());
});
