import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leader } from '../../src/core/problems/leader.ts';
import { totalOrder } from '../../src/core/problems/total-order.ts';
import type { Failure, Json, JsonObject, NodeView, Property, Verdict, View } from '../../src/core/protocol.ts';
import { nodeView, viewOf as viewOfNodes } from '../core/views.ts';

const node = (id: string, delivered: readonly Json[], more: Partial<NodeView> = {}): NodeView =>
  nodeView(id, { delivered, ...more });
const viewOf = (...nodes: NodeView[]): View => {
  const inputs = ['a', 'b', 'c'].map((command) => ({ node: 'C', input: 'request', data: { command } }));
  return viewOfNodes(nodes, { inputs });
};
const at = (place: number, command: string): Json => ({ place, command });

const order = totalOrder({
  members: (view) => view.nodes,
  requests: (view) => view.inputs.map(({ data }) => data.command ?? null),
  requested: (item) => (item as JsonObject).command as Json,
  place: (item) => Number((item as JsonObject).place),
});
const judge = (properties: readonly Property[], name: string, view: View, memory: Json = null): Verdict =>
  (properties.find((each) => each.name === name) as Property).test(view, memory);
const ordered = (name: string, ...nodes: NodeView[]) => judge(order, `total-order/${name}`, viewOf(...nodes));
const blamed = (verdict: Verdict): readonly string[] => (verdict as Failure).nodes ?? [];

test('two requests at one place are found, among those who run and among those who crashed', () => {
  const one = node('A', [at(1, 'a')]);
  assert.deepEqual(blamed(ordered('same-order', one, node('B', [at(1, 'b')]))), ['A', 'B']);
  const dead = node('B', [at(1, 'b')], { status: 'crashed', everCrashed: true });
  assert.equal(ordered('same-order', one, dead), true);
  assert.deepEqual(blamed(ordered('uniformity', one, dead)), ['A', 'B']);
  assert.equal(ordered('uniformity', one, node('B', [at(1, 'b')], { honest: false })), true);
  assert.equal(ordered('two-delivered', one, node('B', [at(1, 'a')])), true);
  assert.equal(ordered('two-delivered', one, node('B', [])), false);
});

test('whoever restarts may repeat what it delivered, and nothing else', () => {
  const again = node('A', [at(1, 'a'), at(2, 'b'), at(1, 'a')], { everCrashed: true });
  assert.equal(ordered('no-gaps', again), true);
  assert.equal(ordered('uniformity', again), true);
  const other = node('A', [at(1, 'a'), at(2, 'b'), at(1, 'c')], { everCrashed: true });
  assert.deepEqual(blamed(ordered('uniformity', other)), ['A']);
  assert.deepEqual(blamed(ordered('no-gaps', node('A', [at(1, 'a'), at(1, 'a')]))), ['A']);
});

test('a place left out, a request made up, and one that was delivered twice are found', () => {
  assert.deepEqual(blamed(ordered('no-gaps', node('A', [at(1, 'a'), at(3, 'c')]))), ['A']);
  assert.deepEqual(blamed(ordered('no-gaps', node('A', [at(2, 'a')]))), ['A']);
  assert.deepEqual(blamed(ordered('no-creation', node('A', [at(1, 'z')]))), ['A']);
  assert.deepEqual(blamed(ordered('no-creation', node('A', [at(1, 'a'), at(2, 'a')]))), ['A']);
  assert.equal(ordered('no-creation', node('A', [at(1, 'a'), at(2, 'b')])), true);
});

test('what a traitor requests is its own affair; that nobody is given two places for one request is not', () => {
  const reading = {
    members: (view: View) => view.nodes.filter(({ role }) => role === 'member'),
    requests: () => ['a'],
    requested: (item: Json) => (item as JsonObject).command as Json,
    place: (item: Json) => Number((item as JsonObject).place),
    by: () => 'C',
  };
  const judged = (honest: boolean, delivered: readonly Json[]) => {
    const client = node('C', [], { role: 'client', honest });
    return judge(totalOrder(reading), 'total-order/no-creation', viewOf(node('A', delivered), client));
  };
  assert.deepEqual(blamed(judged(true, [at(1, 'z')])), ['A']);
  assert.equal(judged(false, [at(1, 'z')]), true);
  assert.deepEqual(blamed(judged(false, [at(1, 'z'), at(2, 'z')])), ['A']);
});

test('in the end every running member has delivered everything', () => {
  const all = [at(1, 'a'), at(2, 'b'), at(3, 'c')];
  assert.equal(ordered('delivery', node('A', all), node('B', all)), true);
  assert.deepEqual(blamed(ordered('delivery', node('A', all), node('B', all.slice(0, 2)))), ['B']);
  assert.equal(ordered('delivery', node('A', all), node('B', [], { status: 'crashed' })), true);
});

const election = leader({
  members: (view) => view.nodes,
  leads: ({ effect }) =>
    effect.type === 'send' && effect.message.type === 'lead' ? Number(effect.message.term) : null,
  leader: ({ context }) => (context.leader ?? null) as string | null,
  word: 'view',
});
const { memory } = election[0] as Property;
const reigns = (...all: readonly (readonly [string, number])[]): Json =>
  all.reduce<Json>(
    (before, [id, term]) =>
      memory?.next(before, {
        node: id,
        honest: id !== 'T',
        effect: { type: 'send', to: 'X', message: { type: 'lead', term } },
      }) ?? null,
    memory?.initial ?? null,
  );

test('two leaders of one term are found, even when the first is long gone; a traitor does not count', () => {
  const verdict = (happened: Json) => judge(election, 'leader/one-per-term', viewOf(), happened);
  assert.equal(verdict(reigns(['A', 1], ['B', 2], ['A', 1], ['T', 2])), true);
  assert.deepEqual(blamed(verdict(reigns(['B', 1], ['A', 1]))), ['A', 'B']);
  assert.match((verdict(reigns(['B', 1], ['A', 1])) as Failure).why, /both lead in view 1/);
  assert.equal(judge(election, 'leader/elected', viewOf(), reigns()), false);
});

test('in the end all that run follow one leader, who runs too', () => {
  const follower = (id: string, whom: string | null, more: Partial<NodeView> = {}) =>
    node(id, [], { context: { leader: whom }, ...more });
  const verdict = (...nodes: NodeView[]) => judge(election, 'leader/eventually-one', viewOf(...nodes));
  assert.equal(verdict(follower('A', 'A'), follower('B', 'A')), true);
  assert.deepEqual(blamed(verdict(follower('A', 'A'), follower('B', null))), ['B']);
  assert.deepEqual(blamed(verdict(follower('A', 'A'), follower('B', 'B'))), ['A', 'B']);
  assert.deepEqual(blamed(verdict(follower('A', 'A', { status: 'crashed' }), follower('B', 'A'))), ['A']);
  assert.equal(verdict(follower('A', 'A', { status: 'crashed' }), follower('B', 'B')), true);
});
