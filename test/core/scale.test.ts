/** What keeps runs with very many nodes affordable: what is left out, what is spread out, and that nothing else changes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import gossip from '../../machines/gossip.ts';
import { mostNodesWithVectors } from '../../src/core/clocks.ts';
import { checkpointEvery, passesCheckpoint } from '../../src/core/digest.ts';
import { History } from '../../src/core/history.ts';
import { nodeAt, nodeCount, placeOf } from '../../src/core/places.ts';
import { judgedEvery } from '../../src/core/properties.ts';
import type { Property } from '../../src/core/protocol.ts';
import { reportRun } from '../../src/core/report.ts';
import { advanceWorld, createRun, runToEnd } from '../../src/core/run.ts';
import { createWorld } from '../../src/core/world-init.ts';
import { nodesOf, scenarioOf } from '../machines/drive.ts';

const scenarioFor = (n: number) =>
  scenarioOf(
    gossip,
    nodesOf({ N: ['node', n] }),
    { rounds: 12 },
    {
      inputs: [{ atMs: 10, node: 'N1', input: 'tell', data: { rumour: 'news' } }],
    },
  );

test('up to 128 nodes keep vector clocks; among more nobody does, and Lamport clocks go on', () => {
  const small = createRun(scenarioFor(mostNodesWithVectors), gossip);
  const large = createRun(scenarioFor(mostNodesWithVectors + 1), gossip);
  runToEnd(small);
  runToEnd(large);
  assert.ok(small.world.nodes.every(({ vector }) => vector.length === mostNodesWithVectors));
  assert.ok(large.world.nodes.every(({ vector, lamport }) => vector.length === 0 && lamport > 0));
  assert.ok(
    large.trace.every(({ vector, sends }) => vector.length === 0 && sends.every((sent) => sent.vector.length === 0)),
  );
});

test('checkpoints lie 64 events apart, or as many as there are nodes', () => {
  assert.equal(checkpointEvery(5), 64);
  assert.equal(checkpointEvery(10_000), 10_000);
  assert.ok(passesCheckpoint(63, 64, 5) && !passesCheckpoint(63, 64, 1000) && passesCheckpoint(999, 1001, 1000));
  const run = createRun(scenarioFor(300), gossip);
  runToEnd(run);
  assert.ok(run.checkpoints.length > 5);
  run.checkpoints.forEach(({ index }, i) => {
    assert.equal(Math.floor(index / 300), i + 1);
  });
});

test('a past of many nodes has fewer copies, further apart, and is as exact', () => {
  const world = createWorld(scenarioFor(300), gossip);
  const history = new History(world);
  for (let events = advanceWorld(world); events !== null; events = advanceWorld(world)) history.record(events);
  assert.ok(history.kept.copies <= 54 && history.kept.spacing >= 300, JSON.stringify(history.kept));
  assert.equal(history.at(1000).events, 1000);
});

test('a node is found by its place, and knows its own', () => {
  const input = { nodes: nodesOf({ A: ['node', 3] }), self: 'A2' };
  assert.deepEqual([nodeCount(input), placeOf(input), nodeAt(input, 2), nodeAt(input, 3)], [3, 1, 'A3', undefined]);
});

test('the report has the curve, summed up, one point an interval', () => {
  const run = createRun(scenarioFor(40), gossip);
  const { curve } = reportRun(run.world, runToEnd(run));
  assert.equal(curve?.points[0], 1);
  assert.equal(curve?.points.at(-1), 40);
  assert.ok(curve?.points.every((point, i) => i === 0 || point >= (curve.points[i - 1] ?? 0)));
});

/** Holds until this moment, and remembers when it was asked. */
function fragile(failsAtMs: number) {
  const askedAtMs: number[] = [];
  const property: Property = {
    name: 'fragile',
    kind: 'always',
    spaced: true,
    clauses: { fragile: 'It is early.' },
    test(view) {
      askedAtMs.push(view.nowMs);
      return view.nowMs < failsAtMs || { clause: 'fragile', why: 'it is late' };
    },
  };
  return { askedAtMs, protocol: { ...gossip, properties: [property] } };
}

test('what looks at all nodes is asked after each event, and among very many as many events apart as there are nodes', () => {
  const asked = (nodes: number) => {
    const { askedAtMs, protocol } = fragile(Number.POSITIVE_INFINITY);
    const { world } = createRun(scenarioFor(nodes), protocol);
    while (advanceWorld(world) !== null);
    return { times: askedAtMs.length, events: world.events };
  };
  const few = asked(mostNodesWithVectors);
  assert.equal(few.times, few.events);
  const many = asked(300);
  assert.equal(many.times, Math.floor((many.events + 1) / 300));
  assert.ok(many.times > 10);
});

test('a violation among very many is found when it is asked for next, and at the latest in the report at the end', () => {
  const early = fragile(500);
  const run = createRun(scenarioFor(300), early.protocol);
  runToEnd(run);
  const at = run.world.properties[0]?.settledAt ?? -1;
  const late = run.trace.findIndex(({ atMs }) => atMs >= 500);
  assert.ok(at >= late && at < late + 300, `${at}, ${late}`);
  const endMs = run.world.nowMs;
  const last = createRun(scenarioFor(300), fragile(endMs).protocol);
  const [report] = reportRun(last.world, runToEnd(last)).properties;
  assert.deepEqual([report?.verdict, report?.why], ['violated', 'it is late']);
  const never = createRun(scenarioFor(300), fragile(endMs + 1).protocol);
  assert.match(reportRun(never.world, runToEnd(never)).properties[0]?.why ?? '', /each 300 events/);
});

test('only what says so is asked less often', () => {
  for (const property of gossip.properties) assert.equal(judgedEvery(property, 10_000), 1);
});
