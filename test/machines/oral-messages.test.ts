import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { majority, pathsOf } from '../../machines/oral-messages/reports.ts';
import oralMessages from '../../machines/oral-messages.ts';
import type { Fault } from '../../src/core/faults.ts';
import type { Json, JsonObject, Message, Protocol } from '../../src/core/protocol.ts';
import { type Finished, nodesOf, runScenario, scenarioOf, violations } from './drive.ts';

const camp = (n: number) => nodesOf({ C: 'commander', L: ['lieutenant', n - 1] });
const traitor = (node: string, more: Partial<Extract<Fault, { type: 'traitor' }>> = {}) => ({
  at: 0,
  fault: { type: 'traitor' as const, node, behaviour: 'wrong-value' as const, ...more },
});
const synchronous = {
  model: 'synchronous',
  boundMs: 60,
  failures: 'byzantine',
  network: { latency: { kind: 'uniform', minMs: 10, maxMs: 60 }, order: 'unordered', loss: 0, duplicate: 0 },
} as const;

function council(n: number, parameters: JsonObject, faults: ReturnType<typeof traitor>[] = [], seed = 1): Finished {
  return runScenario(oralMessages, scenarioOf(oralMessages, camp(n), parameters, { ...synchronous, faults, seed }));
}

/** The same protocol with traitors who say what `script` says, message by message; null is silence. */
function withScript(n: number, parameters: JsonObject, traitors: readonly string[], script: readonly Json[]): Finished {
  let next = 0;
  const lie = (honest: Message): Message[] => {
    const value = script[next++ % script.length] as Json;
    // a path that nobody can believe is as good as silence
    return [value === null ? { ...honest, path: [] } : { ...honest, value }];
  };
  const scripted: Protocol = { ...oralMessages, lies: { order: lie } };
  const faults = traitors.map((node) => traitor(node));
  return runScenario(scripted, scenarioOf(scripted, camp(n), parameters, { ...synchronous, faults }));
}

test('messages are counted exactly: 9 for n=4, m=1; 156 for n=7, m=2; 3609 for n=10, m=3', () => {
  for (const [n, m, messages] of [
    [4, 1, 9],
    [7, 2, 156],
    [10, 3, 3609],
  ] as const) {
    assert.equal(council(n, { m }).world.costs.messages, messages);
  }
});

test('costs are the published ones for every n from 3 to 10', () => {
  for (let n = 3; n <= 10; n++) {
    for (let m = 0; m <= Math.min(2, n - 2); m++) {
      const { world, decisions } = council(n, { m });
      for (const cost of oralMessages.costs ?? []) {
        const expected = cost.expected({ commander: 1, lieutenant: n - 1 }, world.scenario.parameters);
        assert.equal(cost.measured(world.costs), expected, `${cost.name}, n=${n}, m=${m}`);
      }
      assert.ok(Object.values(decisions).every((decided) => decided.length === 1 && decided[0] === 'attack'));
    }
  }
});

test('three generals: a traitor lieutenant makes a loyal one disobey a loyal commander', () => {
  const { verdicts, decisions } = council(3, { m: 1 }, [traitor('L2')]);
  assert.equal(verdicts['byzantine-generals/IC2'], 'violated');
  assert.deepEqual(decisions.L1, ['retreat']);
});

const words: readonly Json[] = ['attack', 'retreat', 'dance', null];
const sequences = (length: number): Json[][] =>
  length === 0 ? [[]] : sequences(length - 1).flatMap((start) => words.map((word) => [...start, word]));

test('three generals: under a traitor commander the two lieutenants always agree', () => {
  for (const script of sequences(2)) {
    for (const defaultOrder of ['attack', 'retreat']) {
      const { decisions } = withScript(3, { m: 1, defaultOrder }, ['C'], script);
      assert.deepEqual(decisions.L1, decisions.L2, JSON.stringify(script));
    }
  }
});

