/**
 * Texts that get numbers: local states, messages, history variables, lists of inputs. Whoever explores alone gives them
 * out in the order in which they turn up. Those who explore together share a list in memory, so that a number means the
 * same to all of them: who finds a new text first reads what the others have entered, and then enters it.
 */

export interface Dictionary {
  /** `add` will be told of every text of this kind that others enter, in the order of their numbers. */
  tell(kind: number, add: (text: string) => void): void;
  /** Enters a text. False: others have done so before, and `add` has been told. `isKnown`: is it known by now? */
  enter(kind: number, text: string, isKnown: () => boolean): boolean;
  /** Reads what others have entered. */
  catchUp(): void;
}

export const alone: Dictionary = { tell: () => {}, enter: () => true, catchUp: () => {} };

/** words of the head: is somebody entering? how many texts there are, and where the next one goes, in bytes */
const lock = 0;
const entered = 1;
const end = 2;
const headBytes = 16;
const bytesMax = 2 ** 30;

export const sharedTexts = (): SharedArrayBuffer => {
  const buffer = new SharedArrayBuffer(1 << 16, { maxByteLength: bytesMax });
  new Int32Array(buffer, 0, headBytes / 4)[end] = headBytes;
  return buffer;
};

export class SharedDictionary implements Dictionary {
  readonly #buffer: SharedArrayBuffer;
  readonly #head: Int32Array;
  readonly #adders: ((text: string) => void)[] = [];
  #bytes: Buffer;
  #read = 0;
  #at = headBytes;

  constructor(buffer: SharedArrayBuffer) {
    this.#buffer = buffer;
    this.#head = new Int32Array(buffer, 0, headBytes / 4);
    this.#bytes = Buffer.from(buffer, 0, buffer.byteLength);
  }

  tell(kind: number, add: (text: string) => void): void {
    this.#adders[kind] = add;
  }

  catchUp(): void {
    const count = Atomics.load(this.#head, entered);
    for (; this.#read < count; this.#read++) {
      this.#make(this.#at + 8);
      const kind = this.#bytes.readInt32LE(this.#at);
      const length = this.#bytes.readInt32LE(this.#at + 4);
      this.#make(this.#at + 8 + length);
      const text = this.#bytes.toString('utf8', this.#at + 8, this.#at + 8 + length);
      this.#at += 8 + length;
      this.#adders[kind]?.(text);
    }
  }

  enter(kind: number, text: string, isKnown: () => boolean): boolean {
    while (Atomics.compareExchange(this.#head, lock, 0, 1) !== 0) Atomics.wait(this.#head, lock, 1);
    try {
      this.catchUp();
      if (isKnown()) return false;
      this.#append(kind, text);
      return true;
    } finally {
      Atomics.store(this.#head, lock, 0);
      Atomics.notify(this.#head, lock, 1);
    }
  }

  #append(kind: number, text: string): void {
    const length = Buffer.byteLength(text);
    const at = this.#head[end] as number;
    const next = at + 8 + length;
    if (next > this.#buffer.byteLength) {
      if (next > bytesMax) throw new RangeError('there are too many different local states and messages');
      this.#buffer.grow(Math.min(bytesMax, Math.max(next, this.#buffer.byteLength * 2)));
    }
    this.#make(next);
    this.#bytes.writeInt32LE(kind, at);
    this.#bytes.writeInt32LE(length, at + 4);
    this.#bytes.write(text, at + 8, 'utf8');
    this.#head[end] = next;
    this.#at = next;
    this.#read += 1;
    Atomics.store(this.#head, entered, this.#read);
  }

  /** Sees to it that so many bytes are in view: others may have made the memory larger. */
  #make(bytes: number): void {
    if (bytes > this.#bytes.length) this.#bytes = Buffer.from(this.#buffer, 0, this.#buffer.byteLength);
  }
}
