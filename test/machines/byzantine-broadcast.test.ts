import assert from 'node:assert/strict';
import { test } from 'node:test';
import byzantineBroadcast from '../../machines/byzantine-broadcast.ts';
import type { Json, JsonObject, NodeView } from '../../src/core/protocol.ts';
import type { ScheduledFault } from '../../src/core/scenario.ts';
import { nodeView, viewOf } from '../core/views.ts';
import { type Finished, nodesOf, runScenario, scenarioOf, violations } from './drive.ts';
import { runsOr, traitor, treason } from './treason.ts';

const group = (n: number) => nodesOf({ S: 'sender', R: ['receiver', n - 1] });
const pay = { atMs: 5, node: 'S', input: 'broadcast', data: { value: 'pay Alice' } };
const network = (minMs: number, maxMs: number) =>
  ({ latency: { kind: 'uniform', minMs, maxMs }, order: 'unordered', loss: 0, duplicate: 0 }) as const;
const send = (
  n: number,
  parameters: JsonObject = {},
  faults: readonly ScheduledFault[] = [],
  seed = 1,
  latency = network(1, 200),
): Finished => {
  const more = { failures: 'byzantine', network: latency, inputs: [pay], faults, seed, untilMs: 3_600_000 } as const;
  return runScenario(byzantineBroadcast, scenarioOf(byzantineBroadcast, group(n), parameters, more));
};
const delivered = ({ world }: Finished): Json[] => world.nodes.map((node) => node.delivered[0] ?? null);

test('costs are the published ones for every n from 3 to 10: (n-1) + 2n(n-1)', () => {
  for (let n = 3; n <= 10; n++) {
    for (let t = 0; t < Math.max(2, n / 3); t++) {
      const { world } = send(n, { t }, [], n, network(30, 30));
      for (const cost of byzantineBroadcast.costs ?? []) {
        const expected = cost.expected({ sender: 1, receiver: n - 1 }, world.scenario.parameters);
        assert.equal(cost.measured(world.costs), expected, `${cost.name}, n=${n}, t=${t}`);
      }
      assert.equal(send(n, { t }, [], n).world.costs.messages, (n - 1) * (1 + 2 * n));
    }
  }
});

test('a loyal sender: everybody delivers what it sent, with t silent nodes too', () => {
  for (const [n, t] of [
    [4, 1],
    [7, 2],
    [10, 3],
  ] as const) {
    const silent = Array.from({ length: t }, (_, i) => traitor(`R${i + 1}`, { behaviour: 'silent' }));
    const finished = send(n, { t }, silent);
    assert.ok(
      delivered(finished)
        .slice(t + 1)
        .every((item) => item === 'pay Alice'),
    );
    assert.equal(finished.verdicts['broadcast/validity'], 'holds');
  }
});

test('an equivocating sender, n=4: all deliver one value, or none delivers any', () => {
  for (let seed = 0; seed < 20; seed++) {
    const one = send(4, {}, [traitor('S', { behaviour: 'equivocate', targets: ['R2'] })], seed);
    assert.deepEqual(delivered(one).slice(1), ['pay Alice', 'pay Alice', 'pay Alice']);
    const none = send(4, {}, [traitor('S', { behaviour: 'omit', targets: ['R2', 'R3'] })], seed);
    assert.deepEqual(delivered(none).slice(1), [null, null, null]);
    assert.equal(none.verdicts['broadcast/totality'], 'holds');
  }
});

test('R2 delivers what it was not sent: t + 1 readies convince it', () => {
  const { trace } = send(4, {}, [traitor('S', { behaviour: 'equivocate', targets: ['R2'] })]);
  const ready = trace
    .flatMap((event) => (event.node === 'R2' ? event.sends : []))
    .find(({ body }) => body.type === 'ready');
  const echo = trace
    .flatMap((event) => (event.node === 'R2' ? event.sends : []))
    .find(({ body }) => body.type === 'echo');
  assert.deepEqual([echo?.body.value, ready?.body.value], ['pay Bob', 'pay Alice']);
});

test('threshold n-f at n=3: two loyal nodes deliver differently; the original thresholds only lose liveness', () => {
  const liar = [traitor('S', { behaviour: 'equivocate', targets: ['R2'] })];
  for (let seed = 0; seed < 20; seed++) {
    const wrong = send(3, { threshold: 'n-f' }, liar, seed);
    assert.equal(wrong.verdicts['broadcast/consistency'], 'violated');
    assert.deepEqual(delivered(wrong).slice(1), ['pay Alice', 'pay Bob']);
    assert.deepEqual(delivered(send(3, {}, liar, seed)).slice(1), [null, null]);
  }
});

test('threshold n-f is harmless at n=4', () => {
  for (let seed = 0; seed < 100; seed++) {
    const finished = send(4, { threshold: 'n-f' }, treason(seed, Object.keys(group(4)), 1, 300), seed);
    assert.deepEqual(violations(finished.world), []);
  }
});

