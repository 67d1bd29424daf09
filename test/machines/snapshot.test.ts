import assert from 'node:assert/strict';
import { test } from 'node:test';
import snapshot from '../../machines/snapshot.ts';
import { createCausality, extendCausality } from '../../src/core/causality.ts';
import { examineCut } from '../../src/core/cuts.ts';
import type { JsonObject } from '../../src/core/protocol.ts';
import type { Scenario, ScheduledInput } from '../../src/core/scenario.ts';
import { type Finished, nodesOf, runScenario, scenarioOf, violations } from './drive.ts';
import { tried, verdictIn } from './lessons.ts';
import { dice, tally } from './storms.ts';
import { runsOr } from './treason.ts';

const crowd = (n: number) => nodesOf({ P: ['node', n] });
const begin = (atMs: number, node = 'P1'): ScheduledInput => ({ atMs, node, input: 'snapshot', data: {} });
const network = (order: 'fifo' | 'unordered') =>
  ({ latency: { kind: 'uniform', minMs: 5, maxMs: 90 }, order, loss: 0, duplicate: 0 }) as const;
/** Busy nodes, and one to three snapshots, some of them at the same time. */
const busy =
  (order: 'fifo' | 'unordered', parameters: JsonObject = {}, links: Scenario['network']['links'] = []) =>
  (seed: number): Scenario => {
    const { below } = dice(seed);
    const n = 2 + below(4);
    const inputs = Array.from({ length: 1 + below(3) }, () => begin(20 + below(200), `P${1 + below(n)}`));
    return scenarioOf(
      snapshot,
      crowd(n),
      { transfers: 8, pause: 20, ...parameters },
      { seed, inputs, network: { ...network(order), links }, failures: 'crash-stop' },
    );
  };

test('markers cost n(n-1) on a complete graph, and the reports n-1', () => {
  for (let n = 3; n <= 10; n++)
    for (const method of ['chandy-lamport', 'naive']) {
      const more = { inputs: [begin(50)], network: network('fifo'), seed: n };
      const { world } = runScenario(snapshot, scenarioOf(snapshot, crowd(n), { transfers: 5, method }, more));
      for (const { name, expected, measured } of snapshot.costs ?? [])
        assert.equal(measured(world.costs), expected({ node: n }, world.scenario.parameters), `${name}, n=${n}`);
      if (method !== 'naive') assert.equal(world.costs.byKind.marker, n * (n - 1));
    }
});

test('tokens are conserved over nodes and channels in every snapshot, with FIFO channels', () => {
  const { violated, holds, runs } = tally(snapshot, runsOr(300), busy('fifo'));
  assert.deepEqual(violated, []);
  for (const name of ['completed', 'termination']) assert.equal(holds[`snapshot/${name}`], runs, name);
  assert.ok((holds['snapshot/tokens-on-the-way'] ?? 0) > runs / 2);
});

test('the recorded state need never have occurred, and mostly has not', () => {
  const { holds, runs } = tally(snapshot, 100, busy('fifo'));
  assert.ok((holds['snapshot/never-occurred'] ?? 0) > runs / 2, JSON.stringify(holds));
});

/** The cut through the events in which the nodes recorded, judged by the playground's own examination of cuts. */
function offencesAt({ world, trace }: Finished, id: string): number {
  const cut = world.nodes.map(
    (node) =>
      trace.findIndex(
        (event) =>
          event.node === node.id &&
          event.effects.some(
            ({ type, ...effect }) => type === 'deliver' && (effect as { item: JsonObject }).item.recorded === id,
          ),
      ) + 1,
  );
  const { offences } = examineCut(extendCausality(createCausality(world.indexOf), trace), trace, cut);
  // markers and reports of other snapshots are no part of the bank
  return offences.filter(({ message }) => message.body.type === 'transfer').length;
}

test('the cut of the recordings is consistent by the examination of cuts, too; without FIFO it need not be', () => {
  let inconsistent = 0;
  for (let seed = 0; seed < 60; seed++) {
    const fifo = runScenario(snapshot, busy('fifo')(seed));
    const begun = fifo.world.nodes.flatMap(({ decisions }) => decisions.map((each) => (each as JsonObject).snapshot));
    for (const id of begun) assert.equal(offencesAt(fifo, String(id)), 0);
    const unordered = runScenario(snapshot, busy('unordered')(seed));
    const found = unordered.verdicts['snapshot/consistent-cut'] === 'violated';
    const ids = unordered.world.nodes.flatMap(({ decisions }) =>
      decisions.map((each) => (each as JsonObject).snapshot),
    );
    const examined = ids.some((id) => offencesAt(unordered, String(id)) > 0);
    assert.equal(examined, found, `seed ${seed}`);
    if (found) inconsistent += 1;
  }
  assert.ok(inconsistent > 5);
});

test('without FIFO, tokens are counted twice or not at all within 50 seeds', () => {
  const seen = { more: false, less: false };
  for (let seed = 0; seed < 50; seed++) {
    const [what = ''] = violations(runScenario(snapshot, busy('unordered')(seed)).world).filter((each) =>
      each.startsWith('snapshot/conservation'),
    );
    const [, counted = 0, total = 0] = /has (\d+) tokens.*there are (\d+)/.exec(what) ?? [];
    if (Number(counted) > Number(total)) seen.more = true;
    if (Number(counted) < Number(total)) seen.less = true;
  }
  assert.deepEqual(seen, { more: true, less: true });
});

for (const { parameters, breaks } of snapshot.wrongVariants ?? [])
  test(`${JSON.stringify(parameters)} breaks ${breaks} within 20 seeds`, () => {
    const { violated } = tally(snapshot, 20, busy('fifo', parameters), (run) => run.verdicts[breaks] === 'violated');
    assert.ok(violated.at(-1)?.what.some((what) => what.startsWith(breaks)));
  });

test('the markers make the cut consistent even where nobody looks at the channels', () => {
  const { violated } = tally(snapshot, 100, busy('fifo', { method: 'states-only' }));
  assert.ok(violated.every(({ what }) => what.every((each) => !each.startsWith('snapshot/consistent-cut'))));
});

test('what the lessons tell to try comes out as they say', async () => {
  for (let seed = 0; seed < 10; seed++) {
    const right = await tried('asking-around', seed, ['parameters.method=chandy-lamport']);
    assert.equal(verdictIn(right, 'snapshot/conservation'), 'holds');
    const half = await tried('asking-around', seed, ['parameters.method=states-only']);
    assert.equal(verdictIn(half, 'snapshot/conservation'), 'violated');
    assert.equal(verdictIn(half, 'snapshot/consistent-cut'), 'holds');
    const fifo = await tried('overtaken-marker', seed, ['network.order=fifo']);
    assert.equal(verdictIn(fifo, 'snapshot/conservation'), 'holds');
    const full = await tried('empty-channels', seed, ['parameters.method=chandy-lamport']);
    assert.equal(verdictIn(full, 'snapshot/conservation'), 'holds');
  }
});
