/** How each property stands while states are explored, and the verdicts at the end. */
import type { Failure, Property } from '../core/protocol.ts';
import type { PropertyVerdict } from '../core/scenario.ts';
import type { Judge } from './judge.ts';

export interface Finding {
  readonly name: string;
  readonly kind: Property['kind'];
  readonly verdict: PropertyVerdict;
  readonly why: string;
  readonly clause: string | null;
  readonly nodes: readonly string[];
  /** number of the state that settled it */
  readonly state: number | null;
}
interface Settled {
  readonly state: number;
  readonly failure: Failure | null;
}
/** What has been found so far, of each property: plain data, for those who explore the same space elsewhere. */
export interface Findings {
  readonly settled: readonly (Settled | null)[];
  readonly doubts: readonly (string | null)[];
}
export interface Outlook {
  readonly complete: boolean;
  /** some run may go on for ever */
  readonly isEndless: boolean;
  /** the constraint left states out */
  readonly isBounded: boolean;
  readonly ends: number;
  readonly stopped: string | null;
}

export class Standing {
  readonly #properties: readonly Property[];
  readonly #judge: Judge;
  readonly #settled: (Settled | null)[];
  /** an `eventually` that had not come about in the end, but something still disturbed that run */
  readonly #doubts: (string | null)[];
  /** an `always` property is violated */
  isViolated = false;

  constructor(properties: readonly Property[], judge: Judge) {
    this.#properties = properties;
    this.#judge = judge;
    this.#settled = properties.map(() => null);
    this.#doubts = properties.map(() => null);
  }

  /** A state that was not seen before. `questions`: bits of the properties to ask; -1: all of them. */
  look(vector: Int32Array, state: number, questions = -1): void {
    if (questions === 0) return;
    const judge = this.#judge;
    judge.look(vector);
    for (let p = 0; p < this.#properties.length; p++) {
      const { kind } = this.#properties[p] as Property;
      if (kind === 'eventually' || this.#settled[p] !== null || (questions & (1 << p)) === 0) continue;
      if (judge.succeeds(p) === (kind === 'always')) continue;
      this.#settled[p] = { state, failure: kind === 'always' ? this.#failure(p) : null };
      if (kind === 'always') this.isViolated = true;
    }
  }

  /** A state in which nothing more can happen. */
  end(vector: Int32Array, state: number): void {
    const judge = this.#judge;
    judge.look(vector);
    for (const [p, { kind }] of this.#properties.entries()) {
      if (kind !== 'eventually' || this.#settled[p] !== null || judge.succeeds(p)) continue;
      const failure = this.#failure(p);
      const disturbance = judge.disturbance();
      if (disturbance === null) this.#settled[p] = { state, failure };
      else this.#doubts[p] ??= `${failure.why}; no verdict, because ${disturbance}`;
    }
  }

  get record(): Findings {
    return { settled: this.#settled, doubts: this.#doubts };
  }

  /** Takes over what others have found; of two states that settle a property, the one that comes earlier. */
  adopt({ settled, doubts }: Findings, isEarlier: (state: number, than: number) => boolean): void {
    for (const [p, { kind }] of this.#properties.entries()) {
      const [mine, theirs] = [this.#settled[p], settled[p]];
      if (theirs != null && (mine == null || isEarlier(theirs.state, mine.state))) this.#settled[p] = theirs;
      this.#doubts[p] ??= doubts[p] ?? null;
      if (kind === 'always' && theirs != null) this.isViolated = true;
    }
  }

  findings(outlook: Outlook): Finding[] {
    return this.#properties.map((property, p) => {
      const settled = this.#settled[p] ?? null;
      const [verdict, why] = this.#verdict(p, outlook);
      const { name, kind } = property;
      const { clause = null, nodes = [] } = settled?.failure ?? {};
      return { name, kind, verdict, why, clause, nodes, state: settled?.state ?? null };
    });
  }

  #failure(p: number): Failure {
    const verdict = this.#judge.test(p);
    return typeof verdict === 'object' ? verdict : { why: 'its test fails' };
  }

  #verdict(p: number, { complete, isEndless, isBounded, ends, stopped }: Outlook): [PropertyVerdict, string] {
    const { kind } = this.#properties[p] as Property;
    const settled = this.#settled[p] ?? null;
    const unfinished = stopped ?? 'a violation of another property ended the exploration';
    if (settled !== null) {
      if (kind === 'sometimes') return ['holds', 'there is a run in which it happens'];
      return ['violated', (settled.failure as Failure).why];
    }
    if (!complete) return ['unknown', `not in the states that were reached; ${unfinished}`];
    if (kind === 'always') return ['holds', isBounded ? 'in every state within the constraint' : 'in every state'];
    if (kind === 'sometimes')
      return ['not reached', `there is no run in which it happens${isBounded ? ', within the constraint' : ''}`];
    const doubt = this.#doubts[p] ?? null;
    if (doubt !== null) return ['unknown', doubt];
    if (ends === 0) return ['unknown', 'no run comes to an end, and endless runs are not judged'];
    const where = ends === 1 ? 'in the one state' : `in each of the ${ends} states`;
    if (isEndless)
      return ['unknown', `it has come about ${where} in which nothing more can happen; endless runs are not judged`];
    return ['holds', `it has come about ${where} in which nothing more can happen, and every run comes to one`];
  }
}
