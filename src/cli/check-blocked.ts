/** Who can be blocked for good, and by how few events: asked of the whole space, so of small ones, unless a file is wanted. */
import { findBlocked } from '../check/blocked.ts';
import { runPath } from '../check/counterexample.ts';
import type { Space } from '../check/space.ts';
import { canDecide } from '../core/blocked.ts';
import type { LoadedScenario } from '../scenario/load.ts';
import { writeRecording } from './check-record.ts';
import { complain } from './output.ts';

export interface BlockedRun {
  readonly nodes: readonly string[];
  /** of the shortest run after which all of them are blocked */
  readonly events: number;
  /** its recording */
  readonly file: string | null;
}
export interface BlockedReport {
  /** by fewest events; null: nothing is known */
  readonly runs: readonly BlockedRun[] | null;
  /** why there may be more of them; null: there are no more */
  readonly unknown: string | null;
}

/** Does anybody ever decide in this protocol? Else nobody can be blocked. */
export const asksWhoIsBlocked = ({ protocol }: LoadedScenario): boolean =>
  Object.values(protocol.roles).some(canDecide);

/** @param file for the recording of the run into a block by the fewest events; null: none is wanted */
export function reportBlocked(loaded: LoadedScenario, space: Space, file: string | null): BlockedReport {
  const { together, unknown } = findBlocked(space);
  const found = together
    .map(({ nodes, state }) => {
      const path = space.path(state);
      const run = runPath(space.transitions.model, loaded.protocol, path);
      return { nodes, run, events: typeof run === 'string' ? path.moves.length : run.run.world.events };
    })
    .sort((a, b) => a.events - b.events);
  const shortest = found[0]?.run ?? 'no run is known that blocks a node';
  const isWritten = typeof shortest !== 'string' && file !== null;
  if (isWritten) writeRecording(loaded, shortest, file);
  else if (file !== null) complain(`no recording was written: ${shortest}`);
  const runs = found.map(({ nodes, events }, i) => ({ nodes, events, file: i === 0 && isWritten ? file : null }));
  return { runs, unknown };
}
