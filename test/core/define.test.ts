import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AnyStateMachine, assign, emit, fromPromise, sendTo, setup } from 'xstate';
import {
  defineProtocol,
  effects,
  type Happened,
  nodesWithRole,
  others,
  type Protocol,
  type ProtocolDefinition,
  ProtocolError,
  type View,
} from '../../src/core/protocol.ts';

// biome-ignore lint/suspicious/noExplicitAny: wrong definitions on purpose
type Loose = any;
const machine = setup({ actions: effects }).createMachine({ initial: 'a', states: { a: {} } });
const least = { id: 'p', roles: { node: machine }, messages: ['ping'] } satisfies ProtocolDefinition;
const define = (change: Loose): Protocol => defineProtocol({ ...least, ...change });
const role = (config: Loose): Loose => ({
  roles: { node: setup({ actions: effects }).createMachine(config) as AnyStateMachine },
});

test('what is left out of a definition has a sensible default', () => {
  const protocol = defineProtocol(least);
  assert.deepEqual(
    [
      protocol.title,
      protocol.problem,
      protocol.source,
      protocol.messages,
      protocol.inputs,
      protocol.parameters,
      protocol.properties,
    ],
    ['p', 'custom', '', { ping: {} }, {}, {}, []],
  );
});

test('plain defaults become parameters of their kind', () => {
  const { parameters } = defineProtocol({
    ...least,
    parameters: { a: 5, b: true, c: 'x', d: null, e: { x: 1 }, f: { kind: 'duration', default: 9 } },
  });
  assert.deepEqual(
    Object.values(parameters).map(({ kind }) => kind),
    ['number', 'flag', 'text', 'value', 'value', 'duration'],
  );
});

test('the name of a kind is not taken for the default of a parameter per node', () => {
  const bits = (of: Loose): unknown => define({ parameters: { bits: { kind: 'per-node', of } } });
  assert.throws(() => bits('integer'), /parameter bits needs in `of` a default or a specification/);
  assert.doesNotThrow(() => bits({ kind: 'integer', default: 0 }));
  assert.doesNotThrow(() => bits('yes'));
});

test('a protocol that is complete already is returned as it is', () => {
  const protocol = defineProtocol(least);
  assert.equal(defineProtocol(protocol), protocol);
});

test('built-in actions that only compute are allowed', () => {
  const counting = setup({
    types: { context: {} as { n: number } },
    actions: { ...effects, count: assign({ n: 1 }) },
  }).createMachine({
    context: { n: 0 },
    entry: ['count', assign({ n: 2 })],
  });
  assert.doesNotThrow(() => define({ roles: { node: counting } }));
});

const property = { name: 'p', kind: 'always', clauses: {}, test: () => true };
const wrong: readonly (readonly [claim: string, change: Loose, message: RegExp])[] = [
  ['no id', { id: '' }, /needs an `id`/],
  ['no roles', { roles: {} }, /must name at least one role/],
  ['a role that is no machine', { roles: { node: {} } }, /role node is no XState machine/],
  ['invoke', role({ invoke: { src: fromPromise(async () => 1) } }), /role node uses `invoke` in its root state/],
  [
    'invoke deep inside',
    role({
      initial: 'a',
      states: { a: { initial: 'b', states: { b: { invoke: { src: fromPromise(async () => 1) } } } } },
    }),
    /uses `invoke` in state a\.b/,
  ],
  ['a history state', role({ initial: 'a', states: { a: {}, h: { type: 'history' } } }), /has the history state h/],
  ['sendTo', role({ entry: sendTo('x', { type: 'y' }) }), /uses `sendTo`/],
  ['emit', role({ on: { x: { actions: emit({ type: 'y' }) } } }), /uses `emit`/],
  ['a function of its own as an action', role({ entry: () => {} }), /runs a function of its own/],
  [
    'an unknown action',
    role({ initial: 'a', states: { a: { exit: 'shout' } } }),
    /asks for the action shout.*\(in state a\)/,
  ],
  ['a message named twice', { messages: ['a', 'a'] }, /`messages` names a twice/],
  [
    'a message field that is taken',
    { messages: { a: { fields: { from: 'node' } } } },
    /field `from`, a name that is taken/,
  ],
  [
    'a message field of no kind',
    { messages: { a: { fields: { x: 'int' } } } },
    /`messages\.a\.x` is int, but must be one of/,
  ],
  [
    'an input for no role',
    { inputs: { go: { roles: ['king'] } } },
    /input go is for role king, but there is no such role/,
  ],
  [
    'a parameter of an unknown kind',
    { parameters: { a: { kind: 'int', default: 1 } } },
    /parameter a is of kind int, but must be/,
  ],
  [
    'a parameter with a wrong default',
    { parameters: { a: { kind: 'duration', default: '5ms' } } },
    /needs a default that is a number/,
  ],
  ['a property without a name', { properties: [{ ...property, name: undefined }] }, /properties\[0\] has no `name`/],
  ['a property without a kind', { properties: [{ ...property, kind: undefined }] }, /property p has no `kind`/],
  ['a property of a wrong kind', { properties: [{ ...property, kind: 'never' }] }, /property p is of kind never/],
  ['a property without a test', { properties: [{ ...property, test: undefined }] }, /property p has no `test`/],
  ['two properties of one name', { properties: [property, property] }, /two properties are named p/],
  ['a lie about no message', { lies: { pong: {} } }, /`lies` speaks of pong/],
];
for (const [claim, change, message] of wrong) {
  test(`${claim} is refused in one sentence`, () => {
    assert.throws(
      () => define(change),
      (error: Error) => error instanceof ProtocolError && message.test(error.message),
    );
  });
}

test("what an author's function throws is told with the function's name, and what is no verdict is a failure", () => {
  const judged = (answer: unknown) =>
    define({ properties: [{ ...property, test: () => answer }] }).properties[0]?.test({} as View, null);
  assert.deepEqual([true, false, { why: 'so', clause: 'c', nodes: ['A'] }].map(judged), [
    true,
    false,
    { why: 'so', clause: 'c', nodes: ['A'] },
  ]);
  assert.deepEqual(judged(null), { why: 'its test answered null, which is no verdict' });
  assert.deepEqual(judged({ why: 'so', nodes: 'A' }), { why: 'so' });
  const boom = (): never => {
    throw new Error('boom');
  };
  const made = define({
    properties: [{ ...property, test: boom, memory: { initial: 0, next: boom } }],
    costs: [{ name: 'n', formula: 'n', source: '', expected: boom, measured: () => 1 }],
  });
  const error = (what: string) => ({ name: 'AuthorError', message: `protocol ${made.id}: ${what} threw: boom` });
  assert.throws(() => made.properties[0]?.test({} as View, null), error('the test of p'));
  assert.throws(() => made.properties[0]?.memory?.next(0, {} as Happened), error('the memory of p'));
  assert.throws(() => made.costs?.[0]?.expected({}, {}), error('`expected` of the cost n'));
});

test('the nodes of a role, and all others, come in scenario order', () => {
  const nodes = { C: 'chair', B: 'member', A: 'member' };
  assert.deepEqual(nodesWithRole({ nodes }, 'member'), ['B', 'A']);
  assert.deepEqual(others({ nodes, self: 'B' }), ['C', 'A']);
});
