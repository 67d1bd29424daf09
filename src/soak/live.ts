/** The same case with a thread for each node and the bus between them: it must end as it ends in this process. */
import { digestWorld } from '../core/digest.ts';
import type { Protocol } from '../core/protocol.ts';
import { openLiveSession } from '../live/live-session.ts';
import type { Case } from './case.ts';
import type { Trial } from './trial.ts';

/** A run over threads takes as long as hundreds in this process: every so many seeds there is one. */
const liveEvery = 307;
const nodesMax = 12;

export const isComparedLive = ({ seed, scenario }: Case, { whole }: Trial): boolean =>
  whole && seed % liveEvery === 0 && Object.keys(scenario.nodes).length <= nodesMax;

/** Null: they end in the same state. */
export async function differsLive({ scenario }: Case, protocol: Protocol, digest: string): Promise<string | null> {
  const session = await openLiveSession({
    scenario,
    protocol,
    source: { id: protocol.id },
    paused: true,
    speed: Number.POSITIVE_INFINITY,
  });
  try {
    await session.runUntil(scenario.untilMs);
    const [trouble] = session.troubles;
    if (trouble !== undefined) return `over threads: ${trouble}`;
    return digestWorld(session.world) === digest ? null : 'over threads the run ends in another state';
  } finally {
    await session.close();
  }
}
