/**
 * Walks along given moves, state by state, as the model allows: what is no longer possible is left out on the way. Moves
 * name messages by the numbers of the `Transitions` that made them; `adopt` brings them here.
 */
import { canonicalJson } from '../core/json.ts';
import type { Path } from './explore.ts';
import type { Letter } from './messages.ts';
import type { Manner, Move, Root } from './moves.ts';
import type { Transitions } from './transitions.ts';

export interface Walk {
  /** those that were possible, up to where it ended */
  readonly moves: readonly Move[];
  readonly vector: Int32Array;
}

export class Follower {
  readonly transitions: Transitions;
  readonly #roots: readonly Root[];
  /** how many states it has expanded */
  expanded = 0;

  constructor(transitions: Transitions) {
    this.transitions = transitions;
    this.#roots = transitions.roots();
  }

  /** The moves of a path, with the numbers that its messages have here. */
  adopt({ moves, letters }: Path): Move[] {
    const { steps, model } = this.transitions;
    return moves.map((move) => {
      if (!('letter' in move)) return move;
      const { from, to, body } = letters[move.letter] as Letter;
      return { ...move, letter: steps.letters.intern(from, model.ids[to] as string, body) };
    });
  }

  /** @param isThere asked in every state, from the root on; null: the walk does not come to such a state */
  follow(traitors: readonly string[], moves: readonly Move[], isThere: (vector: Int32Array) => boolean): Walk | null {
    const { model, steps } = this.transitions;
    const starts = model.ids.length + model.atStart.length;
    const root = this.#roots.find(
      (each) =>
        model.ids.every((id, i) => steps.local(i, each.vector[i] as number).honest !== traitors.includes(id)) &&
        each.moves.every((move, i) => sameMove(move, moves[i] as Move)),
    );
    if (root === undefined) return null;
    let { vector } = root;
    const done = [...root.moves];
    if (isThere(vector)) return { moves: done, vector };
    for (const move of moves.slice(starts)) {
      const next = this.#after(vector, move);
      if (next === null) continue;
      vector = next.vector;
      done.push(next.move);
      if (isThere(vector)) return { moves: done, vector };
    }
    return null;
  }

  /**
   * The state that the move leads to; null: it is not possible here. Where time cannot go on without what traitors have
   * sent, because there is nothing of theirs, it is the same event as such.
   */
  #after(vector: Int32Array, wanted: Move): { vector: Int32Array; move: Move } | null {
    const { transitions } = this;
    let found: { vector: Int32Array; move: Move } | null = null;
    this.expanded += 1;
    transitions.expand(vector, vector.length, (next, length, made) => {
      if (found?.move.timeGoesOn === wanted.timeGoesOn || transitions.isOutside(next, length)) return;
      const move = made();
      if (sameMove(move, wanted) || sameMove(move, { ...wanted, timeGoesOn: false }))
        found = { vector: next.slice(0, length), move };
    });
    return found;
  }
}

export function sameMove(a: Move, b: Move): boolean {
  if (a.kind !== b.kind) return false;
  if ('letter' in a && 'letter' in b && a.letter !== b.letter) return false;
  if ('node' in a && 'node' in b && a.node !== b.node) return false;
  return canonicalJson(bare(a)) === canonicalJson(bare(b));
}

/** A manner may be a whole outcome. */
const bare = (move: Move): object => ('manner' in move ? { ...move, manner: bareManner(move.manner) } : move);
const bareManner = ({ crashAfter, says }: Manner): Manner => ({ crashAfter, says });
