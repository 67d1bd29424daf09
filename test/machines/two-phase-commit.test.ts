import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import twoPhaseCommit from '../../machines/two-phase-commit.ts';
import type { Fault } from '../../src/core/faults.ts';
import type { Effect, JsonObject } from '../../src/core/protocol.ts';
import type { Scenario } from '../../src/core/scenario.ts';
import { type Finished, inputOf, nodesOf, runScenario, scenarioOf, violations, walk } from './drive.ts';
import { tried } from './lessons.ts';

const sites = (participants: number) => nodesOf({ C: 'coordinator', P: ['participant', participants] });
const begin = (node = 'C') => [{ atMs: 0, node, input: 'begin', data: { transaction: 't1' } }];
const crash = (node: string): Fault => ({ type: 'crash', node });
const restart = (node: string): Fault => ({ type: 'restart', node });
const run = (parameters: JsonObject = {}, more: Partial<Scenario> = {}, participants = 3): Finished =>
  runScenario(
    twoPhaseCommit,
    scenarioOf(twoPhaseCommit, sites(participants), parameters, { inputs: begin(), ...more }),
  );
/** The scenario's fault strikes when `node` does it for the nth time. */
const when = (node: string, on: 'sends' | 'receives', what: string, nth: number, fault: Fault) => ({
  when: { node, on, what, nth },
  fault,
});
const effectsOf = ({ trace }: Finished, node: string): Effect[] =>
  trace.filter((event) => event.node === node).flatMap(({ effects }) => effects);
const indexOfSend = (effects: readonly Effect[], kind: string): number =>
  effects.findIndex((effect) => effect.type === 'send' && effect.message.type === kind);
const indexOfRecord = (effects: readonly Effect[], key: string): number =>
  effects.findIndex((effect) => effect.type === 'persist' && effect.key === key);
const all = (decision: string, participants = 3) =>
  Object.fromEntries(Object.keys(sites(participants)).map((id) => [id, [decision]]));

test('a run without faults costs what is published, with and without acks, whoever begins', () => {
  for (let n = 1; n <= 8; n++) {
    for (const acks of [false, true]) {
      for (const initiator of ['coordinator', 'participant']) {
        const finished = run({ acks, initiator }, { inputs: begin(initiator === 'coordinator' ? 'C' : 'P1') }, n);
        assert.deepEqual(finished.decisions, all('commit', n));
        assert.ok(finished.quiet);
        for (const cost of twoPhaseCommit.costs ?? []) {
          const expected = cost.expected({ coordinator: 1, participant: n }, finished.world.scenario.parameters);
          if (expected !== null) assert.equal(cost.measured(finished.world.costs), expected, `${cost.name}, n=${n}`);
        }
        const messages = (acks ? 4 : 3) * n - (initiator === 'participant' ? 1 : 0);
        assert.equal(finished.world.costs.messages, messages);
      }
    }
  }
});

test('a participant forces its vote to the log before it says yes', () => {
  const effects = effectsOf(run(), 'P2');
  assert.ok(indexOfRecord(effects, 'prepared') >= 0);
  assert.ok(indexOfRecord(effects, 'prepared') < indexOfSend(effects, 'yes'));
  assert.equal(indexOfRecord(effectsOf(run({ logVote: false }), 'P2'), 'prepared'), -1);
});

test('the coordinator forces the commit to the log before anybody hears of it', () => {
  const effects = effectsOf(run(), 'C');
  assert.ok(indexOfRecord(effects, 'committed') >= 0);
  assert.ok(indexOfRecord(effects, 'committed') < indexOfSend(effects, 'commit'));
});

test('one no is enough: all abort, and who voted no waits for nobody', () => {
  const finished = run({ votes: { P1: 'yes', P2: 'no', P3: 'yes' } });
  assert.deepEqual(finished.decisions, all('abort'));
  const receiver = finished.trace.find((event) => event.effects.some(({ type }) => type === 'decide'));
  assert.equal(receiver?.node, 'P2');
  assert.equal(finished.world.costs.byKind.abort, 2);
});

test('a late vote counts as a no, and that is a failure, not a breach of validity', () => {
  const finished = run({ voteTimeout: 30 });
  assert.deepEqual(finished.decisions, all('abort'));
  assert.equal(finished.verdicts['atomic-commit/commit-validity'], 'holds');
  assert.equal(finished.verdicts['atomic-commit/termination'], 'holds');
});

