/**
 * Depth first: each run to its end before the next one. It needs little memory beside the table of states, comes to long
 * runs soon, and knows for certain whether some run can go on for ever. What it finds is not the shortest. `depth` is the
 * number of states on the longest path that it took.
 */
import { expandedBetween, type Ground, stateRoom } from './ground.ts';
import { Vectors } from './seen.ts';

/** words before the vector of a state that waits: where it came from */
const headWords = 2;
/** in an infinite space the states on the way down may grow without end */
const stackBytesMax = 500_000_000;

export class Depth {
  readonly #ground: Ground;
  /** states that wait, the next one last; among them, as a single word, each state of the present path where it ends */
  readonly #stack = new Vectors();
  readonly #path = new Set<number>();
  readonly #entry = new Int32Array(stateRoom + headWords);
  readonly #from = new Int32Array(stateRoom);
  #state = 0;
  #leadsOn = false;
  readonly #visit = (next: Int32Array, length: number): void => this.#take(next, length);

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  /** A text: it was stopped, and why. */
  async run(): Promise<string | null> {
    const { roots, tally } = this.#ground;
    for (const [i, { vector }] of roots.entries()) {
      tally.transitions += 1;
      this.#wait(vector, vector.length, -1, i);
    }
    let expanded = 0;
    while (this.#stack.count > 0 && !this.#ground.isOver) {
      const words = this.#stack.pop(this.#entry);
      if (words === 1) this.#path.delete(this.#entry[0] as number);
      if (words === 1 || !this.#enter(words - headWords)) continue;
      if (this.#stack.bytes > stackBytesMax) return 'what waits depth first takes more than 500 MB: bound the messages';
      expanded += 1;
      if (expanded % expandedBetween !== 0) continue;
      const why = await this.#ground.pause(this.#stack.count, this.#stack.bytes);
      if (why !== null) return why;
    }
    return null;
  }

  #wait(vector: Int32Array, length: number, parent: number, ordinal: number): void {
    const entry = this.#entry;
    entry[0] = parent;
    entry[1] = ordinal;
    for (let i = 0; i < length; i++) entry[headWords + i] = vector[i] as number;
    this.#stack.push(entry, headWords + length);
  }

  /** Goes to the state that has just been taken from the stack. False: it has been there. */
  #enter(length: number): boolean {
    const { seen, transitions, tally, standing } = this.#ground;
    const from = this.#from;
    for (let i = 0; i < length; i++) from[i] = this.#entry[headWords + i] as number;
    const state = seen.count;
    if (seen.add(from, length, this.#entry[0] as number, this.#entry[1] as number) !== state) return false;
    standing.look(from, state);
    this.#entry[0] = state;
    this.#stack.push(this.#entry, 1);
    this.#path.add(state);
    tally.depth = Math.max(tally.depth, this.#path.size);
    this.#state = state;
    this.#leadsOn = false;
    transitions.expand(from, length, this.#visit);
    if (this.#leadsOn || this.#ground.isOver) return true;
    tally.ends += 1;
    standing.end(from, state);
    return true;
  }

  #take(next: Int32Array, length: number): void {
    const { seen, tally } = this.#ground;
    const { ordinal } = this.#ground.transitions.successor;
    if (this.#ground.isOutside(next, length)) {
      tally.pruned += 1;
      this.#leadsOn = true;
      return;
    }
    tally.transitions += 1;
    const found = seen.find(next, length);
    if (found === this.#state) return;
    this.#leadsOn = true;
    if (found < 0) this.#wait(next, length, this.#state, ordinal);
    else if (this.#path.has(found)) tally.isCyclic = true;
  }
}
