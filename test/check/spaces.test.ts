/** What docs/checked.md says of every protocol and of every wrong variant still comes out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { listProtocols, loadProtocol } from '../../src/scenario/protocols.ts';
import { checkSpace, loadSpace, readRows, spaceNames, walked } from './spaces.ts';

const rows = readRows();
/** all: minutes */
const all = process.env.HAVOC_CHECK_ALL !== undefined;
const statesMax = 20_000;
const quickWalks = [
  'deadlock-channels',
  'deadlock-unordered',
  'paxos-amnesia',
  'paxos-commit-forgotten',
  'pbft-three',
  'raft-old-term',
];
const isQuick = (name: string): boolean =>
  name in walked ? quickWalks.includes(name) : Number(rows.get(name)?.[4]) <= statesMax;

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

/** Wrong variants that no space shows to break what they break, and why: docs/checked.md says it at more length. */
const notShown: Readonly<Record<string, string>> = {
  'failure-detector {"timeout":60}': 'too short only for messages that take their time',
  'leader-election {"algorithm":"bully","answerTimeout":20}': 'too short only for messages that take their time',
};

test('every wrong variant breaks in a space what it says that it breaks', async () => {
  const loaded = await Promise.all(spaceNames().map((name) => loadSpace(name)));
  const missing: string[] = [];
  for (const id of listProtocols()) {
    const { wrongVariants = [], readsClock } = await loadProtocol(id);
    if (readsClock === true) continue;
    for (const { parameters, breaks } of wrongVariants) {
      const isShown = loaded.some(
        ({ scenario, protocol }) =>
          protocol.id === id &&
          Object.entries(parameters).every(([name, value]) => isDeepStrictEqual(scenario.parameters[name], value)) &&
          scenario.expect.some((each) => 'property' in each && each.property === breaks && each.verdict === 'violated'),
      );
      if (!isShown) missing.push(`${id} ${JSON.stringify(parameters)}`);
    }
  }
  assert.deepEqual(missing.sort(), Object.keys(notShown).sort());
});
