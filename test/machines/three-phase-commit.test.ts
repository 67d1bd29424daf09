import assert from 'node:assert/strict';
import { test } from 'node:test';
import threePhaseCommit from '../../machines/three-phase-commit.ts';
import twoPhaseCommit from '../../machines/two-phase-commit.ts';
import type { Fault } from '../../src/core/faults.ts';
import type { JsonObject } from '../../src/core/protocol.ts';
import type { ScheduledFault } from '../../src/core/scenario.ts';
import { type Finished, nodesOf, runScenario, scenarioOf, violations } from './drive.ts';
import { tried } from './lessons.ts';
import { randomCrashes, runsOr } from './random-crashes.ts';

const sites = (participants: number) => nodesOf({ C: 'coordinator', P: ['participant', participants] });
const begin = [{ atMs: 0, node: 'C', input: 'begin', data: { transaction: 't1' } }];
const crash = (node: string): Fault => ({ type: 'crash', node });
const restart = (node: string): Fault => ({ type: 'restart', node });
const when = (node: string, on: 'sends' | 'receives' | 'enters', what: string, nth: number, fault: Fault) => ({
  when: { node, on, what, nth },
  fault,
});
interface Options {
  readonly parameters?: JsonObject;
  readonly faults?: readonly ScheduledFault[];
  readonly participants?: number;
  readonly seed?: number;
  readonly failures?: 'crash-stop' | 'crash-recovery';
}
const run = ({
  parameters = {},
  faults = [],
  participants = 3,
  seed = 1,
  failures = 'crash-stop',
}: Options): Finished =>
  runScenario(
    threePhaseCommit,
    scenarioOf(threePhaseCommit, sites(participants), parameters, {
      inputs: begin,
      faults,
      seed,
      failures,
      model: 'synchronous',
      boundMs: 60,
    }),
  );
const all = (decision: string, participants = 3) =>
  Object.fromEntries(Object.keys(sites(participants)).map((id) => [id, [decision]]));
const survivors = ({ world }: Finished) => world.nodes.filter(({ status }) => status === 'up');

test('a run without faults costs 5n messages, 6n with acks, and five message delays', () => {
  for (let participants = 3; participants <= 10; participants++) {
    for (const acks of [false, true]) {
      const finished = run({ parameters: { acks }, participants });
      assert.deepEqual(finished.decisions, all('commit', participants));
      assert.equal(finished.world.costs.messages, (acks ? 6 : 5) * participants);
      for (const cost of threePhaseCommit.costs ?? []) {
        const roles = { coordinator: 1, participant: participants };
        const expected = cost.expected(roles, finished.world.scenario.parameters);
        assert.equal(cost.measured(finished.world.costs), expected, `${cost.name}, n=${participants}`);
      }
    }
  }
});

test('one no is enough: all abort', () => {
  const finished = run({ parameters: { votes: { P1: 'yes', P2: 'no', P3: 'yes' } } });
  assert.deepEqual(finished.decisions, all('abort'));
  assert.equal(finished.verdicts['atomic-commit/vetoed'], 'holds');
});

test('nobody commits while a running site is uncertain, nobody aborts while one is pre-committed', () => {
  for (let seed = 0; seed < 60; seed++) {
    const faults = randomCrashes(seed, {
      mortal: Object.keys(sites(3)),
      most: 3,
      withinMs: 1000,
      kinds,
      restarts: false,
    });
    const { trace } = run({ faults, seed });
    const path = new Map<string, string>();
    for (const { node, choice, after, effects } of trace) {
      if (choice.type === 'crash' && node !== null && !('afterSends' in choice)) path.delete(node);
      if (node === null || after === null) continue;
      path.set(node, after);
      const decided = effects.find((effect) => effect.type === 'decide');
      if (decided?.type !== 'decide') continue;
      const against = decided.value === 'commit' ? 'uncertain' : 'preCommitted';
      for (const [other, state] of path) assert.notEqual(state, against, `seed ${seed}: ${node} decides, ${other} is`);
    }
  }
});

