/**
 * The messages on their way, inside a state's vector. Unordered: their numbers, ascending, a number as often as the
 * message is on its way. Never consumed (`set`): each number once. Fifo: by link, and on a link in sending order.
 */
import type { Letter } from './messages.ts';
import type { NetworkName, Partition } from './model.ts';

/** Writes the message into the network that stands in `vector` from `start` to `length`; gives the new length. */
export function insert(
  vector: Int32Array,
  start: number,
  length: number,
  number: number,
  network: NetworkName,
  letters: readonly Letter[],
): number {
  let at = length;
  if (network === 'fifo') {
    const { link } = letters[number] as Letter;
    while (at > start && (letters[vector[at - 1] as number] as Letter).link > link) at -= 1;
  } else {
    while (at > start && (vector[at - 1] as number) > number) at -= 1;
    if (network === 'set' && at > start && vector[at - 1] === number) return length;
  }
  vector.copyWithin(at + 1, at, length);
  vector[at] = number;
  return length + 1;
}

/** May the message at `at` be delivered next, as far as the order goes? Of equal ones, the first stands for all. */
export function isNext(
  vector: Int32Array,
  start: number,
  at: number,
  network: NetworkName,
  letters: readonly Letter[],
): boolean {
  if (at === start) return true;
  const before = vector[at - 1] as number;
  if (network !== 'fifo') return before !== vector[at];
  return (letters[before] as Letter).link !== (letters[vector[at] as number] as Letter).link;
}

/** Is the message on its way from one side of the partition to another? */
export const isAcross = ({ groupOf }: Partition, { from, to }: Letter): boolean => groupOf[from] !== groupOf[to];
