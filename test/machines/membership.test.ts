import assert from 'node:assert/strict';
import { test } from 'node:test';
import membership from '../../machines/membership.ts';
import type { Json, JsonObject, NodeView, View } from '../../src/core/protocol.ts';
import type { Scenario, ScheduledFault, ScheduledInput } from '../../src/core/scenario.ts';
import { type Finished, nodesOf, runScenario, scenarioOf, violations } from './drive.ts';
import { tried, verdictIn } from './lessons.ts';
import { runsOr } from './random-crashes.ts';
import { dice, stormOf } from './storms.ts';

const crowd = (n: number) => nodesOf({ N: ['member', n] });
const run = (n: number, parameters: JsonObject, more: Partial<Scenario> = {}): Finished =>
  runScenario(membership, scenarioOf(membership, crowd(n), parameters, { failures: 'crash-stop', ...more }));
const words = (seed: number, n: number, withinMs: number): ScheduledInput[] => {
  const { below } = dice(seed + 77);
  return Array.from({ length: 8 }, (_, i) => ({
    atMs: below(withinMs),
    node: `N${1 + below(n)}`,
    input: 'say',
    data: { text: `word ${i}` },
  })).sort((a, b) => a.atMs - b.atMs);
};

/** Crashes for good, sleeps, partitions, losses and delays, and then calm. */
function storm(seed: number, parameters: JsonObject = {}): Finished {
  const n = 3 + dice(seed).below(4);
  const everybody = Object.keys(crowd(n));
  const faults = stormOf(seed, { victims: everybody, everybody, calmAtMs: 3000, episodes: 5 });
  return run(
    n,
    { beats: 45, ...parameters },
    {
      faults: faults.filter(({ fault }) => fault.type !== 'restart'),
      inputs: words(seed, n, 3500),
      seed,
    },
  );
}

/** A minority crashes, each in the middle of saying something. */
function crashes(seed: number, parameters: JsonObject = {}): Finished {
  const { below } = dice(seed);
  const n = 3 + below(4);
  const mortal = Object.keys(crowd(n)).sort(() => below(3) - 1);
  const kinds = ['data', 'flush', 'flushed', 'propose', 'accepted', 'view'];
  const faults = mortal.slice(0, Math.ceil(n / 2) - 1).map((node): ScheduledFault => {
    const what = kinds[below(kinds.length)] as string;
    if (below(3) === 0) return { at: below(1500), fault: { type: 'crash', node } };
    return { when: { node, on: 'sends', what, nth: 1 + below(n) }, fault: { type: 'crash', node } };
  });
  return run(n, { beats: 50, ...parameters }, { faults, inputs: words(seed, n, 1500), seed });
}

test('the survivors of crashes agree on their views, and are in one that has no dead member', () => {
  let changed = 0;
  let rescued = 0;
  for (let seed = 0; seed < runsOr(150); seed++) {
    const finished = crashes(seed);
    assert.ok(finished.quiet, `seed ${seed}`);
    assert.deepEqual(violations(finished.world), [], `seed ${seed}`);
    // who crashes after the last watch is not noticed any more
    const last = Math.max(0, ...finished.world.nodes.map(({ crash }) => crash?.atMs ?? 0));
    if (last < 3000) assert.equal(finished.verdicts['membership/settled'], 'holds', `seed ${seed}`);
    if (finished.verdicts['membership/view-changed'] === 'holds') changed += 1;
    if (finished.verdicts['membership/rescued'] === 'holds') rescued += 1;
  }
  assert.ok(changed > runsOr(150) / 2 && rescued > runsOr(150) / 20, `${changed} changed, ${rescued} rescued`);
});

test('no storm splits the group: a message reaches all survivors of its view or none, and a minority forms no view', () => {
  let changed = 0;
  for (let seed = 0; seed < runsOr(150); seed++) {
    const finished = storm(seed);
    assert.deepEqual(violations(finished.world), [], `seed ${seed}`);
    assert.ok(finished.world.nodes.every(({ failure }) => failure === null));
    if (finished.verdicts['membership/view-changed'] === 'holds') changed += 1;
  }
  assert.ok(changed > runsOr(150) / 4, `${changed}`);
});

test('a view change for one crash costs 5n-7 messages besides the signs of life', () => {
  for (let n = 3; n <= 10; n++) {
    const faults: ScheduledFault[] = [{ at: 50, fault: { type: 'crash', node: `N${n}` } }];
    const network = { latency: { kind: 'constant', ms: 30 }, order: 'unordered', loss: 0, duplicate: 0 } as const;
    const { costs } = run(n, { beats: 15 }, { faults, network }).world;
    const sum = ['flush', 'flushed', 'propose', 'accepted', 'view'].map((kind) => costs.byKind[kind] ?? 0);
    assert.deepEqual(sum, [n - 1, n - 2, n - 1, n - 2, n - 1]);
  }
});

