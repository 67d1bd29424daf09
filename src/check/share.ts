/**
 * One thread's share of the states, when several explore together: a state belongs to the thread that its fingerprint
 * names. Successors of others are sent to them. All threads are at the same level, so that counts, depth and the length of
 * the shortest run do not depend on how many they are.
 */
import type { Board } from './board.ts';
import type { Dictionary } from './dictionary.ts';
import { stateRoom } from './ground.ts';
import { createMailbox, Mailbox, type Parcel } from './mailbox.ts';

/** a power of two: two words a fingerprint */
const sentWords = 1 << 17;

export class Share {
  readonly board: Board;
  readonly self: number;
  readonly #outboxes: readonly (Mailbox | null)[];
  readonly #inboxes: readonly (Mailbox | null)[];
  readonly #dictionary: Dictionary;
  readonly #in: Parcel = emptyParcel();
  /** fingerprints that were sent not long ago, and at this level: to send them again would say nothing new */
  readonly #sent = new Uint32Array(sentWords);
  #level = 1;
  /** what to do with a state that another thread has sent */
  receive: (parcel: Parcel) => void = () => {};

  /** @param mailboxes `mailboxes[from][to]` */
  constructor(self: number, board: Board, mailboxes: Mailboxes, dictionary: Dictionary) {
    this.self = self;
    this.board = board;
    this.#dictionary = dictionary;
    const box = (from: number, to: number): Mailbox | null => {
      const buffer = mailboxes[from]?.[to] ?? null;
      return buffer === null ? null : new Mailbox(buffer);
    };
    this.#outboxes = mailboxes.map((_, to) => box(self, to));
    this.#inboxes = mailboxes.map((_, from) => box(from, self));
  }

  /** A number that names this thread's state among those of all threads. */
  global(state: number): number {
    return state * this.board.threads + this.self;
  }
  /** To whom a state belongs, by the higher word of its fingerprint. Half of it is enough, and a remainder of small numbers costs less. */
  ownerOf(high: number): number {
    return (high >>> 16) % this.board.threads;
  }

  /** Was a state with this fingerprint sent at this level? If it is not remembered: no. */
  hasSent(fingerprint: Uint32Array): boolean {
    const low = fingerprint[0] as number;
    const high = fingerprint[1] as number;
    const at = (low * 2) & (sentWords - 1);
    // with the level in it, what was sent at an earlier one is forgotten
    const mark = (high ^ Math.imul(this.#level, 0x9e3779b1)) >>> 0;
    if (this.#sent[at] === low && this.#sent[at + 1] === mark) return true;
    this.#sent[at] = low;
    this.#sent[at + 1] = mark;
    return false;
  }

  /** To be filled in, for `send`. */
  readonly parcel: Parcel = emptyParcel();

  /** Sends the state in `parcel` to its owner. */
  send(): void {
    const outbox = this.#outboxes[this.ownerOf(this.parcel.high)] as Mailbox;
    while (!outbox.put(this.parcel)) if (!this.drain()) this.board.nap();
  }

  /** Takes in what the others have sent. False: nothing. */
  drain(): boolean {
    let any = false;
    for (const inbox of this.#inboxes) {
      while (inbox?.take(this.#in)) {
        any = true;
        // who sent it may have used numbers that are new here
        this.#dictionary.catchUp();
        this.receive(this.#in);
      }
    }
    return any;
  }

  /** Has nothing more to send at this level; takes in what the others still send. */
  finishLevel(): void {
    this.#level += 1;
    this.board.finish();
    while (!this.board.haveAllFinished) if (!this.drain()) this.board.nap();
    this.drain();
  }
}

/** `[from][to]`; null: nobody writes to himself */
export type Mailboxes = readonly (readonly (SharedArrayBuffer | null)[])[];

export const createMailboxes = (threads: number): Mailboxes =>
  Array.from({ length: threads }, (_, from) =>
    Array.from({ length: threads }, (_, to) => (from === to ? null : createMailbox())),
  );

const emptyParcel = (): Parcel => ({
  parent: 0,
  ordinal: 0,
  low: 0,
  high: 0,
  questions: 0,
  vector: new Int32Array(stateRoom),
  length: 0,
  trace: new Int32Array(stateRoom),
  traceLength: 0,
});
