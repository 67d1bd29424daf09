/**
 * The threads of all nodes: brought up a few at a time, watched, replaced after a crash. A thread that dies while a step
 * is asked of it fails that request; one that dies unasked is reported, for its node has failed all the same.
 */

import { performance } from 'node:perf_hooks';
import { nodeSeed } from '../core/draw.ts';
import type { NodeId } from '../core/protocol.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Plan, StepFailure, StepResult } from '../core/world.ts';
import type { ProtocolRef } from '../scenario/protocols.ts';
import type { Bus } from './bus.ts';
import { allowCompacting, worthCompacting } from './compact.ts';
import { NodeThread, type ThreadLimits } from './node-thread.ts';
import type { Stepper } from './stepper.ts';

const threadLimits: ThreadLimits = { stepMs: 2000, startMs: 20_000, memoryMb: 64 };
/** more at once only get in each other's way */
const startingMax = 4;
const watchEveryMs = 100;
/** the watchdog itself came this much too late: the process was asleep, or the machine stood still */
const asleepMs = 500;

export interface PoolOptions {
  readonly bus: Bus;
  readonly scenario: Scenario;
  readonly source: ProtocolRef;
  readonly limits?: Partial<ThreadLimits>;
  /** a thread died without a request outstanding */
  onLost(node: NodeId, reason: string): void;
}

export class Pool implements Stepper {
  readonly parallel = true;
  readonly #options: PoolOptions;
  readonly #limits: ThreadLimits;
  readonly #threads = new Map<NodeId, NodeThread>();
  readonly #watch: NodeJS.Timeout;
  #watchedMs = performance.now();
  readonly #toStart: NodeThread[] = [];
  #starting = 0;
  #closed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#limits = { ...threadLimits, ...options.limits };
    this.#watch = setInterval(() => this.#check(), watchEveryMs);
    this.#watch.unref();
    const nodes = Object.keys(options.scenario.nodes);
    if (worthCompacting(nodes.length)) allowCompacting();
    for (const node of nodes) this.#thread(node);
  }

  request(plan: Plan): Promise<StepResult | StepFailure> {
    return this.#thread(plan.node).request(plan);
  }

  stop(node: NodeId): void {
    void this.#threads.get(node)?.stop();
    this.#threads.delete(node);
  }

  /** Each thread is told the state of its node with its first request. */
  renew(nodes: readonly NodeId[]): void {
    for (const node of [...this.#threads.keys()]) this.stop(node);
    for (const node of nodes) this.#thread(node);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#watch);
    const ends = [...this.#threads.values()].map((thread) => thread.stop());
    this.#threads.clear();
    await Promise.all(ends);
  }

  /** Starts what waits for its turn, as long as there is room. */
  #startMore(): void {
    while (this.#starting < startingMax && !this.#closed) {
      const thread = this.#toStart.shift();
      if (thread === undefined) return;
      this.#starting++;
      // whoever asks it for a step hears of a failure
      const done = (): void => {
        this.#starting--;
        this.#startMore();
      };
      thread.start().then(done, done);
    }
  }

  #thread(node: NodeId): NodeThread {
    const known = this.#threads.get(node);
    if (known !== undefined) return known;
    const { bus, scenario, source } = this.#options;
    const { nodes, parameters } = scenario;
    const briefing = {
      source,
      node,
      role: nodes[node] as string,
      nodes,
      parameters,
      seed: nodeSeed(scenario.seed, node),
    };
    const thread = new NodeThread(bus, briefing, this.#limits, (dead, reason, idle) => {
      if (this.#threads.get(node) === dead) this.#threads.delete(node);
      if (idle && !this.#closed) this.#options.onLost(node, reason);
    });
    this.#threads.set(node, thread);
    this.#toStart.push(thread);
    this.#startMore();
    return thread;
  }

  #check(): void {
    const nowMs = performance.now();
    const late = nowMs - this.#watchedMs > watchEveryMs + asleepMs;
    this.#watchedMs = nowMs;
    for (const thread of this.#threads.values()) {
      if (late) thread.forgive(nowMs);
      else thread.check(nowMs);
    }
  }
}