test('a participant that voted yes blocks in two-phase commit when the coordinator crashes; in three-phase commit it decides', () => {
  const faults = [when('C', 'receives', 'yes', 3, crash('C'))];
  const scenario = scenarioOf(twoPhaseCommit, sites(3), {}, { inputs: begin, faults, failures: 'crash-stop' });
  const blocked = runScenario(twoPhaseCommit, scenario);
  assert.deepEqual(blocked.decisions, { C: [], P1: [], P2: [], P3: [] });
  const finished = run({ faults });
  assert.deepEqual(finished.decisions, { ...all('abort'), C: [] });
  assert.deepEqual(finished.world.blockedSets, []);
});

test('no single crash, at whatever send, receipt or moment, blocks or splits the others', () => {
  const faults: ScheduledFault[] = [];
  for (const node of Object.keys(sites(3))) {
    for (let atMs = 0; atMs <= 300; atMs += 7) faults.push({ at: atMs, fault: crash(node) });
    for (const what of kinds) {
      for (let nth = 1; nth <= 3; nth++) {
        faults.push(when(node, 'sends', what, nth, crash(node)), when(node, 'receives', what, nth, crash(node)));
      }
    }
  }
  for (const fault of faults) {
    const finished = run({ faults: [fault] });
    assert.deepEqual(violations(finished.world), []);
    assert.equal(finished.verdicts['atomic-commit/termination'], 'holds', JSON.stringify(fault));
    assert.deepEqual(finished.world.blockedSets, []);
  }
});

test('one pre-commit that arrived is enough for the running sites to commit', () => {
  const finished = run({ faults: [when('C', 'sends', 'pre-commit', 1, crash('C'))] });
  assert.deepEqual(finished.decisions, { ...all('commit'), C: [] });
});

test('the coordinator crashes, its successor crashes while it leads, and the next one finishes', () => {
  for (const [what, nth] of [
    ['state-request', 2],
    ['pre-commit', 1],
    ['commit', 1],
  ] as const) {
    const faults = [when('C', 'sends', 'pre-commit', 1, crash('C')), when('P1', 'sends', what, nth, crash('P1'))];
    const finished = run({ faults, participants: 4 });
    assert.deepEqual(violations(finished.world), []);
    for (const { id, decisions } of survivors(finished)) assert.equal(decisions.length, 1, `${id} after ${what}`);
  }
});

test('a coordinator that was away asks, because the others have decided without it', () => {
  const faults = [when('C', 'receives', 'yes', 3, crash('C')), { at: 4000, fault: restart('C') }];
  const { decisions, verdicts } = run({ faults, failures: 'crash-recovery' });
  assert.deepEqual(decisions, all('abort'));
  assert.equal(verdicts['atomic-commit/termination'], 'holds');
});

test('a participant that was away for the commit asks, and commits', () => {
  const faults = [when('P2', 'sends', 'yes', 1, crash('P2')), { at: 4000, fault: restart('P2') }];
  const { decisions } = run({ faults, failures: 'crash-recovery' });
  assert.deepEqual(decisions, all('commit'));
});

test('after a total failure those who come back cannot know who was the last to fall, and wait', () => {
  const faults = Object.keys(sites(3)).flatMap((node) => [
    { at: 150, fault: crash(node) },
    { at: 2000, fault: restart(node) },
  ]);
  const { decisions, world } = run({ faults, failures: 'crash-recovery' });
  assert.deepEqual(decisions, { C: [], P1: [], P2: [], P3: [] });
  assert.ok(world.blockedSets.some(({ nodes }) => nodes.length === 4));
});

const partitionAfterPreCommit = (seed: number) => {
  const partition: Fault = {
    type: 'partition',
    groups: [
      ['C', 'P1'],
      ['P2', 'P3'],
    ],
  };
  const faults = [when('C', 'sends', 'pre-commit', 1, partition), { at: 5000, fault: { type: 'heal' } as const }];
  return run({ faults, seed });
};

test('three-phase commit splits under a partition: commit and abort coexist', () => {
  for (let seed = 0; seed < 20; seed++) {
    const { decisions, verdicts } = partitionAfterPreCommit(seed);
    assert.deepEqual(decisions, { C: ['commit'], P1: ['commit'], P2: ['abort'], P3: ['abort'] });
    assert.equal(verdicts['atomic-commit/agreement'], 'violated');
  }
});

