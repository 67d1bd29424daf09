import assert from 'node:assert/strict';
import { test } from 'node:test';
import oralMessages from '../../machines/oral-messages.ts';
import paxos from '../../machines/paxos.ts';
import twoPhaseCommit from '../../machines/two-phase-commit.ts';
import type { Effect, Failure, Json, NodeView, Property, Protocol, View } from '../../src/core/protocol.ts';
import { nodeView as viewOfNode, viewOf as viewOfNodes } from '../core/views.ts';

const nodeView = (id: string, role: string, decisions: readonly Json[] = [], more: Partial<NodeView> = {}): NodeView =>
  viewOfNode(id, { role, decisions, ...more });
const viewOf = (nodes: readonly NodeView[], more: Partial<View> = {}): View =>
  viewOfNodes(nodes, {
    parameters: { order: 'attack', quorum: 'majority' },
    inputs: [
      { node: 'C', input: 'begin', data: {} },
      { node: 'P1', input: 'propose', data: { value: 'X' } },
    ],
    ...more,
  });
const property = (protocol: Protocol, name: string): Property =>
  protocol.properties.find((each) => each.name === name) as Property;
const sent = (node: string, message: { type: string; [field: string]: Json }) => ({
  node,
  honest: true,
  effect: { type: 'send', to: 'C', message } as Effect,
});
/** The verdict on a view, after this history. */
function judge(protocol: Protocol, name: string, view: View, history: readonly ReturnType<typeof sent>[] = []) {
  const { memory, test: verdict } = property(protocol, name);
  let remembered = memory?.initial ?? null;
  for (const happened of history) remembered = memory?.next(remembered, happened) ?? null;
  return verdict(view, remembered);
}
const nodesOfFailure = (verdict: ReturnType<typeof judge>): readonly string[] => (verdict as Failure).nodes ?? [];

test('every protocol has, for what must always hold, something that shows it was put to the test', () => {
  for (const { id, properties } of [twoPhaseCommit, paxos, oralMessages]) {
    const kinds = (kind: string) => properties.filter((each) => each.kind === kind).length;
    assert.ok(kinds('sometimes') >= 2 && kinds('always') >= 2 && kinds('eventually') === 1, id);
    for (const { name, clauses } of properties) assert.ok(Object.keys(clauses).length > 0, name);
  }
});

const sites = (c: readonly Json[], p1: readonly Json[], p2: readonly Json[], more: Partial<NodeView> = {}) => [
  nodeView('C', 'coordinator', c),
  nodeView('P1', 'participant', p1),
  nodeView('P2', 'participant', p2, more),
];

test('atomic commit: a planted breach of each clause is found, and the nodes are named', () => {
  const split = judge(twoPhaseCommit, 'atomic-commit/agreement', viewOf(sites(['commit'], [], ['abort'])));
  assert.deepEqual(nodesOfFailure(split), ['C', 'P2']);
  const fickle = judge(twoPhaseCommit, 'atomic-commit/stability', viewOf(sites([], ['commit', 'abort'], [])));
  assert.deepEqual(nodesOfFailure(fickle), ['P1']);
  const votes = [sent('P1', { type: 'yes' }), sent('P2', { type: 'yes' })];
  const timid = viewOf(sites(['abort'], [], []));
  assert.deepEqual(nodesOfFailure(judge(twoPhaseCommit, 'atomic-commit/commit-validity', timid, votes)), ['C']);
  assert.equal(judge(twoPhaseCommit, 'atomic-commit/commit-validity', { ...timid, anyFault: true }, votes), true);
  const veto = [sent('P1', { type: 'yes' }), sent('P2', { type: 'no' })];
  const deaf = viewOf(sites(['commit'], [], []));
  assert.deepEqual(nodesOfFailure(judge(twoPhaseCommit, 'atomic-commit/abort-validity', deaf, veto)), ['C', 'P2']);
  const stuck = judge(twoPhaseCommit, 'atomic-commit/termination', viewOf(sites(['commit'], ['commit'], [])));
  assert.deepEqual(nodesOfFailure(stuck), ['P2']);
});

