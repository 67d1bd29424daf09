/**
 * Random crashes for runs in the network's own time: at any moment, in the middle of a broadcast too, with or without
 * restarts. The same seed gives the same crashes. `HAVOC_RUNS` in the environment makes the random tests longer.
 */
import type { NodeId } from '../../src/core/protocol.ts';
import { nextInteger, nextUnit, streamOf } from '../../src/core/rng.ts';
import type { ScheduledFault } from '../../src/core/scenario.ts';

/** How many random runs to make: what the environment says, or the test's own number. */
export const runsOr = (usual: number): number => Number(process.env.HAVOC_RUNS ?? usual);

export interface CrashOptions {
  /** who may crash */
  readonly mortal: readonly NodeId[];
  /** at most so many of them do, each once */
  readonly most: number;
  /** crashes strike before this time */
  readonly withinMs: number;
  /** messages at whose sending or receipt a crash may strike */
  readonly kinds: readonly string[];
  /** whether those that crash may come back */
  readonly restarts: boolean;
}

export function randomCrashes(
  seed: number,
  { mortal, most, withinMs, kinds, restarts }: CrashOptions,
): ScheduledFault[] {
  const stream = streamOf(seed);
  const left = [...mortal];
  const faults: ScheduledFault[] = [];
  for (let count = nextInteger(stream, 0, most); count > 0 && left.length > 0; count--) {
    const [node] = left.splice(nextInteger(stream, 0, left.length - 1), 1) as [NodeId];
    const what = kinds[nextInteger(stream, 0, kinds.length - 1)] as string;
    const nth = nextInteger(stream, 1, mortal.length);
    const at = nextInteger(stream, 0, withinMs);
    const kind = nextInteger(stream, 0, 3);
    if (kind === 0) faults.push({ at, fault: { type: 'crash', node } });
    else if (kind === 1) faults.push({ at, fault: { type: 'crash', node, afterSends: nth } });
    else {
      const on = kind === 2 ? ('sends' as const) : ('receives' as const);
      faults.push({ when: { node, on, what, nth }, fault: { type: 'crash', node } });
    }
    const backMs = at + nextInteger(stream, 1, withinMs);
    if (restarts && nextUnit(stream) < 0.5) faults.push({ at: backMs, fault: { type: 'restart', node } });
  }
  return faults;
}
