import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { setup } from 'xstate';
import benOr from '../../../machines/ben-or.ts';
import floodSet from '../../../machines/flood-set.ts';
import majorityVote from '../../../machines/majority-vote.ts';
import { survey } from '../../../src/check/valence/survey.ts';
import { Valences, valenceOf } from '../../../src/check/valence/valences.ts';
import { perform } from '../../../src/core/commit.ts';
import { canonicalJson } from '../../../src/core/json.ts';
import { defineProtocol, effects, type JsonObject, type Protocol } from '../../../src/core/protocol.ts';
import { advanceWorld } from '../../../src/core/run.ts';
import type { Scenario } from '../../../src/core/scenario.ts';
import { valenceText } from '../../../src/core/valence.ts';
import type { World } from '../../../src/core/world.ts';
import { cloneWorld, createWorld } from '../../../src/core/world-init.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { nodesOf, scenarioOf } from '../../machines/drive.ts';
import { randomCrashes } from '../../machines/random-crashes.ts';
import { scenarioOf as plainScenario } from '../made.ts';
import { choicesIn, decisionsFrom } from './slowly.ts';

const enough = 1_000_000;
const voters = nodesOf({ P: ['voter', 3] });
const voting = (bits: readonly number[], more: object = {}): Scenario => {
  const [P1 = 0, P2 = 0, P3 = 0] = bits;
  return scenarioOf(majorityVote, voters, { values: { P1, P2, P3 }, ...more }, { failures: 'crash-stop' });
};
/** After all nodes have started. */
function begun(scenario: Scenario, protocol: Protocol): World {
  const world = createWorld(scenario, protocol);
  for (const _ of world.ids) advanceWorld(world);
  return world;
}

/** Three states, and every transition leads on: two nodes tell each other so much and no more. */
const action = fc.oneof(
  fc.constantFrom('a', 'b').map((type) => ({ type: 'broadcast', params: { message: { type } } })),
  fc.integer({ min: 0, max: 1 }).map((value) => ({ type: 'decide', params: { value } })),
);
const to = (...targets: string[]) =>
  fc.record({ target: fc.constantFrom(...targets), actions: fc.array(action, { maxLength: 2 }) });
const stateOf = (...targets: string[]) =>
  fc.record({ on: fc.record({ a: to(...targets), b: to(...targets) }), after: fc.record({ t: to(...targets) }) });
const charts = fc.record({
  s0: stateOf('s1', 's2', 's3'),
  s1: stateOf('s2', 's3'),
  s2: stateOf('s3'),
  s3: fc.constant({}),
});
const protocolOf = (states: unknown): Protocol =>
  defineProtocol({
    id: 'random',
    title: 'random',
    source: 'none',
    problem: 'none',
    roles: {
      node: setup({ actions: effects as never, delays: { t: 10 } }).createMachine({
        initial: 's0',
        states,
      } as never) as never,
    },
    messages: ['a', 'b'],
    properties: [],
  });

test('of random protocols, in random configurations, the valence is what a slow search finds', () => {
  const seen: Record<string, number> = {};
  fc.assert(
    fc.property(
      charts,
      fc.constantFrom('unordered', 'fifo'),
      fc.array(fc.nat(), { maxLength: 4 }),
      (chart, order, steps) => {
        const protocol = protocolOf(chart);
        const plain = plainScenario({ protocol: 'random', nodes: { A: 'node', B: 'node' } });
        const world = begun({ ...plain, network: { ...plain.network, order: order as 'fifo' } }, protocol);
        for (const step of steps) {
          const choices = choicesIn(world);
          const choice = choices[step % Math.max(1, choices.length)];
          if (choice !== undefined) perform(world, choice, 'person');
        }
        const expected = decisionsFrom(world);
        const { kind, values } = new Valences(world.scenario, protocol).of(world, enough);
        assert.deepEqual(
          values.map((value) => canonicalJson(value)),
          expected,
        );
        assert.equal(kind, ['none', 'univalent', 'bivalent'][expected.length]);
        seen[kind] = (seen[kind] ?? 0) + 1;
      },
    ),
    { numRuns: 150 },
  );
  for (const kind of ['none', 'univalent', 'bivalent']) assert.ok((seen[kind] ?? 0) > 5, `${kind}: ${seen[kind]}`);
});

test('a search that may not look far enough says unknown, and never more than it has seen', () => {
  const world = begun(voting([0, 0, 1]), majorityVote);
  for (const statesMax of [0, 1, 100]) {
    const { kind, values } = new Valences(world.scenario, majorityVote).of(world, statesMax);
    assert.equal(kind, 'unknown', `${statesMax}`);
    assert.ok(values.every((value) => value === 0));
  }
});

test('Lemma 2: some initial configuration is bivalent, and no two neighbours are 0-valent and 1-valent', async () => {
  const { initial } = await survey(voting([0, 0, 1]), majorityVote, { statesMax: 60_000 });
  const byBits = new Map(initial.map(({ inputs, valence }) => [Object.values(inputs).join(''), valenceText(valence)]));
  assert.equal(byBits.size, 8);
  assert.equal(byBits.get('000'), '0-valent');
  assert.equal(byBits.get('111'), '1-valent');
  for (const bits of ['011', '101', '110']) assert.equal(byBits.get(bits), 'bivalent', bits);
  for (const [bits, words] of byBits) {
    for (const i of [0, 1, 2]) {
      const flipped = `${bits.slice(0, i)}${1 - Number(bits[i])}${bits.slice(i + 1)}`;
      assert.notDeepEqual([words, byBits.get(flipped)], ['0-valent', '1-valent'], `${bits} and ${flipped}`);
    }
  }
});

