import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolveScenarioText } from '../../src/scenario/load.ts';
import { isWrong, parseDistribution, parseDuration, parseOffset } from '../../src/scenario/quantities.ts';
import vote from '../fixtures/vote-protocol.ts';
import { example, mistakesIn, read, variant } from './example.ts';

test('the example of the documentation resolves, with durations in milliseconds', async () => {
  const scenario = await read(example);
  assert.equal(scenario.name, 'my');
  assert.deepEqual(scenario.network, {
    latency: { kind: 'uniform', minMs: 20, maxMs: 60 },
    order: 'unordered',
    loss: 0,
    duplicate: 0,
  });
  assert.deepEqual(scenario.inputs, [{ atMs: 0, node: 'C', input: 'begin', data: { transaction: 't1' } }]);
  assert.deepEqual(scenario.faults, [
    {
      when: { node: 'C', on: 'sends', what: 'commit', nth: 1 },
      fault: {
        type: 'partition',
        groups: [
          ['C', 'P1'],
          ['P2', 'P3'],
        ],
      },
    },
    { at: 5000, fault: { type: 'heal' } },
    { at: 1500, fault: { type: 'traitor', node: 'P1', behaviour: 'equivocate', targets: ['P2'], kinds: ['yes'] } },
    { at: 0, fault: { type: 'delay', byMs: 120_000, kind: 'yes' } },
  ]);
  assert.deepEqual(scenario.expect, [
    { property: 'atomic-commit/agreement', verdict: 'holds' },
    { blocked: ['P2', 'P3'], beforeMs: 5000 },
    { decided: { P1: 'commit', P2: null } },
    { reached: { node: 'C', state: 'collecting.late' } },
    { messages: 9, kind: 'yes' },
  ]);
});

test('every parameter of the protocol is there, and every node in a map', async () => {
  assert.deepEqual((await read(example)).parameters, {
    voteTimeout: 500,
    retries: 3,
    rate: 1.5,
    acks: false,
    label: 'x',
    quorum: 'majority',
    extra: null,
    votes: { P1: 'yes', P2: 'yes', P3: 'yes' },
  });
});

test('the least scenario is complete', async () => {
  const scenario = await read('protocol: vote\nnodes: { C: chair }\n');
  assert.equal(scenario.title, 'my');
  assert.equal(scenario.untilMs, 60_000);
  assert.equal(scenario.seed, 1);
  assert.deepEqual(scenario.network.latency, { kind: 'uniform', minMs: 10, maxMs: 50 });
  assert.deepEqual([scenario.faults, scenario.inputs, scenario.expect, scenario.budget], [[], [], [], {}]);
});

test('one plain value for a map of nodes goes to all, and yes is true for a flag', async () => {
  const scenario = await read(variant('votes: { P1: yes, P2: yes }', 'votes: no, acks: yes, rate: 2s'));
  assert.deepEqual(scenario.parameters.votes, { P1: 'no', P2: 'no', P3: 'no' });
  assert.equal(scenario.parameters.acks, true);
  assert.equal(scenario.parameters.rate, 2000);
});

test('an input takes the defaults of the protocol for what it leaves out', async () => {
  const scenario = await read(variant('transaction: t1', 'size: 3'));
  assert.deepEqual(scenario.inputs[0]?.data, { transaction: 't0', size: 3 });
});

test('a trigger may wait for any message, and for a decided value', async () => {
  const any = await read(variant('sends: commit, nth: 1', 'receives: any'));
  assert.deepEqual(any.faults[0], {
    when: { node: 'C', on: 'receives', what: null, nth: 1 },
    fault: {
      type: 'partition',
      groups: [
        ['C', 'P1'],
        ['P2', 'P3'],
      ],
    },
  });
  const decided = await read(variant('sends: commit', 'decides: 7'));
  assert.deepEqual((decided.faults[0] as { when: unknown }).when, { node: 'C', on: 'decides', what: 7, nth: 1 });
});

