/** What docs/checked.md says of every protocol and of every wrong variant still comes out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listProtocols, loadProtocol } from '../../src/scenario/protocols.ts';
import { checkSpace, readRows, spaceNames, walked } from './spaces.ts';

const rows = readRows();
/** all: minutes */
const all = process.env.HAVOC_CHECK_ALL !== undefined;
const statesMax = 20_000;
const quickWalks = ['deadlock-channels', 'deadlock-unordered', 'paxos-amnesia', 'pbft-three'];
const isQuick = (name: string): boolean =>
  walked.includes(name) ? quickWalks.includes(name) : Number(rows.get(name)?.[4]) <= statesMax;

for (const name of spaceNames()) {
  if (!all && !isQuick(name)) continue;
  test(`${name}: ${rows.get(name)?.[1]}`, async () => {
    const { row, unmet } = await checkSpace(name);
    assert.deepEqual(unmet, []);
    assert.deepEqual(row, rows.get(name), `npm run check-all -- ${name}`);
  });
}

test('every space has its row, and every row its space', () => {
  assert.deepEqual([...rows.keys()].sort(), spaceNames());
});

test('every protocol that can be explored is', async () => {
  for (const id of listProtocols()) {
    if ((await loadProtocol(id)).readsClock === true) continue;
    assert.ok(
      spaceNames().some((name) => name === id || name.startsWith(`${id}-`)),
      `${id} has no space`,
    );
  }
});
