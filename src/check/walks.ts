/**
 * Random walks, by a seed: each from the start, at every state by one of the choices, until nothing more can happen or it
 * is long enough. They never show that something is impossible; in a space that is too large for the other orders they may
 * show that it is possible.
 */
import { createStreams, nextInteger } from '../core/rng.ts';
import { createChooser, sourceOf, type WalkName, walkDefault } from './choosers.ts';
import { expandedBetween, type Ground, stateRoom } from './ground.ts';
import { Vectors } from './seen.ts';

export interface WalkOptions {
  readonly count: number;
  readonly seed: number;
  /** how each chooses; `walkDefault` when left out */
  readonly by?: WalkName;
  /** states on a walk, at most */
  readonly lengthMax: number;
}

export class Walks {
  readonly #ground: Ground;
  readonly #options: WalkOptions;
  readonly #from = new Int32Array(stateRoom);
  #length = 0;
  /** the successors that may be chosen, and which ones of all they are */
  readonly #choices = new Vectors();
  readonly #ordinals: number[] = [];
  readonly #sources: string[] = [];
  #leadsOn = false;
  readonly #visit = (next: Int32Array, length: number): void => this.#take(next, length);

  constructor(ground: Ground, options: WalkOptions) {
    this.#ground = ground;
    this.#options = options;
  }

  /** A text: why it ended. */
  async run(): Promise<string | null> {
    const { roots, seen, tally, model } = this.#ground;
    const { count, seed, by, lengthMax } = this.#options;
    const { latency: stream } = createStreams(seed);
    const chooser = createChooser(by ?? walkDefault, stream);
    const longest = Math.min(lengthMax, model.depthMax);
    let expanded = 0;
    for (let walk = 0; walk < count; walk++) {
      const first = nextInteger(stream, 0, roots.length - 1);
      const { vector } = roots[first] as (typeof roots)[number];
      this.#from.set(vector);
      this.#length = vector.length;
      let state = this.#arrive(-1, first);
      chooser.begin();
      tally.transitions += 1;
      for (let length = 1; length < longest && !this.#ground.isOver; length++) {
        if (!this.#expand(state)) break;
        const chosen = chooser.choose(this.#sources);
        this.#length = this.#choices.copy(chosen, this.#from);
        state = this.#arrive(state, this.#ordinals[chosen] as number);
        tally.depth = Math.max(tally.depth, length + 1);
        expanded += 1;
        if (expanded % expandedBetween !== 0) continue;
        const why = await this.#ground.pause(count - walk, 0);
        if (why !== null) return why;
      }
      if (this.#ground.isOver) return null;
    }
    return `${count} random walks came to ${seen.count} states, and walks cannot show that there are no others`;
  }

  #arrive(parent: number, ordinal: number): number {
    const { seen, standing } = this.#ground;
    const number = seen.count;
    const state = seen.add(this.#from, this.#length, parent, ordinal);
    if (state === number) standing.look(this.#from, state);
    return state;
  }

  /** Gathers the choices. False: there is none. */
  #expand(state: number): boolean {
    const { transitions, tally, standing } = this.#ground;
    this.#leadsOn = false;
    this.#choices.clear();
    this.#ordinals.length = 0;
    this.#sources.length = 0;
    transitions.expand(this.#from, this.#length, this.#visit);
    if (!this.#leadsOn) {
      tally.ends += 1;
      standing.end(this.#from, state);
    }
    return this.#choices.count > 0;
  }

  #take(next: Int32Array, length: number): void {
    const { tally } = this.#ground;
    const { ordinal, doing, steps } = this.#ground.transitions.successor;
    if (this.#isSame(next, length)) return;
    this.#leadsOn = true;
    if (this.#ground.isOutside(next, length)) {
      tally.pruned += 1;
      return;
    }
    tally.transitions += 1;
    this.#choices.push(next, length);
    this.#ordinals.push(ordinal);
    this.#sources.push(sourceOf(doing, steps.letters.all));
  }

  #isSame(next: Int32Array, length: number): boolean {
    if (length !== this.#length) return false;
    for (let i = 0; i < length; i++) if (next[i] !== this.#from[i]) return false;
    return true;
  }
}