test('a challenge and a constraint are kept as they are', async () => {
  const goal = { not: { violated: 'atomic-commit/agreement' } };
  const scenario = await read(
    `${example}challenge: { points: 10, goal: ${JSON.stringify(goal)} }\nconstraint: { depth: 9 }\n`,
  );
  assert.deepEqual(scenario.challenge?.goal, goal);
  assert.equal(scenario.challenge?.points, 10);
  assert.deepEqual(scenario.constraint, { depth: 9 });
});

test('settings change a scenario, with and without `parameters.`', async () => {
  const scenario = await read(example, [
    'network.loss=0.1',
    'voteTimeout=2s',
    'parameters.votes.P1=no',
    'faults.1.at=6s',
  ]);
  assert.equal(scenario.network.loss, 0.1);
  assert.equal(scenario.parameters.voteTimeout, 2000);
  assert.deepEqual(scenario.parameters.votes, { P1: 'no', P2: 'yes', P3: 'yes' });
  assert.deepEqual(scenario.faults[1], { at: 6000, fault: { type: 'heal' } });
});

test('a mistake in a setting is reported as one, with the nearest right name', async () => {
  assert.deepEqual(await mistakesIn(example, ['network.los=1']), [
    'unknown key `los` in `network`; did you mean loss?',
  ]);
  assert.deepEqual(await mistakesIn(example, ['voteTimeot=2s']), [
    'there is no `voteTimeot` to set; did you mean voteTimeout?',
  ]);
  assert.deepEqual(await mistakesIn(example, ['votes.P9=no']), ['there is no node `P9`; did you mean P1?']);
  assert.deepEqual(await mistakesIn(example, ['faults.9.at=1s']), [
    '`faults` has 4 entries, counted from 0; it has no `9`',
  ]);
  assert.match((await mistakesIn(example, ['loss']))[0] ?? '', /no setting; write path=value/);
  assert.match((await mistakesIn(example, ['__proto__.x=1']))[0] ?? '', /not allowed/);
  await assert.rejects(read(example, ['network.loss=7']), {
    message: '--set network.loss=7: `loss` is `7`, but must be 1 or less',
  });
  await assert.rejects(read(example, ['clocks.Q.rate=2']), {
    message: /^--set clocks\.Q\.rate=2: there is no node `Q`/,
  });
  await assert.rejects(resolveScenarioText(example, 'my.yaml', { overrides: ['protocol=./gone.ts'] }), {
    message: /^--set protocol=\.\/gone\.ts: there is no protocol file/,
  });
});

test('a seed given by the caller replaces that of the file', async () => {
  const { scenario } = await resolveScenarioText(example, 'my.yaml', { seed: 7, loadProtocol: async () => vote });
  assert.equal(scenario.seed, 7);
});

test('durations: units, fractions, a bare zero, and nothing else', () => {
  assert.deepEqual(['0', 0, '20ms', '1.5s', '2m', '1 s'].map(parseDuration), [0, 0, 20, 1500, 120_000, 1000]);
  for (const wrong of [5, '5', 'x', '', '-1s', '1e3ms', null, true, '5 hours', '١s'])
    assert.ok(isWrong(parseDuration(wrong)));
  assert.deepEqual(['-200ms', '+1s', 0].map(parseOffset), [-200, 1000, 0]);
});

test('latencies: constant, range, normal, exponential', () => {
  assert.deepEqual(parseDistribution('normal(50ms, 10ms)'), { kind: 'normal', meanMs: 50, deviationMs: 10 });
  assert.deepEqual(parseDistribution('exponential(40ms)'), { kind: 'exponential', meanMs: 40 });
  assert.deepEqual(parseDistribution('5ms .. 1s'), { kind: 'uniform', minMs: 5, maxMs: 1000 });
  assert.deepEqual(parseDistribution(0), { kind: 'constant', ms: 0 });
  for (const wrong of ['normal(5ms)', 'exponential()', '1ms..', '..', 'normal(5, 1ms)', {}])
    assert.ok(isWrong(parseDistribution(wrong)));
});
