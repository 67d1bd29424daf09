/** Traitors in explored spaces: whom the script lets them lie to, what comes late, and how few lies it takes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setup } from 'xstate';
import { runPath } from '../../src/check/counterexample.ts';
import { explore, type Path } from '../../src/check/explore.ts';
import { minimise } from '../../src/check/minimise.ts';
import type { Move } from '../../src/check/moves.ts';
import { defineProtocol, effects } from '../../src/core/protocol.ts';
import { resolveScenarioText } from '../../src/scenario/load.ts';
import { scenarioOf } from './made.ts';
import { exploreSlowly } from './reference.ts';

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

const generals = (protocol: string, nodes: string, more: string): string => `
protocol: ${protocol}
nodes: { ${nodes} }
model: synchronous
bound: 60ms
failures: byzantine
${more}`;
const oral = 'C: commander, L1: lieutenant, L2: lieutenant';
const signed = `${oral}, L3: lieutenant`;
const traitorIs = (node: string, more = ''): string =>
  `{ at: 0ms, do: traitor, node: ${node}, behaviour: delay${more} }`;

for (const [what, text, depth] of [
  ['two traitors of the budget', generals('oral-messages', oral, 'budget: { traitor: 2 }'), 9],
  ['a traitor that lies to one', generals('oral-messages', oral, `faults: [${traitorIs('C', ', targets: [L1]')}]`), 20],
  [
    'a traitor in fifo order',
    generals('signed-messages', oral, 'network: { order: fifo }\nbudget: { traitor: 1 }'),
    20,
  ],
  [
    'a traitor, with the last lieutenant cut off',
    generals(
      'oral-messages',
      oral,
      `faults: [${traitorIs('C')}, { at: 5s, do: partition, groups: [[C, L1], [L2]] }]\nbudget: { partition: 1 }`,
    ),
    9,
  ],
] as const) {
  test(`the slow explorer agrees on ${what}`, async () => {
    const { scenario, protocol } = await resolveScenarioText(text, 'test.yaml');
    const slow = exploreSlowly(scenario, protocol, false, depth);
    // a violation must not end it: both count everything
    const unjudged = { ...protocol, properties: [] };
    const { states, transitions, depth: reached } = await explore({ ...scenario, constraint: { depth } }, unjudged);
    assert.deepEqual([states, transitions, reached], [slow.states, slow.transitions, slow.depth]);
  });
}

const last = 'parameters: { m: 1, countSignatures: false }\n';

for (const [more, verdict] of [
  ['', 'violated'],
  [', kinds: [order]', 'violated'],
  [', targets: [C]', 'holds'],
] as const) {
  test(`what a traitor keeps back may come in a later round, if the script aims it there: ${more === '' ? 'anywhere' : more.slice(2)}`, async () => {
    const text = generals('signed-messages', signed, `${last}faults: [${traitorIs('C', more)}]`);
    const { scenario, protocol } = await resolveScenarioText(text, 'test.yaml');
    const { properties } = await explore(scenario, protocol);
    assert.equal(properties.find(({ name }) => name === 'byzantine-generals/IC1')?.verdict, verdict);
  });
}

test('what honest nodes send is never late', async () => {
  const text = generals('signed-messages', signed, `${last}faults: [${traitorIs('L3')}]`);
  const { scenario, protocol } = await resolveScenarioText(text, 'test.yaml');
  const { properties, complete } = await explore(scenario, protocol);
  assert.ok(complete);
  assert.ok(properties.every(({ verdict }) => verdict !== 'violated'));
});

test('the run of a late message has the traitor keep it back, breaks no promise of the model, and shows the violation', async () => {
  const text = generals('signed-messages', signed, `${last}budget: { traitor: 1 }`);
  const { scenario, protocol } = await resolveScenarioText(text, 'test.yaml');
  const { model, properties, path } = await explore(scenario, protocol);
  const p = properties.findIndex(({ name }) => name === 'byzantine-generals/IC1');
  const run = runPath(model, protocol, path(properties[p]?.state as number));
  assert.ok(typeof run !== 'string');
  const { world, trace } = run.run;
  assert.equal(world.properties[p]?.settledAt, world.events - 1);
  assert.deepEqual(world.assumptions, []);
  const delays = trace.flatMap(({ choice, message, atMs }) =>
    choice.type === 'deliver' && message?.from === 'C' ? [atMs - message.sentAtMs] : [],
  );
  assert.ok(
    delays.some((delay) => delay > (scenario.boundMs as number)),
    `it took ${delays} ms`,
  );
  assert.ok(
    trace.every(({ choice, atMs }) => choice.type !== 'fire' || atMs % 100 === 0),
    'rounds take 100 ms',
  );
});

const say = { type: 'broadcast', params: { message: { type: 'word' } } } as never;

/** A tells B and C something; it matters that B hears it after 20 ms, and C at all. */
const lateForB = defineProtocol({
  id: 'late-for-b',
  title: 'late for B',
  source: 'none',
  problem: 'none',
  roles: {
    speaker: setup({ actions: effects as never }).createMachine({
      initial: 'quiet',
      states: { quiet: { after: { 10: { actions: say } } } },
    }),
    hastySpeaker: setup({ actions: effects as never }).createMachine({ entry: say }),
    hearer: setup({}).createMachine({
      initial: 'early',
      states: {
        early: { on: { word: 'heardEarly' }, after: { 20: 'late' } },
        late: { on: { word: 'heardLate' } },
        heardEarly: {},
        heardLate: {},
      },
    }),
  },
  messages: ['word'],
  inputs: {},
  properties: [
    {
      name: 'not-so',
      kind: 'always',
      clauses: {},
      test: ({ node }) => node('B').path !== 'heardLate' || !node('C').path.startsWith('heard'),
    },
    { name: 'B-late', kind: 'sometimes', clauses: {}, test: ({ node }) => node('B').path === 'heardLate' },
  ],
});

