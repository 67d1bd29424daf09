/**
 * A recording on the screen: the same `Session` as a live run, fed by the recording. Nobody can act in it. The clock is
 * given from outside, because only the live runtime and the edges of the program may look at one.
 */
import type { Claim } from '../core/challenge.ts';
import { nextEntry } from '../core/scheduler.ts';
import { type Act, Refusal, type Session, type Speed } from '../core/session.ts';
import type { TraceEvent, World } from '../core/world.ts';
import { claimsIn } from './claims.ts';
import type { Replayer } from './replay.ts';

/** Virtual time against the wall clock. */
export interface Clock {
  readonly speed: Speed;
  /** from now on virtual time runs from here, at this speed */
  anchor(virtualMs: number, speed?: Speed): void;
  /** wall milliseconds until this virtual moment; 0: it has come */
  waitMs(virtualMs: number): number;
  virtualMs(): number;
  /** lets so many wall milliseconds pass, and the event loop breathe */
  rest(ms: number): Promise<void>;
}

/** while running, the screen is told so often, and the virtual clock moves so often */
const refreshMs = 50;
/** so many events in a row before the event loop breathes */
const burst = 64;

export class ReplaySession implements Session {
  readonly mode = 'replay';
  readonly troubles: string[] = [];
  version = 0;
  readonly #replayer: Replayer;
  readonly #clock: Clock;
  readonly #listeners = new Set<() => void>();
  #running = false;
  #closed = false;
  #looping = false;

  constructor(replayer: Replayer, clock: Clock, paused: boolean) {
    this.#replayer = replayer;
    this.#clock = clock;
    if (replayer.recording.end === null)
      this.troubles.push('the recording is cut off: it has no end, only what was saved of it');
    if (!paused) this.setRunning(true);
  }

  get scenario(): World['scenario'] {
    return this.#replayer.world.scenario;
  }
  get world(): World {
    return this.#replayer.world;
  }
  get trace(): readonly TraceEvent[] {
    return this.#replayer.history.trace;
  }
  get history(): Session['history'] {
    return this.#replayer.history;
  }
  get marks(): Session['marks'] {
    return this.#replayer.marks;
  }
  get claims(): Session['claims'] {
    return claimsIn(this.#replayer.recording);
  }
  get branches(): Session['branches'] {
    return this.#replayer.branches;
  }
  get running(): boolean {
    return this.#running;
  }
  get speed(): Speed {
    return this.#clock.speed;
  }
  get quiet(): boolean {
    return this.#replayer.done && nextEntry(this.world) === null;
  }
  get ended(): boolean {
    return this.#replayer.done;
  }
  get recording(): string {
    return this.#replayer.recording.file;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  act(_act: Act): Promise<TraceEvent> {
    return Promise.reject(new Refusal('this is a recording: what happened in it cannot be changed'));
  }

  async step(): Promise<boolean> {
    const moved = this.#advance();
    this.#clock.anchor(this.world.nowMs);
    this.#notify();
    return moved;
  }

  setRunning(running: boolean): void {
    if (running === this.#running || this.#closed) return;
    this.#running = running;
    this.#clock.anchor(this.world.nowMs);
    this.#notify();
    if (running) void this.#loop();
  }

  setSpeed(speed: Speed): void {
    if (!(speed > 0)) throw new RangeError(`a speed is above 0, not ${speed}`);
    this.#clock.anchor(this.world.nowMs, speed);
    this.#notify();
  }

  note(_text: string): void {
    throw new Refusal('this is a recording: notes are made while a run is live');
  }

  mark(_count: number, _text: string): void {
    throw new Refusal('this is a recording: its moments were marked while it was live');
  }

  claim(_claim: Claim): void {
    throw new Refusal('this is a recording: claims are made while a run is live');
  }

  branch(_count: number): Promise<void> {
    return Promise.reject(new Refusal('this is a recording, which is not changed: play its preset to go on from here'));
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#running = false;
    this.#listeners.clear();
  }

  #advance(): boolean {
    const hadParted = this.#replayer.divergence !== null;
    const moved = this.#replayer.step() !== null;
    const { divergence } = this.#replayer;
    if (divergence !== null && !hadParted) {
      this.troubles.push(`the run leaves the recording at its line ${divergence.line}: ${divergence.why}`);
    }
    return moved;
  }

  async #loop(): Promise<void> {
    if (this.#looping) return;
    this.#looping = true;
    for (let count = 1; this.#running; count++) {
      const dueMs = this.#replayer.dueMs;
      if (dueMs === null) break;
      const waitMs = this.#clock.waitMs(dueMs);
      if (waitMs > 0) await this.#wait(dueMs, waitMs);
      else this.#advance();
      if (count % burst > 0) continue;
      this.#notify();
      await this.#clock.rest(0);
    }
    this.#looping = false;
    this.#running = false;
    this.#notify();
  }

  /** Part of the way to the next event. */
  async #wait(dueMs: number, waitMs: number): Promise<void> {
    this.#notify();
    await this.#clock.rest(Math.min(waitMs, refreshMs));
    if (this.#running) this.world.nowMs = Math.max(this.world.nowMs, Math.min(dueMs, this.#clock.virtualMs()));
  }

  #notify(): void {
    this.version += 1;
    for (const listener of this.#listeners) listener();
  }
}
