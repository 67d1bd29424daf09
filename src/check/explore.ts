/**
 * Breadth first through every state that the model has, so that the first violation found is one by the fewest events.
 * Counts are as TLC counts them: `transitions` are the successors generated, the initial states among them; `depth` is
 * the number of states on the longest of the shortest paths. A state that a `constraint` excludes is not counted.
 */
import type { NodeId, Protocol } from '../core/protocol.ts';
import type { Scenario } from '../core/scenario.ts';
import { Judge, Untracked } from './judge.ts';
import type { Tracked } from './layout.ts';
import type { Letter } from './messages.ts';
import { createModel, type Model, type NetworkName } from './model.ts';
import type { Move, Root } from './moves.ts';
import { type Hash, Seen, Vectors } from './seen.ts';
import { type Finding, Standing } from './standing.ts';
import { Transitions } from './transitions.ts';

export interface Progress {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly waiting: number;
  readonly bytes: number;
}
export interface ExploreOptions {
  readonly network?: NetworkName;
  /** keep whole states and compare them, instead of fingerprints */
  readonly exact?: boolean;
  readonly statesMax?: number;
  /** asked now and then; a text ends the exploration, and says why */
  readonly between?: (progress: Progress) => Promise<string | null>;
  /** for tests */
  readonly hash?: Hash;
}

export interface Exploration {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  /** every state was expanded: nothing is left to find */
  readonly complete: boolean;
  /** why it ended before; null: it did not, or a violation ended it */
  readonly stopped: string | null;
  readonly properties: readonly Finding[];
  /** states left out by the constraint, counted as often as they came up */
  readonly pruned: number;
  readonly exact: boolean;
  readonly collisionEstimate: number;
  readonly bytesPerState: number;
  readonly machineSteps: number;
  /** states in which nothing more can happen */
  readonly ends: number;
  readonly model: Model;
  /** what its states keep because properties look at it */
  readonly tracked: Tracked;
  /** what led to a state, from the start */
  path(state: number): Path;
}

export interface Path {
  readonly moves: readonly Move[];
  readonly traitors: readonly NodeId[];
  /** the messages that its moves name by number */
  readonly letters: readonly Letter[];
}

const expandedBetween = 2048;

export async function explore(
  scenario: Scenario,
  protocol: Protocol,
  options: ExploreOptions = {},
): Promise<Exploration> {
  const model = createModel(scenario, protocol, options.network);
  let tracked: Tracked = { inputs: false, anyFault: false };
  for (;;) {
    try {
      return await new Explorer(new Transitions(model, tracked), tracked, options).run();
    } catch (error) {
      if (!(error instanceof Untracked) || tracked[error.what]) throw error;
      tracked = { ...tracked, [error.what]: true };
    }
  }
}

class Explorer {
  readonly #transitions: Transitions;
  readonly #standing: Standing;
  readonly #options: ExploreOptions;
  readonly #seen: Seen;
  readonly #statesMax: number;
  readonly #depthMax: number;
  readonly #messagesMax: number;
  /** how each root came about, by its number */
  readonly #roots: Root[] = [];
  readonly #tracked: Tracked;
  #level = new Vectors();
  #nextLevel = new Vectors();
  #generated = 0;
  #depth = 1;
  #pruned = 0;
  #ends = 0;
  #isFull = false;
  #isCyclic = false;

  constructor(transitions: Transitions, tracked: Tracked, options: ExploreOptions) {
    this.#transitions = transitions;
    this.#options = options;
    this.#tracked = tracked;
    this.#standing = new Standing(transitions.model.protocol.properties, new Judge(transitions, tracked));
    this.#seen = new Seen(options.exact ?? false, options.hash);
    this.#statesMax = options.statesMax ?? Number.POSITIVE_INFINITY;
    this.#depthMax = transitions.model.depthMax;
    this.#messagesMax = transitions.model.messagesMax;
  }