test('the same partition makes two-phase commit block, and does not split it', () => {
  const partition: Fault = {
    type: 'partition',
    groups: [
      ['C', 'P1'],
      ['P2', 'P3'],
    ],
  };
  const faults = [when('C', 'sends', 'commit', 1, partition), { at: 5000, fault: { type: 'heal' } as const }];
  const finished = runScenario(twoPhaseCommit, scenarioOf(twoPhaseCommit, sites(3), {}, { inputs: begin, faults }));
  assert.deepEqual(finished.decisions, all('commit'));
  assert.ok(finished.world.blockedSets.some(({ nodes }) => nodes.includes('P2') && nodes.includes('P3')));
});

const kinds = ['prepare', 'yes', 'pre-commit', 'ack', 'commit', 'state-request', 'state', 'elected'];
const stormy = (seed: number, participants: number, restarts: boolean, parameters: JsonObject = {}, at = kinds) => {
  const mortal = Object.keys(sites(participants));
  const faults = randomCrashes(seed, { mortal, most: participants, withinMs: 2500, kinds: at, restarts });
  return run({ parameters, faults, participants, seed, failures: restarts ? 'crash-recovery' : 'crash-stop' });
};

test('as long as one site survives, whatever crashes and whenever: no split, and every survivor decides', () => {
  let commits = 0;
  for (let seed = 0; seed < runsOr(400); seed++) {
    const finished = stormy(seed, 2 + (seed % 4), false);
    assert.deepEqual(violations(finished.world), [], `seed ${seed}`);
    for (const { id, decisions } of survivors(finished)) assert.equal(decisions.length, 1, `seed ${seed}: ${id}`);
    if (survivors(finished).some(({ decisions }) => decisions[0] === 'commit')) commits += 1;
  }
  assert.ok(commits > runsOr(400) / 10, 'the runs must leave some commits, or they prove nothing');
});

test('sites that come back do not split the others', () => {
  for (let seed = 0; seed < runsOr(300); seed++) {
    assert.deepEqual(violations(stormy(seed, 3, true).world), [], `seed ${seed}`);
  }
});

test('every wrong variant is caught within 1000 runs of random crashes around the pre-commits and commits', () => {
  for (const { parameters, breaks } of threePhaseCommit.wrongVariants ?? []) {
    const caught = Array.from({ length: 1000 }, (_, seed) => seed).find((seed) =>
      violations(stormy(seed, 3, false, parameters, ['pre-commit', 'commit']).world).some((text) =>
        text.startsWith(breaks),
      ),
    );
    assert.notEqual(caught, undefined, JSON.stringify(parameters));
  }
});

test('what the lessons tell to try comes out as they say', async () => {
  for (let seed = 0; seed < 10; seed++) {
    const together = await tried('timeouts-alone', seed, ['parameters.terminationRule=true']);
    assert.deepEqual(together.decisions, { C: null, P1: 'commit', P2: 'commit', P3: 'commit' });
    const careful = await tried('hasty-successor', seed, ['parameters.hasty=false']);
    assert.deepEqual(careful.decisions, { C: null, P1: 'commit', P2: 'commit', P3: 'commit' });
    const partition: Fault = {
      type: 'partition',
      groups: [
        ['C', 'P1'],
        ['P2', 'P3'],
      ],
    };
    const healedEarly = [when('C', 'sends', 'pre-commit', 1, partition), { at: 500, fault: { type: 'heal' } as const }];
    const healed = await tried('split-after-pre-commit', seed, [], { faults: healedEarly });
    assert.deepEqual(healed.decisions, { C: 'commit', P1: 'commit', P2: 'commit', P3: 'commit' });
    const asleep = [
      when('C', 'receives', 'yes', 3, { type: 'pause', node: 'C' }),
      { at: 4000, fault: { type: 'resume', node: 'C' } as const },
    ];
    const slow = await tried('split-after-pre-commit', seed, [], { faults: asleep });
    assert.deepEqual(slow.decisions, { C: 'abort', P1: 'abort', P2: 'abort', P3: 'abort' });
  }
});
