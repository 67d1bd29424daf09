import assert from 'node:assert/strict';
import { test } from 'node:test';
import interactiveConsistency from '../../machines/interactive-consistency.ts';
import type { Json, JsonObject, Message, NodeView, Protocol } from '../../src/core/protocol.ts';
import type { ScheduledFault } from '../../src/core/scenario.ts';
import { nodeView, viewOf } from '../core/views.ts';
import { type Finished, nodesOf, runScenario, scenarioOf, violations } from './drive.ts';
import { runsOr, synchronous, traitor, treason } from './treason.ts';

const equals = (n: number) => nodesOf({ G: ['general', n] });
const led = (n: number) => nodesOf({ C: 'commander', L: ['general', n - 1] });
const meet = (
  nodes: Readonly<Record<string, string>>,
  parameters: JsonObject,
  faults: readonly ScheduledFault[] = [],
  seed = 1,
  protocol: Protocol = interactiveConsistency,
): Finished => runScenario(protocol, scenarioOf(protocol, nodes, parameters, { ...synchronous, faults, seed }));

const problems = ['interactive-consistency', 'consensus', 'byzantine-generals'] as const;
const mixed = (nodes: Readonly<Record<string, string>>, seed: number): JsonObject =>
  Object.fromEntries(Object.keys(nodes).map((id, i) => [id, (seed >> i) & 1 ? 'attack' : 'retreat']));

test('costs are the published ones for every n from 3 to 10: n times OM(m)', () => {
  for (let n = 3; n <= 10; n++) {
    for (let m = 0; m <= Math.min(n <= 7 ? 2 : 1, n - 2); m++) {
      for (const solve of problems) {
        const { world } = meet(led(n), { solve, m });
        for (const cost of interactiveConsistency.costs ?? []) {
          const expected = cost.expected({ commander: 1, general: n - 1 }, world.scenario.parameters);
          assert.equal(cost.measured(world.costs), expected, `${cost.name}, n=${n}, m=${m}, ${solve}`);
        }
      }
    }
  }
});

test('n=4, m=1 takes 36 messages, four times the nine of OM(1)', () => {
  assert.equal(meet(equals(4), { m: 1 }).world.costs.messages, 36);
});

test('without traitors the vector is what everybody proposed', () => {
  const nodes = equals(5);
  const { decisions } = meet(nodes, { values: mixed(nodes, 0b10110) });
  for (const decided of Object.values(decisions)) assert.deepEqual(decided, [mixed(nodes, 0b10110)]);
});

test('all correct nodes hold the same vector, correct where the source is correct', () => {
  const nodes = equals(4);
  const values = mixed(nodes, 0b0011);
  const { world, decisions } = meet(nodes, { values }, [traitor('G4', { behaviour: 'equivocate' })]);
  assert.deepEqual(violations(world), []);
  const [vector] = decisions.G1 as [JsonObject];
  assert.deepEqual(decisions.G3, [vector]);
  assert.deepEqual({ ...vector, G4: null }, { ...values, G4: null });
});

test('C from IC: generals who all propose the same decide it, and the others decide alike', () => {
  const nodes = equals(4);
  for (let opinions = 0; opinions < 16; opinions++) {
    const values = mixed(nodes, opinions);
    const { world, decisions, verdicts } = meet(nodes, { solve: 'consensus', values }, [traitor('G4')], opinions);
    assert.deepEqual(violations(world), []);
    assert.equal(verdicts['consensus/termination'], 'holds');
    const proposals = new Set(['G1', 'G2', 'G3'].map((id) => values[id]));
    if (proposals.size === 1) assert.deepEqual(decisions.G1, [...proposals]);
  }
});

test('BG from C: the order of a loyal commander is obeyed, and a traitor commander does not split them', () => {
  const nodes = led(4);
  for (const order of ['attack', 'retreat']) {
    const values = { C: order, L1: 'attack', L2: 'retreat', L3: 'attack' };
    const loyal = meet(nodes, { solve: 'byzantine-generals', values }, [traitor('L3', { behaviour: 'equivocate' })]);
    assert.deepEqual([loyal.decisions.L1, loyal.decisions.L2], [[order], [order]]);
    assert.equal(loyal.verdicts['byzantine-generals/loyal-order'], 'holds');
    const split = meet(nodes, { solve: 'byzantine-generals', values }, [traitor('C', { targets: ['L2'] })]);
    assert.deepEqual(violations(split.world), []);
    assert.equal(split.verdicts['byzantine-generals/two-decided'], 'holds');
  }
});

