/**
 * The states that have been seen. A state is known by a fingerprint of 64 bits in an open-addressing table, in one typed
 * array so that looking one up touches memory once; beside it stands where each state came from. In exact mode the states
 * themselves are kept as well and compared, so that no two can be taken for one.
 */

/** Two words of 32 bits from a vector of integers; every bit of it moves about half of theirs. */
export type Hash = (vector: Int32Array, length: number, out: Uint32Array) => void;

export const hash64: Hash = (vector, length, out) => {
  let a = 0x9e3779b9 ^ length;
  let b = 0x85ebca6b ^ Math.imul(length, 0x27d4eb2f);
  for (let i = 0; i < length; i++) {
    const word = vector[i] as number;
    let k = Math.imul(word, 0x239b961b);
    k = Math.imul((k << 15) | (k >>> 17), 0xab0e9789);
    a ^= k;
    a = ((a << 19) | (a >>> 13)) + b;
    a = (Math.imul(a, 5) + 0x561ccd1b) | 0;
    k = Math.imul(word + 0x165667b1, 0x38b34ae5);
    k = Math.imul((k << 17) | (k >>> 15), 0xa1e38b93);
    b ^= k;
    b = ((b << 13) | (b >>> 19)) + a;
    b = (Math.imul(b, 5) + 0x32ac3b17) | 0;
  }
  a = (a + b) | 0;
  b = (b + a) | 0;
  a = finish(a);
  b = finish(b);
  a = (a + b) | 0;
  out[0] = a;
  out[1] = (b + a) | 0;
};

function finish(word: number): number {
  let bits = word;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}

/** A list of vectors, one after the other in one typed array that grows. */
export class Vectors {
  #words = new Int32Array(1 << 12);
  #ends = new Float64Array(1 << 8);
  count = 0;

