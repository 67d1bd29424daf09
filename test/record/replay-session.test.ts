/** A recording behind the interface of a live run. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestWorld } from '../../src/core/digest.ts';
import { Refusal } from '../../src/core/session.ts';
import { readRecording } from '../../src/record/reader.ts';
import { Replayer } from '../../src/record/replay.ts';
import { type Clock, ReplaySession } from '../../src/record/replay-session.ts';
import { chatter } from '../fixtures/chatter.ts';
import { makeRecording } from './made.ts';

/** A clock that passes only while somebody rests. */
class FakeClock implements Clock {
  speed = 1;
  #nowMs = 0;
  #anchorMs = 0;
  #virtualMs = 0;

  anchor(virtualMs: number, speed = this.speed): void {
    this.speed = speed;
    this.#anchorMs = this.#nowMs;
    this.#virtualMs = virtualMs;
  }
  virtualMs(): number {
    return Math.floor(this.#virtualMs + (this.#nowMs - this.#anchorMs) * this.speed);
  }
  waitMs(virtualMs: number): number {
    if (this.speed === Number.POSITIVE_INFINITY) return 0;
    return Math.max(0, this.#anchorMs + (virtualMs - this.#virtualMs) / this.speed - this.#nowMs);
  }
  async rest(ms: number): Promise<void> {
    this.#nowMs += ms;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const bytes = makeRecording();
const open = (paused: boolean, all = bytes): ReplaySession =>
  new ReplaySession(new Replayer(readRecording(all, 'x.jsonl'), chatter), new FakeClock(), paused);

async function ended(session: ReplaySession): Promise<void> {
  while (session.running) await new Promise((resolve) => setImmediate(resolve));
}

test('it runs to the recorded end by itself, at any speed', async () => {
  const { end } = readRecording(bytes, 'x.jsonl');
  for (const speed of [1, 7, Number.POSITIVE_INFINITY]) {
    const session = open(true);
    session.setSpeed(speed);
    session.setRunning(true);
    await ended(session);
    assert.deepEqual(session.troubles, []);
    assert.equal(session.trace.length, end?.events);
    assert.equal(digestWorld(session.world), end?.digest);
  }
});

test('it steps, inputs of the person included', async () => {
  const session = open(true);
  let steps = 0;
  while (await session.step()) steps += 1;
  assert.ok(steps > 10);
  assert.ok(session.trace.some(({ origin, choice }) => origin === 'person' && choice.type === 'crash'));
  assert.equal(session.quiet, true);
});

test('nobody can act in it', async () => {
  const session = open(true);
  await assert.rejects(session.act({ type: 'heal' }), Refusal);
  assert.throws(() => session.note('x'), Refusal);
});

test('a cut-off recording says so', () => {
  assert.match(open(true, bytes.slice(0, bytes.length - 50)).troubles.join(), /cut off/);
});

test('after closing nothing moves any more', async () => {
  const session = open(false);
  await session.close();
  await ended(session);
  session.setRunning(true);
  assert.equal(session.running, false);
});
