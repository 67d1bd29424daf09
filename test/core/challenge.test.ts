/** The judge of challenges: what meets each form of a goal and what does not, what acts cost, what a claim is worth. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Challenge, type Claim, judgeChallenge, standingOf } from '../../src/core/challenge.ts';
import { budgetRefusal, chargeAll } from '../../src/core/challenge-budget.ts';
import type { Goal } from '../../src/core/challenge-goal.ts';
import { perform } from '../../src/core/commit.ts';
import { digestWorld } from '../../src/core/digest.ts';
import { instanceSeed } from '../../src/core/instance.ts';
import { actInRun, createRun, type Run, record, runToEnd, stepRun } from '../../src/core/run.ts';
import type { Act } from '../../src/core/session.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { finished, play, type Step } from '../challenges/play.ts';

const { scenario, protocol, ref } = await loadScenario('partition-during-commit');
const anything = { crash: 9, restart: 9, pause: 9, partition: 9, delay: 'any', drop: 9, schedule: 'any' } as const;
const challenge = (goal: Goal, more: Partial<Challenge> = {}): Challenge => ({
  points: 10,
  goal,
  budget: anything,
  answer: 'possible',
  ...more,
});
const crash: Act = { type: 'crash', node: 'C' };
const cut: Act = {
  type: 'partition',
  groups: [
    ['C', 'P1'],
    ['P2', 'P3'],
  ],
};
const afterCommit = { node: 'C', sends: 'commit', nth: 1 } as const;
/** The run in which C and P1 have committed, and P2 and P3 are cut off and wait. */
const halfCommitted: readonly Step[] = [[afterCommit, cut]];

function judge(goal: Goal, steps: readonly Step[] = [], more: Partial<Challenge> = {}, claims: readonly Claim[] = []) {
  const asked = challenge(goal, more);
  const loaded = { scenario: { ...scenario, faults: [], challenge: asked }, protocol, ref };
  return judgeChallenge(asked, play(loaded, { steps, claims }));
}
const meets = (goal: Goal, steps: readonly Step[] = []) => judge(goal, steps).met;

const violated: Goal = { violated: 'atomic-commit/agreement' };
const sends = (node: string, what: string) => ({ node, sends: what });

const cases: readonly (readonly [goal: Goal, inHalf: boolean | null, inPeace: boolean | null])[] = [
  [violated, false, false],
  [{ not: violated }, true, true],
  [{ violated: 'atomic-commit/termination' }, false, false],
  [{ holds: 'atomic-commit/agreement' }, true, true],
  [{ holds: 'atomic-commit/two-decided' }, true, true],
  [{ holds: 'atomic-commit/termination' }, false, true],
  [{ reached: { node: 'P2', state: 'committed' } }, false, true],
  [{ reached: { node: 'P1', state: 'committed' } }, true, true],
  [{ decided: { P1: 'commit', P2: null } }, true, false],
  [{ decided: { P1: 'any', P3: 'any' } }, false, true],
  [{ decided: { P1: 'abort' } }, false, false],
  [{ blocked: ['P2', 'P3'] }, true, false],
  [{ blocked: ['P1'] }, false, false],
  [{ count: { messages: 'prepare', exactly: 3 } }, true, true],
  [{ count: { messages: 'prepare', node: 'P1', 'at-least': 1 } }, false, false],
  [{ count: { messages: 'decision-request', 'at-least': 2, 'at-most': 1000 } }, true, false],
  [{ count: { messages: 'any', field: 'transaction', exactly: 1 } }, true, true],
  [{ count: { enters: 'committed', 'at-most': 2 } }, true, false],
  [{ count: { enters: 'committed', node: 'P2', exactly: 0 } }, true, false],
  [{ concurrent: [sends('P1', 'yes'), sends('P2', 'yes')] }, true, true],
  [{ concurrent: [sends('C', 'prepare'), sends('P2', 'yes')] }, false, false],
  [{ before: [sends('P1', 'yes'), { node: 'C', decides: 'commit' }] }, true, true],
  [{ before: [{ node: 'C', decides: 'commit' }, sends('P1', 'yes')] }, false, false],
  [{ after: [{ reached: { node: 'P1', state: 'committed' } }, { fault: 'partition' }] }, true, false],
  [{ after: [{ fault: 'partition' }, { reached: { node: 'P1', state: 'committed' } }] }, false, false],
  // what no single event brings about comes about at the end
  [{ after: [{ not: violated }, { node: 'C', decides: 'commit' }] }, true, true],
  [{ before: [{ not: violated }, { node: 'C', decides: 'commit' }] }, false, false],
  [{ all: [{ blocked: ['P2'] }, { decided: { P1: 'commit' } }] }, true, false],
  [{ any: [{ blocked: ['P2'] }, { decided: { P2: 'commit' } }] }, true, true],
  [{ cut: 'consistent' }, false, false],
  [{ 'bivalent-for': 1 }, null, null],
];
for (const [goal, inHalf, inPeace] of cases) {
  test(`judged in a run that is cut in half and in one that is left in peace: ${JSON.stringify(goal)}`, () => {
    assert.equal(meets(goal, halfCommitted), inHalf);
    assert.equal(meets(goal), inPeace);
  });
}