const lateScenario = (role: 'speaker' | 'hastySpeaker') =>
  scenarioOf({
    protocol: 'late-for-b',
    nodes: { A: role, B: 'hearer', C: 'hearer' },
    model: 'synchronous',
    budget: { traitor: 1 },
  });

test('what a traitor says when it starts may come late as well', async () => {
  const scenario = lateScenario('hastySpeaker');
  const slow = exploreSlowly(scenario, lateForB, false);
  const all = await explore(scenario, { ...lateForB, properties: [] });
  assert.deepEqual([all.states, all.transitions, all.depth], [slow.states, slow.transitions, slow.depth]);
  const { model, properties, path } = await explore(scenario, lateForB);
  const run = runPath(model, lateForB, path(properties[0]?.state as number));
  assert.ok(typeof run !== 'string');
  assert.equal(run.run.world.view.node('B').path, 'heardLate');
});

/** As late as can be: C times out like B, and all that arrives arrives after that. */
async function lateAsCanBe() {
  const scenario = lateScenario('speaker');
  const { model, tracked, path, properties } = await explore(scenario, lateForB);
  const { moves, ...rest } = path(properties[0]?.state as number);
  const [speaks, timesOut] = moves.filter(({ kind }) => kind === 'fire') as [Move, Move];
  const late = [
    ...moves.filter(({ kind }) => kind === 'start'),
    { ...speaks, timeGoesOn: true },
    timesOut,
    { ...timesOut, node: 2 } as Move,
    ...moves.filter(({ kind }) => kind === 'deliver').map((move) => ({ ...move, timeGoesOn: false })),
  ];
  const least = async (p: number): Promise<Path> => {
    const { path: found, minimal } = await minimise(model, tracked, { moves: late, ...rest }, p);
    assert.ok(minimal);
    return found;
  };
  return { model, least };
}

test('in a minimal counterexample nothing is late that might as well be in time', async () => {
  const { model, least } = await lateAsCanBe();
  const run = runPath(model, lateForB, await least(0));
  assert.ok(typeof run !== 'string');
  assert.equal(run.run.world.view.node('B').path, 'heardLate');
  assert.equal(run.run.world.view.node('C').path, 'heardEarly');
});

test('what would be late for ever is not said in a minimal counterexample', async () => {
  const { least } = await lateAsCanBe();
  const { moves } = await least(1);
  const said = moves.flatMap((move) => (move.kind === 'fire' && move.node === 0 ? [move.manner.says] : []));
  assert.deepEqual(said, [['truth', 'nothing']]);
});
