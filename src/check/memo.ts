/**
 * What events lead to in the local states of one node, by the numbers of both. It is looked up at every transition, mostly
 * where memory is cold: so all stands in one typed array, open addressing, and not in a map for each local state.
 */

/** words of a slot: the local state + 1, the event, the place of the value */
const slotWords = 3;
const loadMax = 0.6;

export class Memo<Value> {
  readonly #values: Value[] = [];
  #slots = new Int32Array(slotWords << 6);
  #mask = (1 << 6) - 1;

  get(local: number, event: number): Value | undefined {
    const slot = this.#slotOf(local, event);
    return this.#slots[slot] === 0 ? undefined : this.#values[this.#slots[slot + 2] as number];
  }

  /** It must not stand there yet. */
  set(local: number, event: number, value: Value): void {
    if (this.#values.length + 1 > (this.#mask + 1) * loadMax) this.#grow();
    this.#put(local, event, this.#values.length);
    this.#values.push(value);
  }

  #put(local: number, event: number, place: number): void {
    const slot = this.#slotOf(local, event);
    this.#slots[slot] = local + 1;
    this.#slots[slot + 1] = event;
    this.#slots[slot + 2] = place;
  }

  /** Where it is, or where it would have to be. */
  #slotOf(local: number, event: number): number {
    const slots = this.#slots;
    let at = Math.imul(Math.imul(local + 1, 0x9e3779b1) ^ event, 0x85ebca6b);
    at = (at ^ (at >>> 15)) & this.#mask;
    for (;;) {
      const slot = at * slotWords;
      const there = slots[slot] as number;
      if (there === 0 || (there === local + 1 && slots[slot + 1] === event)) return slot;
      at = (at + 1) & this.#mask;
    }
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(old.length * 2);
    this.#mask = this.#mask * 2 + 1;
    for (let slot = 0; slot < old.length; slot += slotWords)
      if (old[slot] !== 0) this.#put((old[slot] as number) - 1, old[slot + 1] as number, old[slot + 2] as number);
  }
}
