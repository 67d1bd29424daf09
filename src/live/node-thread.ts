/**
 * One life of one node's thread: its birth, its place on the bus, the one request outstanding, and its death, which always
 * has a reason in words.
 */
import { existsSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import { printable } from '../core/printable.ts';
import type { JsonObject, NodeId, NodeState, RoleName } from '../core/protocol.ts';
import type { Plan, StepFailure, StepResult } from '../core/world.ts';
import type { ProtocolRef } from '../scenario/protocols.ts';
import type { Bus, Seat } from './bus.ts';
import { type Answer, answerCharactersMax, type NodeMessage, parseAnswer, type StepRequest } from './messages.ts';
import { BadMessage } from './shapes.ts';
import { NodeLost } from './stepper.ts';

/** What a thread is told at its birth, and only there: it is in no argument, no environment, no title. */
export interface WorkerBriefing {
  readonly url: string;
  readonly token: string;
  /** where to find the protocol: a built-in one, or a file that the user named */
  readonly source: ProtocolRef;
  readonly node: NodeId;
  readonly role: RoleName;
  readonly nodes: Readonly<Record<NodeId, RoleName>>;
  readonly parameters: JsonObject;
  readonly seed: number;
}

type Briefing = Omit<WorkerBriefing, 'url' | 'token'>;

export interface ThreadLimits {
  /** real time for one step */
  readonly stepMs: number;
  /** real time from birth to readiness */
  readonly startMs: number;
  readonly memoryMb: number;
}

interface Outstanding {
  readonly seq: number;
  readonly plan: Plan;
  text: string;
  sinceMs: number;
  resolve(result: StepResult | StepFailure): void;
  reject(lost: NodeLost): void;
}

/** a thread that ends loses its socket before its exit, and the reason for it, become known */
const lastWordsMs = 300;

/** Beside this file: as source in development, as a bundle of its own (perhaps one folder up from a chunk) when built. */
function workerEntry(): URL {
  const beside = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);
  return existsSync(beside) ? beside : new URL('../worker.js', import.meta.url);
}

export class NodeThread {
  readonly #node: NodeId;
  readonly #limits: ThreadLimits;
  readonly #bus: Bus;
  readonly #briefing: Briefing;
  #worker: Worker | null = null;
  #seat: Seat | null = null;
  readonly #died: (thread: NodeThread, reason: string, idle: boolean) => void;
  readonly #readiness = Promise.withResolvers<void>();
  #ready = false;
  #reason: string | null = null;
  #ending: Promise<unknown> = Promise.resolve();
  #outstanding: Outstanding | null = null;
  #sinceMs = 0;
  #seq = 0;
  /** the states that the worker still has, with their numbers */
  #known: readonly { readonly state: NodeState; readonly seq: number }[] = [];

  constructor(
    bus: Bus,
    briefing: Briefing,
    limits: ThreadLimits,
    died: (thread: NodeThread, reason: string, idle: boolean) => void,
  ) {
    this.#bus = bus;
    this.#briefing = briefing;
    this.#node = briefing.node;
    this.#limits = limits;
    this.#died = died;
    this.#readiness.promise.catch(() => {});
  }

