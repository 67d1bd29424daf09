/** The arithmetic of the four methods: from what has arrived to what a clock should be set by. */

/** The server's time when its reply arrives: it has been on its way for about half of the round trip. */
export const cristian = (serverMs: number, roundTripMs: number, halves: boolean): number =>
  serverMs + (halves ? roundTripMs / 2 : 0);

/** How wrong that can be: the reply has taken at least the minimum, and so has the request. Clocks drift meanwhile. */
export const cristianError = (roundTripMs: number, minDelayMs: number, drift: number): number =>
  Math.ceil(Math.max(0, roundTripMs / 2 - minDelayMs) + 2 * drift * roundTripMs) + rounding;
/** every reading is of whole milliseconds */
const rounding = 2;

/** Of a message that says what time it was: it has taken something between the least and the most. */
export const guessedDelay = (minMs: number, maxMs: number): number => (minMs + maxMs) / 2;
export const broadcastError = (minMs: number, maxMs: number): number => Math.ceil((maxMs - minMs) / 2) + rounding;

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

/**
 * Without the f least and the f greatest, the middle of what remains. With n > 3f, whatever f liars say, it lies between two
 * honest values, and what two honest nodes get differs by half of what they differed by, and the error of reading.
 */
export function faultTolerant(values: readonly number[], f: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const kept = sorted.slice(f, sorted.length - f);
  // too few to leave out 2f of them: nothing can be known, and the clock stays
  return kept.length === 0 ? 0 : ((kept[0] as number) + (kept.at(-1) as number)) / 2;
}
