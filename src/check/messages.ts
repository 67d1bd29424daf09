/** Messages, each known by a number: who tells whom what. Two that say the same are the same. */
import { canonicalJson } from '../core/json.ts';
import type { JsonObject, Message } from '../core/protocol.ts';
import { forgedSigner } from '../core/signatures.ts';
import type { Dictionary } from './dictionary.ts';

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
  readonly #dictionary: Dictionary;
  readonly #kind: number;

  /** @param kind of its texts in the dictionary */
  constructor(ids: readonly string[], seed: number, dictionary: Dictionary, kind: number) {
    this.#ids = ids;
    this.#dictionary = dictionary;
    this.#kind = kind;
    dictionary.tell(kind, (text) => this.#add(text));
    this.#indexOf = new Map(ids.map((id, index) => [id, index]));
    this.#seed = seed;
  }

  indexOf(id: string): number {
    return this.#indexOf.get(id) as number;
  }

  intern(from: number, toId: string, body: Message): number {
    const link = from * this.#ids.length + this.indexOf(toId);
    const text = `[${link},${canonicalJson(body)}]`;
    const isKnown = (): boolean => this.#numbers.has(text);
    if (!isKnown() && this.#dictionary.enter(this.#kind, text, isKnown)) this.#add(text);
    return this.#numbers.get(text) as number;
  }

  #add(text: string): void {
    const [link, body] = JSON.parse(text) as [number, Message];
    const from = Math.floor(link / this.#ids.length);
    const number = this.all.length;
    this.#numbers.set(text, number);
    this.all.push({
      number,
      from,
      to: link % this.#ids.length,
      body,
      link,
      event: { ...body, from: this.#ids[from] as string },
      forged: forgedSigner(this.#seed, body, this.#indexOf) !== null,
    });
  }
}
