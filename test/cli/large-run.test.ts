/** A headless run of very many nodes: nobody reads a line an event, so the transcript keeps to what can be read. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Ended, havoc } from '../fixtures/program.ts';

const scenario = `protocol: gossip
nodes: { N: { role: node, count: 200 } }
network: { latency: 20ms..60ms }
parameters: { strategy: push-pull, rounds: 12 }
inputs:
  - { at: 10ms, node: N1, input: tell, rumour: news }
`;

async function play(...options: string[]): Promise<Ended> {
  const folder = mkdtempSync(join(tmpdir(), 'havoc-'));
  try {
    const file = join(folder, 'large.yaml');
    writeFileSync(file, scenario);
    return await havoc(['play', file, '--headless', '--in-process', ...options]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('a large run prints its curve and counts its nodes by state, and says what it leaves out', async () => {
  const { code, stdout } = await play();
  assert.equal(code, 0, stdout);
  assert.match(stdout, /more than 128 nodes: no vector clocks are kept, and no line is printed for each event/);
  assert.match(stdout, /200 {2}up {2}clock.over & rumour.infected/);
  assert.match(stdout, /infected nodes by round\n {2}round 0 {2}█ 1\n/);
  assert.match(stdout, /█{50} 200\n/);
  assert.ok(stdout.split('\n').length < 60);
});

test('as JSON it has the curve and empty vectors', async () => {
  const { code, stdout } = await play('--json');
  assert.equal(code, 0);
  const { curve, nodes } = JSON.parse(stdout);
  assert.equal(curve.points.at(-1), 200);
  assert.deepEqual(nodes.N1.vector, []);
});
