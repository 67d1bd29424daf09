/** What is exported: a recorded run, executed anew, and how much of it a picture shows. */
import type { Protocol } from '../core/protocol.ts';
import { type RunReport, reportRun } from '../core/report.ts';
import { nextEntry } from '../core/scheduler.ts';
import type { TraceEvent, World } from '../core/world.ts';
import type { Recording } from '../record/format.ts';
import { type Divergence, replayRecording } from '../record/replay.ts';

export interface Subject {
  readonly recording: Recording;
  /** as it is at the end */
  readonly world: World;
  readonly trace: readonly TraceEvent[];
  readonly report: RunReport;
}

/** Part of a run, for pictures. */
export interface Extent {
  /** the nodes that have a column, by index, ascending; null: all */
  readonly nodes: readonly number[] | null;
  /** the first and the last event */
  readonly from: number;
  readonly to: number;
}

/** Executes the recording anew; where the run leaves it, says so instead. */
export function subjectOf(recording: Recording, protocol: Protocol): Subject | Divergence {
  const trace: TraceEvent[] = [];
  const { divergence, world } = replayRecording(recording, protocol, (events) => {
    // after a branch the trace goes on from an earlier moment
    trace.length = Math.min(trace.length, events[0]?.index ?? trace.length);
    for (const event of events) trace.push(event);
  });
  trace.length = Math.min(trace.length, world.events);
  if (divergence !== null) return divergence;
  return { recording, world, trace, report: reportRun(world, nextEntry(world) === null, trace) };
}

/** The indices of the events in which one of these nodes, or the network, has a part. */
export function eventsWithin({ world, trace }: Subject, { nodes, from, to }: Extent): readonly TraceEvent[] {
  const isShown = (id: string | null | undefined): boolean =>
    nodes === null || (id != null && nodes.includes(world.indexOf.get(id) ?? -1));
  return trace
    .slice(from, to + 1)
    .filter(
      ({ node, message, fates }) =>
        node === null || isShown(node) || isShown(message?.from) || fates.some((fate) => isShown(fate.message.from)),
    );
}
