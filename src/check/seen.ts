/**
 * The states that have been seen. A state is known by a fingerprint of 64 bits in an open-addressing table of typed
 * arrays, with the state it came from and by which of that one's successors. In exact mode the states themselves are
 * kept as well and compared, so that no two can be taken for one.
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
  #words = new Int32Array(1 << 16);
  #ends = new Float64Array(1 << 12);
  count = 0;

  push(vector: Int32Array, length: number): void {
    const start = this.start(this.count);
    if (start + length > this.#words.length) this.#words = grown(this.#words, start + length, Int32Array);
    if (this.count + 1 > this.#ends.length) this.#ends = grown(this.#ends, this.count + 1, Float64Array);
    const words = this.#words;
    for (let i = 0; i < length; i++) words[start + i] = vector[i] as number;
    this.#ends[this.count] = start + length;
    this.count += 1;
  }
  start(index: number): number {
    return index === 0 ? 0 : (this.#ends[index - 1] as number);
  }
  /** A view, good until the next `push`. */
  at(index: number): Int32Array {
    return this.#words.subarray(this.start(index), this.#ends[index] as number);
  }
  is(index: number, vector: Int32Array, length: number): boolean {
    const start = this.start(index);
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
}

type Growable = Int32Array | Uint32Array | Float64Array;
function grown<T extends Growable>(old: T, needed: number, Kind: new (length: number) => T): T {
  const larger = new Kind(Math.max(needed, Math.ceil(old.length * 1.6)));
  larger.set(old as never);
  return larger;
}

export class Seen {
  count = 0;
  readonly exact: Vectors | null;
  readonly #hash: Hash;
  readonly #print = new Uint32Array(2);
  #slots = new Int32Array(1 << 16);
  #low = new Uint32Array(1 << 14);
  #high = new Uint32Array(1 << 14);
  #parent = new Int32Array(1 << 14);
  #ordinal = new Uint32Array(1 << 14);

  constructor(exact: boolean, hash: Hash = hash64) {
    this.exact = exact ? new Vectors() : null;
    this.#hash = hash;
  }

  /** The number of the state: a new one (then it equals the `count` from before), or that of the known one. */
  add(vector: Int32Array, length: number, parent: number, ordinal: number): number {
    if ((this.count + 1) * 1.7 > this.#slots.length) this.#rehash();
    const print = this.#print;
    this.#hash(vector, length, print);
    const low = print[0] as number;
    const high = print[1] as number;
    const mask = this.#slots.length - 1;
    for (let at = low & mask; ; at = (at + 1) & mask) {
      const known = (this.#slots[at] as number) - 1;
      if (known < 0) {
        this.#slots[at] = this.count + 1;
        return this.#append(vector, length, low, high, parent, ordinal);
      }
      if (this.#low[known] !== low || this.#high[known] !== high) continue;
      if (this.exact === null || this.exact.is(known, vector, length)) return known;
    }
  }

  parentOf(state: number): number {
    return this.#parent[state] as number;
  }
  ordinalOf(state: number): number {
    return this.#ordinal[state] as number;
  }
  get bytes(): number {
    const lists = this.#low.byteLength * 4;
    return this.#slots.byteLength + lists + (this.exact?.bytes ?? 0);
  }
  /** How likely it is that two different states were taken for one. */
  get collisionEstimate(): number {
    return this.exact === null ? (this.count * this.count) / 2 ** 65 : 0;
  }

  #append(vector: Int32Array, length: number, low: number, high: number, parent: number, ordinal: number): number {
    const state = this.count;
    if (state === this.#low.length) {
      this.#low = grown(this.#low, state + 1, Uint32Array);
      this.#high = grown(this.#high, state + 1, Uint32Array);
      this.#parent = grown(this.#parent, state + 1, Int32Array);
      this.#ordinal = grown(this.#ordinal, state + 1, Uint32Array);
    }
    this.#low[state] = low;
    this.#high[state] = high;
    this.#parent[state] = parent;
    this.#ordinal[state] = ordinal;
    this.exact?.push(vector, length);
    this.count += 1;
    return state;
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let state = 0; state < this.count; state++) {
      let at = (this.#low[state] as number) & mask;
      while (slots[at] !== 0) at = (at + 1) & mask;
      slots[at] = state + 1;
    }
    this.#slots = slots;
  }
}
