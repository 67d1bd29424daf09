/** Runs without end and messages without number come to a limit, in words. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setup } from 'xstate';
import { playHeadless } from '../../src/cli/play-headless.ts';
import { defineProtocol, effects, type NodeInput } from '../../src/core/protocol.ts';
import { advanceWorld } from '../../src/core/run.ts';
import { createWorld } from '../../src/core/world-init.ts';
import { chatterScenario } from '../fixtures/chatter.ts';
import { listening, place } from './gate.ts';

test('a run without end is cut off after so many events, without a verdict', async () => {
  const file = join(place, 'storm.yaml');
  writeFileSync(
    file,
    `title: Storm
protocol: failure-detector
nodes: { A: node, B: node }
model: asynchronous
failures: crash-stop
network: { latency: 1ms }
parameters: { interval: 1ms, beats: 100000 }
until: 100000s
`,
  );
  const { code, said } = await listening(() =>
    playHeadless(file, { paused: true, set: [], headless: true, inProcess: true, json: true, maxEvents: 3000 }),
  );
  assert.equal(code, 2, said.join('\n'));
  assert.match(said.join('\n'), /^stopped after 300\d events, before its end$/m);
});

/** Whoever hears an echo says it twice to everybody. */
const echo = setup({
  types: {} as { context: { self: string }; events: { type: 'say' } | { type: 'echo' }; input: NodeInput },
  actions: effects,
}).createMachine({
  context: ({ input }) => ({ self: input.self }),
  on: {
    say: { actions: { type: 'broadcast', params: { message: { type: 'echo' } } } },
    echo: {
      actions: [
        { type: 'broadcast', params: { message: { type: 'echo' } } },
        { type: 'broadcast', params: { message: { type: 'echo' } } },
      ],
    },
  },
});

test('a protocol that multiplies its messages without end fails its nodes, with the reason, and the run ends', () => {
  const protocol = defineProtocol({ id: 'echo', roles: { talker: echo }, messages: ['echo'], inputs: ['say'] });
  const world = createWorld(chatterScenario(60, { protocol: 'echo' }), protocol);
  while (world.events < 3000) advanceWorld(world);
  const failed = world.nodes.filter(({ status }) => status === 'failed');
  assert.ok(failed.length > 0);
  for (const { failure } of failed) assert.match(failure ?? '', /messages on their way: at most 100000 can be$/);
  assert.ok(world.pending.size <= 100_000);
});
