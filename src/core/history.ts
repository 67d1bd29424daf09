/**
 * The past of a run, exact at every event, and its trace. Copies of the world are kept now and then; performing the same
 * choices again from the nearest copy gives the world of any moment between, for the schedule is part of the world and
 * what came from outside it is remembered. Looking back changes nothing.
 *
 * Memory stays bounded however long the run grows. When there are too many copies every second one goes, and those to
 * come stand twice as far apart. Of the events only the latest are kept; older ones are taken again from the copies when
 * somebody reads them.
 */
import { perform } from './commit.ts';
import { Landmarks } from './landmarks.ts';
import { lazyArray } from './lazy-array.ts';
import { advanceWorld } from './run.ts';
import type { Choice, TraceEvent, World } from './world.ts';
import { cloneWorld, createWorld } from './world-init.ts';

export interface HistoryLimits {
  /** copies of the world, an even number, and how many events lie between two of them at first */
  readonly copies: number;
  readonly spacing: number;
  /** the latest events, kept as they are: at 1 to 2 KB each */
  readonly events: number;
}
/** A copy costs as much as there are nodes: the more of them, the fewer copies, and the further apart. */
const usualLimits = (nodes: number): HistoryLimits => ({
  copies: Math.max(8, Math.min(256, 2 * Math.floor(8192 / Math.max(1, nodes)))),
  spacing: Math.max(64, nodes),
  events: 32_768,
});
/** Before the moment looked at stand a few copies more, so that the moments before it are near too. */
const nearSpacing = 64;
const nearMax = 4;

/** The machines took other steps than the first time: such a run has no past to show. */
export class NotRepeatable extends Error {
  constructor(index: number) {
    super(
      `the past cannot be shown: event ${index} came out differently when it was taken again, so the protocol does not depend on its inputs alone`,
    );
    this.name = 'NotRepeatable';
  }
}

/** What the schedule did not lead to by itself. */
interface Outside {
  readonly choice: Choice;
  readonly origin: TraceEvent['origin'];
  readonly atMs: number;
}

interface Stretch {
  readonly from: number;
  readonly events: readonly TraceEvent[];
}

export class History {
  /** every event so far; reading one that is long past may take a moment */
  readonly trace: readonly TraceEvent[];
  readonly landmarks = new Landmarks();
  readonly #limits: HistoryLimits;
  #world: World;
  #copies: World[];
  #spacing: number;
  readonly #outside = new Map<number, Outside>();
  /** events that another one set off: just before them there is no moment, for the world was in the middle of a change */
  #setOff: number[] = [];
  #recent: TraceEvent[] = [];
  #recentFrom = 0;
  #shown: World | null = null;
  #near: World[] = [];
  #stretches: Stretch[] = [];
  #prefix: { readonly count: number; readonly trace: readonly TraceEvent[] } | null = null;