  push(vector: Int32Array, length: number): void {
    const start = this.#start(this.count);
    if (start + length > this.#words.length) this.#words = grown(this.#words, start + length, Int32Array);
    if (this.count + 1 > this.#ends.length) this.#ends = grown(this.#ends, this.count + 1, Float64Array);
    const words = this.#words;
    for (let i = 0; i < length; i++) words[start + i] = vector[i] as number;
    this.#ends[this.count] = start + length;
    this.count += 1;
  }
  /** Copies one into `into`; gives its length. */
  copy(index: number, into: Int32Array): number {
    const start = this.#start(index);
    const length = (this.#ends[index] as number) - start;
    const words = this.#words;
    for (let i = 0; i < length; i++) into[i] = words[start + i] as number;
    return length;
  }
  /** A view, good until the next `push`. */
  at(index: number): Int32Array {
    return this.#words.subarray(this.#start(index), this.#ends[index] as number);
  }
  /** Takes the last one away, into `into`; gives its length. */
  pop(into: Int32Array): number {
    this.count -= 1;
    return this.copy(this.count, into);
  }
  is(index: number, vector: Int32Array, length: number): boolean {
    const start = this.#start(index);
    if ((this.#ends[index] as number) - start !== length) return false;
    for (let i = 0; i < length; i++) if (this.#words[start + i] !== vector[i]) return false;
    return true;
  }
  clear(): void {
    this.count = 0;
  }
  get bytes(): number {
    return this.#words.byteLength + this.#ends.byteLength;
  }
  #start(index: number): number {
    return index === 0 ? 0 : (this.#ends[index - 1] as number);
  }
}

type Growable = Int32Array | Float64Array;
function grown<T extends Growable>(old: T, needed: number, Kind: new (length: number) => T): T {
  const larger = new Kind(Math.max(needed, Math.ceil(old.length * 1.5)));
  larger.set(old as never);
  return larger;
}

/** Where each state came from. */
export interface Origins {
  /** the state it was first reached from; -1: it is one to begin with */
  parentOf(state: number): number;
  /** by which of that one's successors, or which of those to begin with */
  ordinalOf(state: number): number;
}

/** words of a slot: the state's number + 1, and its fingerprint */
const slotWords = 3;
const loadMax = 0.6;

export class Seen implements Origins {
  count = 0;
  readonly exact: Vectors | null;
  readonly #hash: Hash;
  /** the fingerprint of the vector that `print` was last given */
  readonly fingerprint = new Uint32Array(2);
  #slots = new Uint32Array(slotWords << 12);
  #mask = (1 << 12) - 1;
  /** parent and ordinal of each state */
  #origins = new Int32Array(1 << 12);

  constructor(exact: boolean, hash: Hash = hash64) {
    this.exact = exact ? new Vectors() : null;
    this.#hash = hash;
  }

  print(vector: Int32Array, length: number): void {
    this.#hash(vector, length, this.fingerprint);
  }

  /** The number of the state; -1: it is new. */
  find(vector: Int32Array, length: number): number {
    this.print(vector, length);
    return (this.#slots[this.#slotOf(vector, length)] as number) - 1;
  }

  /** The number of the state: a new one (then it equals the `count` from before), or that of the known one. */
  add(vector: Int32Array, length: number, parent: number, ordinal: number): number {
    this.print(vector, length);
    return this.addPrinted(vector, length, parent, ordinal);
  }

  /** The same for a vector whose fingerprint stands in `fingerprint`. */
  addPrinted(vector: Int32Array, length: number, parent: number, ordinal: number): number {
    if (this.count + 1 > (this.#mask + 1) * loadMax) this.#rehash();
    const slot = this.#slotOf(vector, length);
    const known = (this.#slots[slot] as number) - 1;
    if (known >= 0) return known;
    const state = this.count;
    this.#slots[slot] = state + 1;
    this.#slots[slot + 1] = this.fingerprint[0] as number;
    this.#slots[slot + 2] = this.fingerprint[1] as number;
    if (state * 2 + 2 > this.#origins.length) this.#origins = grown(this.#origins, state * 2 + 2, Int32Array);
    this.#origins[state * 2] = parent;
    this.#origins[state * 2 + 1] = ordinal;
    this.exact?.push(vector, length);
    this.count += 1;
    return state;
  }

  parentOf(state: number): number {
    return this.#origins[state * 2] as number;
  }
  ordinalOf(state: number): number {
    return this.#origins[state * 2 + 1] as number;
  }
  /** Parent and ordinal of each state, one after the other. */
  get origins(): Int32Array<ArrayBuffer> {
    return this.#origins.subarray(0, this.count * 2);
  }
  get bytes(): number {
    return this.#slots.byteLength + this.#origins.byteLength + (this.exact?.bytes ?? 0);
  }

  /** Where it is, or where it would have to be. */
  #slotOf(vector: Int32Array, length: number): number {
    const slots = this.#slots;
    const low = this.fingerprint[0] as number;
    const high = this.fingerprint[1] as number;
    for (let at = low & this.#mask; ; at = (at + 1) & this.#mask) {
      const slot = at * slotWords;
      const known = (slots[slot] as number) - 1;
      if (known < 0) return slot;
      if (slots[slot + 1] !== low || slots[slot + 2] !== high) continue;
      if (this.exact === null || this.exact.is(known, vector, length)) return slot;
    }
  }

  #rehash(): void {
    const old = this.#slots;
    const slots = new Uint32Array(old.length * 2);
    const mask = this.#mask * 2 + 1;
    for (let from = 0; from < old.length; from += slotWords) {
      if (old[from] === 0) continue;
      let at = (old[from + 1] as number) & mask;
      while (slots[at * slotWords] !== 0) at = (at + 1) & mask;
      for (let i = 0; i < slotWords; i++) slots[at * slotWords + i] = old[from + i] as number;
    }
    this.#slots = slots;
    this.#mask = mask;
  }
}
