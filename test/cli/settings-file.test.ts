/** The settings of the person at the screen: where they are, what they say, and that no mistake in them stops the program. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { loadComfort, recordingsFolder, settingsPath } from '../../src/cli/settings-file.ts';
import { usualKeymap } from '../../src/tui/keymap.ts';
import { nameOf } from '../../src/tui/keys/binding.ts';
import { settingNames, usualSettings } from '../../src/tui/settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'havoc-settings-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, 'settings.json');

/** What these settings come to, each mistake without the file's path. */
async function read(text: string | object) {
  writeFileSync(file, typeof text === 'string' ? text : JSON.stringify(text));
  const { settings, keymap, troubles } = await loadComfort(file);
  for (const trouble of troubles) assert.doesNotMatch(trouble, /[\x00-\x1f\x7f-\x9f]/, 'one harmless line');
  return { settings, keymap, troubles: troubles.map((trouble) => trouble.replace(`${file}:`, '')) };
}

test('the file lies where each system keeps settings', () => {
  const home = join('/', 'home', 'ada');
  const inHome = (...parts: string[]): string => join(home, ...parts, 'havoc', 'settings.json');
  assert.equal(settingsPath({}, 'linux', home), inHome('.config'));
  assert.equal(settingsPath({ XDG_CONFIG_HOME: join(home, 'cfg') }, 'linux', home), inHome('cfg'));
  assert.equal(settingsPath({ XDG_CONFIG_HOME: 'relative' }, 'linux', home), inHome('.config'));
  assert.equal(settingsPath({}, 'darwin', home), inHome('Library', 'Application Support'));
  assert.equal(settingsPath({ APPDATA: join(home, 'Roaming') }, 'win32', home), inHome('Roaming'));
  assert.equal(recordingsFolder(usualSettings, home), 'recordings');
  assert.equal(recordingsFolder({ ...usualSettings, recordings: '~/runs' }, home), `${home}/runs`);
});

test('without a file everything is as usual', async () => {
  const comfort = await loadComfort(join(folder, 'none.json'));
  assert.deepEqual(comfort, { settings: usualSettings, keymap: usualKeymap, troubles: [] });
});

test('every setting is read, as JSON and as nearly JSON', async () => {
  const { settings, troubles } = await read({
    theme: 'colour-blind',
    ascii: true,
    mouse: false,
    speed: 'max',
    recordings: 'runs',
    keys: { crash: 'ctrl-k', step: ['.'] },
  });
  assert.deepEqual(troubles, []);
  assert.deepEqual(settings, {
    theme: 'colour-blind',
    ascii: true,
    mouse: false,
    speed: Number.POSITIVE_INFINITY,
    recordings: 'runs',
    keys: { crash: ['ctrl-k'], step: ['.'] },
  });
  const lenient = await read('{\n  "theme": "light", # on paper\n}\n');
  assert.deepEqual([lenient.settings.theme, lenient.troubles], ['light', []]);
});

test('each mistake is one line with its place and what would be right, and the rest counts', async () => {
  const cases: [string | object, RegExp][] = [
    ['{ "theme": "drak", "mouse": false }', /^1:3: theme: there is no theme `drak`; did you mean dark\?$/],
    ['{\n "mose": true, "mouse": false }', /^2:2: there is no setting `mose`; did you mean mouse\?$/],
    [{ mouse: false, speed: 0 }, /speed: a speed is a number from 0.01 to 1000, or "max", not `0`$/],
    [{ mouse: false, ascii: 'yes' }, /ascii: write true, false or "auto", not `yes`$/],
    [{ mouse: false, recordings: '' }, /recordings: write the path of a folder/],
    [{ mouse: false, keys: { crsh: 'ctrl-k' } }, /nothing is called `crsh`; did you mean crash\?$/],
    [{ mouse: false, keys: { crash: 7 } }, /keys: the key for `crash` is written in quotes/],
    [{ mouse: false, keys: { step: 'Spcae' } }, /keys\.step: there is no key `Spcae`; did you mean space\?/],
    [{ mouse: false, keys: { crash: 'x' } }, /keys\.crash: `x` is the key of drop; give that another one too$/],
    [{ mouse: false, keys: { crash: '3' } }, /keys\.crash: `3` selects a node$/],
    [{ mouse: false, keys: { crash: 'ctrl-c' } }, /keys\.crash: `ctrl-c` stays what it is/],
    [{ mouse: false, '\u001b[2J': 1 }, /there is no setting `\\u\{1b\}\[2J`/],
  ];
  for (const [text, line] of cases) {
    const { settings, troubles } = await read(text);
    assert.equal(troubles.length, 1, JSON.stringify(troubles));
    assert.match(troubles[0] as string, line);
    assert.equal(settings.mouse, false, 'what is right in it counts');
  }
});

