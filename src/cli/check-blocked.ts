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
  const runs = together.map(({ nodes, state }, i): BlockedRun => {
    const path = space.path(state);
    const run = runPath(space.transitions.model, loaded.protocol, path);
    if (typeof run === 'string') {
      if (i === 0 && file !== null) complain(`no recording was written: ${run}`);
      return { nodes, events: path.moves.length, file: null };
    }
    const isWritten = i === 0 && file !== null;
    if (isWritten) writeRecording(loaded, run, file);
    return { nodes, events: run.run.world.events, file: isWritten ? file : null };
  });
  return { runs: runs.sort((a, b) => a.events - b.events), unknown };
}
