/**
 * Partial order. Two steps of different nodes that can both be taken in a state lead to the same state in either order, if
 * neither brings about what the other needs: so one order will do. When a state was first reached by a step of node Q, the
 * steps of nodes before Q that could have been taken already are skipped: the other order, theirs first, covers them.
 *
 * Why no state is lost. Take, among all shortest paths to a state, the one whose last step is of the last node, among these
 * the one whose second last is, and so on. If one of its steps were skipped, that step and the one before it could change
 * places, and the path with the later node's step later would have to be taken instead: there is none. So the states, the
 * depth and the verdicts are the same; only fewer successors are generated. It holds breadth first, where the first step
 * that leads to a state is the last of a shortest path.
 */
import { type Manner, plainly } from './moves.ts';
import type { Outcome } from './steps.ts';
import type { Successor } from './successor.ts';

/** Nobody's step led here, or one that does not go with others. */
const nobody = -1;

export class Covered {
  readonly #successor: Successor;
  /** whose step led to the state being expanded, and the messages that came on their way by it */
  #last = nobody;
  readonly #fresh = new Set<number>();

  constructor(successor: Successor) {
    this.#successor = successor;
  }

  /** From now on this is the step that led here. */
  begin(trace: Int32Array, length: number): void {
    this.#last = trace[0] as number;
    this.#fresh.clear();
    for (let i = 1; i < length; i++) this.#fresh.add(trace[i] as number);
  }
  /** Nothing is covered: every successor is wanted. */
  forget(): void {
    this.#last = nobody;
  }

  /** Is the step that is about to be made covered by another order? */
  covers(node: number, outcome: Outcome): boolean {
    if (node >= this.#last || !this.#isPlain(outcome)) return false;
    const { from, doing } = this.#successor;
    if (outcome.local === from[node] || (doing.kind === 'deliver' && this.#fresh.has(doing.letter))) return false;
    return this.#successor.leavesHistories(node, outcome);
  }

  /** Writes into `trace` what `begin` needs to know, of the step that has just been made; gives its length. */
  trace(trace: Int32Array): number {
    const { doing, from, length, layout } = this.#successor;
    trace[0] = nobody;
    if (doing.keep || doing.manner === plainly || !this.#isPlain(doing.manner)) return 1;
    const outcome = doing.manner as Outcome;
    if (!this.#successor.leavesHistories(doing.node, outcome)) return 1;
    trace[0] = doing.node;
    let end = 1;
    for (const letter of outcome.sends) {
      let at = layout.network;
      while (at < length && from[at] !== letter) at += 1;
      if (at === length) trace[end++] = letter;
    }
    return end;
  }

  /** It changes nothing but the node and the messages on their way. */
  #isPlain({ crashAfter }: Manner): boolean {
    const { doing, layout, model } = this.#successor;
    if (crashAfter > 0 || !steps.has(doing.kind)) return false;
    return doing.kind !== 'input' || (layout.inputsTaken < 0 && model.later.length === 0);
  }
}
const steps: ReadonlySet<string> = new Set(['deliver', 'fire', 'input']);
