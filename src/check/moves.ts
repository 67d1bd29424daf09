/** What can happen, as data: what leads from one state to the next. */
import type { ScheduledInput } from '../core/scenario.ts';
import type { Partition } from './model.ts';

export type Move =
  | { readonly kind: 'start'; readonly node: number; readonly crashAfter: number }
  | { readonly kind: 'deliver'; readonly letter: number; readonly keep: boolean; readonly crashAfter: number }
  | { readonly kind: 'fire'; readonly node: number; readonly timer: string; readonly crashAfter: number }
  | { readonly kind: 'input'; readonly input: ScheduledInput; readonly crashAfter: number }
  | { readonly kind: 'crash' | 'restart'; readonly node: number }
  /** `nth`: which of the messages of the same link that say the same, in fifo order */
  | { readonly kind: 'drop'; readonly letter: number; readonly nth: number }
  | { readonly kind: 'partition'; readonly partition: Partition }
  | { readonly kind: 'heal' };

/** A state to begin with, and how it came about. */
export interface Root {
  readonly vector: Int32Array;
  readonly moves: readonly Move[];
}

/** Told of each successor: `vector` is good until it returns. `move` says what led to it, when asked. */
export type Visit = (vector: Int32Array, length: number, move: () => Move) => void;