  /** Brings the thread up; resolves when it is ready, rejects when it never will be. */
  start(): Promise<void> {
    if (this.#reason !== null || this.#worker !== null) return this.#readiness.promise;
    this.#sinceMs = performance.now();
    const seat = this.#takeSeat();
    const workerData: WorkerBriefing = { ...this.#briefing, url: this.#bus.url, token: seat.token };
    const worker = new Worker(workerEntry(), {
      workerData,
      name: `node ${printable(this.#node)}`,
      // plain Node strips the types of our sources; a loader of the parent's would cost each thread its memory
      execArgv: [],
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: this.#limits.memoryMb, maxYoungGenerationSizeMb: 2 },
    });
    // what a protocol prints must not reach the screen that the session is drawn on
    worker.stdout.resume();
    worker.stderr.resume();
    worker.on('error', (error: NodeJS.ErrnoException) => this.#die(reasonOfError(error, this.#limits)));
    worker.on('exit', (code) => this.#die(`its thread exited (code ${code})`));
    this.#worker = worker;
    return this.#readiness.promise;
  }

  #takeSeat(): Seat {
    const seat = this.#bus.seat(this.#node, {
      message: (message) => this.#heard(message),
      gone: (why) => setTimeout(() => this.#die(`lost its connection to the bus: ${printable(why)}`), lastWordsMs),
      bad: (why) => {
        if (this.#outstanding !== null) this.#die(`gave a bad answer: ${printable(why)}`);
      },
    });
    this.#seat = seat;
    return seat;
  }

  /** Asks for one step. Rejects with `NodeLost`. */
  request(plan: Plan): Promise<StepResult | StepFailure> {
    return new Promise((resolve, reject) => {
      if (this.#reason !== null) {
        reject(new NodeLost(this.#reason));
        return;
      }
      this.#seq += 2;
      this.#outstanding = { seq: this.#seq, plan, text: '', sinceMs: 0, resolve, reject };
      if (this.#ready) this.#ask();
    });
  }

  /** Ends the thread, for no fault of its own. */
  async stop(): Promise<void> {
    if (this.#reason === null) this.#end('stopped');
    await this.#ending;
  }

  /** The watchdog: called now and then; `nowMs` and `sinceMs` are of one clock. */
  check(nowMs: number): void {
    if (this.#reason !== null || this.#worker === null) return;
    if (!this.#ready) {
      if (nowMs - this.#sinceMs > this.#limits.startMs)
        this.#die(`was not ready within ${this.#limits.startMs / 1000} s`);
    } else if (this.#outstanding !== null && nowMs - this.#outstanding.sinceMs > this.#limits.stepMs) {
      this.#die(`did not answer within ${this.#limits.stepMs / 1000} s: a loop without end?`);
    }
  }

  /** This process was asleep: nobody's time ran. */
  forgive(nowMs: number): void {
    this.#sinceMs = nowMs;
    if (this.#outstanding !== null) this.#outstanding.sinceMs = nowMs;
  }

  #ask(): void {
    const asked = this.#outstanding as Outstanding;
    asked.sinceMs = performance.now();
    const { seq, plan } = asked;
    const { state, event } = plan;
    let request: StepRequest;
    if (state === null) {
      request = { type: 'step', seq, base: 0, event, stable: plan.stable };
      this.#known = [];
    } else {
      const held = this.#known.find((entry) => entry.state === state);
      request = held
        ? { type: 'step', seq, base: held.seq, event }
        : { type: 'step', seq, base: seq - 1, state, event };
      this.#known = [held ?? { state, seq: seq - 1 }];
    }
    this.#seat?.send(JSON.stringify(request));
  }

  #heard(message: NodeMessage): void {
    if (message.type === 'ready') {
      if (this.#ready) throw new BadMessage('type', 'is `ready` a second time');
      this.#ready = true;
      this.#readiness.resolve();
      if (this.#outstanding !== null) this.#ask();
      return;
    }
    if (message.type === 'threw' && message.seq === 0 && !this.#ready) {
      this.#die(`could not load its protocol: ${printable(message.reason)}`);
      return;
    }
    const asked = this.#outstanding;
    if (asked === null || message.seq !== asked.seq || !this.#ready) throw new BadMessage('seq', 'was not asked for');
    if (message.type !== 'part') {
      this.#answered(asked, message);
      return;
    }
    asked.text += message.text;
    if (asked.text.length > answerCharactersMax) {
      this.#die(
        `gave an answer of more than ${answerCharactersMax / 1024 / 1024} MiB: its state or its messages grew too large`,
      );
    } else if (message.last) {
      const whole = parseAnswer(asked.text);
      if (whole.node !== this.#node || whole.seq !== asked.seq) throw new BadMessage('seq', 'was not asked for');
      this.#answered(asked, whole);
    }
  }

  #answered(asked: Outstanding, message: Answer): void {
    this.#outstanding = null;
    if (message.type === 'threw') {
      asked.resolve({ failed: message.reason });
    } else if (message.type === 'result') {
      this.#known = [...this.#known, { state: message.state, seq: message.seq }];
      asked.resolve({ state: message.state, effects: message.effects });
    } else if (asked.plan.state !== null) {
      asked.resolve({ state: asked.plan.state, effects: [] });
    } else {
      this.#outstanding = asked;
      throw new BadMessage('type', 'is `same`, where there was no state before');
    }
  }

  #die(reason: string): void {
    if (this.#reason !== null) return;
    const idle = this.#outstanding === null;
    this.#end(reason);
    this.#died(this, reason, idle);
  }

  #end(reason: string): void {
    this.#reason = reason;
    this.#seat?.leave();
    if (this.#worker !== null) this.#ending = this.#worker.terminate();
    this.#readiness.reject(new NodeLost(reason));
    this.#outstanding?.reject(new NodeLost(reason));
    this.#outstanding = null;
  }
}

function reasonOfError(error: NodeJS.ErrnoException, limits: ThreadLimits): string {
  if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') return `ran out of memory (it may use ${limits.memoryMb} MB)`;
  return `threw: ${printable(String(error.message ?? error)).slice(0, 2000)}`;
}