/** A traitor that says what `script` says, message by message; null is silence: a path that nobody believes. */
function scripted(script: readonly Json[]): Protocol {
  let next = 0;
  const lie = (honest: Message): Message[] => {
    const value = script[next++ % script.length] as Json;
    return [value === null ? { ...honest, type: 'report', path: [] } : { ...honest, value }];
  };
  return { ...interactiveConsistency, lies: { report: lie, order: lie } };
}
const words: readonly Json[] = ['attack', 'retreat', null];

test('four generals, one traitor: every cycle of three lies is tried, and none does harm', () => {
  for (let code = 0; code < 27; code++) {
    const script = [code % 3, Math.floor(code / 3) % 3, Math.floor(code / 9)].map((i) => words[i] as Json);
    for (const solve of problems) {
      const { world } = meet(led(4), { solve }, [traitor('L3', { kinds: ['report', 'order'] })], 1, scripted(script));
      assert.deepEqual(violations(world), [], `${solve} ${JSON.stringify(script)}`);
    }
  }
});

test('three generals, one traitor: the vector of a loyal one is wrong about the other', () => {
  const values = { G1: 'attack', G2: 'attack', G3: 'attack' };
  const { verdicts } = meet(equals(3), { values }, [traitor('G3')]);
  assert.equal(verdicts['interactive-consistency/true-values'], 'violated');
});

test('the properties of the problems that are not being solved are left alone', () => {
  const { verdicts } = meet(equals(4), { solve: 'consensus' });
  assert.equal(verdicts['consensus/decided'], 'holds');
  assert.equal(verdicts['interactive-consistency/decided'], 'not reached');
  assert.equal(verdicts['byzantine-generals/loyal-order'], 'not reached');
});

test('random traitors inside the bound never break any of the three problems', () => {
  for (let seed = 0; seed < runsOr(120); seed++) {
    const [n, m] = seed % 12 === 0 ? [7, 2] : [4 + (seed % 3), 1];
    const nodes = led(n);
    const solve = problems[Math.floor(seed / 3) % 3] as string;
    const faults = treason(seed, Object.keys(nodes), m, 100 * (m + 3));
    const finished = meet(nodes, { solve, m, values: mixed(nodes, seed) }, faults, seed);
    assert.deepEqual(violations(finished.world), [], `seed ${seed}`);
    assert.equal(finished.verdicts[`${solve}/termination`], 'holds', `seed ${seed}`);
  }
});

/** The stated number: so many random treasons of one general are enough to catch each mistake. */
const seedsEnough = 100;
for (const { parameters, breaks } of interactiveConsistency.wrongVariants ?? []) {
  test(`${JSON.stringify(parameters)} breaks ${breaks} within ${seedsEnough} seeds, by one traitor`, () => {
    const isCaught = (seed: number): boolean => {
      const nodes = equals(5);
      const faults = treason(seed, Object.keys(nodes), 1, 200);
      return meet(nodes, { ...parameters, values: mixed(nodes, seed) }, faults, seed).verdicts[breaks] === 'violated';
    };
    assert.ok(Array.from({ length: seedsEnough }, (_, seed) => seed).some(isCaught));
  });
}

test('interactive consistency: a planted breach of each clause is found, and the nodes are named', () => {
  const node = (id: string, decision: Json, more: Partial<NodeView> = {}): NodeView =>
    nodeView(id, { role: 'general', decisions: decision === null ? [] : [decision], ...more });
  const judge = (name: string, nodes: readonly NodeView[]) => {
    const parameters = { solve: 'interactive-consistency', values: { A: 'attack', B: 'retreat' } };
    const view = viewOf(nodes, { parameters });
    const found = interactiveConsistency.properties.find((each) => each.name === `interactive-consistency/${name}`);
    return found?.test(view, null);
  };
  const truth = { A: 'attack', B: 'retreat' };
  const error = { A: 'attack', B: 'attack' };
  const nodesOfFailure = (verdict: unknown) => (verdict as { nodes?: unknown }).nodes;
  assert.equal(judge('same-vector', [node('A', truth), node('B', truth)]), true);
  assert.deepEqual(nodesOfFailure(judge('same-vector', [node('A', truth), node('B', error)])), ['A', 'B']);
  assert.deepEqual(nodesOfFailure(judge('true-values', [node('A', error), node('B', error)])), ['A', 'B']);
  assert.deepEqual(nodesOfFailure(judge('true-values', [node('A', 'attack'), node('B', null)])), ['A', 'A']);
  assert.equal(judge('true-values', [node('A', error), node('B', error, { honest: false })]), true);
  assert.equal(judge('same-vector', [node('A', truth), node('B', error, { everCrashed: true })]), true);
  assert.deepEqual(nodesOfFailure(judge('termination', [node('A', truth), node('B', null)])), ['B']);
});
