/**
 * What one thread tells another, in memory that both see: a ring with one writer and one reader. A parcel is a state, and
 * where it came from.
 */

/** The reader's and the writer's object are used again for the next parcel. */
export interface Parcel {
  /** the state it was reached from, and by which successor of that one */
  parent: number;
  ordinal: number;
  /** its fingerprint */
  low: number;
  high: number;
  /** which properties have to be asked about it */
  questions: number;
  vector: Int32Array;
  length: number;
  /** what led to it, for the partial order; else nothing */
  trace: Int32Array;
  traceLength: number;
}

/** places of the head: words taken out so far, words put in so far; both begin anew after 2^32 */
const taken = 0;
const put = 1;
const headWords = 2;
/** words of a parcel before its vector and its trace: the lengths of both, and the five numbers */
const parcelWords = 7;

const ringWords = 1 << 20;
const mask = ringWords - 1;
export const createMailbox = (): SharedArrayBuffer => new SharedArrayBuffer((headWords + ringWords) * 4);

export class Mailbox {
  readonly #head: Int32Array;
  readonly #ring: Int32Array;

  constructor(buffer: SharedArrayBuffer) {
    this.#head = new Int32Array(buffer, 0, headWords);
    this.#ring = new Int32Array(buffer, headWords * 4);
  }

  /** False: there is no room now. */
  put(parcel: Parcel): boolean {
    const { vector, length, trace, traceLength } = parcel;
    const at = this.#head[put] as number;
    const words = parcelWords + length + traceLength;
    if (((at - Atomics.load(this.#head, taken)) >>> 0) + words > ringWords) return false;
    const ring = this.#ring;
    ring[at & mask] = length;
    ring[(at + 1) & mask] = traceLength;
    ring[(at + 2) & mask] = parcel.parent;
    ring[(at + 3) & mask] = parcel.ordinal;
    ring[(at + 4) & mask] = parcel.low;
    ring[(at + 5) & mask] = parcel.high;
    ring[(at + 6) & mask] = parcel.questions;
    const start = at + parcelWords;
    for (let i = 0; i < length; i++) ring[(start + i) & mask] = vector[i] as number;
    for (let i = 0; i < traceLength; i++) ring[(start + length + i) & mask] = trace[i] as number;
    Atomics.store(this.#head, put, at + words);
    return true;
  }

  /** Copies the next parcel into `parcel`. False: there is none now. */
  take(parcel: Parcel): boolean {
    const at = this.#head[taken] as number;
    if (Atomics.load(this.#head, put) === at) return false;
    const ring = this.#ring;
    const length = ring[at & mask] as number;
    const traceLength = ring[(at + 1) & mask] as number;
    parcel.length = length;
    parcel.traceLength = traceLength;
    parcel.parent = ring[(at + 2) & mask] as number;
    parcel.ordinal = ring[(at + 3) & mask] as number;
    parcel.low = (ring[(at + 4) & mask] as number) >>> 0;
    parcel.high = (ring[(at + 5) & mask] as number) >>> 0;
    parcel.questions = ring[(at + 6) & mask] as number;
    const start = at + parcelWords;
    for (let i = 0; i < length; i++) parcel.vector[i] = ring[(start + i) & mask] as number;
    for (let i = 0; i < traceLength; i++) parcel.trace[i] = ring[(start + length + i) & mask] as number;
    Atomics.store(this.#head, taken, start + length + traceLength);
    return true;
  }
}
