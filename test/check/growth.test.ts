/** What `check` says where a limit came first: why, and bounds with which it comes to an end. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explore } from '../../src/check/explore.ts';
import { growthOf, growthText } from '../../src/cli/check-growth.ts';
import { loadScenario } from '../../src/scenario/load.ts';

const statesMax = 3000;
async function cutShort(id: string, overrides: readonly string[] = []) {
  const loaded = await loadScenario(id, { overrides });
  const exploration = await explore(loaded.scenario, loaded.protocol, { statesMax });
  return { loaded, exploration, text: growthText(growthOf(loaded), exploration) };
}

const presets = ['unheard-beacon', 'deadly-embrace', 'half-may-fail'];
for (const id of presets) {
  test(`${id}: the depth that is named comes to an end, before the limit that came first`, async () => {
    const { exploration, text } = await cutShort(id);
    assert.equal(exploration.complete, false);
    const [, bound = ''] = /--set (constraint\.depth=\d+)/.exec(text) ?? [];
    const bounded = await cutShort(id, [bound]);
    assert.equal(bounded.exploration.stopped, null, bound);
    assert.ok(bounded.exploration.complete && bounded.exploration.pruned > 0);
    assert.ok(bounded.exploration.states <= statesMax);
  });
}

test('participant-votes-no: where messages may come again the space has an end, and the same verdict', async () => {
  const { text, loaded } = await cutShort('participant-votes-no');
  assert.match(text, /--network set/);
  const properties = loaded.protocol.properties.filter(({ name }) => name === 'atomic-commit/agreement');
  const { complete, properties: found } = await explore(
    loaded.scenario,
    { ...loaded.protocol, properties },
    { network: 'set', statesMax: 50_000 },
  );
  assert.ok(complete);
  assert.equal(found[0]?.verdict, 'holds');
});

test('a field that grows in a run at random is named, with a bound on it', async () => {
  const { text, loaded } = await cutShort('half-may-fail');
  const [, name = '', from, to] = /with (\w+) from (\d+) to (\d+)/.exec(text) ?? [];
  assert.equal(name, 'round');
  assert.ok(Number(to) - Number(from) >= 8);
  assert.match(text, /may have no end.*--set constraint\.context\.round=1,/);
  assert.equal(growthOf(loaded).isOver, false);
});

test('of a space in which every run ends it says that it is large, and names no field', async () => {
  const { text } = await cutShort('deadly-embrace');
  assert.match(text, /ended after \d+ events: the space is large\./);
  assert.doesNotMatch(text, /constraint\.context/);
});

test('what its network and model do not go with is not proposed', async () => {
  assert.doesNotMatch((await cutShort('deadly-embrace')).text, /--reductions|--network/);
  assert.doesNotMatch((await cutShort('bully')).text, /--reductions|copies|--network/);
  assert.match((await cutShort('flp')).text, /--set constraint\.copies=1, --reductions noop,por, --network set /);
});
