import assert from 'node:assert/strict';
import { test } from 'node:test';
import multicast from '../../machines/multicast.ts';
import type { Json, JsonObject } from '../../src/core/protocol.ts';
import type { Scenario } from '../../src/core/scenario.ts';
import { type Finished, nodesOf, runScenario, scenarioOf, violations } from './drive.ts';
import { tried, verdictIn } from './lessons.ts';
import { tally } from './storms.ts';
import { runsOr } from './treason.ts';

const orders = ['best-effort', 'fifo', 'causal', 'sequencer', 'abcast'] as const;
type Order = (typeof orders)[number];
const group = (n: number) => nodesOf({ P: ['member', n] });
const network = { latency: { kind: 'uniform', minMs: 1, maxMs: 200 }, order: 'unordered', loss: 0 } as const;
const busy =
  (order: Order, parameters: JsonObject = {}, more: Partial<Scenario> = {}) =>
  (seed: number): Scenario =>
    scenarioOf(
      multicast,
      group(2 + (seed % 4)),
      { order, chatter: 4, pause: 30, ...parameters },
      { seed, failures: 'crash-stop', network: { ...network, duplicate: seed % 3 === 0 ? 0.2 : 0 }, ...more },
    );
const textsOf = ({ world }: Finished): Json[][] =>
  world.nodes.map(({ delivered }) => delivered.map((item) => (item as JsonObject).text as Json));

/** What each order promises. */
const promised: Readonly<Record<Order, readonly string[]>> = {
  'best-effort': ['multicast/integrity'],
  fifo: ['multicast/integrity', 'multicast/fifo-order'],
  causal: ['multicast/integrity', 'multicast/fifo-order', 'multicast/causal-order'],
  sequencer: ['multicast/integrity', 'multicast/fifo-order', 'multicast/causal-order', 'total-order/same-order'],
  abcast: ['multicast/integrity', 'multicast/fifo-order', 'multicast/causal-order', 'total-order/same-order'],
};
const breaches = (order: Order, what: readonly string[]): string[] =>
  what.filter((each) => promised[order].some((name) => each.startsWith(`${name}:`)));

test('a multicast costs n-1 messages; 2(n-1) with a sequencer, 3(n-1) with ABCAST', () => {
  for (let n = 3; n <= 10; n++)
    for (const order of orders) {
      const { world } = runScenario(multicast, scenarioOf(multicast, group(n), { order, chatter: 2 }, { seed: n }));
      for (const { name, expected, measured } of multicast.costs ?? [])
        assert.equal(
          measured(world.costs),
          expected({ member: n }, world.scenario.parameters),
          `${name} ${order} ${n}`,
        );
    }
});

for (const order of orders)
  test(`${order}: keeps ${promised[order].join(', ')}, and everything is delivered`, () => {
    const { violated, holds, runs } = tally(multicast, runsOr(100), busy(order));
    assert.deepEqual(
      violated.filter(({ what }) => breaches(order, what).length > 0 || what.some((each) => each.includes('failed'))),
      [],
    );
    for (const name of ['multicast/delivery', 'multicast/delivered', 'total-order/two-delivered'])
      assert.equal(holds[name], runs, name);
  });

test('each order promises less than the next: what it does not promise is broken within 30 seeds', () => {
  const broken: readonly (readonly [Order, string])[] = [
    ['best-effort', 'multicast/fifo-order'],
    ['fifo', 'multicast/causal-order'],
    ['causal', 'total-order/same-order'],
  ];
  for (const [order, name] of broken) {
    const { violated } = tally(multicast, 30, busy(order), (run) => run.verdicts[name] === 'violated');
    assert.ok(
      violated.at(-1)?.what.some((each) => each.startsWith(name)),
      name,
    );
  }
});

test('a reply comes before its question without causal order, and never with it', async () => {
  for (let seed = 0; seed < 20; seed++) {
    const before = await tried('answer-before-question', seed);
    assert.equal(verdictIn(before, 'multicast/causal-order'), 'violated');
    for (const order of ['causal', 'sequencer', 'abcast']) {
      const after = await tried('answer-before-question', seed, [`parameters.order=${order}`]);
      assert.equal(verdictIn(after, 'multicast/causal-order'), 'holds');
      assert.equal(verdictIn(after, 'multicast/effect-of-another'), 'holds');
    }
  }
});

test('two orders without total order, and one with it: sequencer and ABCAST deliver the same sequence everywhere', () => {
  for (const order of ['sequencer', 'abcast'] as const)
    for (let seed = 0; seed < 30; seed++) {
      const [first, ...rest] = textsOf(runScenario(multicast, busy(order)(seed)));
      for (const other of rest) assert.deepEqual(other, first);
    }
  const differ = Array.from({ length: 10 }, (_, seed) => textsOf(runScenario(multicast, busy('causal')(seed))));
  assert.ok(differ.some(([first, second]) => JSON.stringify(first) !== JSON.stringify(second)));
});

test('abcast: the sender has seen the final time of its own message, and never proposes an earlier one after it', () => {
  for (const seed of [648, 1008, 1208, 1216, 9168])
    assert.deepEqual(violations(runScenario(multicast, busy('abcast')(seed)).world), [], `seed ${seed}`);
});

test('a crash in mid-broadcast: some have the message and some do not, and causal order keeps what hangs on it back', () => {
  const inputs = ['a', 'b'].map((text, i) => ({
    atMs: 10 + 100 * i,
    node: `P${i + 1}`,
    input: 'multicast',
    data: { text },
  }));
  const faults = [{ at: 0, fault: { type: 'crash', node: 'P1', afterSends: 1 } }] as const;
  const more = { inputs, faults, failures: 'crash-stop' } as const;
  const run = runScenario(multicast, scenarioOf(multicast, group(4), { order: 'causal' }, more));
  assert.deepEqual(violations(run.world), []);
  assert.deepEqual(textsOf(run).slice(1), [['a', 'b'], [], []]);
  assert.equal(run.verdicts['multicast/delivery'], 'violated');
});

for (const { parameters, breaks } of multicast.wrongVariants ?? [])
  test(`${JSON.stringify(parameters)} breaks ${breaks} within 50 seeds`, () => {
    const order = parameters.order as Order;
    const { violated } = tally(multicast, 50, busy(order, parameters), (run) => run.verdicts[breaks] === 'violated');
    assert.ok(violated.at(-1)?.what.some((what) => what.startsWith(breaks)));
  });

test('what the lessons tell to try comes out as they say', async () => {
  for (let seed = 0; seed < 10; seed++)
    for (const [preset, override] of [
      ['two-orders', 'order=sequencer'],
      ['two-orders', 'order=abcast'],
      ['gaps-skipped', 'skipGaps=false'],
      ['least-of-the-times', 'finalTimestamp=greatest'],
    ] as const) {
      const report = await tried(preset, seed, [`parameters.${override}`]);
      assert.equal(verdictIn(report, 'total-order/same-order'), 'holds', `${preset} ${override}`);
      assert.equal(verdictIn(report, 'multicast/delivery'), 'holds');
    }
});
