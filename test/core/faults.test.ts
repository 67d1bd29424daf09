import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actInRun, createRun, type Run, runToEnd, stepRun } from '../../src/core/run.ts';
import type { NodeRecord } from '../../src/core/world.ts';
import { chatter, chatterScenario } from '../fixtures/chatter.ts';

const node = (run: Run, id: string): NodeRecord => run.world.nodes[run.world.indexOf.get(id) ?? -1] as NodeRecord;
const until = (run: Run, done: (run: Run) => boolean): void => {
  while (!done(run)) assert.ok(stepRun(run), 'the run became quiet before the moment came');
};
const started = (count: number, changes = {}): Run => {
  const run = createRun(chatterScenario(count, changes), chatter);
  until(run, () => run.world.pending.size === count - 1);
  return run;
};

test('a crash loses context and timers, keeps stable storage, and loses what is delivered while down', () => {
  const run = started(3);
  until(run, () => node(run, 'N1').timers.length > 0);
  const before = node(run, 'N1');
  const { context } = before;
  actInRun(run, { type: 'input', node: 'N1', input: 'say', data: { word: 'x' } });
  actInRun(run, { type: 'crash', node: 'N0' });
  assert.deepEqual(node(run, 'N0').crash?.kept, { said: 'hello' });
  actInRun(run, { type: 'crash', node: 'N1' });
  const crash = node(run, 'N1').crash;
  assert.equal(crash?.path, 'waiting');
  assert.deepEqual(crash?.lost, context);
  assert.deepEqual(crash?.lostTimers, ['patience@waiting']);
  runToEnd(run);
  assert.ok(run.trace.some(({ fates }) => fates.some(({ why }) => why?.by === 'crash')));
  assert.ok((run.world.faults[0]?.touched ?? 0) > 0);
});

test('messages still in flight when a node restarts reach it, and it starts anew from what it persisted', () => {
  const run = started(2);
  const [flying] = run.world.pending.values();
  actInRun(run, { type: 'crash', node: 'N1' });
  actInRun(run, { type: 'crash', node: 'N0' });
  actInRun(run, { type: 'restart', node: 'N1' });
  actInRun(run, { type: 'restart', node: 'N0' });
  assert.equal(node(run, 'N0').context.restarted, true);
  assert.equal(node(run, 'N1').context.restarted, false);
  until(run, () => node(run, 'N1').context.heard === 1);
  assert.equal(run.trace.at(-1)?.message?.id, flying?.id);
});

test('a crash after the k-th send stops a broadcast in the middle; the rest is never sent and counts as touched', () => {
  const run = createRun(chatterScenario(5, { inputs: [] }), chatter);
  for (let i = 0; i < 5; i++) stepRun(run);
  actInRun(run, { type: 'crash', node: 'N0', afterSends: 2 });
  actInRun(run, { type: 'input', node: 'N0', input: 'say', data: { word: 'partly' } });
  assert.equal(run.world.pending.size, 2);
  assert.equal(node(run, 'N0').status, 'crashed');
  assert.deepEqual(node(run, 'N0').stable, { said: 'partly' });
  assert.equal(run.world.faults[0]?.touched, 2);
});

test('a fault on `sends` strikes in the middle of the step, on `receives` before it, on `enters` after it', () => {
  const crashWhen = (on: 'sends' | 'receives' | 'enters', at: string, what: string, nth: number): Run => {
    const run = createRun(
      chatterScenario(4, { faults: [{ when: { node: at, on, what, nth }, fault: { type: 'crash', node: at } }] }),
      chatter,
    );
    runToEnd(run);
    return run;
  };
  assert.equal(crashWhen('sends', 'N0', 'word', 2).trace.find(({ sends }) => sends.length > 0)?.sends.length, 2);
  const received = crashWhen('receives', 'N1', 'word', 1);
  assert.equal(received.world.nodes[1]?.lamport, 0);
  assert.equal(received.trace.filter(({ node: id, sends }) => id === 'N1' && sends.length > 0).length, 0);
  const entered = crashWhen('enters', 'N1', 'waiting', 1);
  assert.ok(entered.trace.some(({ node: id, sends }) => id === 'N1' && sends.length === 4));
});

test('a scripted fault that strikes nothing has touched nothing', () => {
  const run = createRun(
    chatterScenario(2, {
      faults: [
        { at: 30_000, fault: { type: 'crash', node: 'N1' } },
        { when: { node: 'N1', on: 'sends', what: 'farewell', nth: 1 }, fault: { type: 'heal' } },
      ],
    }),
    chatter,
  );
  runToEnd(run);
  assert.equal(run.world.faults.length, 1);
  assert.equal(run.world.faults[0]?.touched, 0);
  assert.equal(run.world.triggers.length, 1);
});

test('a paused node takes no step and loses nothing; resuming delivers what waited, in order', () => {
  const run = started(3);
  actInRun(run, { type: 'pause', node: 'N1' });
  runToEnd(run);
  assert.equal(node(run, 'N1').context.heard, 0);
  const waiting = node(run, 'N1').waiting.length;
  assert.ok(waiting > 0);
  assert.equal(run.world.faults[0]?.touched, waiting);
  actInRun(run, { type: 'resume', node: 'N1' });
  runToEnd(run);
  assert.ok(Number(node(run, 'N1').context.heard) > 0);
  assert.equal(run.world.pending.size, 0);
});

