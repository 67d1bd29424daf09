/** Virtual time against the wall clock: how long to wait for a virtual moment at the chosen speed. */
import { performance } from 'node:perf_hooks';
import { nextEntry } from '../core/scheduler.ts';
import type { Speed } from '../core/session.ts';
import type { World } from '../core/world.ts';

/** further behind than this (a hung node, a laptop asleep) is not made up for by a burst */
const catchUpMs = 250;

export class Pace {
  #speed: Speed;
  #wallMs = performance.now();
  #virtualMs = 0;

  constructor(speed: Speed) {
    this.#speed = speed;
  }

  get speed(): Speed {
    return this.#speed;
  }

  /** From now on virtual time runs from here at this speed. */
  anchor(virtualMs: number, speed: Speed = this.#speed): void {
    this.#speed = speed;
    this.#wallMs = performance.now();
    this.#virtualMs = virtualMs;
  }

  /** Wall milliseconds until this virtual moment, 0 when it has come. */
  waitMs(virtualMs: number): number {
    if (this.#speed === Number.POSITIVE_INFINITY) return 0;
    const waitMs = this.#wallMs + (virtualMs - this.#virtualMs) / this.#speed - performance.now();
    if (waitMs < -catchUpMs) this.anchor(virtualMs);
    return Math.max(0, waitMs);
  }

  /** The present virtual moment, a whole number. */
  virtualMs(): number {
    if (this.#speed === Number.POSITIVE_INFINITY) return this.#virtualMs;
    return Math.floor(this.#virtualMs + (performance.now() - this.#wallMs) * this.#speed);
  }
}

/** At full speed a run stops at this virtual time by itself, and may be told to go on: some protocols never fall quiet. */
export function horizonOf(world: World): number {
  const { untilMs } = world.scenario;
  const fromMs = nextEntry(world)?.atMs ?? world.nowMs;
  return fromMs <= untilMs ? untilMs : fromMs + untilMs;
}
