import assert from 'node:assert/strict';
import { test } from 'node:test';
import twoGenerals from '../../machines/two-generals.ts';
import type { JsonObject, Protocol } from '../../src/core/protocol.ts';
import type { Scenario, ScheduledFault } from '../../src/core/scenario.ts';
import { type Finished, nodesOf, runScenario, scenarioOf, violations } from './drive.ts';
import { tried } from './lessons.ts';
import { runsOr } from './random-crashes.ts';

const generals = nodesOf({ A: 'general', B: 'general' });
const order = [{ atMs: 10, node: 'A', input: 'attack', data: {} }];
const run = (acknowledgements: number, parameters: JsonObject = {}, more: Partial<Scenario> = {}): Finished =>
  runScenario(
    twoGenerals,
    scenarioOf(
      twoGenerals,
      generals,
      { acknowledgements, ...parameters },
      {
        inputs: order,
        failures: 'crash-stop',
        ...more,
      },
    ),
  );
const sender = (number: number) => (number % 2 === 0 ? 'A' : 'B');
const receiver = (number: number) => sender(number + 1);
/** Message `number` of the chain is lost: the order is 0, the acknowledgements follow. */
const lose = (number: number): ScheduledFault[] => {
  const fault = { type: 'drop' as const, from: sender(number), to: receiver(number), count: 1 };
  if (number < 2) return [{ at: 0, fault }];
  const nth = Math.floor((number - 1) / 2) + (sender(number) === 'A' ? 1 : 0);
  return [{ when: { node: sender(number), on: 'receives', what: 'ack', nth }, fault }];
};
const many = 30;

test('if no message is lost, both attack, at k + 1 messages, for every k', () => {
  for (let k = 0; k <= many; k++) {
    const finished = run(k);
    assert.deepEqual(finished.decisions, { A: ['attack'], B: ['attack'] });
    assert.equal(finished.verdicts['coordinated-attack/all-heard'], 'holds');
    assert.deepEqual(violations(finished.world), []);
    for (const { name, expected, measured } of twoGenerals.costs ?? []) {
      assert.equal(measured(finished.world.costs), expected({ general: 2 }, finished.world.scenario.parameters), name);
    }
  }
});

test('without an order nobody attacks', () => {
  for (let k = 0; k <= 5; k++) assert.deepEqual(run(k, {}, { inputs: [] }).decisions, { A: ['stay'], B: ['stay'] });
});

test('lose exactly the last message: its sender attacks alone, for every k', () => {
  for (let k = 0; k <= many; k++) {
    const finished = run(k, {}, { faults: lose(k) });
    assert.deepEqual(finished.decisions[sender(k)], ['attack'], `k=${k}`);
    assert.deepEqual(finished.decisions[receiver(k)], ['stay']);
    assert.equal(finished.world.faults[0]?.touched, 1);
    assert.equal(finished.verdicts['coordinated-attack/agreement'], 'violated');
  }
});

test('lose any other message, and nobody attacks', () => {
  for (let k = 1; k <= 12; k++) {
    for (let lost = 0; lost < k; lost++) {
      const finished = run(k, {}, { faults: lose(lost) });
      assert.deepEqual(finished.decisions, { A: ['stay'], B: ['stay'] }, `k=${k}, lost ${lost}`);
      assert.deepEqual(violations(finished.world), []);
    }
  }
});

test('the one who attacks alone has seen just what it sees when all is well', () => {
  for (let k = 0; k <= 10; k++) {
    const seen = ({ trace }: Finished) =>
      trace
        .filter(({ choice, node }) => node === sender(k) && (choice.type === 'deliver' || choice.type === 'input'))
        .map(({ message }) => message?.body ?? null);
    assert.deepEqual(seen(run(k, {}, { faults: lose(k) })), seen(run(k)));
  }
});