test('a goal is judged on the run as it ends when it is left alone, not on where its recording stops', () => {
  const run = createRun({ ...scenario, faults: [], challenge: challenge(violated) }, protocol);
  for (let i = 0; i < 6; i++) stepRun(run);
  const before = digestWorld(run.world);
  const goal: Goal = { decided: { P1: 'commit', P2: 'commit' } };
  const { met, judgedTo, goals } = judgeChallenge(challenge(goal), finished(run));
  assert.equal(met, true);
  assert.ok(judgedTo.quiet && judgedTo.events > run.trace.length);
  assert.ok((goals[0]?.atEvent ?? 0) >= run.trace.length);
  assert.equal(digestWorld(run.world), before, 'the run itself is not touched');
  // on the screen it is judged as it stands
  assert.equal(standingOf(challenge(goal), finished(run))[0]?.met, false);
});

test('the parts of a goal are told one by one, each with its event or with what is missing', () => {
  const { goals, met } = judge({ all: [{ blocked: ['P2', 'P3'] }, { decided: { P2: 'commit' } }] }, halfCommitted);
  assert.equal(met, false);
  const [blocked, decided] = goals;
  assert.equal(blocked?.goal, 'P2 and P3 blocked at the end');
  assert.match(blocked?.why ?? '', /P2 waits for C/);
  assert.ok(blocked?.atEvent !== null && blocked?.missing.length === 0);
  assert.deepEqual(decided?.missing, ['P2 decided commit']);
  assert.equal(decided?.why, 'P2 is undecided');
});

test('a cut that is handed in is consistent or not, and the message that breaks it is named', () => {
  const claim = (places: readonly number[]): Claim[] => [{ cut: [0, 0, 0, 0] }, { cut: places }];
  const straight = judge({ cut: 'consistent', crossing: { 'at-least': 1 } }, [], {}, claim([6, 6, 6, 6]));
  assert.equal(straight.met, true);
  // P1 has received what C has not sent
  const broken = judge({ cut: 'inconsistent' }, [], {}, claim([1, 14, 1, 1]));
  assert.equal(broken.met, true);
  assert.match(broken.goals[0]?.why ?? '', /received inside .* sent outside/);
  assert.equal(judge({ cut: 'consistent' }, [], {}, claim([1, 14, 1, 1])).met, false);
  assert.equal(judge({ cut: 'consistent' }, [], {}, [{ cut: [3] }]).met, false, 'a cut of another scenario');
});

