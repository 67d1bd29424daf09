import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ballotAbove } from '../../machines/paxos-commit/words.ts';
import paxosCommit from '../../machines/paxos-commit.ts';
import twoPhaseCommit from '../../machines/two-phase-commit.ts';
import type { Fault } from '../../src/core/faults.ts';
import type { JsonObject } from '../../src/core/protocol.ts';
import type { Scenario, ScheduledFault } from '../../src/core/scenario.ts';
import { type Finished, inputOf, nodesOf, runScenario, scenarioOf, violations, walk } from './drive.ts';
import { tried } from './lessons.ts';
import { randomCrashes, runsOr } from './random-crashes.ts';

type Nodes = Scenario['nodes'];
const separate = (managers: number, f: number): Nodes => nodesOf({ A: ['acceptor', 2 * f + 1], R: ['rm', managers] });
const shared = (managers: number): Nodes => nodesOf({ S: ['site', managers] });
const managersOf = (nodes: Nodes): string[] => Object.keys(nodes).filter((id) => nodes[id] !== 'acceptor');
const begin = (nodes: Nodes) => [
  { atMs: 0, node: managersOf(nodes)[0] as string, input: 'begin', data: { transaction: 't1' } },
];
const crash = (node: string): Fault => ({ type: 'crash', node });
const restart = (node: string): Fault => ({ type: 'restart', node });
const when = (node: string, on: 'sends' | 'receives' | 'enters', what: string, nth: number, fault: Fault) => ({
  when: { node, on, what, nth },
  fault,
});
const run = (nodes: Nodes, parameters: JsonObject = {}, more: Partial<Scenario> = {}): Finished =>
  runScenario(paxosCommit, scenarioOf(paxosCommit, nodes, parameters, { inputs: begin(nodes), ...more }));
const decided = ({ decisions }: Finished, nodes: Nodes) => managersOf(nodes).map((id) => decisions[id]?.join());
const rolesOf = (nodes: Nodes) => {
  const count = (role: string) => Object.values(nodes).filter((each) => each === role).length;
  return { rm: count('rm'), acceptor: count('acceptor'), site: count('site') };
};

/** Every message takes as long as every other, so that no chain of messages is overtaken by a longer one. */
const evenly = { latency: { kind: 'constant', ms: 30 }, order: 'unordered', loss: 0, duplicate: 0 } as const;

test('a run without faults costs what is published: separate and shared nodes, F = 0, 1 and 2, both variants', () => {
  for (const f of [0, 1, 2]) {
    for (let n = 3; n <= 10; n++) {
      for (const faster of [false, true]) {
        const layouts = n >= 2 * f + 1 ? [separate(n, f), shared(n)] : [separate(n, f)];
        for (const nodes of layouts) {
          const finished = run(nodes, { f, faster }, { network: evenly });
          assert.ok(finished.quiet);
          assert.deepEqual(new Set(decided(finished, nodes)), new Set(['commit']));
          for (const { name, expected, measured } of paxosCommit.costs ?? []) {
            const published = expected(rolesOf(nodes), finished.world.scenario.parameters);
            assert.notEqual(published, null);
            assert.equal(measured(finished.world.costs), published, `${name}: ${JSON.stringify({ f, n, faster })}`);
          }
        }
      }
    }
  }
});

test('five sites and F = 1: 17 messages against the 12 of two-phase commit, and 20 in the faster variant', () => {
  const messages = (parameters: JsonObject) => run(shared(5), parameters).world.costs.messages;
  assert.equal(messages({ f: 1 }), 17);
  assert.equal(messages({ f: 0 }), 12);
  assert.equal(messages({ f: 1, faster: true }), 20);
});

test('with F = 0 it costs as many messages as two-phase commit that a participant begins', () => {
  for (let n = 3; n <= 10; n++) {
    const nodes = nodesOf({ C: 'coordinator', P: ['participant', n] });
    const inputs = [{ atMs: 0, node: 'P1', input: 'begin', data: { transaction: 't1' } }];
    const scenario = scenarioOf(twoPhaseCommit, nodes, { initiator: 'participant' }, { inputs });
    const { messages } = runScenario(twoPhaseCommit, scenario).world.costs;
    assert.equal(run(separate(n, 0), { f: 0 }).world.costs.messages, messages);
  }
});