test('Lemma 3: from a bivalent configuration, with any message in flight arriving last, one comes to a bivalent one', () => {
  const world = begun(voting([0, 1, 1]), majorityVote);
  const valences = new Valences(world.scenario, majorityVote);
  const isBivalent = (each: World): boolean => valences.of(each, 20_000).kind === 'bivalent';
  const after = (before: World, message: number): World => {
    const next = cloneWorld(before);
    perform(next, { type: 'deliver', message }, 'person');
    return next;
  };
  let delayed = 0;
  for (let step = 0; step < 8; step++) {
    assert.ok(isBivalent(world));
    for (const last of world.pending.keys()) {
      let ways: World[] = [world];
      let length = 0;
      while (!ways.some((way) => isBivalent(after(way, last)))) {
        length += 1;
        assert.ok(length <= 3, `message ${last} after step ${step}`);
        ways = ways.flatMap((way) => [...way.pending.keys()].filter((id) => id !== last).map((id) => after(way, id)));
      }
      if (length > 0) delayed += 1;
    }
    const kept = [...world.pending.keys()].find((id) => isBivalent(after(world, id)));
    perform(world, { type: 'deliver', message: kept as number }, 'person');
  }
  assert.ok(delayed > 0, 'some message had to be delayed');
});

test('once a correct protocol has decided, nothing else can be decided; a wrong one shows', () => {
  for (const [more, isWrong] of [
    [{}, false],
    [{ hasty: true }, true],
  ] as const) {
    let shown = false;
    for (let seed = 0; seed < 30; seed++) {
      const world = createWorld({ ...voting([0, 1, 1], more), seed }, majorityVote);
      while (world.nodes.every(({ decisions }) => decisions.length === 0)) assert.ok(advanceWorld(world));
      const { kind } = valenceOf(world, 20_000);
      if (kind === 'bivalent') shown = true;
      else assert.equal(kind, 'univalent');
    }
    assert.equal(shown, isWrong);
  }
});

test('Paxos with one acceptor: it is the critical node, by the first of two messages that come to it', async () => {
  const { scenario, protocol } = await loadScenario('flp-two-proposers');
  const { counts, critical, nearest, stopped, states } = await survey(scenario, protocol, { statesMax: 10_000 });
  assert.equal(stopped, null);
  assert.equal(states, 704);
  assert.deepEqual(counts, { 'X-valent': 264, 'Y-valent': 420, bivalent: 20 });
  assert.deepEqual(critical, { A1: 8 });
  assert.equal(nearest?.path.length, 2);
  assert.deepEqual(
    new Set(nearest?.deciding.map(({ valence }) => valenceText(valence))),
    new Set(['X-valent', 'Y-valent']),
  );
});

test('a protocol that can do without any one node has no critical configuration', async () => {
  const { critical, counts } = await survey(voting([0, 1, 1]), majorityVote, { statesMax: 30_000 });
  assert.deepEqual(critical, {});
  assert.ok((counts.bivalent ?? 0) > 100);
});

test('Ben-Or with given coins is as bivalent as without coins; a unanimous start is not', () => {
  const coins = { P1: 0, P2: 0, P3: 0 };
  const from = (values: JsonObject): World => {
    const scenario = scenarioOf(
      benOr,
      nodesOf({ P: ['node', 3] }),
      { f: 1, coins, values },
      { failures: 'crash-stop' },
    );
    return begun(scenario, benOr);
  };
  assert.equal(valenceOf(from({ P1: 0, P2: 1, P3: 1 }), 4000).kind, 'bivalent');
  assert.notEqual(valenceOf(from({ P1: 1, P2: 1, P3: 1 }), 4000).kind, 'bivalent');
});

test('FloodSet is bivalent only until its f + 1 rounds are over, whoever crashes', () => {
  let bivalent = 0;
  for (let seed = 0; seed < 20; seed++) {
    const nodes = nodesOf({ P: ['node', 3] });
    const mortal = Object.keys(nodes);
    const faults = randomCrashes(seed, { mortal, most: 1, withinMs: 300, kinds: ['values'], restarts: false });
    const more = {
      model: 'synchronous',
      boundMs: 60,
      failures: 'crash-stop',
      budget: { crash: 1 },
      faults,
      seed,
    } as const;
    const world = createWorld(scenarioOf(floodSet, nodes, { f: 1, values: { P1: 0, P2: 1, P3: 1 } }, more), floodSet);
    const valences = new Valences(world.scenario, floodSet);
    for (;;) {
      const { kind } = valences.of(world, enough);
      const rounds = world.nodes.map(({ context, path }) => (path === 'decided' ? 3 : Number(context.round ?? 0)));
      if (kind === 'bivalent') bivalent += 1;
      else assert.equal(kind, 'univalent', `seed ${seed}, event ${world.events}`);
      if (rounds.some((round) => round === 3)) assert.equal(kind, 'univalent');
      if (advanceWorld(world) === null) break;
    }
  }
  assert.ok(bivalent > 20, `${bivalent}`);
});
