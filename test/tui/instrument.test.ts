/** The diagram answers: two events compared, a cut and what breaks it, why something is violated or blocked. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import protocol from '../../machines/two-phase-commit.ts';
import type { Scenario } from '../../src/core/scenario.ts';
import { defaultsOf, StillSession, scenarioOf, stageFor } from './stage.ts';

const four = { C: 'coordinator', P1: 'participant', P2: 'participant', P3: 'participant' };
const begin = { atMs: 0, node: 'C', input: 'begin', data: { transaction: 't1' } };
const partition: Scenario['faults'] = [
  {
    when: { node: 'C', on: 'sends', what: 'commit', nth: 1 },
    fault: {
      type: 'partition',
      groups: [
        ['C', 'P1'],
        ['P2', 'P3'],
      ],
    },
  },
];

function open(steps: number, change: Partial<Scenario> = {}, columns = 120, rows = 36) {
  const session = new StillSession(
    scenarioOf(protocol, four, { inputs: [begin], faults: partition, ...change }),
    protocol,
  );
  session.steps(steps);
  const stage = stageFor(session, columns, rows);
  const command = async (text: string): Promise<void> => {
    await stage.keys(':');
    await stage.type(text);
    await stage.keys('enter');
  };
  const at = (test: (event: (typeof session.trace)[number]) => boolean): number => session.trace.findIndex(test);
  return { session, stage, command, at };
}

test('v marks an event, and the selected one is compared with it: concurrent, by two components of their clocks', async () => {
  const { stage, command, at } = open(10);
  const [first, second] = ['P1', 'P2'].map((id) => at(({ node, message }) => node === id && message !== null));
  await command(`event ${first}`);
  await stage.keys('v');
  await command(`event ${second}`);
  assert.match(stage.text(), new RegExp(`A \\(#${first}\\) and #${second} are CONCURRENT`));
  assert.match(stage.text(), /of P1's clock A \(#\d+\) knows 1 and #\d+ only 0/);
  assert.match(stage.text(), /A is #/);
  await stage.keys('escape');
  assert.doesNotMatch(stage.text(), /CONCURRENT/);
});

test('an event before another is proved by the chain of messages between them, and the chain is marked', async () => {
  const { stage, command, at } = open(12);
  const start = at(({ choice }) => choice.type === 'input');
  const vote = at(({ node, message }) => node === 'C' && message?.from === 'P2');
  const prepared = at(({ node, message }) => node === 'P2' && message !== null);
  await command(`compare ${start} ${prepared}`);
  assert.match(stage.text(), new RegExp(`A \\(#${start}\\) is BEFORE #${prepared}, as this chain proves`));
  assert.match(stage.text(), new RegExp(`#${start} C ─prepare→ #${prepared} P2`));
  await command(`compare ${vote} ${start}`);
  assert.match(stage.text(), new RegExp(`A \\(#${vote}\\) is AFTER #${start}: both are C's own`));
  await command(`compare ${prepared} ${vote}`);
  assert.match(stage.text(), new RegExp(`#${prepared} P2 ─yes→ #${vote} C`));
});

test('events of the network cannot be compared, and it says why', async () => {
  const { stage, command, at } = open(15);
  await command(`compare ${at(({ choice }) => choice.type === 'partition')} 5`);
  assert.match(stage.text(), /cannot be compared: a fault of the network/);
});

test('a straight cut is consistent; moved past a receipt it is not, the message is named, and N mends it', async () => {
  const { stage, command, at } = open(15);
  const receipt = at(({ node, message }) => node === 'P1' && message?.body.type === 'prepare');
  const sending = at(({ choice }) => choice.type === 'input');
  await command(`cutline ${sending - 1}`);
  assert.match(stage.text(), /✓ consistent cut/);
  assert.match(stage.text(), /╍╪╍/);
  await stage.keys('2', ')');
  assert.match(stage.text(), /✗ not consistent {2}message \d+ prepare t1 C→P1/);
  assert.match(stage.text(), new RegExp(`received inside it \\(#${receipt}\\), but sent outside \\(#${sending}\\)`));
  await stage.keys('N');
  assert.match(stage.text(), /✓ consistent cut/);
  assert.match(stage.text(), /the nearest consistent cut: \w+ (takes in|leaves out) #\d+/);
});

test('a cut moves back and forth per node, and says when there is nothing to move over', async () => {
  const { stage } = open(15);
  await stage.keys('tab', 'tab', 'X');
  assert.match(stage.text(), /✓ consistent cut/);
  await stage.keys('2', ')');
  assert.match(stage.text(), /P1 has no event below the cut/);
  await stage.keys('(', '(', '(', '(', '(', '(');
  assert.match(stage.text(), /P1 has no event above the cut/);
  await stage.keys('X');
  assert.doesNotMatch(stage.text(), /consistent/);
});

test('y says why the selected node is blocked: for whom it waits, what keeps that one away, and since which event', async () => {
  const { stage, at } = open(15);
  const fault = at(({ choice }) => choice.type === 'partition');
  await stage.keys('3', 'y');
  assert.match(stage.text(), /why P2 is blocked/);
  assert.match(
    stage.text(),
    new RegExp(
      `‖ P2 \\(prepared\\) is blocked since [\\d:.]+; it waits for C, kept away by partition #1 since #${fault}`,
    ),
  );
  assert.match(stage.text(), new RegExp(`event ${fault} selected`));
  await stage.keys('y');
  assert.match(stage.text(), /why P3 is blocked/);
});

test('y says which clause of a violated property failed, with values, the event, and its causal past marked', async () => {
  const defaults = defaultsOf(protocol, four);
  const { stage, at } = open(16, { parameters: { ...defaults, impatient: true } });
  const event = at(({ violated }) => violated.length > 0);
  await stage.keys('y');
  assert.match(stage.text(), /why agreement is violated/);
  assert.match(stage.text(), /✗ agreement: No node commits while another aborts/);
  assert.match(stage.text(), /here C decided commit, but P\d decided abort/);
  assert.match(stage.text(), /C: decided commit, in committed/);
  assert.match(stage.text(), new RegExp(`broken by #${event} P\\d timer .* ┃ its causal past`));
  assert.match(stage.text(), new RegExp(`▸ +${event} `));
});

test('y has nothing to say while all is well, and says so', async () => {
  const { stage } = open(3);
  await stage.keys('y');
  assert.match(stage.text(), /y: nothing is violated here, and nobody is blocked/);
});

test('the explanation holds with no colour: rows of the causal past bear a sign, the others none', async () => {
  const { stage } = open(15, {}, 120, 60);
  await stage.keys('3', 'y');
  const rows = stage.lines().filter((text) => /^│.{2,5}\d+ 0:00/.test(text));
  const marked = rows.filter((text) => text.startsWith('│┃'));
  assert.ok(marked.length >= 2 && marked.length < rows.length, rows.join('\n'));
  assert.ok(marked.some((text) => /P2: prepared/.test(text)));
  assert.ok(!marked.some((text) => /P1: prepared/.test(text)), 'what P2 never heard of is not in its past');
});

test('Esc lets go of one thing after the other', async () => {
  const { stage, command } = open(15);
  await command('filter P2');
  await command('compare 6 8');
  await command('cutline 8');
  await stage.keys('3', 'y');
  const has = (): boolean[] =>
    [/why P2/, /consistent/, /A is #6/, /selected/, /shown: P2/].map((what) => what.test(stage.text()));
  for (let left = 0; left <= 5; left++) {
    assert.deepEqual(
      has(),
      [0, 1, 2, 3, 4].map((i) => i >= left),
      `${left} let go`,
    );
    await stage.keys('escape');
  }
});

test('a selected event shows its message, its change of state and its clocks', async () => {
  const { stage, command, at } = open(15);
  await command(`event ${at(({ node, message }) => node === 'P2' && message?.body.type === 'prepare')}`);
  assert.match(stage.text(), /P2 receives prepare \{transaction: t1\} from C/);
  assert.match(stage.text(), /message \d+, sent by #\d+ at 0:00\.000, \d+ms ago/);
  assert.match(stage.text(), / → prepared/);
  assert.match(stage.text(), /L=\d+ {2}C\d P1·0 P2·1 P3·0/);
});

test('F and the line below the last event follow the run again', async () => {
  const { stage, session } = open(10);
  await stage.keys('tab', 'tab', 'up');
  assert.match(stage.text(), /event 9 selected/);
  await stage.keys('F');
  assert.doesNotMatch(stage.text(), /selected/);
  session.steps(1);
  await stage.keys('up');
  assert.match(stage.text(), /event 11 selected/);
  await stage.keys('down');
  assert.doesNotMatch(stage.text(), /selected/);
});

test('with nothing drawn or wrong the keys say so, and the commands what would be right', async () => {
  const { stage, command } = open(6);
  await stage.keys('N');
  assert.match(stage.text(), /N: no cut is drawn: X draws one/);
  await command('why agreement');
  assert.match(stage.text(), /why: nothing is violated here/);
  await command('event 999');
  assert.match(stage.text(), /event: there is no event 999; the last is 5/);
  await command('cutline');
  await command('cutline P9 3');
  assert.match(stage.text(), /there is no node P9/);
});