test('four generals, one traitor: every sequence of lies is tried, and none breaks IC1 or IC2', () => {
  for (const order of ['attack', 'retreat']) {
    for (const script of sequences(3)) {
      assert.deepEqual(violations(withScript(4, { m: 1, order }, ['C'], script).world), []);
    }
    for (const script of sequences(2)) {
      for (const liar of ['L1', 'L2', 'L3']) {
        const { world, verdicts } = withScript(4, { m: 1, order }, [liar], script);
        assert.deepEqual(violations(world), []);
        assert.equal(verdicts['byzantine-generals/loyal-order'], 'holds');
      }
    }
  }
});

const lies = fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 60 });
const two = fc.constantFrom(['C', 'L1'], ['C', 'L6'], ['L1', 'L2'], ['L3', 'L6']);

test('seven generals, two traitors, three rounds: no lies that were tried break IC1 or IC2', () => {
  fc.assert(
    fc.property(two, lies, (traitors, script) => {
      assert.deepEqual(violations(withScript(7, { m: 2 }, traitors, script).world), []);
    }),
    { numRuns: 60 },
  );
});

test('six generals, two traitors: lies are found that break it', () => {
  const faults = [traitor('L4', { targets: ['L1'] }), traitor('L5', { targets: ['L1'] })];
  assert.equal(council(6, { m: 2 }, faults).verdicts['byzantine-generals/IC2'], 'violated');
  assert.deepEqual(violations(council(7, { m: 2 }, faults).world), []);
});

test('four generals, two traitors: the two loyal ones part ways', () => {
  const faults = [traitor('C', { targets: ['L2'] }), traitor('L3', { targets: ['L2'] })];
  assert.equal(council(4, { m: 1 }, faults).verdicts['byzantine-generals/IC1'], 'violated');
});

test('four generals, two traitors: a round more does not help, though it takes other lies', () => {
  const faults = [traitor('C', { targets: ['L3'] }), traitor('L3', { targets: ['L1'] })];
  assert.equal(council(4, { m: 2 }, faults).verdicts['byzantine-generals/IC1'], 'violated');
});

test('a round too few: a traitor commander splits any number of lieutenants', () => {
  const [variant] = oralMessages.wrongVariants ?? [];
  for (let n = 4; n <= 9; n++) {
    const { verdicts } = council(n, variant?.parameters ?? {}, [traitor('C', { targets: ['L2'] })]);
    assert.equal(verdicts[variant?.breaks ?? ''], 'violated');
  }
});

test('no behaviour of one traitor among four does any harm, whoever it is', () => {
  const behaviours = [
    'silent',
    'omit',
    'equivocate',
    'wrong-value',
    'replay',
    'duplicate',
    'amnesia',
    'mutate',
    'collude',
  ];
  for (const behaviour of behaviours as Extract<Fault, { type: 'traitor' }>['behaviour'][]) {
    for (const node of ['C', 'L1', 'L3']) {
      for (let seed = 0; seed < 5; seed++) {
        const { world } = council(4, { m: 1 }, [traitor(node, { behaviour })], seed);
        assert.deepEqual(violations(world), [], `${node} ${behaviour} seed ${seed}`);
      }
    }
  }
});

test('silence counts as the default order, and is noticed at the end of the round', () => {
  const { decisions } = council(4, { m: 1, defaultOrder: 'retreat' }, [traitor('C', { behaviour: 'silent' })]);
  assert.deepEqual([decisions.L1, decisions.L2, decisions.L3], [['retreat'], ['retreat'], ['retreat']]);
});

test('a majority is strict: a tie is decided by the default', () => {
  assert.equal(majority(['attack', 'retreat'], 'retreat'), 'retreat');
  assert.equal(majority(['attack', 'attack', 'retreat'], 'retreat'), 'attack');
  assert.equal(majority([], 'retreat'), 'retreat');
});

test('paths never pass through the same general twice, nor through the listener', () => {
  const paths = pathsOf(3, 'C', ['L1', 'L2', 'L3', 'L4'], 'L2');
  assert.equal(paths.length, 6);
  for (const path of paths) assert.ok(new Set([...path, 'L2']).size === 4 && path[0] === 'C');
});
