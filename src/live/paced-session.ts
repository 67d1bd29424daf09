/**
 * A live session, whoever takes its steps. One loop owns the run: between two events it does what people asked for, waits
 * for the next virtual moment, and lets the event loop breathe, so that keys stay instant at any speed.
 */
import { performance } from 'node:perf_hooks';
import { setImmediate as macrotask } from 'node:timers/promises';
import type { Claim } from '../core/challenge.ts';
import { budgetRefusal } from '../core/challenge-budget.ts';
import { History } from '../core/history.ts';
import { nextEntry } from '../core/scheduler.ts';
import { type Act, type Breakpoint, type Early, Refusal, type Session, type Speed } from '../core/session.ts';
import type { TraceEvent, World } from '../core/world.ts';
import { Controller, type Turn } from './controller.ts';
import { Audience, type SessionObserver } from './observer.ts';
import { horizonOf, Pace } from './pace.ts';
import { Remarks } from './remarks.ts';
import { Rest } from './rest.ts';
import type { Stepper } from './stepper.ts';

const breatheEveryMs = 8;
/** while running, the screen is told so often, and the clock between events moves so often */
const refreshMs = 50;

export interface PacedOptions {
  readonly world: World;
  readonly trace?: readonly TraceEvent[];
  readonly observer?: SessionObserver;
  readonly recording?: string | null;
  readonly paused?: boolean;
  readonly speed?: Speed;
}

export class PacedSession implements Session {
  readonly mode = 'live';
  readonly history: History;
  readonly recording: string | null;
  readonly troubles: string[] = [];
  branches: Session['branches'] = [];
  version = 0;
  readonly #controller: Controller;
  readonly #stepper: Stepper;
  readonly #pace: Pace;
  readonly #listeners = new Set<() => void>();
  readonly #jobs: (() => Promise<void>)[] = [];
  readonly #audience: Audience;
  readonly remarks: Remarks;
  #running: boolean;
  #horizonMs: number;
  #loop: Promise<void> | null = null;
  /** somebody wanted something while the loop was at work, perhaps on its way out */
  #poked = false;
  readonly #rest = new Rest();
  #refresh: NodeJS.Timeout | null = null;
  #breathedMs = performance.now();
  #closed: Promise<void> | null = null;
  #stopsAt: Breakpoint | null = null;
  #broken: unknown = null;

  constructor(options: PacedOptions, stepper: Stepper) {
    this.history = new History(options.world, options.trace);
    this.recording = options.recording ?? null;
    this.#audience = new Audience(options.observer ?? null, (text) => this.trouble(text));
    this.remarks = new Remarks(this.#audience);
    this.#stepper = stepper;
    this.#controller = new Controller(this.world, stepper);
    this.#pace = new Pace(options.speed ?? 1);
    this.#running = !(options.paused ?? false);
    this.#horizonMs = horizonOf(this.world);
    this.#go();
  }

  get world(): World {
    return this.history.world;
  }
  get trace(): readonly TraceEvent[] {
    return this.history.trace;
  }
  get scenario(): World['scenario'] {
    return this.world.scenario;
  }
  get marks(): Session['marks'] {
    return this.remarks.marks;
  }
  get claims(): Session['claims'] {
    return this.remarks.claims;
  }
  get running(): boolean {
    return this.#running;
  }
  get speed(): Speed {
    return this.#pace.speed;
  }
  get quiet(): boolean {
    return nextEntry(this.world) === null;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  act(act: Act): Promise<TraceEvent> {
    return this.#do(async () => {
      const why = budgetRefusal(this, act);
      if (why !== null) throw new Refusal(why);
      return this.#show(await this.#controller.act(act)) as TraceEvent;
    });
  }

  hasten(choice: Early): Promise<TraceEvent> {
    return this.#do(async () => this.#show(await this.#controller.hasten(choice)) as TraceEvent);
  }

