/** A challenge on the screen: goal, budget and their standing at every size; what is not allowed; what is handed in. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import protocol from '../../machines/two-phase-commit.ts';
import type { Challenge } from '../../src/core/challenge.ts';
import type { Valence } from '../../src/core/valence.ts';
import { openLocalSession } from '../../src/live/local-session.ts';
import { createApp } from '../../src/tui/app.ts';
import { ChallengeWatch } from '../../src/tui/challenge.ts';
import { createStore, initialUi } from '../../src/tui/store.ts';
import { width } from '../../src/tui/text.ts';
import { StillSession, scenarioOf, stageFor } from './stage.ts';

const four = { C: 'coordinator', P1: 'participant', P2: 'participant', P3: 'participant' };
const begin = { atMs: 0, node: 'C', input: 'begin', data: { transaction: 't1' } };
const block: Challenge = {
  points: 10,
  goal: { all: [{ blocked: ['P1', 'P2', 'P3'] }, { not: { violated: 'atomic-commit/agreement' } }] },
  budget: { crash: 1, delay: 'any' },
  hints: ['Who counts the votes?', 'When?'],
};
const scenario = (challenge: Challenge = block) => scenarioOf(protocol, four, { inputs: [begin], challenge });

function open(challenge: Challenge = block, columns = 80, rows = 24) {
  const session = new StillSession(scenario(challenge), protocol);
  return { session, stage: stageFor(session, columns, rows) };
}
/** All have voted, and C has not heard them all. */
const allVoted = 9;

test('the stage shows the goal part by part, and what is left of the budget', async () => {
  const { session, stage } = open();
  const [, first, second, third] = stage.lines();
  assert.match(first ?? '', /^ goal {4}○ P1, P2 and P3 blocked at the end *$/);
  assert.match(second ?? '', /^ {9}✓ not: agreement violated *$/);
  assert.match(third ?? '', /^ left {4}crash 1 {2}delay any +H hint {2}10 points $/);
  session.steps(allVoted);
  await stage.keys('1', 'c');
  assert.match(stage.lines()[3] ?? stage.text(), /crash 0/);
});

test('when the goal is met the stage says so, and where the recording lies', async () => {
  const { session, stage } = open();
  session.steps(allVoted);
  await stage.keys('1', 'c');
  session.steps(100);
  assert.match(stage.lines()[1] ?? '', /goal {4}✓ met, and nothing that comes by itself undoes it/);
  assert.match(stage.lines()[2] ?? '', /q ends the run; recorded in recordings\/test\.jsonl/);
});

test('what is met stays met while time passes, until somebody does something more', async () => {
  const { session, stage } = open();
  session.steps(allVoted);
  await stage.keys('1', 'c');
  session.steps(100);
  assert.match(stage.lines()[1] ?? '', /✓ met, and nothing that comes by itself undoes it/);
  session.running = true;
  session.steps(5);
  assert.match(stage.lines()[1] ?? '', /✓ met, and nothing that comes by itself undoes it/);
  await session.act({ type: 'delay', byMs: 10, from: 'P1' });
  assert.match(stage.lines()[1] ?? '', /it stands so far/);
});

test('who looks at the past is told that the goal stands as in the present', async () => {
  const { session, stage } = open();
  session.steps(allVoted);
  assert.match(stage.lines()[1] ?? '', /^ goal {4}○/);
  await stage.keys('left');
  assert.match(stage.lines()[1] ?? '', /^ present ○/);
});

test('everything about the challenge: what its properties say, where the recording lies, whose instance it is', async () => {
  const { stage } = open({ ...block, instance: 'per-student' }, 100, 60);
  await stage.keys('l');
  const text = stage.text();
  assert.match(text, /atomic-commit\/agreement\W+No node commits while another aborts/);
  assert.match(text, /What you hand in is the recording, recordings\/test\.jsonl/);
  assert.match(text, /This is the one with the seed \d+/);
  assert.doesNotMatch(text, /:claim cut/, 'there is no cut in this goal');
  const cut = open({ ...block, goal: { cut: 'inconsistent' } }, 100, 60);
  await cut.stage.keys('l');
  assert.match(cut.stage.text(), /:claim cut/);
});

test('a goal that stands only for now is not called met', async () => {
  const { session, stage } = open({ ...block, goal: { decided: { P1: null } }, budget: {} });
  assert.match(stage.lines()[1] ?? '', /it stands so far: what comes by itself may undo it/);
  assert.match(stage.lines()[2] ?? '', /left {4}no faults at all/);
  session.steps(100);
  assert.match(stage.lines()[1] ?? '', /○ P1 undecided at the end/);
});

test('a key that the budget does not allow says so, and so does the session', async () => {
  const { stage } = open();
  await stage.keys('s');
  assert.match(stage.text(), /s: the challenge allows no pause/);
  await stage.keys('1', 'c', '2', 'c');
  assert.match(stage.text(), /c: the challenge allows 1 crash, and it is used up/);
  const session = openLocalSession({ scenario: scenario(), protocol, paused: true });
  await assert.rejects(session.act({ type: 'heal' }), /nothing is broken/);
  await assert.rejects(session.act({ type: 'pause', node: 'P1' }), /the challenge allows no pause/);
  await session.act({ type: 'crash', node: 'P1' });
  await session.close();
});

