import assert from 'node:assert/strict';
import { test } from 'node:test';
import byzantineQuorum from '../../machines/byzantine-quorum.ts';
import cap from '../../machines/cap.ts';
import oral from '../../machines/oral-messages.ts';
import paxos from '../../machines/paxos.ts';
import pbft from '../../machines/pbft.ts';
import twoPhaseCommit from '../../machines/two-phase-commit.ts';
import { perform } from '../../src/core/commit.ts';
import type { Fault } from '../../src/core/faults.ts';
import type { NodeId, Protocol, RoleName } from '../../src/core/protocol.ts';
import { excessOf, toleranceOf } from '../../src/core/tolerance.ts';
import { createWorld } from '../../src/core/world-init.ts';
import { nodesOf, scenarioOf } from '../machines/drive.ts';

const crash = (node: NodeId): Fault => ({ type: 'crash', node });
const traitor = (node: NodeId): Fault => ({ type: 'traitor', node, behaviour: 'silent' });
/** n, f and the bound after these faults, and what was said at each of them. */
function after(protocol: Protocol, nodes: Readonly<Record<NodeId, RoleName>>, ...faults: readonly Fault[]) {
  const world = createWorld(scenarioOf(protocol, nodes), protocol);
  const said = faults.map((fault) =>
    perform(world, fault, 'person').flatMap(({ notes }) => notes.filter((note) => note.startsWith('bound'))),
  );
  const tolerance = toleranceOf(world);
  assert.ok(tolerance !== null);
  return { ...tolerance, said };
}
const council = nodesOf({ P: 'proposer', A: ['acceptor', 3], L: 'learner' });
const service = nodesOf({ R: ['replica', 4], C: ['client', 3] });

test('n and f count the roles that the bound is about: a dead proposer is no dead acceptor', () => {
  const { n, faulty, greatest, isExceeded } = after(paxos, council, crash('P'), crash('A1'), crash('L'));
  assert.deepEqual({ n, faulty, greatest, isExceeded }, { n: 3, faulty: 1, greatest: 1, isExceeded: false });
  assert.equal(after(paxos, council, crash('A1'), crash('A3')).isExceeded, true);
});

test('however many clients of PBFT lie, only replicas count', () => {
  const lied = after(pbft, service, traitor('C1'), traitor('C2'), traitor('C3'), traitor('R1'));
  assert.deepEqual([lied.n, lied.faulty, lied.isExceeded, lied.said.flat()], [4, 1, false, []]);
  const two = after(pbft, service, traitor('R1'), traitor('R2'));
  assert.deepEqual(two.said, [[], ['bound exceeded: 2 faulty of 4, but n > 3f stands only 1']]);
});

test('to who stands traitors a crashed node is one of them, where the paper says so', () => {
  const { faulty, of, isExceeded } = after(pbft, service, crash('R1'), traitor('R2'), crash('C1'));
  assert.deepEqual({ faulty, of, isExceeded }, { faulty: 2, of: 'faulty', isExceeded: true });
  const commit = after(twoPhaseCommit, nodesOf({ C: 'coordinator', P: ['participant', 2] }), crash('P1'));
  assert.deepEqual([commit.faulty, commit.of, commit.isExceeded], [0, 'traitors', false]);
});

test('a bound on crashes stands no traitor, whatever its role, and says so once', () => {
  const { isExceeded, faulty, liars, said } = after(paxos, council, traitor('A1'), traitor('A2'));
  assert.deepEqual({ isExceeded, faulty, liars }, { isExceeded: true, faulty: 0, liars: 2 });
  assert.deepEqual(said, [['bound exceeded: a traitor, but acceptors > 2f is about crashes'], []]);
  assert.equal(after(paxos, council, traitor('L')).isExceeded, true);
});

test('a role that must be honest stands no traitor, although others do', () => {
  const grid = nodesOf({ S: ['server', 9], K: 'client' });
  assert.equal(after(byzantineQuorum, grid, traitor('S1')).isExceeded, false);
  const client = after(byzantineQuorum, grid, traitor('K'));
  assert.equal(client.isExceeded, true);
  assert.equal(excessOf(client), 'a traitor, but this one must be honest');
});

test('of a formula with several cases the one that is played is shown', () => {
  const formulaOf = (system: string): string | undefined => {
    const nodes = nodesOf({ R: ['replica', 3] });
    return toleranceOf(createWorld(scenarioOf(cap, nodes, { system }), cap))?.formula;
  };
  assert.deepEqual(['cp', 'ap', 'ca'].map(formulaOf), ['n > 2f', 'n > f', 'n > f, who was down stays out']);
});

test('without a word about roles every node counts', () => {
  const generals = nodesOf({ C: 'commander', L: ['lieutenant', 3] });
  const { n, faulty, isExceeded } = after(oral, generals, traitor('C'), traitor('L1'));
  assert.deepEqual({ n, faulty, isExceeded }, { n: 4, faulty: 2, isExceeded: true });
});
