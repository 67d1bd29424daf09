/** Who takes the steps: this process, or a thread for each node. The controller does not care which. */
import type { NodeId } from '../core/protocol.ts';
import type { Plan, StepFailure, StepResult } from '../core/world.ts';

/**
 * The node's thread is gone (it hung, exited, ran out of memory, answered nonsense), and with it the step. Unlike a
 * `StepFailure`, which every engine would see alike, this is an accident of this run: it becomes an event of its own.
 */
export class NodeLost extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'NodeLost';
  }
}

export interface Stepper {
  /** At most one request of a node is outstanding. A promise may reject with `NodeLost`, and with nothing else. */
  request(plan: Plan): StepResult | StepFailure | Promise<StepResult | StepFailure>;
  /** nodes can be at work side by side */
  readonly parallel: boolean;
  /** the node has crashed or failed: whatever runs for it ends */
  stop(node: NodeId): void;
  /** the run goes on from another moment: whatever runs ends, and for these nodes it starts anew */
  renew(nodes: readonly NodeId[]): void;
  close(): Promise<void>;
}
