/** The inspector shows of a node what it is, what it could do next, what it remembers and forgot, and where it lied. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import generals from '../../machines/oral-messages.ts';
import protocol from '../../machines/two-phase-commit.ts';
import type { Scenario } from '../../src/core/scenario.ts';
import type { Act } from '../../src/core/session.ts';
import type { TraceEvent } from '../../src/core/world.ts';
import { changesOf } from '../../src/tui/inspector/changes.ts';
import { compareSends } from '../../src/tui/inspector/honest.ts';
import { shareRows } from '../../src/tui/inspector/place.ts';
import { outlookOf } from '../../src/tui/inspector/triggers.ts';
import { width } from '../../src/tui/text.ts';
import { StillSession, scenarioOf, stageFor } from './stage.ts';

const four = { C: 'coordinator', P1: 'participant', P2: 'participant', P3: 'participant' };
const begin = { atMs: 0, node: 'C', input: 'begin', data: { transaction: 't1' } };
const session = (steps: number, change: Partial<Scenario> = {}): StillSession => {
  const made = new StillSession(scenarioOf(protocol, four, { inputs: [begin], ...change }), protocol);
  made.steps(steps);
  return made;
};

/** The inspector of a node at one of its parts, as text. */
async function inspected(of: StillSession, node: string, part: string, columns = 120, rows = 90) {
  const stage = stageFor(of, columns, rows);
  await stage.app.run(`inspect ${node} ${part}`);
  return stage;
}
const lineWith = (text: string, words: RegExp): string =>
  text.split('\n').find((each) => words.test(each)) ?? assert.fail(`no line with ${words}:\n${text}`);

test('two values become a tree of what is new, changed, gone and the same', () => {
  const tree = changesOf({ a: 1, b: { x: 1, y: 2 }, c: [1], d: 0 }, { a: 1, b: { x: 1, y: 3 }, c: [1, 2], e: {} });
  assert.deepEqual(
    tree.map(({ name, change, inside }) => [name, change, inside.map((each) => `${each.name} ${each.change}`)]),
    [
      ['a', 'same', []],
      ['b', 'changed', ['x same', 'y changed']],
      ['c', 'changed', ['0 same', '1 new']],
      ['e', 'new', []],
      ['d', 'gone', []],
    ],
  );
  assert.equal(changesOf([1], { 0: 1 })[0]?.change, 'same');
});

