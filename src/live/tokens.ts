/**
 * The bus's tokens: one for each life of each node, one for operators, one for viewers. Whoever speaks on the bus shows
 * one, also on loopback, for any page in the user's browser can reach a loopback port. A token is a secret: it is kept
 * only as its hash, and it never stands in an error, a log or a process title.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { nanoid } from 'nanoid';

/** 32 characters of 6 bits: 192 bits. */
const tokenLength = 32;

const hash = (text: string): Buffer => createHash('sha256').update(text).digest();

export class TokenBook<Holder> {
  readonly #entries = new Map<Holder, Buffer>();

  /** A fresh token for this holder; an earlier one of the same holder is no longer good. */
  issue(holder: Holder): string {
    const token = nanoid(tokenLength);
    this.#entries.set(holder, hash(token));
    return token;
  }

  revoke(holder: Holder): void {
    this.#entries.delete(holder);
  }

  /** Who holds it, or null. Hashes have one length and every entry is compared, so time tells nothing. */
  holderOf(token: string): Holder | null {
    const shown = hash(token);
    let found: Holder | null = null;
    for (const [holder, known] of this.#entries) {
      if (timingSafeEqual(shown, known)) found = holder;
    }
    return found;
  }
}
