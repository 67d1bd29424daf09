/** What led to a state: from the root again, at each state by the choice that was taken there. */
import type { NodeId } from '../core/protocol.ts';
import type { Letter } from './messages.ts';
import type { Move, Root } from './moves.ts';
import type { Origins } from './seen.ts';
import type { Transitions } from './transitions.ts';

export interface Path {
  readonly moves: readonly Move[];
  readonly traitors: readonly NodeId[];
  /** the messages that its moves name by number */
  readonly letters: readonly Letter[];
}

export function pathTo(state: number, transitions: Transitions, roots: readonly Root[], origins: Origins): Path {
  const ordinals: number[] = [];
  let at = state;
  for (; origins.parentOf(at) >= 0; at = origins.parentOf(at)) ordinals.push(origins.ordinalOf(at));
  const root = roots[origins.ordinalOf(at)] as Root;
  const moves = [...root.moves];
  let vector = root.vector;
  for (const wanted of ordinals.reverse()) {
    let after = vector;
    transitions.successor.covered?.forget();
    transitions.expand(vector, vector.length, (next, length, move) => {
      if (transitions.successor.ordinal !== wanted) return;
      after = next.slice(0, length);
      moves.push(move());
    });
    vector = after;
  }
  const { model, steps } = transitions;
  const traitors = model.ids.filter((_, node) => !steps.local(node, root.vector[node] as number).honest);
  return { moves, traitors, letters: steps.letters.all };
}
