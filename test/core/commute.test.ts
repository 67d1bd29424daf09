/** Lemma 1 of Fischer, Lynch and Paterson: what happens at different nodes can happen in either order. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import benOr from '../../machines/ben-or.ts';
import majorityVote from '../../machines/majority-vote.ts';
import paxos from '../../machines/paxos.ts';
import { perform } from '../../src/core/commit.ts';
import { canonicalJson } from '../../src/core/json.ts';
import type { Protocol } from '../../src/core/protocol.ts';
import { createRun, stepRun } from '../../src/core/run.ts';
import type { Scenario } from '../../src/core/scenario.ts';
import type { World } from '../../src/core/world.ts';
import { cloneWorld } from '../../src/core/world-init.ts';
import { nodesOf, scenarioOf } from '../machines/drive.ts';

/** A configuration: the states of all nodes with their clocks, and the messages that are on their way, in no order. */
function configuration(world: World): string {
  const nodes = world.nodes.map(({ id, state, stable, decisions, lamport, vector }) => {
    return { id, value: state?.value ?? null, context: state?.context ?? null, stable, decisions, lamport, vector };
  });
  const messages = [...world.pending.values()].map(({ from, to, body }) => canonicalJson({ from, to, body })).sort();
  return canonicalJson({ nodes, messages } as never);
}
const arrives = (world: World, messages: readonly number[]): World => {
  const copy = cloneWorld(world);
  for (const message of messages) perform(copy, { type: 'deliver', message }, 'schedule');
  return copy;
};

const ofBits = { P1: 0, P2: 1, P3: 1 };
const subjects: readonly (readonly [Protocol, Scenario])[] = [
  [majorityVote, scenarioOf(majorityVote, nodesOf({ P: ['voter', 3] }), { values: ofBits })],
  [benOr, scenarioOf(benOr, nodesOf({ P: ['node', 3] }), { values: ofBits })],
  [
    paxos,
    scenarioOf(
      paxos,
      nodesOf({ P: ['proposer', 2], A: ['acceptor', 3], L: 'learner' }),
      {},
      {
        inputs: ['P1', 'P2'].map((node) => ({ atMs: 0, node, input: 'propose', data: { value: node } })),
      },
    ),
  ],
];

for (const [protocol, scenario] of subjects) {
  test(`${protocol.id}: two messages to different nodes lead to one configuration, whichever comes first`, () => {
    let pairs = 0;
    let apart = 0;
    for (let seed = 0; seed < 5; seed++) {
      const run = createRun({ ...scenario, seed }, protocol);
      for (let event = 0; event < 40; event++) {
        stepRun(run);
        const [first, ...rest] = run.world.pending.values();
        if (first === undefined) continue;
        for (const other of rest) {
          const orders = [
            [first.id, other.id],
            [other.id, first.id],
          ].map((order) => configuration(arrives(run.world, order)));
          const isOne = orders[0] === orders[1];
          if (other.to === first.to) apart += isOne ? 0 : 1;
          else {
            pairs += 1;
            assert.ok(isOne, `${first.id} and ${other.id}, seed ${seed}, event ${event}`);
          }
        }
      }
    }
    assert.ok(pairs > 100, `${pairs} pairs`);
    assert.ok(apart > 0, 'at one node the order must sometimes matter');
  });
}