test('bivalent-for asks for the valence of every configuration from the start', () => {
  const run = createRun({ ...scenario, faults: [] }, protocol);
  runToEnd(run);
  const goal: Goal = { 'bivalent-for': 5 };
  const asked: number[] = [];
  const until = (events: number) => (world: Run['world']) => {
    asked.push(world.events);
    return world.events < events ? 'bivalent' : '1-valent';
  };
  assert.equal(judgeChallenge(challenge(goal), finished(run), { valenceOf: until(6) }).met, true);
  assert.ok(asked[0] === 0 && (asked.at(-1) ?? 0) >= 5);
  assert.equal(judgeChallenge(challenge(goal), finished(run), { valenceOf: until(4) }).met, false);
  assert.equal(judgeChallenge(challenge(goal), finished(run), { valenceOf: () => 'unknown' }).met, null);
});

test('every act of the person is charged by its kind, and the script’s are free', () => {
  const loaded = { scenario: { ...scenario, challenge: challenge(violated, { budget: { crash: 1 } }) }, protocol, ref };
  const run = createRun(loaded.scenario, protocol);
  runToEnd(run);
  const { used } = chargeAll({ crash: 1 }, run.trace, run.world);
  assert.deepEqual(used, {}, 'a scripted partition and its healing');
  actInRun(run, crash);
  actInRun(run, { type: 'restart', node: 'C' });
  actInRun(run, { type: 'pause', node: 'P1' });
  actInRun(run, { type: 'resume', node: 'P1' });
  actInRun(run, { type: 'delay', byMs: 5, from: 'C', count: 4 });
  actInRun(run, { type: 'traitor', node: 'P3', behaviour: 'silent' });
  actInRun(run, { type: 'traitor', node: 'P3', behaviour: 'equivocate' });
  actInRun(run, { ...cut, drop: true } as Act);
  // the runtime lost a node
  record(run, perform(run.world, { type: 'fail', node: 'P2', reason: 'out of memory' }, 'runtime'));
  const report = chargeAll({ crash: 1, restart: 1 }, run.trace, run.world);
  assert.deepEqual(report.used, { crash: 2, restart: 1, pause: 1, delay: 4, traitor: 1, partition: 1, drop: 2 });
  assert.equal(report.faults, 12);
  assert.deepEqual(
    report.exceeded.map(({ name, used: times, allowed }) => [name, times, allowed]),
    [
      ['pause', 1, 0],
      ['delay', 4, 0],
      ['traitor', 1, 0],
      ['partition', 1, 0],
      ['drop', 2, 0],
      ['crash', 2, 1],
    ],
  );
});

test('who exceeds the budget earns nothing, and is told by what and where', () => {
  const goal: Goal = { blocked: ['P2', 'P3'] };
  const within = judge(goal, halfCommitted, { budget: { partition: 1 } });
  assert.deepEqual([within.met, within.points, within.budget.exceeded.length], [true, 10, 0]);
  // `play` leaves out what is refused: judged against a smaller budget than it was played with
  const loaded = { scenario: { ...scenario, faults: [], challenge: challenge(goal) }, protocol, ref };
  const played = play(loaded, { steps: halfCommitted });
  const beyond = judgeChallenge(challenge(goal, { budget: { crash: 1 } }), played);
  assert.deepEqual([beyond.met, beyond.points], [false, 0]);
  const [excess] = beyond.budget.exceeded;
  assert.equal(excess?.name, 'partition');
  assert.equal(played.trace[excess?.atEvent ?? -1]?.choice.type, 'partition');
});

test('a run that goes back and on another way pays only for what it has kept', () => {
  const run = createRun(
    { ...scenario, faults: [], challenge: challenge(violated, { budget: { crash: 1 } }) },
    protocol,
  );
  for (let i = 0; i < 5; i++) stepRun(run);
  actInRun(run, crash);
  assert.equal(budgetRefusal(run, crash), 'the challenge allows 1 crash, and it is used up');
  const { trace, world } = run;
  assert.equal(chargeAll({ crash: 1 }, trace.slice(0, 5), world).used.crash, undefined);
});

