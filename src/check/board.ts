/** A board in memory that all threads see: there they tell each other how far they are, and there they meet. */

/** places for all: is the exploration to stop? what was agreed when they met last, how many are there, how often they met, how many have finished */
const stop = 0;
const agreed = 1;
const arrived = 2;
const meetings = 3;
const finished = 4;
/** then some for each thread: states known, states that wait for the next level, successors generated, depth */
const firstOfThreads = 8;
const wordsEach = 4;

/** bits of what was agreed */
const anyWaiting = 1;
const stopping = 2;

const napMs = 0.2;

export const createBoard = (threads: number): SharedArrayBuffer =>
  new SharedArrayBuffer((firstOfThreads + wordsEach * threads) * 4);

export class Board {
  readonly #words: Int32Array;
  readonly threads: number;

  constructor(buffer: SharedArrayBuffer) {
    this.#words = new Int32Array(buffer);
    this.threads = (this.#words.length - firstOfThreads) / wordsEach;
  }

  get isStopping(): boolean {
    return Atomics.load(this.#words, stop) !== 0;
  }
  stop(): void {
    Atomics.store(this.#words, stop, 1);
  }

  publish(thread: number, states: number, waiting: number, transitions: number, depth: number): void {
    const at = firstOfThreads + thread * wordsEach;
    Atomics.store(this.#words, at, states);
    Atomics.store(this.#words, at + 1, waiting);
    Atomics.store(this.#words, at + 2, transitions);
    Atomics.store(this.#words, at + 3, depth);
  }
  get states(): number {
    return this.#sum(0);
  }
  get waiting(): number {
    return this.#sum(1);
  }
  /** Begins anew after 2^32 of a thread: good enough to show that it goes on. */
  get transitions(): number {
    return this.#sum(2);
  }
  get depth(): number {
    return Atomics.load(this.#words, firstOfThreads + 3);
  }
  #sum(which: number): number {
    let sum = 0;
    for (let i = 0; i < this.threads; i++)
      sum += Atomics.load(this.#words, firstOfThreads + i * wordsEach + which) >>> 0;
    return sum;
  }

  /** Waits until all threads are here. What it gives is agreed: all get the same. */
  meet(): { isAnyWaiting: boolean; isStopping: boolean } {
    const board = this.#words;
    const meeting = Atomics.load(board, meetings);
    if (Atomics.add(board, arrived, 1) + 1 === this.threads) {
      Atomics.store(board, agreed, (this.waiting > 0 ? anyWaiting : 0) | (this.isStopping ? stopping : 0));
      Atomics.store(board, arrived, 0);
      Atomics.store(board, finished, 0);
      Atomics.add(board, meetings, 1);
      Atomics.notify(board, meetings);
    } else {
      while (Atomics.load(board, meetings) === meeting) Atomics.wait(board, meetings, meeting);
    }
    const bits = Atomics.load(board, agreed);
    return { isAnyWaiting: (bits & anyWaiting) !== 0, isStopping: (bits & stopping) !== 0 };
  }

  /** This thread has nothing more to send at this level. */
  finish(): void {
    Atomics.add(this.#words, finished, 1);
    Atomics.notify(this.#words, finished);
  }
  get haveAllFinished(): boolean {
    return Atomics.load(this.#words, finished) === this.threads;
  }
  /** Until another one has finished, or a moment has passed. */
  nap(): void {
    const count = Atomics.load(this.#words, finished);
    if (count < this.threads) Atomics.wait(this.#words, finished, count, napMs);
  }
}
