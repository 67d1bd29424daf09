/** How much an act may ask for: what is refused live is what a recording may not hold, so that every run can be read again. */
import type { Act } from './session.ts';

export const actLimits = {
  /** a day */
  durationMs: 86_400_000,
  count: 1_000_000,
  message: 100_000_000,
  rate: 1000,
} as const;

const isWhole = (value: number, least: number, most: number): boolean =>
  Number.isSafeInteger(value) && value >= least && value <= most;

/** One short sentence about the number that is out of its bounds; null: none is. */
export function excessIn(act: Act): string | null {
  const { durationMs, count, rate } = actLimits;
  if ('byMs' in act && act.byMs !== undefined && !isWhole(act.byMs, 0, durationMs))
    return 'by how long? a whole number of milliseconds, from 0 to a day';
  if (act.type === 'traitor' && act.lateMs?.some((ms) => !isWhole(ms, 0, durationMs)))
    return 'how late? whole numbers of milliseconds, from 0 to a day';
  if ('count' in act && act.count !== undefined && !isWhole(act.count, 1, count))
    return `after how many messages does it end? a whole number from 1 to ${count}`;
  if (act.type === 'crash' && act.afterSends !== undefined && !isWhole(act.afterSends, 1, count))
    return `after how many sends? a whole number from 1 to ${count}`;
  if (act.type !== 'skew') return null;
  if (act.rate !== undefined && !(act.rate > 0 && act.rate <= rate))
    return `a clock runs at a rate above 0, at most ${rate}`;
  if (act.offsetMs !== undefined && !isWhole(act.offsetMs, -durationMs, durationMs))
    return 'a clock jumps by a whole number of milliseconds, at most by a day';
  return null;
}
