/** The judge of lessons: what ticks a step, what does not, and that nothing unticks it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import protocol from '../../machines/two-phase-commit.ts';
import {
  afterBranch,
  type Condition,
  inAnotherRun,
  judgeLesson,
  type LessonStep,
  nothingDone,
  type Progress,
  passStep,
  type Witness,
} from '../../src/core/lesson.ts';
import { actInRun, createRun, type Run, runToEnd, stepRun } from '../../src/core/run.ts';
import type { Scenario } from '../../src/core/scenario.ts';
import { nextEntry } from '../../src/core/scheduler.ts';
import { loadScenario } from '../../src/scenario/load.ts';

const { scenario } = await loadScenario('partition-during-commit');
const start = (change: Partial<Scenario> = {}): Run => createRun({ ...scenario, faults: [], ...change }, protocol);
const witness = (run: Run, screen: Partial<Witness> = {}): Witness => ({
  trace: run.trace,
  world: run.world,
  quiet: nextEntry(run.world) === null,
  viewing: 'present',
  inspecting: null,
  ...screen,
});
const steps = (...conditions: readonly (Condition | undefined)[]): LessonStep[] =>
  conditions.map((when) => (when === undefined ? { do: 'Read.' } : { do: 'Do.', when }));

/** After how many events the only step is ticked when everything just runs; null: never. */
function tickedAfter(when: Condition, run = start()): number | null {
  const lesson = steps(when);
  let progress = nothingDone;
  for (;;) {
    progress = judgeLesson(lesson, progress, witness(run));
    if (progress.done.length > 0) return run.trace.length;
    if (stepRun(run) === null) return null;
  }
}
const eventWith = (run: Run, test: (event: Run['trace'][number]) => boolean): number => {
  runToEnd(run);
  return run.trace.findIndex(test) + 1;
};

test('a moment ticks the step at its event, and not before', () => {
  const decided = eventWith(start(), ({ effects }) => effects.some(({ type }) => type === 'decide'));
  assert.equal(tickedAfter({ node: 'C', decides: 'commit' }), decided);
  assert.equal(tickedAfter({ node: 'C', decides: null }), decided);
  assert.equal(tickedAfter({ node: 'C', decides: 'abort' }), null);
  const prepared = eventWith(start(), ({ node, after }) => node === 'P2' && after === 'prepared');
  assert.equal(tickedAfter({ node: 'P2', enters: 'prepared' }), prepared);
  const asked = eventWith(start(), ({ sends }) => sends.some(({ body }) => body.type === 'prepare'));
  assert.equal(tickedAfter({ node: 'C', sends: 'prepare' }), asked);
  let yes = 0;
  const second = eventWith(
    start(),
    ({ message, choice }) => choice.type === 'deliver' && message?.body.type === 'yes' && ++yes === 2,
  );
  assert.equal(tickedAfter({ node: 'C', receives: 'yes', nth: 2 }), second);
  assert.equal(tickedAfter({ node: 'C', receives: 'yes', nth: 4 }), null);
});

test('what stands at a moment ticks the step when it comes to stand', () => {
  const run = start({ faults: scenario.faults });
  const blocked = tickedAfter({ blocked: ['P2', 'P3'] }, run);
  assert.ok(blocked !== null && run.world.nodes[2]?.blockedSinceMs !== null);
  assert.ok((tickedAfter({ decided: { P1: 'commit', P2: null } }, start({ faults: scenario.faults })) ?? 0) > 0);
  assert.equal(tickedAfter({ node: 'P2', is: 'crashed' }), null);
  assert.notEqual(tickedAfter({ node: 'P2', in: 'prepared' }), null);
  assert.notEqual(tickedAfter({ quiet: true }), null);
  assert.equal(tickedAfter({ violated: 'atomic-commit/agreement' }), null);
  assert.notEqual(tickedAfter({ achieved: 'atomic-commit/termination' }), null);
  assert.equal(tickedAfter({ parameters: { voteTimeout: 500, votes: { P1: 'yes' } } }), 0);
  assert.equal(tickedAfter({ parameters: { votes: { P1: 'no' } } }), null);
  const late = start();
  tickedAfter({ timeMs: 60 }, late);
  assert.ok(late.world.nowMs >= 60 && (late.trace.at(-2)?.atMs ?? 0) < 60);
});

test("a person's fault is told from the script's, a node's from another's, a behaviour from another", () => {
  const scripted = start({ faults: [{ at: 30, fault: { type: 'crash', node: 'P1' } }] });
  const lesson = steps({ fault: 'crash', node: 'P1', by: 'person' });
  runToEnd(scripted, 35);
  let progress = judgeLesson(lesson, nothingDone, witness(scripted));
  assert.equal(progress.done.length, 0);
  actInRun(scripted, { type: 'restart', node: 'P1' });
  actInRun(scripted, { type: 'crash', node: 'P2' });
  progress = judgeLesson(lesson, progress, witness(scripted));
  assert.equal(progress.done.length, 0);
  actInRun(scripted, { type: 'crash', node: 'P1' });
  progress = judgeLesson(lesson, progress, witness(scripted));
  assert.deepEqual(progress.done, [{ how: 'seen', events: scripted.trace.length }]);
  const lying = start();
  actInRun(lying, { type: 'traitor', node: 'P1', behaviour: 'silent' });
  const is = (when: Condition): number => judgeLesson(steps(when), nothingDone, witness(lying)).done.length;
  assert.equal(is({ fault: 'traitor', behaviour: 'equivocate' }), 0);
  assert.equal(is({ fault: 'traitor', behaviour: 'silent' }), 1);
  assert.equal(is({ node: 'P1', is: 'traitor' }), 1);
  assert.equal(is({ bound: 'exceeded' }), 1);
  assert.equal(is({ fault: 'any' }), 1);
});

