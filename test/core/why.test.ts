/** Why a node is blocked: whom it waits for, what silences each of them, and since which event. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import protocol from '../../machines/two-phase-commit.ts';
import type { Fault } from '../../src/core/faults.ts';
import { actInRun, createRun, type Run, stepRun } from '../../src/core/run.ts';
import { silencedAt, whyBlocked } from '../../src/core/why.ts';
import { scenarioOf } from '../tui/stage.ts';

const four = { C: 'coordinator', P1: 'participant', P2: 'participant', P3: 'participant' };

/** Stops at the moment at which every vote is in, and nobody has heard of the decision. */
function inDoubt(): Run {
  const inputs = [{ atMs: 0, node: 'C', input: 'begin', data: { transaction: 't1' } }];
  const run = createRun(scenarioOf(protocol, four, { inputs }), protocol);
  while (run.world.nodes[0]?.decisions.length === 0) stepRun(run);
  return run;
}
const act = (run: Run, fault: Fault) => actInRun(run, fault)[0]!;

test('nobody is blocked while everything goes well', () => {
  assert.deepEqual(whyBlocked(inDoubt().world), []);
});

test('those cut off wait for the coordinator behind the partition, whose event is named, with what is held for them', () => {
  const run = inDoubt();
  const event = act(run, {
    type: 'partition',
    groups: [
      ['C', 'P1'],
      ['P2', 'P3'],
    ],
  });
  const waits = whyBlocked(run.world);
  assert.deepEqual(
    waits.map(({ node }) => node),
    ['P2', 'P3'],
  );
  for (const wait of waits) {
    assert.deepEqual(wait.silent, [{ node: 'C', because: 'partition', fault: 0, at: event.index }]);
    assert.equal(silencedAt(wait), event.index);
    assert.deepEqual(
      wait.held.map(({ body }) => body.type),
      ['commit'],
    );
  }
});

test('one direction that is cut is named as a cut', () => {
  const run = inDoubt();
  const event = act(run, { type: 'cut', from: 'C', to: 'P2' });
  const [wait] = whyBlocked(run.world);
  assert.equal(wait?.node, 'P2');
  assert.deepEqual(wait?.silent, [{ node: 'C', because: 'cut', fault: 0, at: event.index }]);
});

test('a coordinator that crashed is down, by the event of its crash', () => {
  const run = inDoubt();
  for (const message of [...run.world.pending.keys()]) act(run, { type: 'drop', message });
  const event = act(run, { type: 'crash', node: 'C' });
  const waits = whyBlocked(run.world);
  assert.equal(waits.length, 3);
  for (const { silent } of waits) assert.deepEqual([silent[0]?.because, silent[0]?.at], ['down', event.index]);
});
