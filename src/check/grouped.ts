/**
 * In which order one of several threads goes through a level. What a state leads to is looked up by its nodes' local states,
 * in tables larger than the processor's caches. Alone, a thread finds siblings next to each other; of several, each has
 * only some of the siblings. So states in which the first two nodes are alike are brought together again: a tenth of the time.
 */
import type { Vectors } from './seen.ts';

/** bits of a key: of the local states of two nodes as many as fit, then the place in the level; together 53 */
const localBits = 14;
const places = 2 ** 25;

/** The places of a level, each once. */
export function grouped(level: Vectors): Float64Array {
  const order = new Float64Array(level.count);
  if (level.count > places) return order.map((_, i) => i);
  const mask = (1 << localBits) - 1;
  for (let i = 0; i < level.count; i++) {
    const vector = level.at(i);
    const key = (((vector[0] ?? 0) & mask) << localBits) | ((vector[1] ?? 0) & mask);
    order[i] = key * places + i;
  }
  order.sort();
  for (let i = 0; i < order.length; i++) order[i] = (order[i] as number) % places;
  return order;
}