test('a fault that a moment of the protocol sets off counts as the script', () => {
  assert.notEqual(tickedAfter({ fault: 'partition', by: 'script' }, start({ faults: scenario.faults })), null);
  assert.equal(tickedAfter({ fault: 'partition', by: 'person' }, start({ faults: scenario.faults })), null);
});

test('whoever runs ahead finds the steps ticked all the same, in their order', () => {
  const run = start();
  runToEnd(run);
  const lesson = steps(
    { node: 'C', sends: 'prepare' },
    { node: 'C', decides: 'commit' },
    { node: 'P1', decides: 'commit' },
  );
  const { done } = judgeLesson(lesson, nothingDone, witness(run));
  assert.equal(done.length, 3);
  assert.ok((done[0]?.events ?? 0) < (done[1]?.events ?? 0));
  // but nothing counts twice, and nothing from before the step
  const wrongOrder = steps({ node: 'C', decides: 'commit' }, { node: 'C', sends: 'prepare' });
  assert.equal(judgeLesson(wrongOrder, nothingDone, witness(run)).done.length, 1);
});

test('judging as the run goes ticks at the same events as judging at its end', () => {
  const lesson = steps(
    { node: 'C', receives: 'yes', nth: 2 },
    {
      all: [
        { node: 'P1', decides: null },
        { node: 'P2', decides: null },
      ],
    },
    { any: [{ fault: 'crash' }, { node: 'P3', enters: 'committed' }] },
  );
  const whole = start();
  runToEnd(whole);
  const run = start();
  let progress: Progress = nothingDone;
  do progress = judgeLesson(lesson, progress, witness(run));
  while (stepRun(run) !== null);
  assert.equal(progress.done.length, 3);
  assert.deepEqual(progress.done, judgeLesson(lesson, nothingDone, witness(whole)).done);
});

test('looking at the past ticks what asks for it, unticks nothing, and takes nothing from the steps after it', () => {
  const run = start();
  runToEnd(run);
  const lesson = steps(
    { node: 'C', sends: 'prepare' },
    { viewing: 'past' },
    { inspecting: 'P2' },
    { node: 'C', decides: 'commit' },
  );
  let progress = judgeLesson(lesson, nothingDone, witness(run));
  assert.equal(progress.done.length, 1);
  progress = judgeLesson(lesson, progress, witness(run, { viewing: 'past' }));
  assert.equal(progress.done.length, 2);
  progress = judgeLesson(lesson, progress, witness(run, { inspecting: 'P1' }));
  assert.equal(progress.done.length, 2);
  progress = judgeLesson(lesson, progress, witness(run, { inspecting: 'P2' }));
  assert.equal(progress.done.length, 4, 'the decision came after the first step');
});

test('a step without a condition is done when the reader goes on, and any step can be passed', () => {
  const run = start();
  const lesson = steps(undefined, { fault: 'crash' }, { quiet: true });
  let progress = judgeLesson(lesson, nothingDone, witness(run));
  assert.equal(progress.done.length, 0);
  progress = passStep(lesson, progress, 0);
  progress = passStep(lesson, judgeLesson(lesson, progress, witness(run)), 0);
  assert.deepEqual(
    progress.done.map(({ how }) => how),
    ['read', 'skipped'],
  );
  runToEnd(run);
  assert.equal(judgeLesson(lesson, progress, witness(run)).done.length, 3);
  assert.equal(passStep([], nothingDone, 0), nothingDone);
});

test('after a branch only what happens in it counts, and what was done stays done', () => {
  const lesson = steps({ node: 'C', sends: 'prepare' }, { fault: 'crash', node: 'P1' });
  const run = start();
  runToEnd(run);
  let progress = judgeLesson(lesson, nothingDone, witness(run));
  assert.equal(progress.done.length, 1);
  const branch = start();
  while (branch.trace.length < 5) stepRun(branch);
  progress = afterBranch(lesson, progress, 5);
  progress = judgeLesson(lesson, progress, witness(branch));
  assert.equal(progress.done.length, 1);
  actInRun(branch, { type: 'crash', node: 'P1' });
  assert.equal(judgeLesson(lesson, progress, witness(branch)).done.length, 2);
});

test('a branch ticks the step that asks for one', () => {
  const lesson = steps({ branched: true });
  const run = start();
  runToEnd(run);
  const before = judgeLesson(lesson, nothingDone, witness(run));
  assert.equal(before.done.length, 0);
  const branch = start();
  while (branch.trace.length < 5) stepRun(branch);
  assert.equal(judgeLesson(lesson, afterBranch(lesson, before, 5), witness(branch)).done.length, 1);
});

test('in another run the steps go on, and what was half met is forgotten', () => {
  const lesson = steps({ node: 'C', receives: 'yes', nth: 3 });
  const run = start();
  while (run.trace.filter(({ message }) => message?.body.type === 'yes').length < 2) stepRun(run);
  const half = judgeLesson(lesson, nothingDone, witness(run));
  assert.deepEqual(half.met, [2]);
  const again = start();
  while (again.trace.filter(({ message }) => message?.body.type === 'yes').length < 1) stepRun(again);
  assert.deepEqual(judgeLesson(lesson, inAnotherRun(half), witness(again)).met, [1]);
});