test('atomic commit speaks of honest nodes, and asks progress only of those that run', () => {
  const liar = viewOf(sites(['commit'], ['commit'], ['abort'], { honest: false }));
  assert.equal(judge(twoPhaseCommit, 'atomic-commit/agreement', liar), true);
  const dead = viewOf(sites(['commit'], ['commit'], [], { status: 'crashed' }));
  assert.equal(judge(twoPhaseCommit, 'atomic-commit/termination', dead), true);
});

const council = (p1: readonly Json[], l: readonly Json[], more: Partial<NodeView> = {}) => [
  nodeView('P1', 'proposer', p1, { context: { ballot: 1 }, ...more }),
  nodeView('L', 'learner', l),
  nodeView('A1', 'acceptor'),
  nodeView('A2', 'acceptor'),
  nodeView('A3', 'acceptor'),
];

test('consensus: a planted breach of each clause is found, and the nodes are named', () => {
  assert.deepEqual(nodesOfFailure(judge(paxos, 'consensus/agreement', viewOf(council(['X'], ['Y'])))), ['P1', 'L']);
  assert.deepEqual(nodesOfFailure(judge(paxos, 'consensus/validity', viewOf(council([], ['Z'])))), ['L']);
  assert.deepEqual(nodesOfFailure(judge(paxos, 'consensus/integrity', viewOf(council(['X', 'Y'], [])))), ['P1']);
  assert.deepEqual(nodesOfFailure(judge(paxos, 'consensus/termination', viewOf(council(['X'], [])))), ['L']);
});

test('uniform agreement binds those who crashed, agreement does not', () => {
  const view = viewOf(council(['X'], ['Y'], { status: 'crashed', everCrashed: true }));
  assert.equal(judge(paxos, 'consensus/agreement', view), true);
  assert.deepEqual(nodesOfFailure(judge(paxos, 'consensus/uniform-agreement', view)), ['P1', 'L']);
});

test('a value is chosen when a majority has accepted it in one ballot, and never a second one', () => {
  const accepted = (node: string, ballot: number, value: string) => sent(node, { type: 'accepted', ballot, value });
  const view = viewOf(council([], []));
  const scattered = [accepted('A1', 1, 'X'), accepted('A2', 2, 'X'), accepted('A1', 1, 'X')];
  assert.equal(judge(paxos, 'paxos/chosen', view, scattered), false);
  const chosen = [...scattered, accepted('A2', 1, 'X')];
  assert.equal(judge(paxos, 'paxos/chosen', view, chosen), true);
  assert.equal(judge(paxos, 'paxos/one-chosen', view, chosen), true);
  const twice = [...chosen, accepted('A2', 3, 'Y'), accepted('A3', 3, 'Y')];
  assert.match((judge(paxos, 'paxos/one-chosen', view, twice) as Failure).why, /X in ballot 1, and Y in ballot 3/);
});

const camp = (l1: readonly Json[], l2: readonly Json[], commander: Partial<NodeView> = {}) => [
  nodeView('C', 'commander', ['attack'], commander),
  nodeView('L1', 'lieutenant', l1),
  nodeView('L2', 'lieutenant', l2),
];

test('Byzantine generals: a planted breach of IC1 and of IC2 is found', () => {
  const split = viewOf(camp(['attack'], ['retreat'], { honest: false }));
  assert.deepEqual(nodesOfFailure(judge(oralMessages, 'byzantine-generals/IC1', split)), ['L1', 'L2']);
  assert.equal(judge(oralMessages, 'byzantine-generals/IC2', split), true);
  const disobedient = viewOf(camp(['retreat'], ['retreat']));
  assert.equal(judge(oralMessages, 'byzantine-generals/IC1', disobedient), true);
  assert.deepEqual(nodesOfFailure(judge(oralMessages, 'byzantine-generals/IC2', disobedient)), ['L1']);
  assert.deepEqual(nodesOfFailure(judge(oralMessages, 'byzantine-generals/termination', viewOf(camp([], [])))), [
    'L1',
    'L2',
  ]);
});
