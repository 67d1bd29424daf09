import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ScenarioError } from '../../src/scenario/errors.ts';
import { resolveScenarioText } from '../../src/scenario/load.ts';

const resolved = (nodes: string, overrides: string[] = []) =>
  resolveScenarioText(`protocol: gossip\nnodes: ${nodes}\n`, 'mine.yaml', { overrides });
const refused = async (nodes: string, why: RegExp): Promise<void> => {
  await assert.rejects(resolved(nodes), (error) => error instanceof ScenarioError && why.test(error.message));
};

test('many nodes of one role are numbered from 1, among the others', async () => {
  const { scenario } = await resolved('{ A: node, N: { role: node, count: 3 }, Z: node }');
  assert.deepEqual(Object.keys(scenario.nodes), ['A', 'N1', 'N2', 'N3', 'Z']);
});

test('how many there are can be set from outside', async () => {
  const { scenario } = await resolved('{ N: { role: node, count: 3 } }', ['nodes.N.count=10000']);
  assert.equal(Object.keys(scenario.nodes).length, 10_000);
});

test('a wrong count, role or key is told with what would be right', async () => {
  await refused('{ N: { role: node, count: 0 } }', /`count` is `0`, but must be 1 or more/);
  await refused('{ N: { role: node, count: 20000 } }', /must be 10000 or less/);
  await refused('{ N: { role: nod, count: 2 } }', /no role `nod`; did you mean node\?/);
  await refused('{ N: { role: node, cuont: 2 } }', /unknown key `cuont` in `nodes.N`; did you mean count\?/);
  await refused('{ N: 3 }', /but must be a role, or \{ role: \.\.\., count: \.\.\. \}/);
  await refused('{ A: { role: node, count: 9000 }, B: { role: node, count: 9000 } }', /at most 10000/);
});

test('a node that is named twice, once by a count, is not two', async () => {
  await refused('{ N: { role: node, count: 3 }, N2: node }', /N2/);
});