test('the present state is marked, with what can be taken from it; other transitions are not', async () => {
  const stage = await inspected(session(8), 'P2', 'states');
  assert.match(stage.text(), /● prepared/);
  assert.match(stage.text(), /○ working {2}was here until #\d+/);
  assert.match(lineWith(stage.text(), /▸ commit +/), /→ committed/);
  assert.doesNotMatch(lineWith(stage.text(), /rollback/), /▸ rollback/);
  assert.equal(stage.text().match(/●/g)?.length, 2, 'one state, and REC');
});

test('what is on its way stands at the transition that it would take, guards asked', async () => {
  const waiting = session(9);
  const { world } = waiting;
  const coordinator = world.nodes[0];
  assert.ok(coordinator !== undefined);
  const outlook = outlookOf(world, coordinator);
  const votes = [...(outlook?.triggers ?? [])].flatMap(([{ guard }, triggers]) =>
    triggers.flatMap((each) => (each.kind === 'message' ? [`${each.message.body.type} ${guard}`] : [])),
  );
  assert.ok(votes.length > 0 && votes.every((each) => each.startsWith('yes ')), votes.join());
  const stage = await inspected(waiting, 'C', 'states');
  assert.match(stage.text(), /yes t1 from P\d in \d+ms/);
  assert.match(stage.text(), /◷ in \d+ms/);
});

test('an event that the inner state always takes never reaches the states around it', () => {
  const { world } = session(9);
  for (const node of world.nodes) {
    const outlook = outlookOf(world, node);
    assert.ok(outlook !== null && outlook.legal.size > 0);
    for (const { from } of outlook.legal) assert.ok(from === '' || outlook.active.has(from), `${node.id}: ${from}`);
  }
});

test('memory marks what the last step changed by sign and word, and folds what every machine is given', async () => {
  const voted = session(10);
  const stage = await inspected(voted, 'C', 'memory');
  assert.match(lineWith(stage.text(), /~ yes/), /~ yes .*\[P3, P2\] {2}was \[P3\]/);
  assert.match(stage.text(), /#\d+ changed 1 of \d+: receives yes/);
  assert.match(stage.text(), /parameters +as in the scenario {2}Enter opens/);
  await stage.keys('down', 'enter');
  assert.match(stage.text(), /voteTimeout +500/, 'opened');
});

test('a crash: what was lost and what was kept; a restart: memory against stable storage, field by field', async () => {
  const run = session(9);
  await run.act({ type: 'crash', node: 'P2' });
  const down = await inspected(run, 'P2', 'storage');
  assert.match(down.text(), /crashed at 0:00\.\d+ {2}#\d+, fault #1, in prepared/);
  assert.match(down.text(), /lost\s[\s\S]*- vote +yes[\s\S]*kept\s[\s\S]*▤ prepared {2}t1/);
  await down.app.run('inspect P2 states');
  assert.match(down.text(), /╳ prepared {2}was here when it crashed/);
  assert.match(down.text(), /it is down: nothing can happen to it/);
  await run.act({ type: 'restart', node: 'P2' });
  await down.app.run('inspect P2 storage');
  assert.match(lineWith(down.text(), /✓ vote/), /yes +– +yes +the same/);
  assert.match(lineWith(down.text(), /▤ prepared/), /– +t1 +– +stored only/);
  assert.match(down.text(), /state: prepared before, back in prepared/);
});

test('what was never written is lost, and stands first among what a restart brings back', async () => {
  const { parameters } = scenarioOf(protocol, four);
  const run = session(9, { parameters: { ...parameters, logVote: false } });
  await run.act({ type: 'crash', node: 'P2' });
  await run.act({ type: 'restart', node: 'P2' });
  run.steps(6);
  const text = (await inspected(run, 'P2', 'storage')).text();
  assert.match(lineWith(text, /✗ transaction/), /t1 +– +\(empty\) +lost/);
  assert.ok(text.indexOf('✗ transaction') < text.indexOf('✓ vote'));
  assert.match(text, /state: prepared before, back in working/);
});

test('the inbox is in the order of arrival: at the door of a paused node, on the way, held', async () => {
  const run = session(0, { network: { ...scenarioOf(protocol, four).network, order: 'fifo' } });
  run.steps(4);
  await run.act({ type: 'pause', node: 'P2' });
  run.steps(6);
  await run.act({ type: 'partition', groups: [['C', 'P1', 'P2'], ['P3']] });
  const stage = await inspected(run, 'P2', 'coming');
  assert.match(stage.text(), /from C {2}prepare .*\n.*‖ waits at the door since/);
  assert.match(stage.text(), /timers\s[\s\S]*◷ workTimeout[\s\S]*inbox, by arrival/);
});

test('Enter on one of its events shows that moment, and the inspector stays; later events say so; End comes back', async () => {
  const run = session(16);
  const stage = await inspected(run, 'P1', 'events');
  const own = run.trace.filter(({ node }) => node === 'P1').map(({ index }) => index);
  assert.match(stage.text(), new RegExp(`#${own.at(-1)} `));
  await stage.keys('down', 'enter');
  assert.equal(stage.store.get().past, (own.at(-2) as number) + 1);
  assert.equal(stage.store.get().event, own.at(-2));
  assert.match(stage.text(), /viewing \d+ of 14/);
  assert.match(lineWith(stage.text(), new RegExp(`#${own.at(-1)} `)), /later/);
  await stage.keys('end');
  assert.equal(stage.store.get().past, null);
  assert.match(stage.text(), /its events/);
  await stage.keys('escape');
  assert.match(stage.text(), /what happened/);
});

test('the cursor stays on its event while others come in above it, and follows when it was never moved', async () => {
  const run = session(10);
  const stage = await inspected(run, 'C', 'events');
  const marked = (): string => lineWith(stage.text(), /▸ +#\d+/).replace(/.*▸ +(#\d+).*/, '$1');
  const newest = marked();
  run.steps(6);
  assert.notEqual(marked(), newest, 'it follows');
  await stage.keys('down');
  const chosen = marked();
  run.steps(5);
  assert.equal(marked(), chosen);
});

const lies = (event: TraceEvent | undefined) =>
  event === undefined
    ? []
    : compareSends(event).map(({ to, honest, sent, lie }) => [
        to,
        honest.value,
        sent.map(({ body }) => body.value).join(),
        lie,
      ]);

for (const [behaviour, expected] of [
  [
    'wrong-value',
    [
      ['L1', 'attack', 'attack', false],
      ['L2', 'attack', 'retreat', true],
      ['L3', 'attack', 'attack', false],
    ],
  ],
  [
    'omit',
    [
      ['L1', 'attack', 'attack', false],
      ['L2', 'attack', '', true],
      ['L3', 'attack', 'attack', false],
    ],
  ],
  [
    'duplicate',
    [
      ['L1', 'attack', 'attack', false],
      ['L2', 'attack', 'attack,attack', true],
      ['L3', 'attack', 'attack', false],
    ],
  ],
] as const) {
  test(`a traitor's sends beside the honest ones: ${behaviour}`, async () => {
    const nodes = { C: 'commander', L1: 'lieutenant', L2: 'lieutenant', L3: 'lieutenant' };
    const run = new StillSession(scenarioOf(generals, nodes, { model: 'synchronous', boundMs: 60 }), generals);
    await run.act({ type: 'traitor', node: 'C', behaviour, targets: ['L2'] } as Act);
    run.steps(6);
    assert.deepEqual(lies(run.trace.find(({ sends, node }) => sends.length > 0 && node === 'C')), expected);
    const stage = await inspected(run, 'C', 'lies', 80, 24);
    assert.match(stage.text(), new RegExp(`a traitor since #0; now: ${behaviour}`));
    assert.match(stage.text(), /an honest node would send +it sent/);
    assert.match(
      lineWith(stage.text(), /‡ L2/),
      { 'wrong-value': /retreat/, omit: /nothing/, duplicate: /2 times/ }[behaviour],
    );
    assert.match(stage.text(), /‡ 1 of 3 differ/);
  });
}

test('an honest node has no part for lies', async () => {
  const stage = await inspected(session(9), 'P1', 'states', 80, 24);
  assert.doesNotMatch(stage.text(), /lies/);
  assert.match(stage.text(), /▸states +memory.* storage +coming \d +its events/);
});

test('small screens show one part at a time and Tab goes through all; large ones show them side by side', async () => {
  const small = await inspected(session(9), 'P1', 'states', 80, 24);
  const seen: string[] = [];
  for (let i = 0; i < 5; i++) {
    seen.push(/▸(states|memory|storage|coming|its events)/.exec(small.text())?.[1] ?? '');
    await small.keys('tab');
  }
  assert.deepEqual(seen, ['states', 'memory', 'storage', 'coming', 'its events']);
  const large = await inspected(session(9), 'P1', 'states', 160, 45);
  for (const words of [/▸states/, / memory/, / storage/, / coming/, / its events/]) assert.match(large.text(), words);
  await large.keys('z');
  assert.doesNotMatch(large.text(), /inbox, by arrival/, 'z: the part alone');
});

test('every line is as wide as the window in every part, for every node and moment, at every size', async () => {
  for (const [columns, rows] of [
    [60, 20],
    [80, 24],
    [120, 36],
    [160, 45],
    [200, 60],
  ] as const) {
    const run = session(0);
    const stage = stageFor(run, columns, rows);
    await stage.keys('enter');
    for (let i = 0; i < 30; i++) {
      run.steps(1);
      if (i === 9) await run.act({ type: 'crash', node: 'P1' });
      if (i === 14) await run.act({ type: 'restart', node: 'P1' });
      await stage.keys(String((i % 4) + 1), 'tab', 'down', 'down');
      const lines = stage.lines();
      assert.equal(lines.length, rows);
      for (const text of lines) assert.equal(width(text), columns, `${columns}x${rows}: ${text}`);
    }
  }
});

test('rows are shared so that small parts stay whole and no row is lost', () => {
  assert.deepEqual(shareRows([3, 100, 4], 30), [3, 23, 4]);
  assert.deepEqual(shareRows([3, 4], 20), [3, 17], 'the last gets what is left');
  assert.deepEqual(shareRows([50, 50], 20), [10, 10]);
});
