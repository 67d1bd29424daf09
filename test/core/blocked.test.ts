import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setup } from 'xstate';
import { blockedNodes } from '../../src/core/blocked.ts';
import { defineProtocol, effects, type NodeInput, others, type WaitsFor } from '../../src/core/protocol.ts';
import { createRun, runToEnd } from '../../src/core/run.ts';
import { nodesOf, scenarioOf } from '../machines/drive.ts';

/** Nodes that wait for two of the others, and whose timers keep the run from becoming quiet. */
function waiting(answering: WaitsFor['answering']) {
  const machine = setup({
    types: { input: {} as NodeInput },
    actions: effects,
    delays: { patience: 10 },
  }).createMachine({
    context: {},
    initial: 'waiting',
    states: {
      waiting: {
        after: { patience: { target: 'waiting', reenter: true } },
        on: { go: { actions: { type: 'decide', params: { value: 1 } } } },
      },
    },
  });
  return defineProtocol({
    id: 'waiting',
    roles: { node: machine },
    messages: ['go'],
    waitsFor: (_, input) => ({ nodes: others(input), need: 2, ...(answering === undefined ? {} : { answering }) }),
  });
}

function blockedAfter(crashes: readonly string[], answering?: boolean): string[] {
  const protocol = waiting(answering);
  const faults = crashes.map((node) => ({ at: 5, fault: { type: 'crash' as const, node } }));
  const run = createRun(scenarioOf(protocol, nodesOf({ N: ['node', 4] }), {}, { faults }), protocol);
  assert.equal(runToEnd(run, 100), false);
  return blockedNodes(run.world).map(({ node }) => node);
}

test('nodes that wait for one another are blocked', () => {
  assert.deepEqual(blockedAfter(['N4']), ['N1', 'N2', 'N3']);
});

test('nodes that answer while they wait are blocked only when too few are left', () => {
  assert.deepEqual(blockedAfter(['N4'], true), []);
  assert.deepEqual(blockedAfter(['N3', 'N4'], true), ['N1', 'N2']);
});