  async run(): Promise<Exploration> {
    for (const root of this.#transitions.roots()) this.#addRoot(root.vector, root.moves);
    let stopped: string | null = null;
    this.#swap();
    while (this.#level.count > 0 && stopped === null && !this.#isOver) {
      stopped = await this.#expandLevel();
      if (this.#nextLevel.count > 0) this.#depth += 1;
      this.#swap();
    }
    if (this.#isFull) stopped = `the limit of ${this.#statesMax} states was reached`;
    return this.#result(stopped);
  }

  get #isOver(): boolean {
    return this.#isFull || this.#standing.isViolated;
  }

  #swap(): void {
    const emptied = this.#level;
    emptied.clear();
    this.#level = this.#nextLevel;
    this.#nextLevel = emptied;
  }

  #addRoot(vector: Int32Array, moves: readonly Move[]): void {
    this.#generated += 1;
    const number = this.#seen.count;
    if (this.#seen.add(vector, vector.length, -1, this.#roots.length) !== number) return;
    this.#roots.push({ vector, moves });
    this.#nextLevel.push(vector, vector.length);
    this.#standing.look(vector, number);
  }

  /** Expands every state of the present level; a text: it was stopped, and why. */
  async #expandLevel(): Promise<string | null> {
    const first = this.#seen.count - this.#level.count;
    for (let i = 0; i < this.#level.count; i++) {
      this.#expand(this.#level.at(i), first + i);
      if (this.#isOver) return null;
      if (i % expandedBetween === expandedBetween - 1) {
        const why = (await this.#options.between?.(this.#progress(this.#level.count - i))) ?? null;
        if (why !== null) return why;
      }
    }
    return (await this.#options.between?.(this.#progress(0))) ?? null;
  }

  #progress(left: number): Progress {
    const bytes = this.#seen.bytes + this.#level.bytes + this.#nextLevel.bytes;
    const waiting = left + this.#nextLevel.count;
    return { states: this.#seen.count, transitions: this.#generated, depth: this.#depth, waiting, bytes };
  }

  #expand(vector: Int32Array, state: number): void {
    const seen = this.#seen;
    const lastOfLevel = this.#seen.count - this.#nextLevel.count - 1;
    let ordinal = 0;
    let leadsOn = false;
    this.#transitions.expand(vector, vector.length, (next, length) => {
      ordinal += 1;
      if (this.#isOver) return;
      if (this.#depth >= this.#depthMax || this.#transitions.messages(length) > this.#messagesMax) {
        this.#pruned += 1;
        leadsOn = true;
        return;
      }
      this.#generated += 1;
      const number = seen.count;
      const found = seen.add(next, length, state, ordinal - 1);
      if (found !== state) leadsOn = true;
      if (found === number) this.#welcome(next, length, number);
      else if (found <= lastOfLevel && found !== state) this.#isCyclic = true;
    });
    if (leadsOn || this.#isOver) return;
    this.#ends += 1;
    this.#standing.end(vector, state);
  }

  #welcome(next: Int32Array, length: number, number: number): void {
    this.#nextLevel.push(next, length);
    this.#standing.look(next, number);
    if (this.#seen.count >= this.#statesMax) this.#isFull = true;
  }

  #result(stopped: string | null): Exploration {
    const seen = this.#seen;
    const complete = stopped === null && !this.#standing.isViolated;
    const { steps } = this.#transitions;
    return {
      states: seen.count,
      transitions: this.#generated,
      depth: this.#depth,
      complete,
      stopped,
      properties: this.#standing.findings({
        complete,
        isEndless: this.#isCyclic || this.#pruned > 0,
        isBounded: this.#pruned > 0,
        ends: this.#ends,
        stopped,
      }),
      pruned: this.#pruned,
      exact: seen.exact !== null,
      collisionEstimate: seen.collisionEstimate,
      bytesPerState: seen.bytes / seen.count,
      machineSteps: steps.asked,
      ends: this.#ends,
      model: this.#transitions.model,
      tracked: this.#tracked,
      path: (state) => this.#path(state),
    };
  }

  /** Goes from the root again, at each state by the choice that was taken there. */
  #path(state: number): Path {
    const ordinals: number[] = [];
    let at = state;
    for (; this.#seen.parentOf(at) >= 0; at = this.#seen.parentOf(at)) ordinals.push(this.#seen.ordinalOf(at));
    const root = this.#roots[this.#seen.ordinalOf(at)] as Root;
    const moves = [...root.moves];
    let vector = root.vector;
    for (const wanted of ordinals.reverse()) {
      let ordinal = 0;
      let after = vector;
      this.#transitions.expand(vector, vector.length, (next, length, move) => {
        if (ordinal++ !== wanted) return;
        after = next.slice(0, length);
        moves.push(move());
      });
      vector = after;
    }
    const { model, steps } = this.#transitions;
    const traitors = model.ids.filter((_, node) => !steps.local(node, root.vector[node] as number).honest);
    return { moves, traitors, letters: steps.letters.all };
  }
}
