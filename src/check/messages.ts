/** Messages, each known by a number: who tells whom what. Two that say the same are the same. */
import { canonicalJson } from '../core/json.ts';
import type { JsonObject, Message } from '../core/protocol.ts';
import { forgedSigner } from '../core/signatures.ts';

export interface Letter {
  readonly number: number;
  readonly from: number;
  readonly to: number;
  readonly body: Message;
  /** `from * n + to` */
  readonly link: number;
  /** as its receiver's machine gets it */
  readonly event: JsonObject & { readonly type: string };
  /** someone's signature in it is forged: it is rejected at the door */
  readonly forged: boolean;
}

export class Letters {
  readonly all: Letter[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #ids: readonly string[];
  readonly #indexOf: ReadonlyMap<string, number>;
  readonly #seed: number;

  constructor(ids: readonly string[], seed: number) {
    this.#ids = ids;
    this.#indexOf = new Map(ids.map((id, index) => [id, index]));
    this.#seed = seed;
  }

  indexOf(id: string): number {
    return this.#indexOf.get(id) as number;
  }

  intern(from: number, toId: string, body: Message): number {
    const to = this.indexOf(toId);
    const link = from * this.#ids.length + to;
    const key = `${link} ${canonicalJson(body)}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.all.length;
    this.all.push({
      number,
      from,
      to,
      body,
      link,
      event: { ...body, from: this.#ids[from] as string },
      forged: forgedSigner(this.#seed, body, this.#indexOf) !== null,
    });
    this.#numbers.set(key, number);
    return number;
  }
}
