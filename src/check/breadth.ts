/**
 * Breadth first: level by level, so that the first violation found is one by the fewest events. `depth` is the number of
 * states on the longest of the shortest paths, as TLC counts it.
 */
import { expandedBetween, type Ground, stateRoom } from './ground.ts';
import { grouped } from './grouped.ts';
import type { Parcel } from './mailbox.ts';
import { Vectors } from './seen.ts';
import type { Share } from './share.ts';

const byNobody = new Int32Array([-1]);
/** so many states are expanded before a thread looks into its mailboxes */
const drainedBetween = 32;

export class Breadth {
  readonly #ground: Ground;
  /** with whom the states are shared; null: it has them all to itself */
  readonly #share: Share | null;
  #level = new Vectors();
  #nextLevel = new Vectors();
  /** what led to each of them, for the partial order; else nothing */
  #traces = new Vectors();
  #nextTraces = new Vectors();
  readonly #trace = new Int32Array(stateRoom);
  /** the state being expanded: its vector and number, its successors so far, and whether one of them is another state */
  readonly #from = new Int32Array(stateRoom);
  #state = 0;
  #leadsOn = false;
  readonly #visit = (next: Int32Array, length: number): void => this.#take(next, length);

  constructor(ground: Ground, share: Share | null = null) {
    this.#ground = ground;
    this.#share = share;
    if (share !== null) share.receive = (parcel) => this.#receive(parcel);
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

  /** The same as one of several threads, each with its share of the states: level by level, all together. */
  runShared(share: Share, statesMax: number): void {
    const { tally, seen, standing } = this.#ground;
    const { board } = share;
    const tell = (): void => {
      board.publish(share.self, seen.count, this.#nextLevel.count, tally.transitions, tally.depth);
      if (standing.isViolated || board.states >= statesMax) board.stop();
    };
    this.#addRoots();
    for (let isFirst = true; ; isFirst = false) {
      tell();
      const { isAnyWaiting, isStopping } = board.meet();
      if (isAnyWaiting && !isFirst) tally.depth += 1;
      if (!isAnyWaiting || isStopping) return;
      this.#swap();
      const level = this.#level;
      const first = seen.count - level.count;
      const order = grouped(level);
      for (let i = 0; i < level.count && !board.isStopping; i++) {
        const at = order[i] as number;
        this.#expand(at, first + at);
        if (i % drainedBetween !== drainedBetween - 1) continue;
        share.drain();
        tell();
      }
      share.finishLevel();
    }
  }

  #swap(): void {
    const emptied = this.#level;
    emptied.clear();
    this.#level = this.#nextLevel;
    this.#nextLevel = emptied;
    const read = this.#traces;
    read.clear();
    this.#traces = this.#nextTraces;
    this.#nextTraces = read;
  }

  #addRoots(): void {
    const { roots, seen, tally, transitions } = this.#ground;
    for (const [i, { vector }] of roots.entries()) {
      const form = this.#ground.formOf(vector, vector.length);
      seen.print(form, vector.length);
      if (this.#isForeign) continue;
      tally.transitions += 1;
      const number = seen.count;
      if (seen.addPrinted(form, vector.length, -1, i) !== number) continue;
      this.#nextLevel.push(vector, vector.length);
      if (transitions.successor.covered !== null) this.#nextTraces.push(byNobody, byNobody.length);
      this.#ground.look(vector, vector.length, this.#global(number));
    }
  }

  /** Does the state whose fingerprint has just been taken belong to another thread? */
  get #isForeign(): boolean {
    return this.#share !== null && this.#share.ownerOf(this.#ground.seen.fingerprint[1] as number) !== this.#share.self;
  }

  #global(state: number): number {
    return this.#share === null ? state : this.#share.global(state);
  }

  async #expandLevel(): Promise<string | null> {
    const { seen } = this.#ground;
    const level = this.#level;
    const first = seen.count - level.count;
    for (let i = 0; i < level.count; i++) {
      this.#expand(i, first + i);
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

  /** @param state number of the `i`-th state of this level */
  #expand(i: number, state: number): void {
    const { transitions, tally } = this.#ground;
    const { successor } = transitions;
    const length = this.#level.copy(i, this.#from);
    successor.covered?.begin(this.#trace, this.#traces.copy(i, this.#trace));
    this.#state = state;
    this.#leadsOn = false;
    transitions.expand(this.#from, length, this.#visit);
    if (this.#leadsOn || successor.skipped > 0 || this.#ground.isOver) return;
    tally.ends += 1;
    this.#ground.end(this.#from, length, this.#global(state));
  }

  #take(next: Int32Array, length: number): void {
    const { seen, tally, judge, model } = this.#ground;
    const { ordinal } = this.#ground.transitions.successor;
    if (this.#ground.isOver) return;
    if (tally.depth >= model.depthMax || this.#ground.isOutside(next, length)) {
      tally.pruned += 1;
      this.#leadsOn = true;
      return;
    }
    tally.transitions += 1;
    const form = this.#ground.formOf(next, length);
    seen.print(form, length);
    if (this.#isForeign) {
      this.#leadsOn = true;
      this.#send(next, length, ordinal);
      return;
    }
    const number = seen.count;
    const found = seen.addPrinted(form, length, this.#global(this.#state), ordinal);
    if (found === this.#state && this.#isUnchanged(next, length)) return;
    this.#leadsOn = true;
    if (found === number) {
      const traced = this.#ground.transitions.successor.covered?.trace(this.#trace) ?? 0;
      this.#welcome(next, length, number, judge.questions(this.#from, next), this.#trace, traced);
    } else this.#meetAgain(found);
  }

  /** With symmetry, another form of the same state may be where nodes have changed places: that is a way on. */
  #isUnchanged(next: Int32Array, length: number): boolean {
    return this.#ground.symmetry === null || next.subarray(0, length).every((each, i) => each === this.#from[i]);
  }

  /** To the thread that the state belongs to. */
  #send(next: Int32Array, length: number, ordinal: number): void {
    const { seen, judge, transitions } = this.#ground;
    const { fingerprint } = seen;
    const share = this.#share as Share;
    if (seen.exact === null && share.hasSent(fingerprint)) return;
    const { parcel } = share;
    parcel.vector = next;
    parcel.length = length;
    parcel.parent = this.#global(this.#state);
    parcel.ordinal = ordinal;
    parcel.low = fingerprint[0] as number;
    parcel.high = fingerprint[1] as number;
    parcel.questions = judge.questions(this.#from, next);
    parcel.traceLength = transitions.successor.covered?.trace(parcel.trace) ?? 0;
    share.send();
  }

  #receive({ parent, ordinal, low, high, questions, vector, length, trace, traceLength }: Parcel): void {
    const { seen } = this.#ground;
    seen.fingerprint[0] = low;
    seen.fingerprint[1] = high;
    const number = seen.count;
    const found = seen.addPrinted(vector, length, parent, ordinal);
    if (found === number) this.#welcome(vector, length, number, questions, trace, traceLength);
    else this.#meetAgain(found);
  }

  #welcome(
    next: Int32Array,
    length: number,
    number: number,
    questions: number,
    trace: Int32Array,
    traceLength: number,
  ): void {
    this.#nextLevel.push(next, length);
    if (traceLength > 0) this.#nextTraces.push(trace, traceLength);
    this.#ground.look(next, length, this.#global(number), questions);
  }

  /** An edge to a state that is not of the next level: it may close a circle. */
  #meetAgain(found: number): void {
    if (found < this.#ground.seen.count - this.#nextLevel.count) this.#ground.tally.isCyclic = true;
  }
}