test('keys that ask first say at once that the budget has nothing left for them', async () => {
  const { stage } = open();
  for (const [key, name] of [
    ['p', 'partition'],
    ['t', 'traitor'],
    ['i', 'input'],
    ['x', 'drop'],
    ['w', 'skew'],
  ] as const) {
    await stage.keys(key);
    assert.ok(stage.text().includes(`${key}: the challenge allows no ${name}`), name);
  }
  await stage.keys('d');
  assert.doesNotMatch(stage.text(), /the challenge allows no/, 'delays are free here');
});

test('going back to before a fault gives it back', async () => {
  const session = openLocalSession({ scenario: scenario(), protocol, paused: true });
  for (let i = 0; i < 6; i++) await session.step();
  await session.act({ type: 'crash', node: 'P1' });
  await assert.rejects(session.act({ type: 'crash', node: 'P2' }), /used up/);
  await session.branch(6);
  await session.act({ type: 'crash', node: 'P2' });
  await session.close();
});

test('time stops at the event after which the goal stands, and not before', async () => {
  const violated: Challenge = { points: 1, goal: { reached: { node: 'P1', state: 'prepared' } }, budget: {} };
  const session = openLocalSession({ scenario: scenario(violated), protocol, paused: true });
  const store = createStore(initialUi('stage', 80, 24));
  const app = createApp({ store, presets: () => [], open: () => Promise.reject(new Error('no')), leave() {} }, session);
  await session.runUntil(1000);
  assert.equal(session.quiet, false);
  assert.equal(session.running, false);
  assert.equal(session.world.nodes[1]?.path, 'prepared');
  await session.runUntil(100_000);
  assert.equal(session.quiet, true, 'and it stops there only once');
  await app.close();
});

test('the claim that it cannot be done is handed in and taken back; a cut must be drawn first', async () => {
  const { session, stage } = open();
  await stage.keys('I');
  assert.deepEqual(session.claims, [{ answer: 'cannot' }]);
  assert.match(stage.lines()[1] ?? '', /claim {3}you claim that it cannot be done \(I takes it back\)/);
  await stage.keys('I');
  assert.deepEqual(session.claims.at(-1), { answer: 'can' });
  assert.match(stage.lines()[1] ?? '', /goal/);
  const type = (text: string) =>
    stage.keys(
      ':',
      ...text
        .replaceAll(' ', '_')
        .split('')
        .map((key) => (key === '_' ? 'space' : key)),
      'enter',
    );
  await type('claim cut');
  assert.match(stage.text(), /claim: no cut is drawn/);
  await type('claim that');
  assert.match(stage.text(), /claim: write claim cannot, claim can, claim cut/);
  session.steps(6);
  await stage.keys('X');
  await type('claim cut');
  assert.ok('cut' in (session.claims.at(-1) ?? {}));
});

test('hints come one by one, and the challenge’s pane keeps them', async () => {
  const { stage } = open(block, 100, 40);
  await stage.keys('H');
  assert.match(stage.text(), /Who counts the votes\?/);
  await stage.keys('l');
  assert.match(stage.text(), /challenge: /);
  assert.match(stage.text(), /- Who counts the votes\?/);
  assert.match(stage.text(), /crash {2}1 left of 1/);
  assert.doesNotMatch(stage.text(), /When\?/);
  await stage.keys('H');
  assert.match(stage.text(), /challenge: [\s\S]*- When\?/, 'the key that it names works in it, too');
  await stage.keys('I');
  assert.match(stage.text(), /challenge: [\s\S]*handed in: it cannot be done/);
  await stage.keys('escape', 'H');
  assert.match(stage.text(), /there are no more hints/);
});

test('every line has the window’s width, whatever its size and whatever the challenge says', () => {
  const hostile: Challenge = { ...block, goal: { decided: { P1: `\u001b[31m${'wide '.repeat(60)}` } } };
  for (const challenge of [block, hostile])
    for (const [columns, rows] of [
      [60, 20],
      [80, 24],
      [160, 45],
    ] as const) {
      const { stage } = open(challenge, columns, rows);
      const lines = stage.lines();
      assert.equal(lines.length, rows);
      for (const text of lines) {
        assert.equal(width(text), columns, text);
        assert.ok(!text.includes('\u001b'));
      }
    }
});

test('a goal of bivalence is judged by what is known of the present configuration', async () => {
  const challenge: Challenge = { points: 1, goal: { 'bivalent-for': 4 }, budget: {} };
  const session = new StillSession(scenario(challenge), protocol);
  const watch = new ChallengeWatch(challenge, session);
  const open: Valence = { kind: 'bivalent', values: [0, 1] };
  assert.equal(watch.now(open).standing, 'open', 'there are too few events');
  session.steps(5);
  assert.equal(watch.now(null).standing, 'open');
  assert.equal(watch.now({ kind: 'univalent', values: [0] }).standing, 'open');
  assert.equal(watch.now(open).standing, 'met');
});
