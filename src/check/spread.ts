/** What of all the states to come is said of a state: sets, as bits, carried backwards along the edges of a space. */
import type { Space } from './space.ts';

/** A set as bits, for each state. */
export type Sets = Uint32Array;
export const setSize = 32;

export const setsOf = (space: Space, of: (state: number) => number): Sets =>
  Uint32Array.from({ length: space.states }, (_, state) => of(state));

/** To each state's set also what is in the set of any state that it may come to. In place. */
export function spread(space: Space, sets: Sets, along: 'every edge' | 'edges without a fault'): Sets {
  const faultsToo = along === 'every edge';
  for (let isChanged = true; isChanged; ) {
    isChanged = false;
    // most edges lead to higher numbers
    for (let state = space.states - 1; state >= 0; state--) {
      let set = sets[state] as number;
      space.forEachNext(state, (to, isFault) => {
        if (faultsToo || !isFault) set |= sets[to] as number;
      });
      if (set >>> 0 === sets[state]) continue;
      sets[state] = set;
      isChanged = true;
    }
  }
  return sets;
}
