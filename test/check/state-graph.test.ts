/** The graph of a space: as many states and edges as an exploration counts, and of each state what can still be decided. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { explore } from '../../src/check/explore.ts';
import { Space } from '../../src/check/space.ts';
import { graphEdges, graphStates } from '../../src/check/state-graph.ts';
import { canonicalJson } from '../../src/core/json.ts';
import { resolveScenarioText } from '../../src/scenario/load.ts';
import { type Ended, havoc } from '../fixtures/program.ts';

const folder = mkdtempSync(join(tmpdir(), 'havoc-graph-'));
after(() => rmSync(folder, { recursive: true }));
const check = (...args: readonly string[]): Promise<Ended> => havoc(['check', ...args]);

const commit = `
protocol: two-phase-commit
nodes: { C: coordinator, P1: participant, P2: participant }
model: synchronous
bound: 60ms
failures: crash-stop
inputs: [{ at: 0ms, node: C, input: begin, transaction: t1 }]
budget: { crash: 1 }`;

test('the graph has the states and edges that the exploration counts, and what may still be decided', async () => {
  const { scenario, protocol } = await resolveScenarioText(commit, 'test.yaml');
  const counted = await explore(scenario, protocol);
  assert.ok(counted.complete);
  const space = new Space(counted.model, counted.tracked, 10_000);
  await space.build(async () => null);
  const states = graphStates(space);
  const edges = [...graphEdges(space)];
  assert.equal(states.length, counted.states);
  assert.equal(edges.length + space.roots, counted.transitions);
  for (const { id, nodes, valence } of states) {
    const reached = new Set([id]);
    for (const each of reached) for (const { from, to } of edges) if (from === each) reached.add(to);
    const decided = [...reached].flatMap((each) =>
      Object.values(states[each]?.nodes ?? {}).flatMap((n) => n.decisions),
    );
    assert.deepEqual(valence?.map(String).sort(), [...new Set(decided.map(String))].sort(), canonicalJson(nodes));
  }
  const bivalent = states.filter(({ valence }) => valence?.length === 2);
  assert.ok(bivalent.length > 0 && bivalent.length < states.length);
});

test('it is written as JSON or for Graphviz', async () => {
  const [json, dot] = [join(folder, 'g.json'), join(folder, 'g.dot')];
  assert.equal((await check('three-generals', '--graph', json)).code, 1);
  const graph = JSON.parse(readFileSync(json, 'utf8'));
  assert.equal(graph.format, 'havoc-state-graph');
  assert.deepEqual(graph.initial, [0, 1, 2]);
  const late = graph.edges.filter(({ does }: { does: string }) => does.includes('; time goes on'));
  assert.ok(late.length > 0 && late.every(({ fault }: { fault: boolean }) => !fault));
  for (const { from, to } of graph.edges) assert.ok(graph.states[from].id === from && graph.states[to].id === to);
  assert.equal((await check('three-generals', '--graph', dot)).code, 1);
  const lines = readFileSync(dot, 'utf8').split('\n');
  assert.equal(lines.filter((text) => / -> /.test(text)).length, graph.edges.length);
  assert.ok(lines.every((text) => !text.includes('label') || /\[label="([^"\\]|\\.)*"/.test(text)));
});

test('of a large space there is none, and the exit code says that something is missing', async () => {
  const file = join(folder, 'large.json');
  const { code, stderr } = await check('all-vote-yes', '--graph', file, '--max-states', '3000');
  assert.equal(code, 2);
  assert.match(stderr, /no graph was written: the limit of 3000 states was reached/);
  assert.equal(existsSync(file), false);
});