  #show(turn: Turn | null): TraceEvent | null {
    if (turn !== null) this.#happened(turn);
    this.#pace.anchor(this.world.nowMs);
    this.#notify();
    return turn?.events[0] ?? null;
  }

  step(): Promise<boolean> {
    return this.#do(async () => this.#show(await this.#controller.advance()) !== null);
  }

  setRunning(running: boolean): void {
    if (running === this.#running || this.#closed !== null) return;
    this.#running = running;
    this.#horizonMs = horizonOf(this.world);
    this.#pace.anchor(this.world.nowMs);
    this.#audience.tell((observer) => observer.onPause?.(this.world.events, this.world.nowMs, running));
    this.#notify();
    this.#go();
  }

  setSpeed(speed: Speed): void {
    if (!(speed > 0)) throw new RangeError(`a speed is above 0, not ${speed}`);
    this.#pace.anchor(this.world.nowMs, speed);
    this.#horizonMs = horizonOf(this.world);
    this.#notify();
    this.#go();
  }

  setBreakpoint(stopsAt: Breakpoint | null): void {
    this.#stopsAt = stopsAt;
  }

  note(text: string): void {
    this.remarks.note(this.world, text);
    this.#notify();
  }

  mark(count: number, text: string): void {
    this.remarks.mark(this.world, this.history.moment(count), text);
    this.#notify();
  }

  claim(claim: Claim): void {
    this.remarks.claim(this.world, claim);
    this.#notify();
  }

  branch(count: number): Promise<void> {
    return this.#do(async () => {
      const from = this.world.events;
      if (this.history.moment(count) === from) throw new Refusal('this is the present: go back first');
      const world = this.history.goBack(count);
      this.#controller.goOnIn(world);
      this.branches = [...this.branches, { from, to: world.events }];
      this.remarks.goBackTo(world.events);
      this.#audience.tell((observer) => observer.onBranch?.(world.events, world.nowMs, from));
      this.#horizonMs = horizonOf(this.world);
      this.#pace.anchor(world.nowMs);
      this.#notify();
    });
  }

  /** As fast as possible until nothing is left to happen, or the next event lies beyond this time. Throws what stopped it. */
  async runUntil(untilMs: number): Promise<void> {
    this.setSpeed(Number.POSITIVE_INFINITY);
    this.setRunning(true);
    this.#horizonMs = untilMs;
    this.#go();
    while (this.#loop !== null) await this.#loop;
    if (this.#broken !== null) throw this.#broken;
  }

  /** A node's thread died while nobody asked anything of it. */
  lose(node: string, reason: string): void {
    const { branches } = this;
    void this.#do(async () => {
      // a thread of the branch that was left
      if (branches !== this.branches) return;
      const status = this.world.nodes[this.world.indexOf.get(node) ?? -1]?.status;
      if (status === 'up' || status === 'paused') this.#show(this.#controller.lose(node, reason));
    }).catch(() => {});
  }

  trouble(text: string): void {
    this.troubles.push(text);
    this.#notify();
  }

  close(): Promise<void> {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  async #end(): Promise<void> {
    this.#running = false;
    this.#go();
    while (this.#loop !== null) await this.#loop;
    this.#audience.end(this.world);
    if (this.#refresh !== null) clearTimeout(this.#refresh);
    await this.#stepper.close();
    this.#notify();
    this.#listeners.clear();
  }

  /** Between two events, in the order of asking. */
  #do<T>(job: () => Promise<T>): Promise<T> {
    if (this.#closed !== null) return Promise.reject(new Error('the session is closed'));
    return new Promise((resolve, reject) => {
      this.#jobs.push(() => job().then(resolve, reject));
      this.#go();
    });
  }

  #go(): void {
    this.#rest.end();
    this.#poked = true;
    if (this.#loop !== null) return;
    this.#poked = false;
    this.#pace.anchor(this.world.nowMs);
    this.#loop = this.#run()
      .catch((error: unknown) => {
        this.#running = false;
        this.#broken = error;
        this.trouble(`the run has stopped: ${error instanceof Error ? error.message : String(error)}`);
      })
      .finally(() => {
        this.#loop = null;
        if (this.#poked) this.#go();
      });
  }

  async #run(): Promise<void> {
    for (;;) {
      const job = this.#jobs.shift();
      if (job !== undefined) await job();
      else if (!this.#running) return;
      else if (!(await this.#moveOn())) return;
      if (performance.now() - this.#breathedMs < breatheEveryMs) continue;
      await macrotask();
      this.#breathedMs = performance.now();
    }
  }

  /** The next event, or a rest before it; false: there is none, or it lies too far ahead. */
  async #moveOn(): Promise<boolean> {
    const next = nextEntry(this.world);
    if (next === null) {
      this.#notify();
      return false;
    }
    if (this.speed === Number.POSITIVE_INFINITY && next.atMs > this.#horizonMs) {
      this.setRunning(false);
      return false;
    }
    const waitMs = this.#pace.waitMs(next.atMs);
    if (waitMs > 0) {
      await this.#rest.take(Math.min(waitMs, refreshMs));
      if (!this.#running) return true;
      this.world.nowMs = Math.max(this.world.nowMs, Math.min(next.atMs, this.#pace.virtualMs()));
      this.#notify();
      return true;
    }
    const turn = await this.#controller.advance(this.speed === Number.POSITIVE_INFINITY);
    if (turn !== null) this.#happened(turn);
    return true;
  }

  #happened(turn: Turn): void {
    const { events, outside } = turn;
    this.history.record(events);
    this.version++;
    this.#refresh ??= setTimeout(() => this.#notify(), refreshMs);
    if (outside?.type === 'fail') this.troubles.push(`${outside.node} failed: ${outside.reason}`);
    this.#audience.happened(this.world, turn);
    if (this.#stopsAt?.(events) === true) this.setRunning(false);
  }

  #notify(): void {
    if (this.#refresh !== null) clearTimeout(this.#refresh);
    this.#refresh = null;
    this.version++;
    for (const listener of this.#listeners) listener();
  }
}
