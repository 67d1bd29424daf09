import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ScenarioError } from '../../src/scenario/errors.ts';
import { resolveScenarioText } from '../../src/scenario/load.ts';

const text = (clocks: string) =>
  `protocol: clock-sync\nnodes: { M: master, P: { role: node, count: 40 } }\nclocks: ${clocks}\n`;
const clocksOf = async (clocks: string, seed = 1) =>
  (await resolveScenarioText(text(clocks), 'mine.yaml', { seed })).scenario.clocks ?? {};
const refused = async (clocks: string, why: RegExp): Promise<void> => {
  await assert.rejects(clocksOf(clocks), (error) => error instanceof ScenarioError && why.test(error.message));
};

test('a clock that is given for all nodes of a count is given to each of them, and to no other', async () => {
  const clocks = await clocksOf('{ P: { offset: -200ms, rate: 1.01 } }');
  assert.equal(Object.keys(clocks).length, 40);
  assert.deepEqual(clocks.P40, { offsetMs: -200, rate: 1.01 });
  assert.equal(clocks.M, undefined);
});

test('a range is drawn from for each node; the same seed gives the same clocks, another one others', async () => {
  const given = '{ P: { offset: -2s..2s, rate: 0.995..1.005 } }';
  const clocks = await clocksOf(given);
  for (const { offsetMs, rate } of Object.values(clocks)) {
    assert.ok(Math.abs(offsetMs) <= 2000 && rate >= 0.995 && rate <= 1.005, `${offsetMs} ${rate}`);
  }
  assert.ok(new Set(Object.values(clocks).map(({ offsetMs }) => offsetMs)).size > 30);
  assert.ok(new Set(Object.values(clocks).map(({ rate }) => rate)).size > 30);
  assert.deepEqual(await clocksOf(given), clocks);
  assert.notDeepEqual(await clocksOf(given, 2), clocks);
});

test('what is said of one of them comes before what is said of all, wherever it stands', async () => {
  const one = { offsetMs: 7, rate: 1 };
  assert.deepEqual((await clocksOf('{ P3: { offset: 7ms }, P: { offset: 1s } }')).P3, one);
  assert.deepEqual((await clocksOf('{ P: { offset: 1s }, P3: { offset: 7ms } }')).P3, one);
  const { M } = await clocksOf('{ M: { offset: 10ms..10ms, rate: 1.5..1.5 } }');
  assert.deepEqual(M, { offsetMs: 10, rate: 1.5 });
});

test('a wrong range, rate or name is told at its place', async () => {
  await refused('{ P: { offset: 2s..1s } }', /^mine\.yaml:3:\d+: .*runs backwards/);
  await refused('{ P: { offset: 1s..2s..3s } }', /`1s\.\.2s\.\.3s` is no range/);
  await refused('{ P: { offset: 1..2 } }', /no unit|unit/);
  await refused('{ P: { rate: 0..1 } }', /no rate of a clock; it is a number from 0\.001 to 1000/);
  await refused('{ P: { rate: fast } }', /^mine\.yaml:3:\d+: .*no rate of a clock/);
  await refused('{ Q: { rate: 1 } }', /no node `Q`/);
});
