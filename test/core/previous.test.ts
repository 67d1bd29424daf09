/** A node remembers what it was before its last step, so that the screen can say what that step changed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createRun, stepRun } from '../../src/core/run.ts';
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
