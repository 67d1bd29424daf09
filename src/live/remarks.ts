/** What a person says about a run without changing it: notes, marked moments, and claims that are handed in with it. */
import type { Claim } from '../core/challenge.ts';
import type { Mark } from '../core/session.ts';
import type { World } from '../core/world.ts';
import type { Audience } from './observer.ts';

export class Remarks {
  marks: readonly Mark[] = [];
  claims: readonly Claim[] = [];
  readonly #audience: Audience;

  constructor(audience: Audience) {
    this.#audience = audience;
  }

  note({ events: count, nowMs }: World, text: string): void {
    this.marks = [...this.marks, { count, text }];
    this.#audience.tell((observer) => observer.onNote?.(count, nowMs, text));
  }

  /** `of`: the moment that is marked, this one or an earlier one */
  mark({ events, nowMs }: World, of: number, text: string): void {
    this.marks = [...this.marks, { count: of, text }];
    this.#audience.tell((observer) => observer.onMark?.(events, nowMs, text, of));
  }

  claim({ events, nowMs }: World, claim: Claim): void {
    this.claims = [...this.claims, claim];
    this.#audience.tell((observer) => observer.onClaim?.(events, nowMs, claim));
  }

  /** The run has gone back to this moment: marks of what came after it are gone. */
  goBackTo(events: number): void {
    this.marks = this.marks.filter(({ count }) => count <= events);
  }
}