const lossy = (seed: number, k: number, loss: number, parameters: JsonObject = {}): Finished =>
  run(k, parameters, {
    seed,
    network: {
      latency: { kind: 'uniform', minMs: 20, maxMs: 60 },
      order: 'unordered',
      loss,
      duplicate: loss === 0 ? 0.2 : 0,
    },
  });

test('over a lossy link the generals part exactly when the last message, and no other, is lost', () => {
  let parted = 0;
  for (let seed = 0; seed < runsOr(400); seed++) {
    const k = seed % 6;
    const finished = lossy(seed, k, 0.25);
    const sent = finished.world.costs.messages;
    const differ = finished.decisions.A?.[0] !== finished.decisions.B?.[0];
    assert.equal(differ, sent === k + 1 && finished.world.costs.dropped === 1, `seed ${seed}`);
    const broken = violations(finished.world).filter((text) => !text.startsWith('coordinated-attack/agreement'));
    assert.deepEqual(broken, []);
    if (differ) parted += 1;
  }
  assert.ok(parted > 0);
});

test('inside its bound, when nothing is lost, nothing is violated', () => {
  for (let seed = 0; seed < runsOr(300); seed++) {
    const finished = lossy(seed, seed % 10, 0);
    assert.deepEqual(violations(finished.world), []);
    assert.deepEqual(finished.decisions, { A: ['attack'], B: ['attack'] });
  }
});

test('the optimistic general is caught within 20 runs in which the last message is never lost; the careful one never', () => {
  const parts = (seed: number, parameters: JsonObject): boolean => {
    const k = 1 + (seed % 5);
    const faults = lose(seed % k);
    return violations(run(k, parameters, { faults, seed }).world).length > 0;
  };
  const seeds = Array.from({ length: 20 }, (_, seed) => seed);
  for (const { parameters } of twoGenerals.wrongVariants ?? [])
    assert.ok(seeds.some((seed) => parts(seed, parameters)));
  assert.ok(!seeds.some((seed) => parts(seed, {})));
});

/** What a clause says of a finished run with k = 2, if the generals had decided otherwise. */
function judged(name: string, decision: string, inputs = order) {
  const property = twoGenerals.properties.find((each) => each.name === name) as Protocol['properties'][number];
  const { view } = run(2, {}, { inputs }).world;
  const nodes = view.nodes.map((node) => ({ ...node, decisions: [decision] }));
  return property.test({ ...view, nodes, honest: nodes, anyFault: false }, null);
}

test('a general who never attacks keeps agreement, and is a coward by the rules', () => {
  assert.equal(judged('coordinated-attack/agreement', 'stay'), true);
  const why = 'A stays, although the attack was ordered and no message was missed';
  assert.deepEqual(judged('coordinated-attack/courage', 'stay'), { clause: 'courage', nodes: ['A'], why });
  assert.equal(judged('coordinated-attack/courage', 'attack'), true);
});

test('generals who always attack keep agreement, and disobey', () => {
  assert.equal(judged('coordinated-attack/agreement', 'attack', []), true);
  const why = 'A attacks, and nobody ordered it';
  assert.deepEqual(judged('coordinated-attack/obedience', 'attack', []), { clause: 'obedience', nodes: ['A'], why });
});

test('what the lessons tell to try comes out as they say', async () => {
  for (let seed = 0; seed < 10; seed++) {
    const longer = await tried('last-messenger', seed, ['parameters.acknowledgements=4']);
    assert.deepEqual(longer.decisions, { A: 'stay', B: 'stay' });
    const shorter = await tried('last-messenger', seed, ['parameters.acknowledgements=2']);
    assert.deepEqual(shorter.decisions, { A: 'attack', B: 'attack' });
    const careful = await tried('optimistic-general', seed, ['parameters.optimistic=false']);
    assert.deepEqual(careful.decisions, { A: 'stay', B: 'stay' });
    const none = await tried('attack-at-dawn', seed, ['parameters.acknowledgements=0']);
    assert.equal(none.costs.messages, 1);
  }
});
