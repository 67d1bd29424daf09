import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { digestWorld } from '../../src/core/digest.ts';
import { createRun, runToEnd } from '../../src/core/run.ts';
import type { Scenario } from '../../src/core/scenario.ts';
import { ScenarioError } from '../../src/scenario/errors.ts';
import { loadScenario, resolveScenarioText } from '../../src/scenario/load.ts';
import { preparePresets } from '../../src/scenario/prepare.ts';
import { loadScenarioSoon } from '../../src/scenario/prepared.ts';

const folder = mkdtempSync(join(tmpdir(), 'havoc-workload-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const text = (workload: string): string => `protocol: quorum-register
nodes: { R: { role: replica, count: 3 }, K1: client, K2: client, K3: client }
inputs:
  - { at: 5ms, node: K1, input: write, value: first }
workload: ${workload}
seed: 7
`;
const resolved = async (workload: string, seed?: number, overrides: readonly string[] = []): Promise<Scenario> =>
  (await resolveScenarioText(text(workload), 'my.yaml', { overrides, ...(seed === undefined ? {} : { seed }) }))
    .scenario;
const drawn = async (workload: string, seed?: number) => (await resolved(workload, seed)).inputs.slice(1);

async function mistakes(workload: string, overrides: readonly string[] = []): Promise<string[]> {
  try {
    await resolved(workload, undefined, overrides);
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return error.errors.map(({ line, column, what }) => (line === null ? what : `${line}:${column}: ${what}`));
  }
  throw new Error('this was accepted');
}

test('a workload becomes ordinary inputs, behind those that are written out', async () => {
  const { inputs } = await resolved('{ operations: 12 }');
  assert.equal(inputs.length, 13);
  assert.deepEqual(inputs[0], { atMs: 5, node: 'K1', input: 'write', data: { value: 'first' } });
  for (const { atMs, node, input, data } of inputs.slice(1)) {
    assert.ok(Number.isSafeInteger(atMs) && atMs >= 0);
    assert.ok(['K1', 'K2', 'K3'].includes(node), 'a replica takes no operation');
    assert.ok(input === 'read' || input === 'write');
    assert.deepEqual(Object.keys(data), input === 'write' ? ['value'] : []);
  }
  const times = inputs.slice(1).map(({ atMs }) => atMs);
  assert.deepEqual(
    times,
    times.toSorted((a, b) => a - b),
  );
});

test('no two writes of a workload write the same value', async () => {
  const values = (await drawn('{ operations: 200, mix: { write: 1 } }')).map(({ data }) => data.value);
  assert.equal(new Set(values).size, 200);
});

test('the same seed gives the same operations, another seed others, and --seed counts', async () => {
  const workload = '{ operations: 30 }';
  assert.deepEqual(await drawn(workload), await drawn(workload));
  assert.deepEqual(await drawn(workload, 7), await drawn(workload));
  assert.notDeepEqual(await drawn(workload, 8), await drawn(workload));
  assert.equal((await resolved(workload, 8)).seed, 8);
  assert.deepEqual((await resolved(workload, undefined, ['seed=8'])).inputs, (await resolved(workload, 8)).inputs);
});

test('a prepared preset with a workload is drawn anew for another seed', async () => {
  await preparePresets(folder);
  const usual = await loadScenario('quorums-meet', { seed: 4 });
  const soon = await loadScenarioSoon('quorums-meet', { seed: 4 }, folder);
  assert.deepEqual(soon.scenario, usual.scenario);
  assert.notDeepEqual(soon.scenario.inputs, (await loadScenarioSoon('quorums-meet', {}, folder)).scenario.inputs);
});

test('clients, mix, rate and from mean what they say', async () => {
  const inputs = await drawn(
    '{ clients: [K2, K3], operations: 1000, mix: { read: 3, write: 1 }, rate: 20/s, from: 2s }',
  );
  const share = (is: (input: (typeof inputs)[number]) => boolean): number => inputs.filter(is).length / inputs.length;
  assert.equal(
    share(({ node }) => node === 'K1'),
    0,
  );
  assert.ok(Math.abs(share(({ node }) => node === 'K2') - 0.5) < 0.06);
  assert.ok(Math.abs(share(({ input }) => input === 'read') - 0.75) < 0.06);
  assert.ok((inputs[0]?.atMs ?? 0) >= 2000);
  const meanMs = ((inputs.at(-1)?.atMs ?? 0) - 2000) / 1000;
  assert.ok(Math.abs(meanMs - 50) < 6, `${meanMs}`);
  const slow = await drawn('{ operations: 200, rate: 60/m }');
  assert.ok(Math.abs((slow.at(-1)?.atMs ?? 0) / 200 - 1000) < 250);
});

test('a mistake in a workload is told with its place and what would be right', async () => {
  const cases: readonly (readonly [workload: string, mistake: string])[] = [
    ['{ operatoins: 5 }', '5:13: unknown key `operatoins` in `workload`; did you mean operations?'],
    ['{ clients: [K1] }', '5:11: `operations` is missing'],
    ['{ operations: 0 }', '5:25: `operations` is `0`, but must be 1 or more'],
    ['{ operations: 1001 }', '5:25: `operations` is `1001`, but must be 1000 or less'],
    ['{ operations: 1.5 }', '5:25: `operations` is `1.5`, but must be a whole number'],
    ['{ operations: 5, clients: [K9] }', '5:38: there is no node `K9`; did you mean K1?'],
    ['{ operations: 5, clients: [K1, R2] }', '5:42: R2 is a replica and takes none of these: write, read'],
    ['{ operations: 5, clients: [] }', '5:37: `clients` is empty; name somebody, or leave it out'],
    ['{ operations: 5, mix: { raed: 1 } }', '5:35: quorum-register has no input `raed`; did you mean read?'],
    ['{ operations: 5, mix: { read: -1 } }', '5:41: `read` is `-1`, but must be 0 or more'],
    ['{ operations: 5, mix: { read: 0 } }', '5:33: there is nothing that a client could ask; give some input a weight'],
    ['{ operations: 5, rate: 10 }', '5:34: the rate 10 has no unit; did you mean 10/s?'],
    ['{ operations: 5, rate: often }', '5:34: `often` is no rate; write 10/s or 90/m'],
    ['{ operations: 5, rate: 0/s }', '5:34: the rate `0/s` is too low; it must be at least one in 1000000000ms'],
    ['{ operations: 5, from: 7 }', '5:34: the duration 7 has no unit; did you mean 7ms or 7s?'],
    ['5', '5:11: `workload` is `5`, but must be a mapping'],
  ];
  for (const [workload, mistake] of cases) assert.deepEqual(await mistakes(workload), [mistake], workload);
  assert.deepEqual(await mistakes('{ operations: 5 }', ['workload.operations=0']), [
    '`operations` is `0`, but must be 1 or more',
  ]);
});

test('a run of a workload is the same twice, and every operation of it is performed', async () => {
  const file = join(folder, 'mine.yaml');
  writeFileSync(file, text('{ operations: 20, rate: 30/s }'));
  const run = async () => {
    const { scenario, protocol } = await loadScenario(file);
    const made = createRun(scenario, protocol);
    assert.ok(runToEnd(made));
    return made.world;
  };
  const [first, second] = [await run(), await run()];
  assert.equal(digestWorld(first), digestWorld(second));
  const ended = first.nodes.flatMap(({ delivered }) => delivered).filter((item) => Object.hasOwn(item as object, 'ok'));
  assert.equal(ended.length, 21);
});
