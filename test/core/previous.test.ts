/** A node remembers what it was before its last step, so that the screen can say what that step changed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { actInRun, createRun, stepRun } from '../../src/core/run.ts';
import type { NodeRecord } from '../../src/core/world.ts';
import { chatter, chatterScenario } from '../fixtures/chatter.ts';
import { course, runOf } from '../fixtures/random-runs.ts';

test('after every step the node names that event, with its memory and stable storage from just before it', () => {
  const run = createRun(chatterScenario(4), chatter);
  for (let i = 0; i < 60; i++) {
    const before = new Map(run.world.nodes.map(({ id, path, context, stable }) => [id, { path, context, stable }]));
    const [event] = stepRun(run) ?? [];
    if (event === undefined) break;
    for (const node of run.world.nodes) {
      if (node.id !== event.node) assert.notEqual(node.previous?.index, event.index, 'who takes no step keeps its own');
      else assert.deepEqual(node.previous, { index: event.index, ...before.get(node.id) });
    }
  }
});

test('whatever strikes, it names an event of that node', () => {
  fc.assert(
    fc.property(course, (made) => {
      const { world, trace } = runOf(made);
      for (const { id, previous } of world.nodes) if (previous !== null) assert.equal(trace[previous.index]?.node, id);
    }),
    { numRuns: 60 },
  );
});

/** read anew each time: it changes behind the compiler's back */
const crashOf = (node: NodeRecord): NodeRecord['crash'] => node.crash;

test('a crash keeps what was lost and, once the node is back, what it came back with', () => {
  const run = createRun(chatterScenario(4, { failures: 'crash-recovery' }), chatter);
  for (let i = 0; i < 20; i++) stepRun(run);
  const node = run.world.nodes[1];
  assert.ok(node !== undefined);
  const before = node.context;
  actInRun(run, { type: 'crash', node: node.id });
  assert.equal(node.crash?.lost, before);
  assert.equal(crashOf(node)?.returned, undefined);
  const [event] = actInRun(run, { type: 'restart', node: node.id });
  assert.deepEqual(crashOf(node)?.returned, { index: event?.index, path: node.path, context: node.context });
  for (let i = 0; i < 20; i++) stepRun(run);
  assert.equal(crashOf(node)?.returned?.index, event?.index, 'and it stays what it was then');
});
