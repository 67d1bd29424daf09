/**
 * A global state as a vector of integers: the local state of every node, then what else there is to remember (faults
 * used up, inputs taken, the partition in force, history variables), then the messages on their way.
 */
import type { Model } from './model.ts';

/** What properties turned out to look at, that states otherwise need not keep. */
export interface Tracked {
  readonly inputs: boolean;
  readonly anyFault: boolean;
}

/** Faults whose number is bounded. */
export type Counted = 'crash' | 'restart' | 'drop' | 'duplicate' | 'partition';

export interface Layout {
  readonly nodes: number;
  /** positions; -1: not kept */
  readonly used: Readonly<Record<Counted, number>>;
  readonly nextInput: number;
  readonly inputsTaken: number;
  readonly partition: number;
  readonly anyFault: number;
  /** of each property, by its index */
  readonly memory: readonly number[];
  /** where the messages begin */
  readonly network: number;
}

export function createLayout(model: Model, tracked: Tracked): Layout {
  const { budget, later, anytime, partitions, protocol } = model;
  let next = model.ids.length;
  const place = (isKept: boolean): number => (isKept ? next++ : -1);
  const counted = (times: number): number => place(times > 0 && times !== Number.POSITIVE_INFINITY);
  return {
    nodes: model.ids.length,
    used: {
      crash: counted(budget.crash),
      restart: counted(budget.restart),
      drop: counted(budget.drop),
      duplicate: counted(budget.duplicate),
      partition: counted(budget.partition),
    },
    nextInput: place(later.length > 0),
    inputsTaken: place(tracked.inputs && later.length + anytime.length > 0),
    partition: place(partitions.length > 0 && budget.partition > 0),
    anyFault: place(tracked.anyFault),
    memory: protocol.properties.map(({ memory }) => place(memory !== undefined)),
    network: next,
  };
}
