import assert from 'node:assert/strict';
import { test } from 'node:test';
import { vouchedFor } from '../../machines/byzantine-quorum/client.ts';
import {
  gridOf,
  holdsQuorum,
  leastCommon,
  liarsMasked,
  quorumAt,
  quorumSize,
  type Shape,
} from '../../machines/byzantine-quorum/grid.ts';
import byzantineQuorum from '../../machines/byzantine-quorum.ts';
import { subsetsOf } from '../../src/core/problems/secret-sharing.ts';
import type { Failure, JsonObject, NodeView, View } from '../../src/core/protocol.ts';
import type { Scenario } from '../../src/core/scenario.ts';
import { type Finished, nodesOf, runScenario, scenarioOf, violations } from './drive.ts';
import { tried, verdictIn } from './lessons.ts';
import { read, write } from './registers.ts';
import { dice, stormOf } from './storms.ts';
import { runsOr, traitor, treason } from './treason.ts';

const group = (servers: number, clients = 2) => nodesOf({ S: ['server', servers], K: ['client', clients] });
const run = (servers: number, parameters: JsonObject, more: Partial<Scenario> = {}): Finished =>
  runScenario(
    byzantineQuorum,
    scenarioOf(byzantineQuorum, group(servers), parameters, { failures: 'byzantine', ...more }),
  );

/** All quorums of this shape in a square, as sets of cells. */
function quorums(side: number, { rows, columns }: Shape): Set<number>[] {
  const lines = Array.from({ length: side }, (_, i) => i);
  const cells = Array.from({ length: side * side }, (_, i) => i);
  return [...subsetsOf(lines, rows)].flatMap((inRows) =>
    [...subsetsOf(lines, columns)].map(
      (inColumns) =>
        new Set(cells.filter((i) => inRows.includes(Math.floor(i / side)) || inColumns.includes(i % side))),
    ),
  );
}
const shapes = (side: number): Shape[] =>
  Array.from({ length: side * side }, (_, i) => ({ rows: 1 + (i % side), columns: 1 + Math.floor(i / side) }));

test('the size of a quorum, and how many servers two have in common at least, counted over all of them up to 5 by 5', () => {
  for (let side = 1; side <= 5; side++) {
    for (const shape of shapes(side)) {
      const all = quorums(side, shape);
      const common = all.flatMap((one) => all.map((other) => [...one].filter((cell) => other.has(cell)).length));
      const where = `${side} by ${side}, ${JSON.stringify(shape)}`;
      assert.equal(Math.min(...common), leastCommon(side, shape), where);
      const isWide = side >= 2 * Math.max(shape.rows, shape.columns);
      if (isWide) assert.equal(leastCommon(side, shape), 2 * shape.rows * shape.columns, where);
      for (const quorum of all) assert.equal(quorum.size, quorumSize(side, shape), where);
    }
  }
});

test('the published grids mask what they are said to: a column and 2f + 1 rows, and √(f+1) of each', () => {
  for (let f = 1; f <= 5; f++) {
    const side = 3 * f + 1;
    assert.ok(liarsMasked(side, { rows: 2 * f + 1, columns: 1 }) >= f, 'Malkhi and Reiter: 3f + 1 ≤ √n');
  }
  for (const lines of [1, 2, 3]) {
    const f = lines * lines - 1;
    assert.equal(liarsMasked(Math.max(2 * f + 1, 2), { rows: lines, columns: lines }), f, 'M-Grid: f ≤ (√n - 1)/2');
  }
  for (let side = 2; side <= 9; side++) assert.equal(liarsMasked(side, { rows: 1, columns: 1 }), 0);
});

test('whichever f servers say nothing, a quorum is left: tried with all choices, up to 4 by 4', () => {
  for (let side = 1; side <= 4; side++) {
    const nodes = group(side * side, 0);
    const grid = gridOf({ nodes });
    for (const shape of shapes(side)) {
      for (const silent of subsetsOf(Object.keys(nodes), Math.min(3, liarsMasked(side, shape)))) {
        assert.ok(holdsQuorum(grid, shape, (id) => !silent.includes(id)));
      }
    }
  }
});