test('a timer that expires while its node is paused fires when it wakes', () => {
  const run = started(2);
  until(run, () => node(run, 'N1').timers.length > 0);
  actInRun(run, { type: 'drop', from: 'N0', kind: 'heard' });
  actInRun(run, { type: 'pause', node: 'N1' });
  runToEnd(run);
  assert.deepEqual(node(run, 'N1').decisions, []);
  actInRun(run, { type: 'resume', node: 'N1' });
  runToEnd(run);
  assert.equal(node(run, 'N1').decisions.length, 1);
});

test('in the fail-stop model every other node is told of a crash; in the others nobody is', () => {
  const told = (failures: 'fail-stop' | 'crash-stop', afterSends?: number): number => {
    const run = started(4, { failures });
    actInRun(run, { type: 'crash', node: 'N3', ...(afterSends === undefined ? {} : { afterSends }) });
    if (afterSends !== undefined)
      actInRun(run, { type: 'input', node: 'N3', input: 'say', data: { word: 'farewell' } });
    runToEnd(run);
    assert.equal(run.world.nodes[3]?.status, 'crashed');
    return run.trace.filter(({ message }) => message?.body.type === 'farewell').length;
  };
  assert.equal(told('fail-stop'), 3);
  assert.equal(told('fail-stop', 1), 3, 'in the middle of a step, too');
  assert.equal(told('crash-stop'), 0);
  assert.equal(told('crash-stop', 1), 0);
});

test('a clock that jumps forward fires its timers that much earlier; a fast clock shortens those set later', () => {
  const run = started(2);
  until(run, () => node(run, 'N1').timers.length > 0);
  const timer = node(run, 'N1').timers[0];
  actInRun(run, { type: 'skew', node: 'N1', offsetMs: 150 });
  assert.equal(node(run, 'N1').timers[0]?.fireAtMs, (timer?.fireAtMs ?? 0) - 150);
  actInRun(run, { type: 'skew', node: 'N1', rate: 2 });
  const leftMs = (timer?.fireAtMs ?? 0) - 150 - run.world.nowMs;
  assert.equal(node(run, 'N1').timers[0]?.fireAtMs, run.world.nowMs + Math.round(leftMs / 2));
  const fast = createRun(chatterScenario(2), chatter);
  stepRun(fast);
  stepRun(fast);
  actInRun(fast, { type: 'skew', node: 'N1', rate: 2 });
  until(fast, () => node(fast, 'N1').timers.length > 0);
  assert.equal((node(fast, 'N1').timers[0]?.fireAtMs ?? 0) - fast.world.nowMs, 200);
});

test('a message that takes longer than the synchronous bound breaks the assumption, and the run says which', () => {
  const run = createRun(chatterScenario(2, { model: 'synchronous', boundMs: 100 }), chatter);
  until(run, () => run.world.pending.size > 0);
  actInRun(run, { type: 'delay', message: 1, byMs: 500 });
  runToEnd(run);
  assert.match(run.world.assumptions[0]?.what ?? '', /message 1 \(word N0→N1\) took 5\d\d ms/);
  const punctual = createRun(chatterScenario(2, { model: 'synchronous', boundMs: 100 }), chatter);
  runToEnd(punctual);
  assert.equal(punctual.world.assumptions.length, 0);
});

test('a timer that was cancelled never fires', () => {
  const run = started(2);
  until(run, () => node(run, 'N1').timers.length > 0);
  until(run, () => node(run, 'N1').path === 'listening');
  assert.deepEqual(node(run, 'N1').timers, []);
  runToEnd(run);
  assert.deepEqual(node(run, 'N1').decisions, []);
  assert.equal(run.trace.filter(({ choice }) => choice.type === 'fire').length, 0);
});

test('a crash that only cost the node its memory is known by what it came back without', () => {
  const amnesia = started(2);
  until(amnesia, () => node(amnesia, 'N1').path === 'waiting');
  until(amnesia, () => node(amnesia, 'N1').path !== 'waiting');
  runToEnd(amnesia);
  actInRun(amnesia, { type: 'crash', node: 'N1' });
  assert.equal(amnesia.world.faults[0]?.touched, 0);
  actInRun(amnesia, { type: 'restart', node: 'N1' });
  assert.equal(amnesia.world.faults[0]?.touched, 1);
  assert.equal(amnesia.world.faults[1]?.touched, 1);
});

test('what is scripted for 0 ms is in force before the first node starts', () => {
  const run = createRun(chatterScenario(3, { faults: [{ at: 0, fault: { type: 'drop', from: 'N0' } }] }), chatter);
  runToEnd(run);
  assert.equal(run.trace[0]?.choice.type, 'drop');
  assert.equal(run.world.costs.delivered, 0);
  const unborn = createRun(
    chatterScenario(2, {
      inputs: [],
      faults: [
        { at: 0, fault: { type: 'crash', node: 'N1' } },
        { at: 100, fault: { type: 'restart', node: 'N1' } },
      ],
    }),
    chatter,
  );
  runToEnd(unborn);
  assert.equal(node(unborn, 'N1').path, 'listening');
});
