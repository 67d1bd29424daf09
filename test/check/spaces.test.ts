/** What docs/checked.md says of every protocol and of every wrong variant still comes out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listProtocols, loadProtocol } from '../../src/scenario/protocols.ts';
import { checkSpace, readRows, spaceNames, walked } from './spaces.ts';

const rows = readRows();
/** the others take minutes: HAVOC_CHECK_ALL=1 */
const statesMax = process.env.HAVOC_CHECK_ALL === undefined ? 10_000 : Number.POSITIVE_INFINITY;
const statesIn = (name: string): number => (walked.includes(name) ? 200_000 : Number(rows.get(name)?.[4]));

for (const name of spaceNames()) {
  if (statesIn(name) > statesMax) continue;
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
