/** `check --valence` and `play --autopilot` as scripts meet them: exit codes, one object for `--json`, one line an error. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Ended, havoc as run } from '../fixtures/program.ts';

const havoc = (...args: readonly string[]): Promise<Ended> => run(args);

test('check --valence counts, names the critical node and what decides there', async () => {
  const { code, stdout } = await havoc('check', 'flp-two-proposers', '--valence', '--json');
  assert.equal(code, 0);
  const { complete, configurations, counts, critical, nearest } = JSON.parse(stdout);
  assert.deepEqual([complete, configurations, critical], [true, 704, { A1: 8 }]);
  assert.deepEqual(counts, { bivalent: 20, 'X-valent': 264, 'Y-valent': 420 });
  assert.equal(nearest.node, 'A1');
  assert.equal(nearest.deciding.length, 2);
});

test('at a limit it exits with 2, and what is bivalent is so even then', async () => {
  const { code, stdout } = await havoc('check', 'flp', '--valence', '--max-states', '20000');
  assert.equal(code, 2);
  assert.match(stdout, /by values: 3 of 8 bivalent/);
  assert.match(stdout, /0 1 1 {2}bivalent/);
});

test('play --autopilot ends with 0 after as many events, and with 1 where no event keeps it bivalent', async () => {
  const kept = await havoc('play', 'flp', '--autopilot', '20', '--json', '--in-process');
  assert.equal(kept.code, 0);
  const { events, autopilot } = JSON.parse(kept.stdout);
  assert.deepEqual([events, autopilot.events, autopilot.why], [20, 20, null]);
  const lost = await havoc('play', 'flp-two-proposers', '--autopilot', '20', '--in-process');
  assert.equal(lost.code, 1);
  assert.match(lost.stdout, /autopilot: bivalent for 9 events; then every next event settles the decision/);
});

test('what it cannot use it says in one line', async () => {
  for (const [args, expected] of [
    [
      ['check', 'flp', '--valence', '--inputs', 'f=0,1'],
      /^--inputs: f is no parameter with a value for each node; there are values\n$/,
    ],
    [['check', 'flp', '--valence', '--inputs', 'values=1'], /^--inputs: write two values or more: values=0,1\n$/],
  ] as const) {
    const { code, stderr } = await havoc(...args);
    assert.equal(code, 3, args.join(' '));
    assert.match(stderr, expected);
  }
});

test('where clocks decide, the answer is that it is not known', async () => {
  const clocks = /^clock-sync reads clocks, and states that are explored have no time: not known\n$/;
  for (const args of [
    ['check', 'asking-the-server'],
    ['check', 'asking-the-server', '--valence'],
    ['play', 'asking-the-server', '--autopilot', '3', '--json'],
  ]) {
    const { code, stderr } = await havoc(...args);
    assert.equal(code, 2, args.join(' '));
    assert.match(stderr, clocks);
  }
});
