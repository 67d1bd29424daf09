/** Timers are XState's `after`: their names (`voteTimeout@waitingVotes`) and the events that fire them, read off the machine. */
import type { AnyStateMachine, AnyStateNode } from 'xstate';

export interface TimerNames {
  /** XState's own event type -> timer name */
  readonly nameOf: ReadonlyMap<string, string>;
  readonly eventOf: ReadonlyMap<string, string>;
}

const cache = new WeakMap<AnyStateMachine, TimerNames>();

export function timersOf(machine: AnyStateMachine): TimerNames {
  const known = cache.get(machine);
  if (known) return known;
  const nameOf = new Map<string, string>();
  const eventOf = new Map<string, string>();
  const visit = (node: AnyStateNode): void => {
    for (const { eventType, delay } of node.after as readonly { eventType: string; delay: unknown }[]) {
      const label = typeof delay === 'function' ? 'after' : String(delay);
      const name = node.path.length === 0 ? label : `${label}@${node.path.join('.')}`;
      nameOf.set(eventType, name);
      eventOf.set(name, eventType);
    }
    for (const child of Object.values(node.states)) visit(child as AnyStateNode);
  };
  visit(machine.root as AnyStateNode);
  const names = { nameOf, eventOf };
  cache.set(machine, names);
  return names;
}
