/**
 * Deadlock detection: processes wait for resources, resources are held by processes, and a circle of these is a deadlock.
 * What a detector reports must be one, and every one must be reported: Chandy, Misra and Haas, "Distributed Deadlock
 * Detection" (1983). The truth is known from what is sent: a process waits from its request until the grant is on its way,
 * and a resource is held from the grant until the release is on its way.
 */
import type { Effect, Happened, Json, Message, NodeId, Property, View } from '../protocol.ts';

export interface DeadlockReading {
  /** what a message does to the truth; null: nothing */
  meaning(message: Message): 'request' | 'grant' | 'release' | null;
  /** the circle in a report, each waiting for the next, the last for the first */
  circle(report: Json): readonly NodeId[];
}

/** Each waits for at most one: a process for a resource, a resource for its holder. */
type Waits = Readonly<Record<NodeId, NodeId>>;
interface Memory {
  readonly waits: Waits;
  /** was there ever a deadlock, and was one reported? */
  readonly occurred: boolean;
  readonly reported: number;
  /** the first report that was none: why */
  readonly phantom: string | null;
}

export function deadlock(reading: DeadlockReading): Property[] {
  const memory = {
    initial: { waits: {}, occurred: false, reported: 0, phantom: null },
    next: (before: Json, happened: Happened): Json =>
      next(reading, before as unknown as Memory, happened) as unknown as Json,
  };
  const common = { reads: ['memory'], memory } as const;
  const known = (value: Json): Memory => value as unknown as Memory;
  return [
    {
      ...common,
      name: 'deadlock/no-phantom',
      kind: 'always',
      clauses: { 'no-phantom': 'What is reported as a deadlock is one at that moment.' },
      test(_, value) {
        const { phantom } = known(value);
        return phantom === null || { clause: 'no-phantom', why: phantom };
      },
    },
    {
      ...common,
      name: 'deadlock/reported',
      kind: 'sometimes',
      clauses: { reached: 'A deadlock was reported: it could have been a phantom.' },
      test: (_, value) => known(value).reported > 0,
    },
    {
      ...common,
      name: 'deadlock/occurred',
      kind: 'sometimes',
      clauses: { reached: 'There was a deadlock: it could have been missed.' },
      test: (_, value) => known(value).occurred,
    },
    {
      ...common,
      name: 'deadlock/detection',
      kind: 'eventually',
      clauses: { detection: 'Every deadlock is reported.' },
      test: (view, value) => missed(reading, view, known(value).waits),
    },
  ];
}

function next(reading: DeadlockReading, memory: Memory, { node, effect }: Happened): Memory {
  if (effect.type === 'decide') return reported(memory, reading.circle(effect.value));
  if (effect.type !== 'send') return memory;
  const waits = changed(reading, memory.waits, node, effect);
  if (waits === memory.waits) return memory;
  return { ...memory, waits, occurred: memory.occurred || circleFrom(waits, node) !== null };
}

function changed(
  reading: DeadlockReading,
  waits: Waits,
  node: NodeId,
  effect: Extract<Effect, { type: 'send' }>,
): Waits {
  switch (reading.meaning(effect.message)) {
    case 'request':
      return { ...waits, [node]: effect.to };
    case 'grant':
      return { ...without(waits, effect.to), [node]: effect.to };
    case 'release':
      // a copy of an old release changes nothing
      return waits[effect.to] === node ? without(waits, effect.to) : waits;
    default:
      return waits;
  }
}

const without = (waits: Waits, node: NodeId): Waits =>
  Object.fromEntries(Object.entries(waits).filter(([each]) => each !== node));

function reported(memory: Memory, circle: readonly NodeId[]): Memory {
  const at = circle.findIndex((node, i) => memory.waits[node] !== circle[(i + 1) % circle.length]);
  const all = { ...memory, reported: memory.reported + 1 };
  if (at < 0 || memory.phantom !== null) return all;
  const [node, other] = [circle[at], circle[(at + 1) % circle.length]];
  return { ...all, phantom: `${circle.join(' → ')} is reported as a deadlock, but ${node} does not wait for ${other}` };
}

/** The circle that `start` is on; null: none. */
export function circleFrom(waits: Readonly<Record<NodeId, NodeId | null>>, start: NodeId): readonly NodeId[] | null {
  const way: NodeId[] = [];
  for (let node: NodeId | null | undefined = start; node != null; node = waits[node]) {
    if (node === start && way.length > 0) return way;
    if (way.includes(node)) return null;
    way.push(node);
  }
  return null;
}

function missed(reading: DeadlockReading, view: View, waits: Waits) {
  const found = view.nodes.flatMap(({ decisions }) => decisions.flatMap((report) => reading.circle(report)));
  const circle = Object.keys(waits)
    .map((node) => circleFrom(waits, node))
    .find((each) => each?.some((node) => !found.includes(node)));
  if (circle == null) return true;
  return { clause: 'detection', nodes: circle, why: `${circle.join(' → ')} is a deadlock that nobody has reported` };
}
