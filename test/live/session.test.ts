/** A live session as its users see it: pace, acts, steps, what an observer is told, and how it ends. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestWorld } from '../../src/core/digest.ts';
import { actInRun, createRun, runToEnd, stepRun } from '../../src/core/run.ts';
import { type Act, Refusal } from '../../src/core/session.ts';
import { openLocalSession, type SessionOptions } from '../../src/live/local-session.ts';
import type { SessionObserver } from '../../src/live/observer.ts';
import type { PacedSession } from '../../src/live/paced-session.ts';
import { chatter, chatterScenario } from '../fixtures/chatter.ts';
import { openChatter } from './sessions.ts';
import { join } from './strangers.ts';

const open = (changes: Partial<SessionOptions> = {}): PacedSession =>
  openLocalSession({ scenario: chatterScenario(5), protocol: chatter, paused: true, ...changes });

const changed = (session: PacedSession, condition: () => boolean): Promise<void> =>
  new Promise((resolve) => {
    const stop = session.subscribe(() => {
      if (!condition()) return;
      stop();
      resolve();
    });
  });

test('a paused session does nothing until it is told to step', async () => {
  const session = open();
  await new Promise((resolve) => setTimeout(resolve, 30));
  assert.equal(session.world.events, 0);
  assert.equal(await session.step(), true);
  assert.equal(session.world.events, 1);
  while (await session.step());
  assert.equal(session.quiet, true);
  await session.close();
});

test('virtual time runs between events at the chosen speed, and stops when nothing is left', async () => {
  const session = open({ speed: 20 });
  const times: number[] = [];
  session.subscribe(() => times.push(session.world.nowMs));
  session.setRunning(true);
  await changed(session, () => session.quiet);
  assert.ok(session.trace.every(({ atMs }, i) => i === 0 || atMs >= (session.trace[i - 1]?.atMs ?? 0)));
  const last = session.trace.at(-1)?.atMs;
  await new Promise((resolve) => setTimeout(resolve, 60));
  assert.equal(session.world.nowMs, last);
  assert.deepEqual(
    times,
    times.toSorted((a, b) => a - b),
  );
  await session.close();
});

test('an act takes place at the present virtual time, and the run goes on from there', async () => {
  const session = open({ speed: 1 });
  session.setRunning(true);
  await changed(session, () => session.world.nowMs > 5);
  const event = await session.act({ type: 'crash', node: 'N1' });
  assert.equal(event.origin, 'person');
  assert.equal(event.atMs, session.world.nowMs);
  assert.equal(session.world.nodes[1]?.status, 'crashed');
  await session.close();
});

test('an act that is not possible is refused in words, and changes nothing', async () => {
  const session = open();
  await session.step();
  const before = digestWorld(session.world);
  await assert.rejects(
    session.act({ type: 'restart', node: 'N1' }),
    (error) => error instanceof Refusal && /is up/.test(error.message),
  );
  assert.equal(digestWorld(session.world), before);
  await session.close();
});

test('what the observer is told is enough to replay the run', async () => {
  const acts: { index: number; atMs: number; act: Act }[] = [];
  const checkpoints: string[] = [];
  const told: string[] = [];
  let end = '';
  const observer: SessionObserver = {
    onAct: (index, atMs, act) => acts.push({ index, atMs, act: act as Act }),
    onEvents: (events) => told.push(...events.map(({ index }) => String(index))),
    onCheckpoint: (index, _atMs, digest) => checkpoints.push(`${index} ${digest}`),
    onNote: (index, _atMs, text) => told.push(`note ${index} ${text}`),
    onPause: (index, _atMs, running) => told.push(`${running ? 'runs' : 'rests'} ${index}`),
    onClose: ({ digest }) => {
      end = digest;
    },
  };
  const scenario = chatterScenario(7);
  const session = open({ scenario, observer });
  for (let i = 0; i < 20; i++) await session.step();
  await session.act({ type: 'crash', node: 'N2' });
  session.note('look');
  for (let i = 0; i < 5; i++) await session.step();
  await session.act({ type: 'restart', node: 'N2' });
  await session.act({ type: 'input', node: 'N2', input: 'say', data: { word: 'again' } });
  await session.runUntil(60_000);
  await session.close();

  const run = createRun(scenario, chatter);
  for (const { index, atMs, act } of acts) {
    while (run.world.events < index) stepRun(run);
    run.world.nowMs = atMs;
    actInRun(run, act);
  }
  runToEnd(run, 60_000);
  assert.equal(acts.length, 3);
  assert.equal(digestWorld(run.world), end);
  assert.deepEqual(
    checkpoints,
    run.checkpoints.map(({ index, digest }) => `${index} ${digest}`),
  );
  assert.ok(checkpoints.length > 0);
  assert.ok(told.includes('note 21 look') && told.includes('runs 28'));
  assert.equal(told.filter((text) => /^\d+$/.test(text)).length, run.trace.length);
});

test('an observer that fails is left out, and the person is told', async () => {
  const observer: SessionObserver = {
    onEvents: () => {
      throw new Error('the disk is full');
    },
  };
  const session = open({ observer });
  await session.runUntil(60_000);
  assert.deepEqual(session.troubles, ['the recording has ended: the disk is full']);
  assert.equal(session.quiet, true);
  await session.close();
});

test('at full speed the event loop still turns, and listeners are told now and then', async () => {
  const session = open({ scenario: chatterScenario(48, { untilMs: 1000 }) });
  let turns = 0;
  let told = 0;
  const timer = setInterval(() => turns++, 1);
  session.subscribe(() => told++);
  await session.runUntil(1000);
  clearInterval(timer);
  assert.ok(session.trace.length > 1000);
  assert.ok(turns > 0);
  assert.ok(told < session.trace.length / 10);
  await session.close();
});

test('at full speed a run stops at the end that its scenario names, and can be told to go on', async () => {
  const session = open({ scenario: chatterScenario(5, { untilMs: 100 }) });
  session.setSpeed(Number.POSITIVE_INFINITY);
  session.setRunning(true);
  await changed(session, () => !session.running);
  assert.ok(session.world.nowMs <= 100 && !session.quiet);
  session.setRunning(true);
  await changed(session, () => !session.running || session.quiet);
  assert.ok(session.world.nowMs > 100);
  await session.close();
});

test('closing twice is closing once, and a closed session takes no acts', async () => {
  let ends = 0;
  const session = await openChatter(chatterScenario(3), { observer: { onClose: () => ends++ } });
  session.setRunning(true);
  await Promise.all([session.close(), session.close()]);
  assert.equal(ends, 1);
  await assert.rejects(session.act({ type: 'crash', node: 'N0' }));
});

test('an operator on the bus acts on the run, and a viewer sees it', async () => {
  const session = await openChatter(chatterScenario(3));
  const operator = await join(session.bus, session.bus.operatorToken);
  const viewer = await join(session.bus, session.bus.viewerToken);
  const commands = [
    { type: 'step' },
    { type: 'act', act: { type: 'crash', node: 'N1' } },
    { type: 'act', act: { type: 'heal' } },
  ];
  for (const command of commands) operator.socket.send(JSON.stringify(command));
  const answers = (): unknown[] => operator.heard.filter(({ type }) => type !== 'snapshot');
  while (answers().length < 3) await operator.next();
  assert.deepEqual(answers(), [
    { type: 'done' },
    { type: 'done' },
    { type: 'error', error: 'refused', why: 'nothing is broken' },
  ]);
  while (viewer.heard.at(-1)?.events !== 2) await viewer.next();
  assert.equal(session.world.nodes[1]?.status, 'crashed');
  const { nodes } = viewer.heard.at(-1) as unknown as { nodes: { status: string }[] };
  assert.equal(nodes[1]?.status, 'crashed');
  await session.close();
});

test('a session that goes on with a run takes over its world and its past', async () => {
  const scenario = chatterScenario(4);
  const run = createRun(scenario, chatter);
  for (let i = 0; i < 12; i++) stepRun(run);
  const session = await openChatter(scenario, { world: run.world, trace: run.trace });
  await session.runUntil(60_000);
  const whole = createRun(scenario, chatter);
  runToEnd(whole, 60_000);
  assert.equal(digestWorld(session.world), digestWorld(whole.world));
  assert.equal(session.trace.length, whole.trace.length);
  await session.close();
});
