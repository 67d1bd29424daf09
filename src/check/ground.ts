/** What every order of exploration stands on, and what it counts. */
import type { Property, Protocol } from '../core/protocol.ts';
import { alone, type Dictionary } from './dictionary.ts';
import { Judge } from './judge.ts';
import type { Tracked } from './layout.ts';
import type { Model } from './model.ts';
import type { Root } from './moves.ts';
import type { Reductions } from './reductions.ts';
import { type Hash, type Origins, Seen } from './seen.ts';
import { Standing } from './standing.ts';
import { Symmetry } from './symmetry.ts';
import { Transitions } from './transitions.ts';

export interface Progress {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly waiting: number;
  readonly bytes: number;
}
/** Asked now and then; a text ends the exploration, and says why. */
export type Between = (progress: Progress) => Promise<string | null>;

export interface GroundOptions {
  /** keep whole states and compare them, instead of fingerprints */
  readonly exact?: boolean;
  readonly statesMax?: number;
  readonly between?: Between;
  /** none when left out */
  readonly reductions?: Reductions;
  /** with symmetry: fields with lists of nodes whose order says something; other such lists are sets */
  readonly sequences?: ReadonlySet<string>;
  /** for tests */
  readonly hash?: Hash;
}

/** What was counted. `transitions` are the successors generated, the initial states among them. */
export interface Tally {
  transitions: number;
  /** states on the longest path taken */
  depth: number;
  /** successors that the constraint left out */
  pruned: number;
  /** states in which nothing more can happen */
  ends: number;
  /** some run may go on for ever */
  isCyclic: boolean;
}

/** What a search has come to. */
export interface Searched {
  readonly transitions: Transitions;
  readonly roots: readonly Root[];
  readonly origins: Origins;
  readonly standing: Standing;
  readonly tally: Tally;
  readonly states: number;
  readonly bytes: number;
  /** how often XState was asked */
  readonly machineSteps: number;
  /** why machines failed, each reason once */
  readonly failures: readonly string[];
  readonly exact: boolean;
  /** why it ended before everything was seen; null: it did not, or a violation ended it */
  readonly stopped: string | null;
}

/** A state longer than this has no room: `Successor` refuses it. */
export const stateRoom = 1 << 14;
/** so many states are expanded before anybody else gets a turn */
export const expandedBetween = 2048;

export class Ground {
  readonly transitions: Transitions;
  readonly tracked: Tracked;
  readonly judge: Judge;
  readonly standing: Standing;
  readonly seen: Seen;
  /** null: states that differ by which node is which are different */
  readonly symmetry: Symmetry | null;
  readonly roots: readonly Root[];
  readonly statesMax: number;
  readonly tally: Tally = { transitions: 0, depth: 1, pruned: 0, ends: 0, isCyclic: false };
  readonly #between: Between | undefined;

  constructor(model: Model, tracked: Tracked, options: GroundOptions, dictionary: Dictionary = alone) {
    this.transitions = new Transitions(model, tracked, dictionary, options.reductions);
    this.tracked = tracked;
    this.judge = new Judge(this.transitions, tracked);
    this.standing = new Standing(this.protocol.properties, this.judge);
    this.seen = new Seen(options.exact ?? false, options.hash);
    const isSymmetric = options.reductions?.has('symmetry') ?? false;
    this.symmetry = isSymmetric ? new Symmetry(this.transitions, options.sequences ?? new Set()) : null;
    this.roots = this.transitions.roots();
    this.symmetry?.requireRoots(this.roots);
    this.statesMax = options.statesMax ?? Number.POSITIVE_INFINITY;
    this.#between = options.between;
  }

  get model(): Model {
    return this.transitions.model;
  }
  get protocol(): Protocol {
    return this.model.protocol;
  }
  get isFull(): boolean {
    return this.seen.count >= this.statesMax;
  }
  get isOver(): boolean {
    return this.isFull || this.standing.isViolated;
  }

  /** Does the constraint leave this state out? */
  isOutside(vector: Int32Array, length: number): boolean {
    return this.transitions.isOutside(vector, length);
  }

  /** The form in which the table of states has this one. */
  formOf(vector: Int32Array, length: number): Int32Array {
    return this.symmetry === null ? vector : this.symmetry.least(vector, length);
  }

  /** A state that was not seen before: see `Standing.look`. */
  look(vector: Int32Array, length: number, state: number, questions = -1): void {
    this.standing.look(vector, state, questions);
    if (this.symmetry === null || this.standing.isViolated) return;
    const isAsked = (p: number): boolean => (questions & (1 << p)) !== 0;
    this.#requireVerdicts(vector, length, (kind, p) => kind !== 'eventually' && isAsked(p));
  }

  /** A state in which nothing more can happen. */
  end(vector: Int32Array, length: number, state: number): void {
    this.standing.end(vector, state);
    this.#requireVerdicts(vector, length, (kind) => kind === 'eventually');
  }

  #requireVerdicts(vector: Int32Array, length: number, isAsked: (kind: Property['kind'], p: number) => boolean): void {
    const asked = this.protocol.properties.flatMap(({ kind }, p) => (isAsked(kind, p) ? [p] : []));
    this.symmetry?.requireVerdicts(this.judge, vector, length, asked);
  }

  /** Lets others have a turn. A text: it is to stop, and why. */
  async pause(waiting: number, bytes: number): Promise<string | null> {
    const { transitions, depth } = this.tally;
    const progress = { states: this.seen.count, transitions, depth, waiting, bytes: this.seen.bytes + bytes };
    return (await this.#between?.(progress)) ?? null;
  }

  searched(stopped: string | null): Searched {
    const { transitions, roots, seen, standing, tally } = this;
    return {
      transitions,
      roots,
      origins: seen,
      standing,
      tally,
      states: seen.count,
      bytes: seen.bytes,
      machineSteps: transitions.steps.asked,
      failures: [...transitions.steps.failures],
      exact: seen.exact !== null,
      stopped: this.isFull ? `the limit of ${this.statesMax} states was reached` : stopped,
    };
  }
}
