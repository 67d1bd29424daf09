/** What rows need to know of earlier events: every message by its id, and since when each node is up, down or paused. */
import type { Envelope, TraceEvent, World } from '../../core/world.ts';

export type Lifeline = 'up' | 'down' | 'paused';
interface Change {
  readonly index: number;
  readonly to: Lifeline;
}

export interface TraceIndex {
  seen: number;
  readonly messages: Map<number, Envelope>;
  /** by node: its changes, oldest first */
  readonly changes: Map<string, Change[]>;
  /** the event at which there were more faulty nodes than the protocol stands */
  exceeded: TraceEvent | null;
}

export const createTraceIndex = (): TraceIndex => ({
  seen: 0,
  messages: new Map(),
  changes: new Map(),
  exceeded: null,
});

/** Takes in what has happened since. */
export function extendIndex(index: TraceIndex, trace: readonly TraceEvent[]): TraceIndex {
  for (; index.seen < trace.length; index.seen++) {
    const event = trace[index.seen] as TraceEvent;
    for (const message of event.sends) index.messages.set(message.id, message);
    if (index.exceeded === null && event.notes.some((note) => note.startsWith('bound exceeded')))
      index.exceeded = event;
    const changed = lifelineChange(event);
    if (changed === null) continue;
    const changes = index.changes.get(changed.node) ?? [];
    changes.push({ index: event.index, to: changed.to });
    index.changes.set(changed.node, changes);
  }
  return index;
}

function lifelineChange(event: TraceEvent): { node: string; to: Lifeline } | null {
  const { choice } = event;
  // a step that ends without a state: the node crashed in the middle of it
  if (event.node !== null && event.after === '' && event.before !== '') return { node: event.node, to: 'down' };
  switch (choice.type) {
    case 'crash':
      return choice.afterSends === undefined ? { node: choice.node, to: 'down' } : null;
    case 'fail':
      return { node: choice.node, to: 'down' };
    case 'restart':
    case 'resume':
      return { node: choice.node, to: 'up' };
    case 'pause':
      return { node: choice.node, to: 'paused' };
    default:
      return null;
  }
}

/** How a node stood just after event `at`. */
export function standing(index: TraceIndex, node: string, at: number): Lifeline {
  const changes = index.changes.get(node);
  if (changes === undefined) return 'up';
  for (let i = changes.length - 1; i >= 0; i--) {
    const change = changes[i] as Change;
    if (change.index <= at) return change.to;
  }
  return 'up';
}

/** Everything that the drawing of a run reads. */
export interface Drawing {
  readonly world: World;
  readonly trace: readonly TraceEvent[];
  readonly index: TraceIndex;
}
