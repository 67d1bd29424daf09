/**
 * Breadth first: level by level, so that the first violation found is one by the fewest events. `depth` is the number of
 * states on the longest of the shortest paths, as TLC counts it.
 */
import { expandedBetween, type Ground, stateRoom } from './ground.ts';
import { Vectors } from './seen.ts';

export class Breadth {
  readonly #ground: Ground;
  #level = new Vectors();
  #nextLevel = new Vectors();
  /** the state being expanded: its vector and number, its successors so far, and whether one of them is another state */
  readonly #from = new Int32Array(stateRoom);
  #state = 0;
  #ordinal = 0;
  #leadsOn = false;
  readonly #visit = (next: Int32Array, length: number): void => this.#take(next, length);

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  /** A text: it was stopped, and why. */
  async run(): Promise<string | null> {
    const { tally } = this.#ground;
    this.#addRoots();
    let stopped: string | null = null;
    this.#swap();
    while (this.#level.count > 0 && stopped === null && !this.#ground.isOver) {
      stopped = await this.#expandLevel();
      if (this.#nextLevel.count > 0) tally.depth += 1;
      this.#swap();
    }
    return stopped;
  }

  #swap(): void {
    const emptied = this.#level;
    emptied.clear();
    this.#level = this.#nextLevel;
    this.#nextLevel = emptied;
  }

  #addRoots(): void {
    const { roots, seen, tally, standing } = this.#ground;
    for (const [i, { vector }] of roots.entries()) {
      tally.transitions += 1;
      const number = seen.count;
      if (seen.add(vector, vector.length, -1, i) !== number) continue;
      this.#nextLevel.push(vector, vector.length);
      standing.look(vector, number);
    }
  }

  async #expandLevel(): Promise<string | null> {
    const { seen } = this.#ground;
    const level = this.#level;
    const first = seen.count - level.count;
    for (let i = 0; i < level.count; i++) {
      this.#expand(level.copy(i, this.#from), first + i);
      if (this.#ground.isOver) return null;
      if (i % expandedBetween !== expandedBetween - 1) continue;
      const why = await this.#pause(level.count - i);
      if (why !== null) return why;
    }
    return this.#pause(0);
  }

  #pause(left: number): Promise<string | null> {
    return this.#ground.pause(left + this.#nextLevel.count, this.#level.bytes + this.#nextLevel.bytes);
  }

  #expand(length: number, state: number): void {
    const { transitions, tally, standing } = this.#ground;
    this.#state = state;
    this.#ordinal = 0;
    this.#leadsOn = false;
    transitions.expand(this.#from, length, this.#visit);
    if (this.#leadsOn || this.#ground.isOver) return;
    tally.ends += 1;
    standing.end(this.#from, state);
  }

  #take(next: Int32Array, length: number): void {
    const { seen, tally, standing, judge, model } = this.#ground;
    const ordinal = this.#ordinal;
    this.#ordinal += 1;
    if (this.#ground.isOver) return;
    if (tally.depth >= model.depthMax || this.#ground.isOutside(next, length)) {
      tally.pruned += 1;
      this.#leadsOn = true;
      return;
    }
    tally.transitions += 1;
    const number = seen.count;
    const found = seen.add(next, length, this.#state, ordinal);
    if (found === this.#state) return;
    this.#leadsOn = true;
    if (found === number) {
      this.#nextLevel.push(next, length);
      standing.look(next, number, judge.questions(this.#from, next));
    } else if (found < seen.count - this.#nextLevel.count) tally.isCyclic = true;
  }
}
