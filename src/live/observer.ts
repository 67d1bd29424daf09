/** What a recorder (or anyone else) is told of a live session, synchronously and in order. */
import type { Act } from '../core/session.ts';
import type { Choice, TraceEvent } from '../core/world.ts';

/** Whatever the schedule does not lead to by itself: what a person did, and the accidents of the runtime. */
export type OutsideChoice = Act | Extract<Choice, { type: 'fail' }>;

/**
 * `index` is always the number of events that had happened before, `atMs` the virtual time at which it took place.
 * A replay performs the recorded acts at these places and lets the schedule do the rest.
 */
export interface SessionObserver {
  onAct?(index: number, atMs: number, act: OutsideChoice): void;
  onEvents?(events: readonly TraceEvent[]): void;
  onCheckpoint?(index: number, atMs: number, digest: string): void;
  onPause?(index: number, atMs: number, running: boolean): void;
  onNote?(index: number, atMs: number, text: string): void;
  /** the last call: how the run stands at its end */
  onClose?(end: { readonly events: number; readonly atMs: number; readonly digest: string }): void;
}
