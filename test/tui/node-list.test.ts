/** Many nodes: sorted and filtered by key and by name, and the diagram shows those that were kept. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import protocol from '../../machines/two-phase-commit.ts';
import { listed, type NodeList, wholeList } from '../../src/tui/node-list.ts';
import { width } from '../../src/tui/text.ts';
import { StillSession, scenarioOf, stageFor } from './stage.ts';

const begin = { atMs: 0, node: 'C', input: 'begin', data: { transaction: 't1' } };
async function many(count = 64): Promise<StillSession> {
  const nodes: Record<string, string> = { C: 'coordinator' };
  for (let i = 1; i < count; i++) nodes[`P${i}`] = 'participant';
  const session = new StillSession(scenarioOf(protocol, nodes, { inputs: [begin] }), protocol);
  session.steps(110);
  await session.act({ type: 'traitor', node: 'P50', behaviour: 'silent' });
  await session.act({ type: 'crash', node: 'P7' });
  await session.act({ type: 'crash', node: 'C' });
  return session;
}
const ids = ({ world }: StillSession, list: Partial<NodeList>): string[] =>
  listed(world, { ...wholeList, ...list }).map(({ id }) => id);

test('every order names every node once, and turned round it is the other way', async () => {
  const session = await many();
  for (const sort of ['id', 'role', 'status', 'state', 'lamport', 'blocked'] as const) {
    const there = ids(session, { sort });
    assert.equal(new Set(there).size, 64, sort);
  }
  assert.deepEqual(ids(session, { sort: 'id', reversed: true }).slice(0, 2), ['P63', 'P62']);
  assert.deepEqual(ids(session, { sort: 'status' }).slice(0, 4), ['C', 'P7', 'P50', 'P1'], 'those in trouble first');
  const clocks = listed(session.world, { ...wholeList, sort: 'lamport' }).map(({ lamport }) => lamport);
  assert.deepEqual(
    clocks,
    [...clocks].sort((a, b) => b - a),
  );
  const blocked = listed(session.world, { ...wholeList, sort: 'blocked' }).map((node) => node.blockedSinceMs !== null);
  assert.ok(blocked[0] && blocked.lastIndexOf(true) < blocked.indexOf(false), 'the blocked stand together, first');
});

test('a filter takes roles, states, conditions, parts of names, and their opposites; every word has to fit', async () => {
  const session = await many();
  assert.deepEqual(ids(session, { filter: 'role:coord' }), ['C']);
  assert.deepEqual(ids(session, { filter: 'down' }), ['C', 'P7']);
  assert.deepEqual(ids(session, { filter: 'traitor' }), ['P50']);
  assert.deepEqual(
    ids(session, { filter: 'STATE:prepared p6 !p60' }).filter((id) => !/^P6/.test(id)),
    [],
  );
  const { length: blocked } = ids(session, { filter: 'blocked' });
  assert.equal(blocked + ids(session, { filter: '!blocked' }).length, 64);
  assert.deepEqual(ids(session, { filter: 'id:p63' }), ['P63']);
  assert.deepEqual(ids(session, { filter: 'no-such-thing' }), []);
});

test('S sorts by the next column and says so; / lists; the selection moves in the order that is shown', async () => {
  const session = await many();
  const stage = stageFor(session, 120, 36);
  await stage.keys('S', 'S');
  assert.match(stage.text(), /nodes 64 · by status/);
  assert.match(stage.text(), /status↓/);
  await stage.keys('home', 'end');
  stage.store.set({ node: 0 });
  await stage.keys('down');
  assert.equal(stage.app.view()?.node.id, 'P7', 'the next in trouble');
  await stage.keys('/');
  await stage.type('role:participant !down');
  await stage.keys('enter');
  assert.match(stage.text(), /62 listed: role:participant !down/);
  assert.notEqual(stage.app.view()?.node.id, 'P7', 'the selection is among those listed');
  await stage.app.run('nodes all');
  assert.match(stage.text(), /▸nodes 64 · down 2/);
});

test('a keeps nodes in the diagram, which then shows them, the selected one, and their events only', async () => {
  const session = await many();
  const stage = stageFor(session, 160, 45);
  await stage.app.run('select P3');
  await stage.keys('a');
  await stage.app.run('select P60');
  const text = stage.text();
  assert.match(text, / {3,}P3 +P60 +62 not shown \(A\)/);
  assert.match(text, /shown: those of 2 nodes/);
  const diagram = text.slice(text.indexOf('what happened'));
  assert.doesNotMatch(diagram, /C→P40/);
  await stage.keys('A');
  assert.match(stage.text(), /◀ \d+ more/, 'every node has a column again');
  await stage.app.run('nodes down');
  await stage.keys('A');
  assert.match(stage.text(), / {3,}C +P7 +62 not shown/);
});

test('every line is as wide as the window, sorted, filtered, zoomed, with nobody listed, at every size', async () => {
  const session = await many();
  for (const [columns, rows] of [
    [60, 20],
    [80, 24],
    [120, 36],
    [160, 45],
    [200, 60],
  ] as const) {
    const stage = stageFor(session, columns, rows);
    for (const command of [
      'sort blocked',
      'sort lamport down',
      'nodes blocked',
      'show P1,P2',
      'zoom',
      'nodes nobody',
      'nodes all',
    ]) {
      await stage.app.run(command);
      stage.store.set({ toast: null });
      for (const text of stage.lines()) assert.equal(width(text), columns, `${command} at ${columns}x${rows}: ${text}`);
    }
  }
});

test('a few nodes can be sorted and filtered as well', async () => {
  const session = new StillSession(
    scenarioOf(protocol, { C: 'coordinator', P1: 'participant', P2: 'participant' }, { inputs: [begin] }),
    protocol,
  );
  session.steps(8);
  const stage = stageFor(session, 80, 24);
  await stage.app.run('nodes role:participant');
  assert.match(stage.text(), /nodes 3 · 2 listed: role:participant/);
  assert.doesNotMatch(stage.text(), /▸C /);
});