test('a quorum takes its rows and columns whole, whoever answers first', () => {
  const grid = gridOf({ nodes: group(11) });
  assert.equal(grid.flat().length, 9, 'two of eleven servers are left over');
  for (const shape of shapes(3)) {
    for (let first = 0; first < 6; first++) {
      const quorum = quorumAt(grid, shape, first, first + 1);
      assert.equal(quorum.length, quorumSize(3, shape));
      assert.ok(holdsQuorum(grid, shape, (id) => quorum.includes(id)));
      for (const left of quorum) {
        assert.ok(!holdsQuorum(grid, shape, (id) => quorum.includes(id) && id !== left));
      }
    }
  }
});

test('f + 1 vouchers who say the same word for word are believed, the newest first, and f are not', () => {
  const copy = (time: number, value: string, writer = 'K1.1') => ({ time, writer, value });
  const parameters = { rows: 2, columns: 1, liars: 1, vouching: true, retryTimeout: 1 };
  assert.equal(vouchedFor([copy(9, 'lie'), copy(1, 'a')], parameters), null);
  assert.deepEqual(vouchedFor([copy(9, 'lie'), copy(1, 'a'), copy(1, 'a')], parameters), copy(1, 'a'));
  assert.deepEqual(vouchedFor([copy(2, 'b'), copy(2, 'b'), copy(1, 'a'), copy(1, 'a')], parameters), copy(2, 'b'));
  assert.equal(vouchedFor([copy(9, 'x'), copy(9, 'y'), copy(9, 'x', 'K2.1')], parameters), null);
  assert.deepEqual(vouchedFor([copy(9, 'lie'), copy(1, 'a')], { ...parameters, vouching: false }), copy(9, 'lie'));
});

test('an operation asks a quorum, r√n + c√n - rc servers; a read costs two messages for each, a write four', () => {
  for (const [servers, rows, columns] of [
    [9, 2, 1],
    [9, 1, 1],
    [16, 2, 1],
    [16, 3, 1],
    [25, 2, 2],
  ] as const) {
    const { world } = run(servers, { rows, columns }, { inputs: [write(0, 'K1', 'a'), read(600, 'K2')] });
    const [cost] = byzantineQuorum.costs ?? [];
    const expected = cost?.expected({ server: servers, client: 2 }, world.scenario.parameters) ?? 0;
    assert.equal(cost?.measured(world.costs), expected);
    assert.equal(world.costs.messages, 6 * expected);
  }
});

test('the quorums go round: after as many operations as there are rows, all servers have been asked equally often', () => {
  const inputs = Array.from({ length: 4 }, (_, i) => read(500 * i, 'K1'));
  const { trace } = run(16, { rows: 2, columns: 1 }, { inputs });
  const asked = trace.flatMap(({ sends }) => sends).filter(({ body }) => body.type === 'query');
  const counts = Array.from({ length: 16 }, (_, i) => asked.filter(({ to }) => to === `S${i + 1}`).length);
  assert.ok(Math.max(...counts) - Math.min(...counts) <= 1, counts.join(' '));
});

/** Liars, and crashes, partitions and delays of everybody until it is calm; operations all the while. */
function trouble(seed: number, servers: number, shape: JsonObject, liars: number): Finished {
  const { below, pick } = dice(seed);
  const nodes = group(servers, 3);
  const everybody = Object.keys(nodes);
  const ids = everybody.filter((id) => nodes[id] === 'server');
  const clients = everybody.filter((id) => nodes[id] === 'client');
  const calmAtMs = 5000;
  const storm = stormOf(seed, { victims: everybody, everybody, calmAtMs });
  const inputs = Array.from({ length: 10 }, (_, i) =>
    below(3) > 0 ? read(below(calmAtMs), pick(clients)) : write(below(calmAtMs), pick(clients), `v${i}`),
  );
  const faults = [...treason(seed, ids, liars, calmAtMs), ...storm];
  const more = { faults, inputs, seed, untilMs: 60_000, failures: 'byzantine' } as const;
  return runScenario(byzantineQuorum, scenarioOf(byzantineQuorum, nodes, { ...shape, liars }, more));
}