test('a coordinator that crashed before deciding finds nothing in its log, and that means abort', () => {
  const faults = [when('C', 'receives', 'yes', 3, crash('C')), { at: 3000, fault: restart('C') }];
  const { decisions, verdicts } = run({}, { faults });
  assert.deepEqual(decisions, all('abort'));
  assert.equal(verdicts['atomic-commit/termination'], 'holds');
});

test('a coordinator that crashed after its commit record tells everybody again', () => {
  for (const acks of [false, true]) {
    const faults = [when('C', 'sends', 'commit', 1, crash('C')), { at: 3000, fault: restart('C') }];
    const { decisions, quiet } = run({ acks }, { faults });
    assert.deepEqual(decisions, all('commit'));
    assert.ok(quiet);
  }
});

test('a prepared participant that restarts asks, and does as it is told', () => {
  const faults = [when('P2', 'sends', 'yes', 1, crash('P2')), { at: 1000, fault: restart('P2') }];
  const { decisions } = run({}, { faults });
  assert.deepEqual(decisions, all('commit'));
});

test('all uncertain: they block, with and without cooperative termination, until all timers have fired', () => {
  for (const cooperative of [false, true]) {
    const faults = [when('C', 'receives', 'yes', 3, crash('C'))];
    const parameters = { cooperative, requestLimit: 5 };
    const { decisions, quiet, world } = run(parameters, { faults, failures: 'crash-stop' });
    assert.ok(quiet);
    assert.deepEqual(decisions, { C: [], P1: [], P2: [], P3: [] });
    assert.ok(world.nodes.slice(1).every(({ path }) => path === 'prepared'));
    assert.ok(world.blockedSets.some(({ nodes }) => ['P1', 'P2', 'P3'].every((id) => nodes.includes(id))));
    assert.equal(world.costs.byKind.uncertain ?? 0, cooperative ? 30 : 0);
  }
});

test('cooperative termination: one participant that knows tells the others', () => {
  const faults = [when('C', 'sends', 'commit', 1, crash('C'))];
  const { decisions, verdicts } = run({ cooperative: true }, { faults, failures: 'crash-stop' });
  assert.deepEqual(decisions, all('commit'));
  assert.equal(verdicts['atomic-commit/termination'], 'holds');
});

test('cooperative termination: a participant that was never asked answers with abort', () => {
  const faults = [when('C', 'sends', 'prepare', 2, crash('C'))];
  const { decisions } = run({ cooperative: true }, { faults, failures: 'crash-stop' });
  assert.deepEqual(decisions, { C: [], P1: ['abort'], P2: ['abort'], P3: ['abort'] });
});

test('with acks, a lost decision is repeated until it is acknowledged', () => {
  const drop: Fault = { type: 'drop', kind: 'commit', to: 'P2', count: 2 };
  const { decisions, world } = run({ acks: true, decisionTimeout: 50_000 }, { faults: [{ at: 0, fault: drop }] });
  assert.deepEqual(decisions, all('commit'));
  assert.equal(world.costs.byKind.commit, 5);
});

test('in the fail-stop model the coordinator does not wait for the vote of the dead', () => {
  const faults = [when('P2', 'receives', 'prepare', 1, crash('P2'))];
  const { decisions, trace } = run({ voteTimeout: 20_000 }, { faults, failures: 'fail-stop' });
  assert.deepEqual(decisions.C, ['abort']);
  assert.ok(trace.every(({ choice }) => choice.type !== 'fire' || !choice.timer.startsWith('voteTimeout')));
});

test('a participant may give up its part until it has voted', () => {
  const inputs = [{ atMs: 0, node: 'P1', input: 'rollback', data: {} }, ...begin()];
  assert.deepEqual(run({}, { inputs }).decisions, all('abort'));
});

