/** The sequence diagram as geometry and as text: what is in sight, what is late, lost or a lie, and what a filter leaves. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import protocol from '../../machines/two-phase-commit.ts';
import type { Scenario } from '../../src/core/scenario.ts';
import type { Act } from '../../src/core/session.ts';
import { drawRow } from '../../src/tui/diagram/draw.ts';
import { eventKinds, type Filter, passes } from '../../src/tui/diagram/filter.ts';
import { geometryOf, isShown } from '../../src/tui/diagram/geometry.ts';
import { eventRows } from '../../src/tui/diagram/rows.ts';
import { stretchUpTo, withCut } from '../../src/tui/diagram/scene.ts';
import { timelineCells } from '../../src/tui/diagram/timeline-bar.ts';
import { createTraceIndex, extendIndex, type Landmark } from '../../src/tui/diagram/trace-index.ts';
import { lineWidth, plain, width } from '../../src/tui/text.ts';
import { course, runOf } from '../fixtures/random-runs.ts';
import { StillSession, scenarioOf, stageFor } from './stage.ts';

const begin = { atMs: 0, node: 'C', input: 'begin', data: { transaction: 't1' } };
const nodesOf = (count: number): Record<string, string> =>
  Object.fromEntries([
    ['C', 'coordinator'],
    ...Array.from({ length: count - 1 }, (_, i) => [`P${i + 1}`, 'participant']),
  ]);

function open(count: number, steps: number, columns = 160, rows = 45, change: Partial<Scenario> = {}) {
  const session = new StillSession(scenarioOf(protocol, nodesOf(count), { inputs: [begin], ...change }), protocol);
  session.steps(steps);
  const stage = stageFor(session, columns, rows);
  const command = async (text: string): Promise<void> => {
    await stage.keys(':');
    await stage.type(text);
    await stage.keys('enter');
  };
  return { session, stage, command };
}

test('every thing of every row lies inside the picture, in any window, for random runs', () => {
  let rows = 0;
  const window = fc.record({
    width: fc.integer({ min: 58, max: 200 }),
    selected: fc.nat({ max: 3 }),
    from: fc.option(fc.nat({ max: 5 })),
  });
  fc.assert(
    fc.property(course, window, (plan, { width: columns, selected, from }) => {
      const { world, trace } = runOf(plan);
      const index = extendIndex(createTraceIndex(world.indexOf), trace);
      const geometry = geometryOf({ width: columns, nodes: 4, events: trace.length, selected, from });
      for (const event of trace)
        for (const row of eventRows({ world, trace, index }, geometry, event)) {
          rows += 1;
          assert.equal(lineWidth(drawRow(geometry, row)), columns);
          for (const element of row.elements) {
            const places = 'from' in element ? [element.from, element.to] : [element.x];
            for (const x of places) assert.ok(x >= 0 && x < columns, `${element.kind} at ${x}`);
            if ('label' in element && element.label !== null)
              assert.ok(element.label.x + width(element.label.text) <= columns, `label of ${element.kind}`);
          }
        }
    }),
    { numRuns: 60 },
  );
  assert.ok(rows > 1000);
});

test('twelve nodes are in sight at 160 columns; more scroll sideways, and the edges say how many there are', async () => {
  const twelve = geometryOf({ width: 158, nodes: 12, events: 50, selected: 0, from: null });
  assert.equal(twelve.count, 12);
  const { stage } = open(20, 50);
  await stage.keys('tab', 'tab');
  assert.doesNotMatch(stage.text(), /◀ \d/);
  assert.match(stage.text(), /\d+ more nodes ▶/);
  await stage.keys('>', '>', '>');
  assert.match(stage.text(), /◀ 3 more/);
  assert.match(stage.text(), /» C→P\d+|»─prepare/, 'an arrow from beyond the edge begins there');
  await stage.keys('<', '<', '<');
  assert.doesNotMatch(stage.text(), /◀ \d/);
});

test('selecting a node brings it into sight again', async () => {
  const { stage, command } = open(20, 50);
  await stage.keys('tab', 'tab', '>', '>', '>');
  await command('select P2');
  assert.match(stage.text(), / C {7,}P1 /);
});

test('a message between nodes out of sight is told in the margin', () => {
  const { session } = open(20, 50);
  const { world, trace } = session;
  const index = extendIndex(createTraceIndex(world.indexOf), trace);
  const geometry = geometryOf({ width: 78, nodes: 20, events: 50, selected: 0, from: 10 });
  const event = trace.find(({ message }) => message !== null && !isShown(geometry, world.indexOf.get(message.to)!))!;
  const [row] = eventRows({ world, trace, index }, geometry, event);
  assert.ok(row!.facts.some(({ text }) => text.startsWith(`C→${event.message!.to}`)));
});

test('a delivery says how long it took, and a late one that it is late', async () => {
  const { stage, session } = open(4, 5);
  const [message] = session.world.pending.values();
  await session.act({ type: 'delay', message: message!.id, byMs: 300 });
  session.steps(12);
  assert.match(stage.text(), / \d\dms {2}L=\d+→\d+/);
  assert.match(stage.text(), /late 3\d\dms/);
});

test('a message that was overtaken on its link says by which', () => {
  let seen = 0;
  for (let seed = 1; seed <= 10; seed++) {
    const { world, trace } = runOf({ seed, acts: [], more: 60 });
    const index = extendIndex(createTraceIndex(world.indexOf), trace);
    const geometry = geometryOf({ width: 158, nodes: 4, events: 60, selected: 0, from: null });
    const sent = trace.flatMap(({ sends }) => sends);
    for (const [at, by] of index.overtakenBy) {
      seen += 1;
      const overtaken = trace[at]!.message!;
      const other = sent.find(({ id }) => id === by)!;
      assert.ok(other.id > overtaken.id && other.from === overtaken.from && other.to === overtaken.to);
      const [row] = eventRows({ world, trace, index }, geometry, trace[at]!);
      assert.ok(row!.facts.some(({ text }) => text === `overtaken by ${by}`));
    }
  }
  assert.ok(seen > 0);
});

test("a traitor's sends are marked, not only coloured; a lost message breaks off", async () => {
  const { stage, session } = open(4, 5, 120, 36);
  const act = (what: Act) => session.act(what);
  await act({ type: 'traitor', node: 'P1', behaviour: 'wrong-value' });
  await act({ type: 'cut', from: 'P2', to: 'C', drop: true });
  session.steps(8);
  await stage.keys('tab', 'tab', 'z');
  assert.match(stage.text(), /◀╌+‡\w+/);
  assert.match(stage.text(), /╳─+.*yes.*┤/);
});

test('a node that crashes in the middle of a step has its lifeline broken from there', async () => {
  const { session, stage } = open(4, 4, 120, 36);
  await session.act({ type: 'crash', node: 'C', afterSends: 1 });
  session.steps(1);
  await stage.keys('tab', 'tab');
  assert.equal(session.world.nodes[0]?.status, 'crashed');
  const rows = stage.lines().filter((text) => /^│ {3,}\d+ /.test(text));
  assert.match(rows.at(-1) ?? '', /▷ begin/);
  session.steps(2);
  assert.match(stage.text(), /┊/);
});

test('a filter leaves what it says: nodes, kinds, messages, and what a property looks at', () => {
  const none: Filter = { nodes: [], kinds: [], messages: [], properties: [] };
  const { session } = open(4, 40);
  const { world, trace } = session;
  const left = (filter: Partial<Filter>) => trace.filter((event) => passes(world, { ...none, ...filter }, event));
  assert.equal(left({}).length, trace.length);
  for (const event of left({ nodes: ['P2'] })) assert.ok(event.node === 'P2' || event.message?.from === 'P2');
  assert.ok(left({ kinds: ['timer'] }).every(({ choice }) => choice.type === 'fire'));
  assert.ok(left({ messages: ['yes'] }).length > 3);
  for (const event of left({ properties: ['atomic-commit/agreement'] }))
    assert.ok(event.effects.some(({ type }) => type === 'decide') || event.reached.length + event.violated.length > 0);
  const both = left({ nodes: ['P2'], kinds: ['decision'] });
  assert.deepEqual(
    both.map(({ node }) => node),
    ['P2'],
  );
  for (const kind of eventKinds) assert.ok(left({ kinds: [kind] }).length < trace.length, kind);
});

test('the arrows move among the events that the filter shows', async () => {
  const { stage, command } = open(4, 40);
  await command('filter decision');
  assert.match(stage.text(), /4 shown: decision/);
  await stage.keys('1', 'tab', 'tab', 'up');
  const last = Number(/event (\d+) selected/.exec(stage.text())?.[1]);
  await stage.keys('up');
  const before = Number(/event (\d+) selected/.exec(stage.text())?.[1]);
  assert.ok(before < last);
  assert.match(stage.lines().find((text) => text.includes('▸  ')) ?? '', new RegExp(` ${before} `));
  await command('filter off');
  assert.doesNotMatch(stage.text(), /shown:/);
});

test('f chooses what is shown, and a word that is nothing is answered', async () => {
  const { stage, command } = open(4, 40);
  await stage.keys('tab', 'tab', 'f', 'down', 'down', 'space', 'enter');
  assert.match(stage.text(), /shown: P2/);
  await command('filter unicorns');
  assert.match(stage.text(), /unicorns is no node, message, property or kind of event/);
});

test('the timeline shows the gravest thing of each cell, and how far it is shown', () => {
  const landmarks: Landmark[] = [
    { index: 0, kind: 'decision' },
    { index: 51, kind: 'decision' },
    { index: 52, kind: 'crash' },
    { index: 53, kind: 'fault' },
    { index: 99, kind: 'violation' },
  ];
  const cells = timelineCells(landmarks, 100, 50, 10);
  assert.deepEqual(
    cells.map(({ kind }) => kind),
    ['decision', null, null, null, null, 'crash', null, null, null, 'violation'],
  );
  assert.deepEqual(
    cells.map(({ past }) => past),
    [true, true, true, true, true, false, false, false, false, false],
  );
});

test('the timeline is on the stage, with its marks and the moment that is shown', async () => {
  const { stage, command } = open(4, 20);
  await command('crash P1');
  const bar = (): string => stage.lines().find((text) => /^│ 0 .*[━─].* \d+ │$/.test(text)) ?? '';
  assert.match(bar(), /◆/);
  assert.match(bar(), /╳/);
  await command('goto 5');
  assert.match(bar(), /━+●─/);
});

test('a cut is a line between the rows, one row for each place at which it lies', () => {
  const { session } = open(4, 20);
  const { world, trace } = session;
  const drawing = { world, trace, index: extendIndex(createTraceIndex(world.indexOf), trace) };
  const geometry = geometryOf({ width: 118, nodes: 4, events: 20, selected: 0, from: null });
  const stretch = stretchUpTo(drawing, geometry, null, trace.length - 1, 100);
  const { rows } = withCut(drawing, geometry, stretch, [8, 8, 10, 8]);
  const lines = rows.filter(({ number }) => number === 'cut');
  assert.deepEqual(
    lines.map(({ event }) => event),
    [8, 10],
  );
  const [straight, own] = lines.map((row) => plain(drawRow(geometry, row)));
  assert.match(straight!, /╍╪╍+╪╍.*╍╪╍.*for C P1 P3/);
  assert.match(own!, /╍╪╍.*for P2/);
  const before = rows[rows.findIndex(({ number }) => number === 'cut') - 1]!;
  assert.ok(before.event < 8);
});