const refusals: readonly (readonly [act: Act, why: string | null])[] = [
  [{ type: 'pause', node: 'P1' }, 'the challenge allows no pause'],
  [{ type: 'crash', node: 'P1' }, null],
  [{ type: 'heal' }, null],
  [{ type: 'drop', message: 1 }, null],
  [{ type: 'drop', from: 'C', count: 2 }, null],
  [{ type: 'drop', from: 'C', count: 3 }, 'the challenge allows only 2 more drop'],
  [
    { type: 'drop', from: 'C' },
    'the challenge allows 2 more drop, and this may strike more: choose single messages, or say how many',
  ],
  [{ type: 'delay', byMs: 5, from: 'C' }, null],
  [{ type: 'deliver-now', message: 1 }, 'the challenge allows no schedule'],
  [{ type: 'input', node: 'C', input: 'begin', data: {} }, 'the challenge allows no input'],
  [{ ...cut, drop: true } as Act, 'the challenge allows no partition'],
];
for (const [act, why] of refusals) {
  test(`with crash 1, drop 2 and any delay: ${JSON.stringify(act)} is ${why === null ? 'allowed' : 'refused'}`, () => {
    const budget = { crash: 1, drop: 2, delay: 'any' as const };
    const run = createRun({ ...scenario, faults: [], challenge: challenge(violated, { budget }) }, protocol);
    stepRun(run);
    assert.equal(budgetRefusal(run, act), why);
  });
}

test('the bonus is for whoever gets there with few faults', () => {
  const bonus = { 'fewest-faults': 2 };
  const goal: Goal = { blocked: ['P2', 'P3'] };
  assert.equal(judge(goal, halfCommitted, { bonus }).bonusPoints, 2);
  const wasteful: readonly Step[] = [...halfCommitted, [900, { type: 'pause', node: 'P1' }]];
  assert.deepEqual([judge(goal, wasteful, { bonus }).points, judge(goal, wasteful, { bonus }).bonusPoints], [10, 0]);
  assert.equal(judge(goal, wasteful, { bonus: { ...bonus, par: 2 } }).bonusPoints, 2);
  assert.equal(judge(violated, [], { bonus }).bonusPoints, 0);
});

test('the claim that it cannot be done is right when the challenge is impossible, by its author or by a search', () => {
  const claims: Claim[] = [{ answer: 'cannot' }];
  assert.equal(judge(violated, [], { answer: 'impossible' }, claims).points, 10);
  assert.equal(judge(violated, [], { answer: 'possible' }, claims).points, 0);
  assert.equal(judge(violated, [], { answer: 'impossible' }, [...claims, { answer: 'can' }]).points, 0);
  const open = challenge(violated, { answer: undefined });
  const run = createRun({ ...scenario, faults: [] }, protocol);
  const judged = (possible: boolean | null) =>
    judgeChallenge(open, { ...finished(run), claims }, { searched: { possible, within: false, states: 7, why: '' } })
      .met;
  assert.deepEqual([judged(false), judged(true), judged(null)], [true, false, null]);
  assert.equal(judgeChallenge(open, { ...finished(run), claims }).met, null);
});

test('a student’s seed is made of salt, challenge and student, and of where one ends and the next begins', () => {
  const seed = 1321865044302694;
  // printf 'salt\0two\0anna\0' | sha256sum: the first 8 bytes, of which the lower 53 bits
  assert.equal(instanceSeed('salt', 'two', 'anna'), seed);
  const others = [
    instanceSeed('sal', 'ttwo', 'anna'),
    instanceSeed('salt', 'two', 'bob'),
    instanceSeed('', 'two', 'anna'),
  ];
  assert.equal(new Set([seed, ...others]).size, 4);
  assert.ok(others.every(Number.isSafeInteger));
});