  /** @param trace how the world became what it is, when it is not at its beginning */
  constructor(world: World, trace: readonly TraceEvent[] = [], limits: Partial<HistoryLimits> = {}) {
    this.#limits = { ...usualLimits(world.ids.length), ...limits };
    this.#spacing = this.#limits.spacing;
    this.#world = createWorld(world.scenario, world.protocol);
    this.#copies = [cloneWorld(this.#world)];
    this.trace = lazyArray(
      () => this.#recentFrom + this.#recent.length,
      (index) => this.event(index),
    );
    for (const event of trace) this.#remember(event);
    while (this.#world.events < world.events) this.record(this.#moveOn(this.#world));
    this.#world = world;
  }

  /** The run as it is now. */
  get world(): World {
    return this.#world;
  }

  /** How much of the past is held in memory. */
  get kept(): { readonly copies: number; readonly spacing: number; readonly events: number } {
    return { copies: this.#copies.length, spacing: this.#spacing, events: this.#recent.length };
  }

  /** The world has moved on by these events: one choice, and what it set off. */
  record(events: readonly TraceEvent[]): void {
    for (let i = 0; i < events.length; i++) {
      const event = events[i] as TraceEvent;
      if (i === 0) this.#remember(event);
      else this.#setOff.push(event.index);
      this.#recent.push(event);
      this.landmarks.add(event);
    }
    const { events: most, copies } = this.#limits;
    if (this.#recent.length > most + (most >> 2)) {
      const kept = this.#recent.slice(-most);
      this.#recentFrom += this.#recent.length - kept.length;
      this.#recent = kept;
    }
    if (this.#world.events - (this.#copies.at(-1) as World).events < this.#spacing) return;
    if (this.#copies.length >= copies) {
      this.#copies = this.#copies.filter((_, i) => i % 2 === 0);
      this.#spacing *= 2;
    }
    this.#copies.push(cloneWorld(this.#world));
  }

  /** The moment after so many events, or the first one after that: an event and what it set off belong together. */
  moment(count: number): number {
    let moment = Math.max(0, Math.min(count, this.#world.events));
    while (this.#setOff.includes(moment)) moment += 1;
    return moment;
  }
  /** The moment before that one; 0 has none. */
  momentBefore(count: number): number {
    let moment = Math.max(0, Math.min(count, this.#world.events) - 1);
    while (this.#setOff.includes(moment)) moment -= 1;
    return moment;
  }
  /** The last moment at this virtual time or earlier. */
  momentAt(ms: number): number {
    const copy = this.#copies.findLast(({ nowMs }) => nowMs <= ms);
    let count = copy?.events ?? 0;
    while (count < this.#world.events && (this.event(count) as TraceEvent).atMs <= ms) count += 1;
    return count;
  }

  /** The world at that moment, a copy: callers only read it. Throws `NotRepeatable`. */
  at(count: number): World {
    const moment = this.moment(count);
    if (this.#shown?.events !== moment) this.#shown = this.#look(moment);
    return this.#shown;
  }

  /** The events before that moment. */
  until(count: number): readonly TraceEvent[] {
    const moment = this.moment(count);
    if (this.#prefix?.count !== moment) {
      const trace = lazyArray(
        () => Math.min(moment, this.trace.length),
        (index) => this.event(index),
      );
      this.#prefix = { count: moment, trace };
    }
    return this.#prefix.trace;
  }

  /** Throws `NotRepeatable`. */
  event(index: number): TraceEvent | undefined {
    if (index >= this.#recentFrom) return this.#recent[index - this.#recentFrom];
    let stretch = this.#stretches.find(({ from, events }) => index >= from && index < from + events.length);
    if (stretch === undefined) {
      stretch = this.#take(index);
      // as many events as are kept of the present, at most
      const most = Math.max(1, Math.floor(this.#limits.events / this.#spacing));
      this.#stretches = [stretch, ...this.#stretches].slice(0, Math.min(most, 8));
    }
    return stretch.events[index - stretch.from];
  }

  /** Makes that moment the present and forgets what came after it. Gives the world from which the run goes on. */
  goBack(count: number): World {
    const world = cloneWorld(this.at(count));
    const { events } = world;
    const isKept = (copy: World): boolean => copy.events <= events;
    this.#copies = this.#copies.filter(isKept);
    this.#near = this.#near.filter(isKept);
    this.#stretches = [];
    this.#shown = null;
    this.#prefix = null;
    this.#setOff = this.#setOff.filter((index) => index < events);
    for (const index of this.#outside.keys()) if (index >= events) this.#outside.delete(index);
    this.#recent.length = Math.max(0, events - this.#recentFrom);
    this.#recentFrom = Math.min(this.#recentFrom, events);
    this.landmarks.cutAt(events);
    this.#world = world;
    return world;
  }

  #remember({ index, choice, origin, atMs }: TraceEvent): void {
    if (origin === 'person' || origin === 'runtime') this.#outside.set(index, { choice, origin, atMs });
  }

  #look(moment: number): World {
    const copy = this.#copies.findLast(({ events }) => events <= moment) as World;
    const near = this.#near.filter(({ events }) => events > copy.events && events <= moment);
    const world = cloneWorld(near.at(-1) ?? copy);
    while (world.events < moment) {
      this.#compare(this.#moveOn(world));
      const last = near.at(-1) ?? copy;
      if (world.events < last.events + nearSpacing || world.events < moment - nearMax * nearSpacing) continue;
      near.push(cloneWorld(world));
    }
    this.#near = near.slice(-nearMax);
    return world;
  }

  /** The events from the copy before this one to the copy after it. */
  #take(index: number): Stretch {
    const after = this.#copies.findIndex(({ events }) => events > index);
    const copy = this.#copies.at(after < 0 ? -1 : after - 1) as World;
    const to = Math.min(this.#copies[after]?.events ?? this.#recentFrom, this.#recentFrom);
    const world = cloneWorld(copy);
    const events: TraceEvent[] = [];
    while (world.events < to) events.push(...this.#moveOn(world));
    return { from: copy.events, events };
  }

  /** Performs the next choice once more. */
  #moveOn(world: World): readonly TraceEvent[] {
    const asked = this.#outside.get(world.events);
    if (asked === undefined) {
      const events = advanceWorld(world);
      if (events === null) throw new NotRepeatable(world.events);
      return events;
    }
    world.nowMs = asked.atMs;
    return perform(world, asked.choice, asked.origin);
  }

  #compare(events: readonly TraceEvent[]): void {
    for (const { index, node, lamport, after } of events) {
      const known = this.#recent[index - this.#recentFrom];
      if (known === undefined) continue;
      if (known.node !== node || known.lamport !== lamport || known.after !== after) throw new NotRepeatable(index);
    }
  }
}
