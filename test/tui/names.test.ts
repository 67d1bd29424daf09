/** Names and stamps that cannot be taken for one another, however long the names are and however many. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import protocol from '../../machines/two-phase-commit.ts';
import type { Envelope } from '../../src/core/world.ts';
import { drawRow } from '../../src/tui/diagram/draw.ts';
import type { Row } from '../../src/tui/diagram/elements.ts';
import { geometryOf } from '../../src/tui/diagram/geometry.ts';
import { counted, linkWithin, stamp, stamps, vectorText } from '../../src/tui/format.ts';
import { cutName, plain, width } from '../../src/tui/text.ts';
import { StillSession, scenarioOf, stageFor } from './stage.ts';

/** as `scenario/check.ts` demands it */
const nodeName = /^\p{L}[\p{L}\p{N}_-]{0,31}$/u;
const names = fc
  .array(fc.constantFrom('a', 'B', 'ノ', 'é', 'ω', '-', '7'), { maxLength: 31 })
  .map((parts) => `N${parts.join('')}`);

test('no Lamport stamp could be the name of a node', () => {
  for (const text of [stamp(3), stamps(3, 14)]) assert.doesNotMatch(text, nodeName);
  const nodes = { C: 'coordinator', L1: 'participant', L2: 'participant' };
  const begin = { atMs: 0, node: 'C', input: 'begin', data: { transaction: 't1' } };
  const session = new StillSession(scenarioOf(protocol, nodes, { inputs: [begin] }), protocol);
  session.steps(8);
  const text = stageFor(session, 120, 36).text();
  const seen = [...text.matchAll(/\bL\d+\b/g)].map(([word]) => word);
  assert.deepEqual([...new Set(seen)].sort(), ['L1', 'L2'], 'whatever looks like a name is one');
  assert.match(text, /L=\d+→\d+/);
});

test('a name that is cut keeps its beginning and its end', () => {
  assert.equal(cutName('follower-in-oslo-1', 12), 'follower…o-1');
  assert.notEqual(cutName('follower-in-oslo-1', 12), cutName('follower-in-oslo-2', 12));
  fc.assert(
    fc.property(names, fc.integer({ min: 1, max: 40 }), (name, columns) => {
      const shown = cutName(name, columns);
      assert.ok(width(shown) <= columns);
      assert.equal(shown === name, width(name) <= columns);
    }),
  );
});

test('a link that is cut still says both ends', () => {
  const between = (from: string, to: string): Envelope => ({ from, to }) as Envelope;
  assert.equal(linkWithin(between('C', 'P1'), 12), 'C→P1');
  assert.equal(linkWithin(between('a-leader-with-a-long-name', 'F'), 12), 'a-lead…ame→F');
  fc.assert(
    fc.property(names, names, fc.integer({ min: 12, max: 30 }), (from, to, columns) => {
      const shown = linkWithin(between(from, to), columns);
      assert.ok(width(shown) <= columns, shown);
      const [sender, receiver] = shown.split('→');
      assert.equal(sender?.[0], from[0]);
      assert.equal(receiver?.[0], to[0]);
    }),
  );
});

test('a vector clock is read by names, by place, or by what it knows', () => {
  assert.equal(vectorText([9, 2, 0], ['C', 'P1', 'P2']), 'C9 P1·2 P2·0');
  assert.equal(vectorText([9, 2, 0], ['coordinator', 'P1', 'P2']), '⟨9 2 0⟩');
  const many = Array.from({ length: 12 }, (_, i) => `N${i}`);
  assert.equal(vectorText([0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], many), 'N1·3 N11·1, others 0');
  assert.equal(
    vectorText(
      many.map(() => 0),
      many,
    ),
    'all 0',
  );
  assert.equal(vectorText([], many), '', 'among very many none are kept');
});

test('one is one, and two are more', () => {
  assert.deepEqual(
    [counted(0, 'event'), counted(1, 'event'), counted(2, 'event'), counted(1, 'message leaves', 'messages leave')],
    ['0 events', '1 event', '2 events', '1 message leaves'],
  );
});

test('whatever the margin leaves out is marked, also where what it shows just fits', () => {
  const geometry = geometryOf({ width: 60, nodes: 3, events: 10, selected: 0, from: null });
  const room = geometry.marginWidth - 1;
  const row = (words: string, short?: string): Row => ({
    event: 0,
    number: '0',
    time: '',
    elements: [],
    facts: [
      { text: words, tone: 'plain', ...(short === undefined ? {} : { short }) },
      { text: 'and more', tone: 'plain' },
    ],
  });
  for (let columns = 1; columns < room + 3; columns++)
    for (const short of [undefined, 'short']) {
      const text = plain(drawRow(geometry, row('x'.repeat(columns), short))).trimEnd();
      assert.ok(text.endsWith('…') || text.endsWith('and more'), `${columns}: ${text}`);
      assert.ok(width(text) <= geometry.width);
    }
});