test('a leader’s ballots are its own, and each is the lowest above what it has heard of', () => {
  for (const acceptors of [1, 3, 5]) {
    for (let heard = 0; heard < 40; heard++) {
      const ballots = Array.from({ length: acceptors }, (_, index) => ballotAbove(heard, index, acceptors));
      assert.deepEqual(
        [...ballots].sort((a, b) => a - b),
        Array.from({ length: acceptors }, (_, i) => heard + 1 + i),
      );
      ballots.forEach((ballot, index) => {
        assert.equal((ballot - 1) % acceptors, index);
      });
    }
  }
});

test('one no is enough: all abort', () => {
  for (const nodes of [separate(3, 1), shared(4)]) {
    for (const faster of [false, true]) {
      const finished = run(nodes, { faster, votes: { [managersOf(nodes)[1] as string]: 'no' } });
      assert.deepEqual(new Set(decided(finished, nodes)), new Set(['abort']));
      assert.equal(finished.verdicts['atomic-commit/vetoed'], 'holds');
    }
  }
});

test('Paxos Commit decides where two-phase commit blocks, on the same schedule', () => {
  const faults = [when('C', 'receives', 'yes', 3, crash('C'))];
  const nodes = nodesOf({ C: 'coordinator', P: ['participant', 3] });
  const inputs = [{ atMs: 0, node: 'C', input: 'begin', data: { transaction: 't1' } }];
  const two = runScenario(twoPhaseCommit, scenarioOf(twoPhaseCommit, nodes, {}, { inputs, faults }));
  assert.deepEqual(two.decisions, { C: [], P1: [], P2: [], P3: [] });
  for (let seed = 0; seed < 20; seed++) {
    const leaderLost = [when('A1', 'receives', 'phase-2a', 3, crash('A1'))];
    const finished = run(separate(3, 1), {}, { faults: leaderLost, seed });
    assert.deepEqual(decided(finished, separate(3, 1)), ['commit', 'commit', 'commit']);
    assert.deepEqual(finished.world.blockedSets, []);
  }
});

test('two-phase commit is the case F = 0: the one acceptor is lost, and the prepared block until it is back', () => {
  const faults = [when('A1', 'receives', 'phase-2b', 1, crash('A1')), { at: 5000, fault: restart('A1') }];
  const finished = run(separate(3, 0), { f: 0 }, { faults });
  assert.ok(finished.world.blockedSets.some(({ nodes }) => nodes.length === 3));
  assert.deepEqual(decided(finished, separate(3, 0)), ['commit', 'commit', 'commit']);
});

test('F acceptors and any number of resource managers may crash, and the others decide', () => {
  let commits = 0;
  for (let seed = 0; seed < runsOr(400); seed++) {
    const f = 1 + (seed % 2);
    const nodes = seed % 3 === 0 ? shared(5) : separate(3, f);
    const parameters = { f, faster: seed % 5 === 0 };
    const acceptors = Object.keys(nodes).slice(0, 2 * f + 1);
    const others = Object.keys(nodes).slice(2 * f + 1);
    const options = { withinMs: 1500, restarts: seed % 4 === 0, kinds };
    const faults = [
      ...randomCrashes(seed, { ...options, mortal: acceptors, most: f }),
      ...randomCrashes(seed + 1_000_000, { ...options, mortal: others, most: others.length }),
    ];
    const finished = run(nodes, parameters, { faults, seed });
    assert.deepEqual(violations(finished.world), [], `seed ${seed}`);
    for (const { id, status, decisions } of finished.world.nodes) {
      if (nodes[id] !== 'acceptor' && status === 'up') assert.equal(decisions.length, 1, `seed ${seed}: ${id}`);
    }
    if (decided(finished, nodes).includes('commit')) commits += 1;
  }
  assert.ok(commits > runsOr(400) / 10, 'the crashes must leave some commits, or they prove nothing');
});
const kinds = ['prepare', 'phase-1a', 'phase-1b', 'phase-2a', 'phase-2b', 'commit', 'inquiry'];

