/** Traitors in explored spaces: whom the script lets them lie to, and how few lies it takes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explore } from '../../src/check/explore.ts';
import { minimise } from '../../src/check/minimise.ts';
import { resolveScenarioText } from '../../src/scenario/load.ts';

const three = (more: string): string => `
protocol: oral-messages
nodes: { C: commander, L1: lieutenant, L2: lieutenant }
model: synchronous
bound: 60ms
failures: byzantine
parameters: { m: 1 }
faults: [{ at: 0ms, do: traitor, node: L2, behaviour: equivocate${more} }]`;
const ic2 = 'byzantine-generals/IC2';

for (const [more, verdict] of [
  ['', 'violated'],
  [', targets: [L1]', 'violated'],
  [', targets: [C]', 'holds'],
  [', kinds: [order]', 'violated'],
] as const) {
  test(`a traitor lies as the script aims it: ${more === '' ? 'at anybody' : more.slice(2)}`, async () => {
    const { scenario, protocol } = await resolveScenarioText(three(more), 'test.yaml');
    const { properties } = await explore(scenario, protocol);
    assert.equal(properties.find(({ name }) => name === ic2)?.verdict, verdict);
  });
}

test('a minimal counterexample has no lie that is not needed', async () => {
  const { scenario, protocol } = await resolveScenarioText(three(''), 'test.yaml');
  const { model, tracked, properties, path } = await explore(scenario, protocol);
  const p = properties.findIndex(({ name }) => name === ic2);
  const { path: least } = await minimise(model, tracked, path(properties[p]?.state as number), p);
  const lies = least.moves
    .flatMap((move) => ('manner' in move ? (move.manner.says ?? []) : []))
    .filter((w) => w !== 'truth');
  assert.equal(lies.length, 1);
});
