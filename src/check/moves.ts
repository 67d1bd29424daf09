/** What can happen, as data: what leads from one state to the next. */
import type { Word } from '../core/faults.ts';
import type { ScheduledInput } from '../core/scenario.ts';
import type { Model, Partition } from './model.ts';

/** Which of the outcomes that a step may have. */
export interface Manner {
  /** a crash cut it off right after this many sends; 0: none did */
  readonly crashAfter: number;
  /** what a traitor said instead of each message; null: the node is honest */
  readonly says: readonly Word[] | null;
}

type Event =
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

/** What happens. `timeGoesOn`: and then no one waits any longer for what traitors have sent, which is late now. */
export type Move = Event & { readonly timeGoesOn: boolean };

/** Nobody took a step, or an honest node a whole one. */
export const plainly: Manner = { crashAfter: 0, says: null };

/** A state to begin with, and how it came about. */
export interface Root {
  readonly vector: Int32Array;
  readonly moves: readonly Move[];
}

/** Told of each successor: `vector` is good until it returns, and so is `move`, which says what led to it. */
export type Visit = (vector: Int32Array, length: number, move: () => Move) => void;

/** What is being done: filled in before each successor, so that nothing is allocated for those that nobody asks about. */
export interface Doing {
  kind: Move['kind'];
  node: number;
  letter: number;
  nth: number;
  keep: boolean;
  timer: string;
  /** index among all inputs of the model */
  input: number;
  partition: number;
  manner: Manner;
  timeGoesOn: boolean;
}

export const nothingYet = (): Doing => ({
  kind: 'heal',
  node: 0,
  letter: 0,
  nth: 0,
  keep: false,
  timer: '',
  input: 0,
  partition: 0,
  manner: plainly,
  timeGoesOn: false,
});

export const moveOf = (doing: Doing, model: Model): Move => ({
  ...eventOf(doing, model),
  timeGoesOn: doing.timeGoesOn,
});

function eventOf(doing: Doing, { inputs, partitions }: Model): Event {
  const { kind, node, letter, nth, keep, timer, manner } = doing;
  switch (kind) {
    case 'start':
    case 'restart':
      return { kind, node, manner };
    case 'deliver':
      return { kind, letter, keep, manner };
    case 'fire':
      return { kind, node, timer, manner };
    case 'input':
      return { kind, input: inputs[doing.input] as ScheduledInput, manner };
    case 'crash':
      return { kind, node };
    case 'drop':
      return { kind, letter, nth };
    case 'partition':
      return { kind, partition: partitions[doing.partition] as Partition };
    case 'heal':
      return { kind };
  }
}
