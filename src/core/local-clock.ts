/**
 * The clock on a node's wall, as it drifts and jumps: what the node believes the time is. True time is the world's virtual
 * time. A clock runs at its own rate, is off by some offset, and is continuous when the rate changes.
 */

export interface LocalClock {
  /** all jumps together, the initial offset included */
  readonly offsetMs: number;
  /** its own milliseconds for each true one: 1 is true, 1.01 runs fast by one percent */
  readonly rate: number;
  /** what it had gained (or lost) by its rates until `sinceMs`, when it took up the present one */
  readonly driftMs: number;
  readonly sinceMs: number;
  /** the fault that made it so; null: it has been so from the start */
  readonly fault: number | null;
}

export const clockFrom = ({ offsetMs = 0, rate = 1 }: { offsetMs?: number; rate?: number } = {}): LocalClock => ({
  offsetMs,
  rate,
  driftMs: 0,
  sinceMs: 0,
  fault: null,
});

/** By how much the clock is ahead of true time; negative: behind. */
const aheadMs = ({ offsetMs, rate, driftMs, sinceMs }: LocalClock, trueMs: number): number =>
  offsetMs + driftMs + (rate - 1) * (trueMs - sinceMs);

/** What the clock shows at this true time, in whole milliseconds. */
export const readClock = (clock: LocalClock, trueMs: number): number => Math.round(trueMs + aheadMs(clock, trueMs));

/** The clock jumps by `offsetMs` now, and runs at `rate` from now on. */
export const skewed = (
  clock: LocalClock,
  trueMs: number,
  offsetMs: number,
  rate: number,
  fault: number,
): LocalClock => ({
  offsetMs: clock.offsetMs + offsetMs,
  rate,
  driftMs: aheadMs(clock, trueMs) - clock.offsetMs,
  sinceMs: trueMs,
  fault,
});

/** Neither off nor drifting, now and ever since. */
export const isTrue = (clock: LocalClock): boolean => clock.offsetMs === 0 && clock.driftMs === 0 && clock.rate === 1;
