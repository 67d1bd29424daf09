/** The statechart is read off the machine: nothing is listed twice, nothing is left out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assign, setup } from 'xstate';
import { effects } from '../../src/core/protocol.ts';
import { enabledBy, statechartOf } from '../../src/core/statechart.ts';

const machine = setup({
  types: {} as { context: { n: number }; events: { type: 'go' } | { type: 'stop' } },
  actions: effects,
  guards: { isReady: () => true },
  delays: { patience: 100 },
}).createMachine({
  context: { n: 0 },
  initial: 'idle',
  on: { stop: '.over' },
  states: {
    idle: {
      description: 'Waits.',
      tags: ['calm'],
      on: {
        go: [
          {
            guard: 'isReady',
            target: 'busy.first',
            actions: [assign({ n: 1 }), { type: 'note', params: { text: 'x' } }],
          },
          {},
        ],
      },
    },
    busy: {
      initial: 'first',
      entry: { type: 'note', params: { text: 'in' } },
      onDone: 'over',
      states: { first: { after: { patience: { target: 'last' } } }, last: { type: 'final' } },
    },
    both: { type: 'parallel', states: { left: {}, right: { always: { guard: 'isReady', target: '#over' } } } },
    over: { id: 'over', type: 'final' },
  },
});
const chart = statechartOf(machine);

test('every state stands there with its path, kind, parent and words', () => {
  assert.deepEqual(
    chart.states.map(({ path, type, initial }) => [path, type, initial]),
    [
      ['idle', 'atomic', true],
      ['busy', 'compound', false],
      ['busy.first', 'atomic', true],
      ['busy.last', 'final', false],
      ['both', 'parallel', false],
      ['both.left', 'atomic', true],
      ['both.right', 'atomic', true],
      ['over', 'final', false],
    ],
  );
  const [idle, busy, first] = chart.states;
  assert.equal(idle?.description, 'Waits.');
  assert.deepEqual(idle?.tags, ['calm']);
  assert.deepEqual(busy?.entry, ['note']);
  assert.equal(first?.parent, 'busy');
});

test('every transition says what takes it, under which condition, and where to', () => {
  assert.deepEqual(
    chart.transitions.map(({ from, on, event, guard, to, actions }) => [from, on, event, guard, to, actions]),
    [
      ['', 'event', 'stop', null, ['over'], []],
      ['idle', 'event', 'go', 'isReady', ['busy.first'], ['note']],
      ['idle', 'event', 'go', null, [], []],
      ['busy', 'done', '', null, ['over'], []],
      ['busy.first', 'after', 'patience', null, ['busy.last'], []],
      ['both.right', 'always', '', 'isReady', ['over'], []],
    ],
  );
});

test('an event enables the transition whose guard holds, in the state and the states around it; another one none', () => {
  const state = { value: 'idle', context: { n: 0 }, done: false };
  const enabled = (type: string, value: typeof state.value | object = 'idle') =>
    enabledBy(machine, { ...state, value: value as typeof state.value }, { type }).map(
      (each) => `${each.from}:${each.event}:${each.guard}`,
    );
  assert.deepEqual(enabled('go'), ['idle:go:isReady'], 'the first of two whose guard holds');
  assert.deepEqual(enabled('stop'), [':stop:null'], 'one of the whole machine');
  assert.deepEqual(enabled('go', { busy: 'first' }), []);
  assert.deepEqual(
    chart.transitions.filter((each) => enabledBy(machine, state, { type: 'go' }).includes(each)).length,
    1,
    'it is the very transition of the chart',
  );
});