for (const [servers, rows, columns, liars, runs] of [
  [9, 2, 1, 1, 60],
  [16, 2, 1, 1, 40],
  [25, 2, 2, 3, 20],
] as const) {
  const what = liars === 1 ? 'a liar' : `${liars} liars`;
  test(`${servers} servers, ${rows} rows and ${columns} columns: ${what} and a storm: no lie is read, no write is lost`, () => {
    let [heard, alone] = [0, 0];
    const all = runsOr(runs);
    for (let seed = 0; seed < all; seed++) {
      const { world, verdicts } = trouble(seed, servers, { rows, columns }, liars);
      assert.deepEqual(violations(world), [], `seed ${seed}`);
      // a crash that was armed for some later send may strike after the last repair
      const isUp = world.nodes.every(({ status }) => status === 'up');
      if (isUp) assert.equal(verdicts['register/completion'], 'holds', `seed ${seed}`);
      if (verdicts['byzantine-quorum/lie-heard'] === 'holds') heard += 1;
      if (verdicts['register/read-alone'] === 'holds') alone += 1;
    }
    assert.ok(heard > all / 10 && alone > all / 2, `${heard} heard a lie, ${alone} read alone`);
  });
}

/** So many seeds are enough to catch each mistake. */
const enough = 50;
for (const { parameters, breaks } of byzantineQuorum.wrongVariants ?? []) {
  test(`${JSON.stringify(parameters)} breaks ${breaks} within ${enough} seeds, by one liar of nine servers`, () => {
    const isCaught = (seed: number): boolean =>
      trouble(seed, 9, { rows: 2, columns: 1, ...parameters }, 1).verdicts[breaks] === 'violated';
    assert.ok(Array.from({ length: enough }, (_, seed) => seed).some(isCaught));
  });
}

test('one liar more than is reckoned with, and a lie is read, whatever the seed', () => {
  for (let seed = 0; seed < 20; seed++) {
    const faults = [traitor('S3'), traitor('S7')];
    const { verdicts } = run(9, {}, { faults, seed, inputs: [write(0, 'K1', 'a'), read(400, 'K2')] });
    assert.equal(verdicts['byzantine-quorum/no-forgery'], 'violated');
    assert.equal(verdicts['register/safe'], 'violated');
  }
});

test('a planted forgery is found, and its reader is named', () => {
  const client = (items: JsonObject[], told: JsonObject = {}): NodeView =>
    ({ id: 'K1', role: 'client', honest: true, context: { told }, delivered: items }) as unknown as NodeView;
  const judge = (name: string, node: NodeView) => {
    const inputs = [{ node: 'K2', input: 'write', data: { value: 'a' } }];
    const view = { nodes: [node], honest: [node], inputs } as unknown as View;
    return byzantineQuorum.properties.find((each) => each.name === `byzantine-quorum/${name}`)?.test(view, null);
  };
  assert.equal(
    judge(
      'no-forgery',
      client([
        { ok: 'read', value: 'a' },
        { ok: 'read', value: null },
      ]),
    ),
    true,
  );
  const forged = judge('no-forgery', client([{ ok: 'read', value: 'b' }]));
  assert.deepEqual((forged as Failure).nodes, ['K1']);
  assert.equal(judge('lie-heard', client([], { S1: { time: 1, writer: 'K2.1', value: 'a' } })), false);
  assert.equal(judge('lie-heard', client([], { S1: { time: 1, writer: 'x', value: 'b' } })), true);
});

test('what the lessons tell to try comes out as they say', async () => {
  const [safe, forgery, completion] = ['register/safe', 'byzantine-quorum/no-forgery', 'register/completion'];
  for (let seed = 0; seed < 10; seed++) {
    const credulous = await tried('masked-liar', seed, ['parameters.vouching=false']);
    assert.equal(verdictIn(credulous, forgery), 'violated');
    const three = await tried('two-liars-vouch', seed, ['parameters.liars=2']);
    assert.equal(verdictIn(three, forgery), 'holds');
    assert.equal(verdictIn(three, safe), 'holds');
    const faults = ['S3', 'S7'].map((id) => traitor(id, { behaviour: 'silent' }));
    const silent = await tried('two-liars-vouch', seed, ['parameters.liars=2'], { faults });
    assert.notEqual(verdictIn(silent, completion), 'holds');
    const wider = await tried('one-row-one-column', seed, ['parameters.rows=2']);
    assert.equal(verdictIn(wider, safe), 'holds');
    const single = await tried('one-row-one-column', seed, ['parameters.liars=0']);
    assert.equal(verdictIn(single, forgery), 'violated');
    assert.equal(verdictIn(await tried('one-row-one-column', seed, [], { faults: [] }), safe), 'holds');
    const rowsOnly = await tried('one-row-one-column', seed, ['columns=0', 'liars=0'], { faults: [] });
    assert.equal(verdictIn(rowsOnly, safe), 'violated', 'two rows have no server in common');
  }
});
