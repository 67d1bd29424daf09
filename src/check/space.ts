/**
 * The space of a small model as a graph that is kept: every state and every edge between two. Questions about what can
 * still come (who is blocked?) and pictures need it; a plain exploration forgets edges, and is smaller and faster.
 */
import type { Path, Progress } from './explore.ts';
import { stateRoom } from './ground.ts';
import type { Tracked } from './layout.ts';
import type { Model } from './model.ts';
import type { Move, Root } from './moves.ts';
import { pathTo } from './path.ts';
import { Seen, type Vectors } from './seen.ts';
import { Transitions } from './transitions.ts';

/** An edge, when somebody looks at it. */
export interface Edge {
  readonly to: number;
  readonly move: Move;
}

const expandedBetween = 2048;
/** more would crowd out what else runs on an ordinary machine */
const bytesMax = 1.5e9;

export class Space {
  readonly transitions: Transitions;
  readonly #seen = new Seen(true);
  readonly #scratch = new Int32Array(stateRoom);
  readonly #roots: readonly Root[];
  /** the edges of state `s`: those from `#ends[s - 1]` to `#ends[s]` */
  readonly #ends: number[] = [];
  /** of each edge twice the number of the state that it leads to, and 1 more for a fault */
  #edges = new Uint32Array(1 << 12);
  edges = 0;
  /** more can happen there than is explored: a constraint, or the limit, left it out */
  readonly #isOpen: boolean[] = [];
  readonly #statesMax: number;
  /** so many states, the first ones, are those to begin with */
  roots = 0;
  /** why it is not the whole space; null: it is, but for what a constraint leaves out */
  stopped: string | null = null;

  constructor(model: Model, tracked: Tracked, statesMax: number) {
    this.transitions = new Transitions(model, tracked);
    this.#roots = this.transitions.roots();
    this.#statesMax = statesMax;
  }

  get states(): number {
    return this.#seen.count;
  }

  /** @param between asked now and then; a text ends it, and says why */
  async build(between: (progress: Progress) => Promise<string | null>): Promise<void> {
    for (const [i, { vector }] of this.#roots.entries()) this.#seen.add(vector, vector.length, -1, i);
    this.roots = this.states;
    for (let depth = 1, levelEnd = this.states, state = 0; state < this.states; state++) {
      if (state === levelEnd) {
        levelEnd = this.states;
        depth += 1;
      }
      this.#expand(state, depth);
      if (state % expandedBetween === expandedBetween - 1)
        this.stopped ??= await between(this.#progress(depth, this.states - state - 1));
    }
  }

  /** A view, good until the next one. */
  vector(state: number): Int32Array {
    return this.#scratch.subarray(0, (this.#seen.exact as Vectors).copy(state, this.#scratch));
  }
  isOpen(state: number): boolean {
    return this.#isOpen[state] as boolean;
  }

  /** Told of every state that one event leads to from this one, and whether that event is a fault. */
  forEachNext(state: number, visit: (to: number, isFault: boolean) => void): void {
    const end = this.#ends[state] as number;
    for (let i = state === 0 ? 0 : (this.#ends[state - 1] as number); i < end; i++)
      visit((this.#edges[i] as number) >>> 1, ((this.#edges[i] as number) & 1) === 1);
  }

  /** The same with what happens, made anew. */
  edgesOf(state: number): Edge[] {
    const moves: Move[] = [];
    const vector = this.vector(state).slice();
    this.transitions.expand(vector, vector.length, (next, length, move) => {
      if (!this.transitions.isOutside(next, length)) moves.push(move());
    });
    const edges: Edge[] = [];
    this.forEachNext(state, (to) => edges.push({ to, move: moves[edges.length] as Move }));
    return edges;
  }

  /** A shortest path from a root. */
  path(state: number): Path {
    return pathTo(state, this.transitions, this.#roots, this.#seen);
  }

  #progress(depth: number, waiting: number): Progress {
    return { states: this.states, transitions: this.edges, depth, waiting, bytes: this.#bytes };
  }

  get #bytes(): number {
    return this.#seen.bytes + this.#edges.byteLength + this.states * 16;
  }

  #addEdge(to: number, byFault: boolean): void {
    if (this.edges === this.#edges.length) {
      const larger = new Uint32Array(Math.ceil(this.edges * 1.5));
      larger.set(this.#edges);
      this.#edges = larger;
    }
    this.#edges[this.edges++] = to * 2 + (byFault ? 1 : 0);
  }

  #expand(state: number, depth: number): void {
    const seen = this.#seen;
    const vector = this.vector(state).slice();
    let isOpen = this.stopped !== null || depth >= this.transitions.model.depthMax;
    let ordinal = 0;
    if (!isOpen) {
      this.transitions.expand(vector, vector.length, (next, length, move) => {
        ordinal += 1;
        if (this.transitions.isOutside(next, length)) {
          isOpen = true;
          return;
        }
        this.#addEdge(seen.add(next, length, state, ordinal - 1), isFault(move()));
      });
      if (this.states > this.#statesMax) this.stopped ??= `the limit of ${this.#statesMax} states was reached`;
      if (this.#bytes > bytesMax) this.stopped ??= `the limit of ${bytesMax / 1e9} GB was reached`;
    }
    this.#ends.push(this.edges);
    this.#isOpen.push(isOpen);
  }
}

/** What the nodes themselves do is none: a message arrives, a timer fires, a client asks. All else somebody did to them. */
function isFault(move: Move): boolean {
  if (move.kind === 'deliver') return move.keep || move.manner.crashAfter > 0;
  if (move.kind === 'fire' || move.kind === 'input' || move.kind === 'start') return move.manner.crashAfter > 0;
  return true;
}