test('two crowds that echo share a loyal node, for every n > 3t', () => {
  for (let t = 0; t <= 5; t++) {
    for (let n = 3 * t + 1; n <= 3 * t + 6; n++) {
      const crowd = Math.floor((n + t) / 2) + 1;
      assert.ok(2 * crowd - n > t && crowd <= n - t, `n=${n}, t=${t}`);
    }
  }
});

const isDone = ({ verdicts }: Finished): boolean =>
  verdicts['broadcast/validity'] === 'holds' && verdicts['broadcast/totality'] === 'holds';

test('random traitors inside the bound never break it', () => {
  for (let seed = 0; seed < runsOr(200); seed++) {
    const [n, t] = (
      [
        [4, 1],
        [5, 1],
        [6, 1],
        [7, 2],
      ] as const
    )[seed % 4] ?? [4, 1];
    const finished = send(n, { t }, treason(seed, Object.keys(group(n)), t, 400), seed);
    assert.deepEqual(violations(finished.world), [], `seed ${seed}`);
    assert.ok(isDone(finished), `seed ${seed}`);
  }
});

test('no order of deliveries breaks it: each message takes from no time to minutes', () => {
  for (let seed = 0; seed < runsOr(200); seed++) {
    const nodes = Object.keys(group(4));
    const [first] = treason(seed, seed % 2 ? ['S'] : nodes, 1, 400, [
      'equivocate',
      'mutate',
      'collude',
      'omit',
      'replay',
    ]);
    const finished = send(4, {}, first === undefined ? [] : [first], seed, network(0, 300_000));
    assert.deepEqual(violations(finished.world), [], `seed ${seed}`);
  }
});

test('outside the bound, random traitors break it', () => {
  const isBroken = (seed: number): boolean =>
    violations(send(4, {}, treason(seed, Object.keys(group(4)), 2, 300, ['equivocate', 'collude']), seed).world)
      .length > 0;
  assert.ok(Array.from({ length: 200 }, (_, seed) => seed).some(isBroken));
});

/** The stated number: so many random treasons of one node are enough to catch each mistake. */
const seedsEnough = 300;
const wrong: readonly (readonly [JsonObject, number])[] = [
  [{ threshold: 'n-f' }, 3],
  [{ skipReady: true }, 4],
];
for (const [parameters, n] of wrong) {
  const variant = byzantineBroadcast.wrongVariants?.find((each) =>
    Object.keys(parameters).every((key) => key in each.parameters),
  );
  test(`${JSON.stringify(parameters)} breaks ${variant?.breaks} within ${seedsEnough} seeds, by one traitor of ${n}`, () => {
    const isCaught = (seed: number): boolean =>
      send(n, parameters, treason(seed, Object.keys(group(n)), 1, 300), seed).verdicts[variant?.breaks ?? ''] ===
      'violated';
    assert.ok(Array.from({ length: seedsEnough }, (_, seed) => seed).some(isCaught));
  });
}

test('every wrong variant that the protocol lists is one that is caught here', () => {
  assert.deepEqual(
    byzantineBroadcast.wrongVariants?.map(({ parameters }) => parameters),
    wrong.map(([parameters]) => parameters),
  );
});

test('without the sender nobody can go on: the receivers are blocked', () => {
  const { world } = send(4, {}, [{ at: 0, fault: { type: 'crash', node: 'S' } }]);
  assert.ok(world.blockedSets.some(({ nodes }) => nodes.length === 3));
});

test('broadcast: a planted breach of each clause is found, and the nodes are named', () => {
  const node = (id: string, items: readonly Json[], more: Partial<NodeView> = {}): NodeView =>
    nodeView(id, { role: id === 'S' ? 'sender' : 'receiver', delivered: items, ...more });
  const judge = (name: string, nodes: readonly NodeView[]) => {
    const inputs = [{ node: 'S', input: 'broadcast', data: { value: 'a' } }];
    const view = viewOf(nodes, { inputs });
    return byzantineBroadcast.properties.find((each) => each.name === `broadcast/${name}`)?.test(view, null);
  };
  const nodesOfFailure = (verdict: unknown) => (verdict as { nodes?: unknown }).nodes;
  const clauseOf = (verdict: unknown) => (verdict as { clause?: unknown }).clause;
  const liar = node('S', [], { honest: false });
  assert.equal(judge('consistency', [liar, node('A', ['b']), node('B', ['b'])]), true);
  assert.deepEqual(nodesOfFailure(judge('consistency', [liar, node('A', ['a']), node('B', ['b'])])), ['A', 'B']);
  assert.equal(judge('integrity', [liar, node('A', ['b'])]), true);
  assert.equal(clauseOf(judge('integrity', [node('S', ['a']), node('A', ['b'])])), 'no-creation');
  assert.equal(clauseOf(judge('integrity', [liar, node('A', ['b', 'b'])])), 'no-duplication');
  assert.equal(judge('totality', [liar, node('A', []), node('B', [])]), true);
  assert.deepEqual(nodesOfFailure(judge('totality', [liar, node('A', ['b']), node('B', [])])), ['B']);
  assert.equal(judge('validity', [liar, node('A', [])]), true);
  assert.deepEqual(nodesOfFailure(judge('validity', [node('S', ['a']), node('A', [])])), ['A']);
});
