/** What grading borrows from other rooms: the drawing of the diagram, and what can still be decided. */
import { CheckError } from '../check/model.ts';
import { valenceOf } from '../check/valence/valences.ts';
import { valenceText } from '../core/valence.ts';
import type { World } from '../core/world.ts';
import type { Instruments } from '../grade/grade-recording.ts';
import { drawExcerpt } from './excerpt.ts';

/** so many states are expanded for one configuration */
const statesMax = 100_000;

/** `bivalent`, `0-valent`, `no decision`, or `unknown` where that is not found within the limit. */
function valenceIn(world: World): string {
  try {
    return valenceText(valenceOf(world, statesMax));
  } catch (error) {
    if (error instanceof CheckError) return 'unknown';
    throw error;
  }
}

export const instruments = (): Instruments => ({ draw: drawExcerpt, valenceOf: valenceIn });
