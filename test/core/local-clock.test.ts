import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { setup } from 'xstate';
import { clockFrom, isTrue, readClock, skewed } from '../../src/core/local-clock.ts';
import { plan, samePlan } from '../../src/core/plan.ts';
import { defineProtocol, effects, type JsonObject } from '../../src/core/protocol.ts';
import { actInRun, createRun, runToEnd } from '../../src/core/run.ts';
import { resolveScenarioText } from '../../src/scenario/load.ts';
import { scenarioOf } from '../machines/drive.ts';

/** Notes what its clock shows, every second of its own. */
const machine = setup({ actions: effects, delays: { second: () => 1000 } }).createMachine({
  initial: 'on',
  on: { look: { actions: { type: 'deliver', params: ({ event }) => ({ item: event.clockMs }) } } },
  states: {
    on: {
      after: {
        second: {
          target: 'on',
          reenter: true,
          actions: { type: 'deliver', params: ({ event }) => ({ item: event.clockMs ?? null }) },
        },
      },
    },
  },
});
const definition = { id: 'watch', roles: { watch: machine }, messages: {}, inputs: ['look'] };
const watch = defineProtocol({ ...definition, readsClock: true });
const scenario = (clocks: JsonObject) =>
  scenarioOf(watch, { P: 'watch', Q: 'watch' }, {}, { clocks: clocks as never, untilMs: 5000 });

test('a clock is continuous when its rate changes, and jumps when it is told to', () => {
  const step = fc.record({ waitMs: fc.nat(10_000), rate: fc.double({ min: 0.5, max: 2, noNaN: true }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 8 }), fc.integer({ min: -500, max: 500 }), (steps, jumpMs) => {
      let clock = clockFrom({ offsetMs: 200, rate: 1.01 });
      let now = 0;
      for (const { waitMs, rate } of steps) {
        const before = readClock(clock, now);
        now += waitMs;
        const shown = readClock(clock, now);
        assert.ok(shown >= before, 'it never runs backwards');
        assert.ok(Math.abs(shown - before - clock.rate * waitMs) <= 1.001);
        clock = skewed(clock, now, 0, rate, 0);
        assert.equal(readClock(clock, now), shown);
      }
      const shown = readClock(clock, now);
      assert.ok(Math.abs(readClock(skewed(clock, now, jumpMs, 1, 0), now) - shown - jumpMs) <= 1);
    }),
  );
  assert.ok(isTrue(clockFrom()));
});

test('the scenario’s clocks: every event carries what the node’s clock shows, and timers run by it', () => {
  const run = createRun(scenario({ P: { offsetMs: 200, rate: 1.25 } }), watch);
  runToEnd(run);
  const [p, q] = run.world.nodes;
  assert.deepEqual(q?.delivered, [1000, 2000, 3000, 4000, 5000]);
  assert.deepEqual(p?.delivered, [1200, 2200, 3200, 4200, 5200, 6200]);
});

test('a skew in the run is read at once; a later change of rate does not make the clock jump', () => {
  const run = createRun(scenario({}), watch);
  runToEnd(run, 1500);
  run.world.nowMs = 1500;
  const look = { type: 'input', node: 'P', input: 'look', data: {} } as const;
  const last = () => run.world.nodes[0]?.delivered.at(-1);
  actInRun(run, { type: 'skew', node: 'P', offsetMs: 300 });
  actInRun(run, look);
  assert.equal(last(), 1800);
  actInRun(run, { type: 'skew', node: 'P', rate: 2 });
  actInRun(run, look);
  assert.equal(last(), 1800);
  run.world.nowMs = 1600;
  actInRun(run, look);
  assert.equal(last(), 2000);
  assert.equal(run.world.view.clockMs('P'), 2000);
  assert.equal(run.world.view.nowMs, 1600);
});

test('a plan made before a skew is not the same as one made after it', () => {
  const run = createRun(scenario({}), watch);
  runToEnd(run, 500);
  const look = { type: 'input', node: 'P', input: 'look', data: {} } as const;
  const before = plan(run.world, look);
  assert.ok(samePlan(before, plan(run.world, look)));
  assert.ok(!samePlan(before, plan(run.world, look, run.world.nowMs + 1)));
  const blind = createRun(scenario({}), defineProtocol(definition));
  runToEnd(blind, 500);
  assert.equal(plan(blind.world, look)?.event?.clockMs, undefined);
});

test('clocks in a scenario file: names, units and rates are checked', async () => {
  const text = (clocks: string) =>
    ['protocol: causality', 'nodes: { P: process, Q: process }', `clocks: ${clocks}`].join('\n');
  const { scenario: good } = await resolveScenarioText(text('{ P: { offset: -200ms }, Q: { rate: 1.01 } }'), 'x.yaml');
  assert.deepEqual(good.clocks, { P: { offsetMs: -200, rate: 1 }, Q: { offsetMs: 0, rate: 1.01 } });
  for (const [clocks, complaint] of [
    ['{ R: { rate: 2 } }', /x.yaml:3:\d+: there is no node .R/],
    ['{ P: { offset: 200 } }', /x.yaml:3:\d+: .*unit/],
    ['{ P: { rat: 2 } }', /x.yaml:3:\d+: .*rate/],
    ['{ P: { rate: 0 } }', /x.yaml:3:\d+: /],
  ] as const)
    await assert.rejects(resolveScenarioText(text(clocks), 'x.yaml'), complaint);
});