const numbers = fc.array(fc.nat(), { minLength: 260, maxLength: 260 });
const begins = (nodes: Nodes) => managersOf(nodes).map((id) => inputOf(id, 'begin', { transaction: 't1' }));
for (const [name, nodes] of [
  ['separate nodes', separate(2, 1)],
  ['shared sites', shared(3)],
] as const) {
  test(`${name}: no schedule of crashes, restarts, losses and duplicates splits them or has an instance choose twice`, () => {
    let chosen = 0;
    fc.assert(
      fc.property(numbers, fc.boolean(), (schedule, faster) => {
        const world = walk(paxosCommit, scenarioOf(paxosCommit, nodes, { faster }), schedule, {
          inputs: begins(nodes),
        });
        assert.deepEqual(violations(world), []);
        if (world.properties.find(({ property }) => property.name === 'paxos-commit/chosen')?.settledAt !== null)
          chosen += 1;
      }),
      { numRuns: runsOr(250) },
    );
    assert.ok(chosen > runsOr(250) / 10, `the schedules must often choose something, or they prove nothing: ${chosen}`);
  });
}

/** The stated number: so many random schedules, from a fixed seed, are enough to catch each mistake. */
const schedulesEnough = 400;
for (const { parameters, breaks } of paxosCommit.wrongVariants ?? []) {
  test(`${JSON.stringify(parameters)} is caught within ${schedulesEnough} random schedules`, () => {
    const nodes = separate(2, 1);
    const found = fc.check(
      fc.property(numbers, (schedule) => {
        const world = walk(paxosCommit, scenarioOf(paxosCommit, nodes, parameters), schedule, {
          inputs: begins(nodes),
        });
        return !violations(world).some((text) => text.startsWith(breaks));
      }),
      { seed: 1, numRuns: schedulesEnough, endOnFailure: true },
    );
    assert.ok(found.failed);
  });
}

test('F + 1 acceptors lost: the prepared block, and nobody decides wrongly', () => {
  const faults: ScheduledFault[] = ['A1', 'A2'].map((node) => when(node, 'sends', 'phase-2b', 1, crash(node)));
  const finished = run(separate(3, 1), {}, { faults, failures: 'crash-stop' });
  assert.deepEqual(decided(finished, separate(3, 1)), ['', '', '']);
  assert.ok(finished.world.blockedSets.some(({ nodes }) => nodes.length === 3));
  assert.deepEqual(violations(finished.world), []);
});

test('a resource manager of whom nobody has heard is taken to have aborted', () => {
  const finished = run(separate(3, 1), {}, { faults: [when('R3', 'receives', 'prepare', 1, crash('R3'))] });
  assert.deepEqual(decided(finished, separate(3, 1)), ['abort', 'abort', '']);
});

test('two leaders at a time pre-empt each other and finish all the same', () => {
  for (let seed = 0; seed < 40; seed++) {
    const partition: Fault = {
      type: 'partition',
      groups: [
        ['A1', 'R1'],
        ['A2', 'A3', 'R2', 'R3'],
      ],
    };
    const faults = [when('A1', 'receives', 'phase-2a', 3, partition), { at: 3000, fault: { type: 'heal' } as const }];
    const finished = run(separate(3, 1), {}, { faults, seed });
    assert.ok(finished.quiet);
    assert.equal(new Set(decided(finished, separate(3, 1))).size, 1);
    assert.equal(finished.verdicts['atomic-commit/termination'], 'holds');
  }
});

test('what the lessons tell to try comes out as they say', async () => {
  for (let seed = 0; seed < 10; seed++) {
    const alone = await tried('commit-by-consensus', seed, ['parameters.f=0']);
    assert.equal(alone.costs.messages, 12);
    const faster = await tried('commit-by-consensus', seed, ['parameters.faster=true']);
    assert.equal(faster.costs.messages, 20);
    const heeding = await tried('presumptuous-leader', seed, ['parameters.presumeAbort=false']);
    const remembering = await tried('forgetful-acceptor', seed, ['parameters.stableAcceptors=true']);
    for (const { decisions } of [heeding, remembering]) {
      assert.deepEqual([decisions.R1, decisions.R2, decisions.R3], ['commit', 'commit', 'commit']);
    }
    const blocked = await tried('leader-lost-votes-kept', seed, ['parameters.f=0']);
    assert.deepEqual(blocked.blocked, ['R1', 'R2', 'R3']);
    const two = await tried('two-acceptors-lost', seed, ['parameters.f=2', 'nodes.A4=acceptor', 'nodes.A5=acceptor']);
    assert.deepEqual([two.decisions.R1, two.decisions.R2, two.decisions.R3], ['commit', 'commit', 'commit']);
    assert.ok(two.expectations.some(({ name, met }) => name.includes('blocked') && met === false));
  }
});
