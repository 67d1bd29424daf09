import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type AnyStateMachine,
  assign,
  createMachine,
  emit,
  enqueueActions,
  log,
  raise,
  sendTo,
  spawnChild,
} from 'xstate';
import { effects, type NodeInput } from '../../src/core/protocol.ts';
import { StepError, stepMachine } from '../../src/core/step.ts';

const input: NodeInput = {
  self: 'A',
  role: 'node',
  nodes: { A: 'node', B: 'node', C: 'clerk' },
  parameters: {},
  stable: {},
  seed: 1,
};
const machineWith = (actions: unknown): AnyStateMachine =>
  createMachine({ id: 'm', context: { n: 0 }, on: { go: { actions } } } as never) as unknown as AnyStateMachine;
const effectsOf = (actions: unknown) => {
  const machine = machineWith(actions);
  const { state } = stepMachine(machine, null, null, input);
  return stepMachine(machine, state, { type: 'go' }, input).effects;
};

test('named actions become effects, with or without implementations', () => {
  const send = { type: 'send', params: { to: 'B', message: { type: 'hi' } } };
  const expected = [{ type: 'send', to: 'B', message: { type: 'hi' } }];
  assert.deepEqual(effectsOf(send), expected);
  const implemented = machineWith(send).provide({ actions: effects } as never) as unknown as AnyStateMachine;
  const { state } = stepMachine(implemented, null, null, input);
  assert.deepEqual(stepMachine(implemented, state, { type: 'go' }, input).effects, expected);
});

test('a broadcast goes to every other node, or to those of a role, never to oneself', () => {
  const to = (role?: string) =>
    effectsOf({ type: 'broadcast', params: { message: { type: 'hi' }, ...(role ? { to: role } : {}) } }).map(
      (effect) => (effect.type === 'send' ? effect.to : ''),
    );
  assert.deepEqual(to(), ['B', 'C']);
  assert.deepEqual(to('node'), ['B']);
  assert.deepEqual(to('clerk'), ['C']);
});

test('assign, raise and enqueueActions stay inside the step', () => {
  const actions = [
    assign({ n: 1 }),
    enqueueActions(({ enqueue, context }) => {
      enqueue({ type: 'note', params: { text: `n is ${context.n}` } } as never);
    }),
    raise({ type: 'inner' }),
  ];
  assert.deepEqual(effectsOf(actions), [{ type: 'note', text: 'n is 1' }]);
});

test('a role that asks for anything but the known effects is refused by name', () => {
  for (const [action, name] of [
    [sendTo('other', { type: 'x' } as never), "Unable to send event to actor 'other'"],
    [spawnChild('child' as never), 'xstate.spawnChild'],
    [log('text'), 'xstate.log'],
    [emit({ type: 'x' }), 'xstate.emit'],
    ['launch', 'launch'],
    [() => {}, 'anonymous'],
    [raise({ type: 'later' }, { delay: 10 }), 'use `after`'],
  ] as const) {
    assert.throws(
      () => effectsOf(action),
      (error: unknown) => error instanceof StepError && error.message.includes(name),
      `${name} should be refused`,
    );
  }
});

test('a send to a stranger, and params that are missing, are refused with what would be right', () => {
  assert.throws(
    () => effectsOf({ type: 'send', params: { to: 'Z', message: { type: 'hi' } } }),
    /to Z, who is no node/,
  );
  assert.throws(() => effectsOf({ type: 'send' }), /needs params \{ to, message/);
  assert.throws(() => effectsOf({ type: 'persist' }), /needs params \{ key, value/);
});

test('what throws inside a machine names the node, the role and the event, in one line', () => {
  assert.throws(
    () =>
      effectsOf(
        assign(() => {
          throw new Error('out of\n  cheese');
        }),
      ),
    /A \(node\) threw on go: out of cheese/,
  );
});

test('a context that is no plain JSON is refused where it says so', () => {
  for (const [value, what] of [
    [new Map(), 'a Map'],
    [Number.NaN, 'NaN'],
    [() => 1, 'a function'],
    [[1, undefined], 'NaN'],
  ] as const) {
    assert.throws(
      () => effectsOf(assign({ n: { deep: [value] } as never })),
      (error: unknown) =>
        error instanceof StepError && error.message.includes(`context.n.deep[0]`) && error.message.includes(what),
    );
  }
  assert.deepEqual(effectsOf(assign({ n: undefined as never })), []);
});

test('an event that is not handled gives the same state object and no effects', () => {
  const machine = machineWith([]);
  const { state } = stepMachine(machine, null, null, input);
  const again = stepMachine(machine, state, { type: 'unheard-of' }, input);
  assert.equal(again.state, state);
  assert.equal(again.effects.length, 0);
});

const timed = createMachine({
  id: 'timed',
  initial: 'waiting',
  states: {
    waiting: {
      after: { 250: 'late' },
      on: { stay: { actions: [] }, again: { target: 'waiting', reenter: true }, leave: 'left' },
    },
    late: {},
    left: {},
  },
}) as unknown as AnyStateMachine;

test('`after` becomes setTimer and cancelTimer; a targetless transition does not restart it, reenter does', () => {
  const { state, effects: first } = stepMachine(timed, null, null, input);
  assert.deepEqual(first, [{ type: 'setTimer', timer: '250@waiting', delayMs: 250 }]);
  const go = (type: string) => stepMachine(timed, state, { type }, input).effects.map((effect) => effect.type);
  assert.deepEqual(go('stay'), []);
  assert.deepEqual(go('again'), ['cancelTimer', 'setTimer']);
  assert.deepEqual(go('leave'), ['cancelTimer']);
});

test('a state that crossed a thread as JSON steps on as if it had stayed', () => {
  const { state } = stepMachine(timed, null, null, input);
  const copy = JSON.parse(JSON.stringify(state));
  const away = stepMachine(timed, copy, { type: 'leave' }, input);
  const here = stepMachine(timed, state, { type: 'leave' }, input);
  assert.equal(JSON.stringify(away), JSON.stringify(here));
  assert.equal(here.state.value, 'left');
});