test('a file that is no JSON, no object, no file or too large is one line, and everything is as usual', async () => {
  const cases: [string, RegExp][] = [
    ['{ "theme": "light" "mouse": false }', /^1:20: this is not JSON: is a comma or a quote missing before this\?$/],
    ['{', /^1:2: this is not JSON/],
    ['[]', /^1:1: settings are one object/],
    ['\0', /NUL/],
    ['{ "__proto__": { "mouse": false } }', /`__proto__`/],
    [`"${'x'.repeat(70_000)}"`, /at most 65536 are read/],
  ];
  for (const [text, line] of cases) {
    const { settings, keymap, troubles } = await read(text);
    assert.equal(troubles.length, 1, JSON.stringify(troubles));
    assert.match(troubles[0] as string, line);
    assert.deepEqual([settings, keymap.bindings], [usualSettings, usualKeymap.bindings]);
  }
  mkdirSync(join(folder, 'a-folder'));
  assert.match((await loadComfort(join(folder, 'a-folder'))).troubles[0] as string, /this is a folder/);
});

test('every binding has a name of its own', () => {
  const names = usualKeymap.bindings.map(nameOf);
  assert.deepEqual(
    names.filter((name, i) => names.indexOf(name) !== i || name === ''),
    [],
  );
});

test('keys move, two can change places, and the table shows what is so', async () => {
  const { keymap, troubles } = await read({
    keys: { crash: 'x', drop: 'c', step: ['ctrl-n', '.'], quit: 'Q', zoom: [] },
  });
  assert.deepEqual(troubles, []);
  const of = (name: string) => keymap.bindings.find((binding) => nameOf(binding) === name);
  const nameAt = (key: string): string | null => {
    const binding = keymap.byKey.get(key);
    return binding === undefined ? null : nameOf(binding);
  };
  assert.deepEqual(['x', 'c', 'ctrl-n', '.', 'Q'].map(nameAt), ['crash', 'drop', 'step', 'step', 'quit']);
  assert.equal(nameAt('ctrl-c'), 'quit', 'there is always a way out');
  assert.deepEqual([nameAt('q'), nameAt('z')], [null, null]);
  assert.deepEqual([of('step')?.shown, of('quit')?.shown, of('zoom')?.shown], ['Ctrl-N .', 'Q', 'no key']);
});

test('of two that want one key the first gets it, and a wish that cannot be had leaves things as they were', async () => {
  const { keymap, troubles } = await read({ keys: { crash: 'ctrl-k', restart: 'ctrl-k', heal: 'x' } });
  assert.equal(troubles.length, 2);
  assert.match(troubles[0] as string, /keys\.restart: `ctrl-k` is the key of crash/);
  const keysOf = (name: string) => keymap.bindings.find((binding) => nameOf(binding) === name)?.keys;
  assert.deepEqual([keysOf('crash'), keysOf('restart'), keysOf('heal')], [['ctrl-k'], ['r'], ['h']]);
});

test('the example of the documentation is right, and every setting stands in its table', async () => {
  const text = readFileSync(new URL('../../docs/settings.md', import.meta.url), 'utf8');
  const { settings, troubles } = await read(/```json\n([\s\S]*?)```/.exec(text)?.[1] ?? '');
  assert.deepEqual(troubles, []);
  assert.equal(settings.theme, 'colour-blind');
  for (const name of settingNames) assert.ok(text.includes(`| \`${name}\` |`), name);
});