test('without a fault nobody is put out, everybody delivers everything, and only signs of life are sent beside the data', () => {
  for (let n = 3; n <= 10; n++) {
    const { world, verdicts } = run(n, { beats: 12 }, { inputs: words(n, n, 900) });
    for (const { expected, measured } of membership.costs ?? [])
      assert.equal(measured(world.costs), expected({ member: n }, world.scenario.parameters));
    assert.equal(world.costs.byKind.data, 8 * (n - 1));
    assert.deepEqual(Object.keys(world.costs.byKind).sort(), ['alive', 'data']);
    for (const { delivered } of world.nodes) assert.equal(delivered.length, 1 + 8);
    assert.equal(verdicts['membership/settled'], 'holds');
  }
});

test('every wrong variant is caught within 30 runs', () => {
  for (const { parameters, breaks } of membership.wrongVariants ?? []) {
    const caught = Array.from({ length: 30 }, (_, seed) => seed).find((seed) =>
      [crashes(seed, parameters), storm(seed, parameters)].some(({ world }) =>
        violations(world).some((text) => text.startsWith(breaks)),
      ),
    );
    assert.notEqual(caught, undefined, JSON.stringify(parameters));
  }
});

const first: Json = { view: 1, members: ['N1', 'N2', 'N3'] };
const said = (id: string, from: string, view = 1): Json => ({ id, from, view, text: '' });
function judge(property: string, delivered: Readonly<Record<string, readonly Json[]>>) {
  const { view } = run(3, { beats: 1 }).world;
  const nodes = view.nodes.map((node) => ({ ...node, delivered: delivered[node.id] ?? [first] }) as NodeView);
  const planted: View = { ...view, nodes, node: view.node, honest: nodes, anyFault: false };
  const verdict = membership.properties.find(({ name }) => name === `membership/${property}`)?.test(planted, null);
  return typeof verdict === 'object' ? verdict.clause : verdict;
}

test('a planted breach of each clause is found', () => {
  const second: Json = { view: 2, members: ['N1', 'N2'] };
  const other: Json = { view: 2, members: ['N1', 'N3'] };
  const alone: Json = { view: 2, members: ['N1'] };
  const m = said('m', 'N3');
  assert.equal(judge('view-agreement', { N1: [first, second], N2: [first, second] }), true);
  assert.equal(judge('view-agreement', { N1: [first, second], N3: [first, other] }), 'agreement');
  assert.equal(judge('view-agreement', { N3: [first, second] }), 'self');
  assert.equal(judge('view-agreement', { N1: [first, { view: 3, members: ['N1', 'N2'] }] }), 'order');
  assert.equal(judge('majority', { N1: [first, second] }), true);
  assert.equal(judge('majority', { N1: [first, alone] }), 'majority');
  assert.equal(judge('virtual-synchrony', { N1: [first, m, second], N2: [first, m, second] }), true);
  assert.equal(judge('virtual-synchrony', { N1: [first, m, second], N2: [first, second] }), 'same');
  assert.equal(judge('virtual-synchrony', { N1: [first, m], N2: [first, second] }), true, 'N1 did not go on');
  assert.equal(judge('integrity', { N1: [first, m], N2: [first, m] }), true);
  assert.equal(judge('integrity', { N1: [first, m, m] }), 'once');
  assert.equal(judge('integrity', { N1: [first, m], N2: [first, second, m] }), 'once');
  assert.equal(judge('integrity', { N1: [first, second, m] }), 'member');
});

test('what the lessons tell to try comes out as they say', async () => {
  const synchrony = 'membership/virtual-synchrony';
  const agreement = 'membership/view-agreement';
  for (let seed = 0; seed < 5; seed++) {
    assert.equal(verdictIn(await tried('view-change', seed, ['parameters.flush=false']), synchrony), 'violated');
    const flushed = await tried('view-change-without-flush', seed, ['parameters.flush=true']);
    assert.equal(verdictIn(flushed, synchrony), 'holds');
    const split = await tried('minority-forms-no-view', seed, ['parameters.majority=false']);
    assert.equal(verdictIn(split, agreement), 'violated');
    assert.equal(verdictIn(await tried('two-views', seed, ['parameters.majority=true']), agreement), 'holds');
    const patient = await tried('put-out-alive', seed, ['parameters.patience=30']);
    assert.equal(verdictIn(patient, 'membership/view-changed'), 'not reached');
    const { byKind } = (await tried('view-change', seed)).costs;
    const kinds = ['flush', 'flushed', 'propose', 'accepted', 'view'];
    assert.equal(
      kinds.reduce((sum, kind) => sum + (byKind[kind] ?? 0), 0),
      18,
    );
  }
});
