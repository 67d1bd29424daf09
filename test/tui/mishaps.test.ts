/** A machine that throws: marked where it happened, told with its reason, and the way to it kept. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setup } from 'xstate';
import { defineProtocol, effects } from '../../src/core/protocol.ts';
import { StillSession, scenarioOf, stageFor } from './stage.ts';

const machine = setup({ actions: effects }).createMachine({
  id: 'fragile',
  initial: 'whole',
  states: {
    whole: {
      on: {
        strike: {
          actions: {
            type: 'note',
            params: () => {
              throw new Error('it broke\u001b[31m');
            },
          },
        },
      },
    },
  },
});
const fragile = defineProtocol({
  id: 'fragile',
  title: 'Fragile',
  roles: { vase: machine },
  messages: {},
  inputs: { strike: {} },
  properties: [],
});

function open() {
  const strike = { atMs: 10, node: 'A', input: 'strike', data: {} };
  const session = new StillSession(scenarioOf(fragile, { A: 'vase', B: 'vase' }, { inputs: [strike] }), fragile);
  session.steps(4);
  return { session, stage: stageFor(session, 120, 36) };
}

test('a node that fails in its own step is marked on its lifeline, and the reason stands beside it', () => {
  const { stage } = open();
  assert.match(stage.text(), /│ +2 0:00\.010 +▷ strike/);
  assert.match(stage.text(), /╳ failed +│? +A failed: .*it broke\\u\{1b\}/);
});

test('what failed stands among what is judged, with its event, and Enter leads there', async () => {
  const { stage, session } = open();
  assert.match(stage.text(), /! #2 A failed: .*it broke/);
  await stage.keys('shift-tab', 'enter');
  assert.equal(stage.store.get().event, 2);
  // the session says of a lost worker what the world knows already
  session.troubles.push(`A failed: ${session.world.nodes[0]?.failure}`, 'the disk is full');
  const told = stage.text().match(/! .*(A failed|the disk is full)/g) ?? [];
  assert.equal(told.filter((text) => text.includes('A failed')).length, 1);
  assert.equal(told.length, 2);
});