test('a partition blocks, but never splits', () => {
  const partition: Fault = {
    type: 'partition',
    groups: [
      ['C', 'P1'],
      ['P2', 'P3'],
    ],
  };
  for (const [kind, sender] of [
    ['prepare', 'C'],
    ['yes', 'P2'],
    ['commit', 'C'],
  ] as const) {
    for (let nth = 1; nth <= (sender === 'C' ? 3 : 1); nth++) {
      const faults = [when(sender, 'sends', kind, nth, partition), { at: 5000, fault: { type: 'heal' } as const }];
      const { verdicts, world } = run({}, { faults });
      assert.deepEqual(violations(world), []);
      assert.equal(verdicts['atomic-commit/termination'], 'holds');
    }
  }
});

const schedule = fc.array(fc.nat(), { minLength: 160, maxLength: 160 });
/** The transaction is begun, and sometimes begun again by who has forgotten it. */
const walkOf = (parameters: JsonObject, numbers: readonly number[]) => {
  const first = parameters.initiator === 'participant' ? 'P1' : 'C';
  const scenario = scenarioOf(twoPhaseCommit, sites(3), parameters, { inputs: begin(first) });
  const again = inputOf(first, 'begin', { transaction: 't1' });
  return walk(twoPhaseCommit, scenario, numbers, { inputs: [again, inputOf('P3', 'rollback', {})], timersPercent: 4 });
};
const variants: readonly JsonObject[] = [{}, { acks: true }, { cooperative: true }, { initiator: 'participant' }];

for (const parameters of variants) {
  const name = JSON.stringify(parameters);
  test(`${name}: no schedule of crashes, restarts, losses and duplicates breaks atomic commit`, () => {
    let committed = 0;
    fc.assert(
      fc.property(schedule, (numbers) => {
        const world = walkOf(parameters, numbers);
        assert.deepEqual(violations(world), []);
        if (world.nodes.some(({ decisions }) => decisions.includes('commit'))) committed += 1;
      }),
      { numRuns: 200 },
    );
    assert.ok(committed > 20, `the schedules must sometimes commit, or they prove little: ${committed} of 200`);
  });
}

/** The stated number: so many random schedules, from a fixed seed, are enough to catch each mistake. */
const schedulesEnough = 400;
for (const { parameters, breaks } of twoPhaseCommit.wrongVariants ?? []) {
  test(`${JSON.stringify(parameters)} breaks ${breaks} within ${schedulesEnough} random schedules`, () => {
    const found = fc.check(
      fc.property(
        schedule,
        (numbers) => !violations(walkOf(parameters, numbers)).some((text) => text.startsWith(breaks)),
      ),
      { seed: 1, numRuns: schedulesEnough, endOnFailure: true },
    );
    assert.ok(found.failed);
  });
}

test('a traitor coordinator splits the participants: the bound is no traitor at all', () => {
  const traitor: Fault = { type: 'traitor', node: 'C', behaviour: 'wrong-value', targets: ['P3'] };
  const { decisions, verdicts } = run({}, { faults: [{ at: 0, fault: traitor }], failures: 'byzantine' });
  assert.deepEqual([decisions.P1, decisions.P3], [['commit'], ['abort']]);
  assert.equal(verdicts['atomic-commit/agreement'], 'violated');
});

test('a participant that crashes before it votes makes them abort, and blocks nobody; whoever begins saves a message', async () => {
  const crash = (at: number) => ({ at, fault: { type: 'crash', node: 'P2' } as const });
  const restart = (at: number) => ({ at, fault: { type: 'restart', node: 'P2' } as const });
  for (let seed = 0; seed < 20; seed++) {
    for (const at of [100, 400, 2000]) {
      const { decisions } = await tried('crash-before-the-vote', seed, [], { faults: [crash(10), restart(at)] });
      assert.deepEqual(decisions, { C: 'abort', P1: 'abort', P2: 'abort', P3: 'abort' });
    }
    const voted = await tried('crash-before-the-vote', seed, [], { faults: [crash(130), restart(2000)] });
    assert.deepEqual(voted.decisions, { C: 'commit', P1: 'commit', P2: 'commit', P3: 'commit' }, 'its vote has left');
    const refused = await tried('participant-begins', seed, ['votes.P1=no']);
    assert.deepEqual(refused.decisions, { C: 'abort', P1: 'abort', P2: 'abort', P3: 'abort' });
    const acknowledged = await tried('participant-begins', seed, ['acks=true']);
    assert.equal(acknowledged.costs.messages, 11);
  }
});
