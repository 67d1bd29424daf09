/** What can happen, as data: what leads from one state to the next. */
import type { Word } from '../core/faults.ts';
import type { ScheduledInput } from '../core/scenario.ts';
import type { Partition } from './model.ts';

/** Which of the outcomes that a step may have. */
export interface Manner {
  /** a crash cut it off right after this many sends; 0: none did */
  readonly crashAfter: number;
  /** what a traitor said instead of each message; null: the node is honest */
  readonly says: readonly Word[] | null;
}

export type Move =
  | { readonly kind: 'start'; readonly node: number; readonly manner: Manner }
  | { readonly kind: 'deliver'; readonly letter: number; readonly keep: boolean; readonly manner: Manner }
  | { readonly kind: 'fire'; readonly node: number; readonly timer: string; readonly manner: Manner }
  | { readonly kind: 'input'; readonly input: ScheduledInput; readonly manner: Manner }
  | { readonly kind: 'crash'; readonly node: number }
  | { readonly kind: 'restart'; readonly node: number; readonly manner: Manner }
  /** `nth`: which of the messages of the same link that say the same, in fifo order */
  | { readonly kind: 'drop'; readonly letter: number; readonly nth: number }
  | { readonly kind: 'partition'; readonly partition: Partition }
  | { readonly kind: 'heal' };

/** Nobody took a step, or an honest node a whole one. */
export const plainly: Manner = { crashAfter: 0, says: null };

/** A state to begin with, and how it came about. */
export interface Root {
  readonly vector: Int32Array;
  readonly moves: readonly Move[];
}

/** Told of each successor: `vector` is good until it returns. `move` says what led to it, when asked. */
export type Visit = (vector: Int32Array, length: number, move: () => Move) => void;
