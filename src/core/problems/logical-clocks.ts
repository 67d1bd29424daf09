/**
 * Logical clocks: numbers on events that tell what may have caused what. Lamport, "Time, Clocks, and the Ordering of Events
 * in a Distributed System" (1978), for the clock condition; Fidge and Mattern (1988) for vectors, whose order is
 * happens-before itself. Happens-before is worked out here as its definition says, event by event: a node's own order, a
 * sending before its receipt, and what follows from these. No clock is looked at for it.
 */
import type { Failure, Happened, Json, JsonObject, NodeId, Property } from '../protocol.ts';

/** One event of a node, as the protocol tells it, with the clocks that the node gave to it. */
export interface StampedEvent {
  readonly name: string;
  readonly lamport: number;
  /** one count a node, in scenario order */
  readonly vector: readonly number[];
  /** the message that it sent or received, by a name that no other message has; null: neither */
  readonly sent: string | null;
  readonly received: string | null;
  /** the time to which it sets its clock ahead; null: it goes on from where it was */
  readonly jump: number | null;
}

export interface LogicalClocksReading {
  /** the event in a delivered item */
  event(item: Json): StampedEvent;
}

interface Known extends StampedEvent {
  readonly node: NodeId;
  readonly honest: boolean;
  /** places of all events that happened before this one */
  readonly past: readonly number[];
}

export function logicalClocks(reading: LogicalClocksReading): Property[] {
  const memory = {
    initial: [],
    next(before: Json, { node, honest, effect }: Happened): Json {
      if (effect.type !== 'deliver') return before;
      const known = before as unknown as readonly Known[];
      const event = reading.event(effect.item);
      return [...known, { ...event, node, honest, past: pastOf(known, node, event) }] as unknown as Json;
    },
  };
  const common = { reads: ['memory'], memory } as const;
  return [
    {
      ...common,
      name: 'logical-clocks/clock-condition',
      kind: 'always',
      clauses: { 'clock-condition': 'If a happened before b, then L(a) < L(b).' },
      test: (_, events) => newest(events, 'clock-condition', clockCondition) ?? true,
    },
    {
      ...common,
      name: 'logical-clocks/vector-order',
      kind: 'always',
      clauses: { 'vector-order': 'V(a) < V(b) exactly when a happened before b.' },
      test: (_, events) => newest(events, 'vector-order', vectorOrder) ?? true,
    },
    {
      ...common,
      name: 'logical-clocks/caused-elsewhere',
      kind: 'sometimes',
      clauses: { reached: 'An event happened before one at another node, so that the clocks had something to show.' },
      test: (_, events) => newest(events, 'reached', (a, b, before) => before && a.node !== b.node) !== null,
    },
    {
      ...common,
      name: 'logical-clocks/smaller-but-concurrent',
      kind: 'sometimes',
      clauses: {
        reached: 'L(a) < L(b), and yet a and b are concurrent: the converse of the clock condition is false.',
      },
      test: (_, events) => newest(events, 'reached', (a, b, before) => !before && a.lamport !== b.lamport) !== null,
    },
    {
      ...common,
      name: 'logical-clocks/jump-cuts',
      kind: 'always',
      clauses: {
        'jump-cuts': 'Where the clocks jump is a consistent cut: no event before a jump has a cause after it.',
      },
      test: (_, events) => newest(events, 'jump-cuts', jumpCuts(events as unknown as readonly Known[])) ?? true,
    },
    {
      ...common,
      name: 'logical-clocks/jumped',
      kind: 'sometimes',
      clauses: { reached: 'All clocks have jumped: the cut goes through every node.' },
      test: ({ nodes }, events) => {
        const known = events as unknown as readonly Known[];
        const jumps = known.flatMap(({ jump }) => jump ?? []);
        return jumps.some((jump) => nodes.every(({ id }) => known.some((e) => e.node === id && e.lamport >= jump)));
      },
    },
  ];
}

/** Everything that happened before the event that comes next at this node. */
function pastOf(known: readonly Known[], node: NodeId, { received }: StampedEvent): number[] {
  const own = known.findLastIndex((each) => each.node === node);
  const sending = received === null ? -1 : known.findIndex(({ sent }) => sent === received);
  const past = new Set<number>();
  for (const cause of [own, sending]) {
    if (cause < 0) continue;
    past.add(cause);
    for (const earlier of (known[cause] as Known).past) past.add(earlier);
  }
  return [...past].sort((a, b) => a - b);
}

/** `a` and the newest event `b`, of which `a` is known first; what `isFound` says of them, and why. */
type Relation = (a: Known, b: Known, before: boolean) => string | boolean;

/** The first earlier event that stands so to the newest one. Earlier pairs have been looked at when they were new. */
function newest(memory: Json, clause: string, isFound: Relation): Failure | null {
  const events = memory as unknown as readonly Known[];
  const b = events.at(-1);
  if (b === undefined || !b.honest) return null;
  const past = new Set(b.past);
  for (const [place, a] of events.slice(0, -1).entries()) {
    if (!a.honest) continue;
    const found = isFound(a, b, past.has(place));
    if (found !== false) return { clause, nodes: [...new Set([a.node, b.node])], why: String(found) };
  }
  return null;
}

const called = ({ node, name }: Known): string => `${name} at ${node}`;

function clockCondition(a: Known, b: Known, before: boolean): string | false {
  if (!before || a.lamport < b.lamport) return false;
  return `${called(a)} happened before ${called(b)}, but has L = ${a.lamport}, and that one L = ${b.lamport}`;
}

const jumpCuts =
  (events: readonly Known[]): Relation =>
  (a, b, before) => {
    const jump = before
      ? events.find(({ jump: to }) => to !== null && b.lamport < to && to <= a.lamport)?.jump
      : undefined;
    if (jump === undefined) return false;
    return `${called(a)} is after the jump to ${jump}, and caused ${called(b)}, which is before it`;
  };

function vectorOrder(a: Known, b: Known, before: boolean): string | false {
  const vectors = `${called(a)} has [${a.vector.join(' ')}], ${called(b)} has [${b.vector.join(' ')}]`;
  if (isLess(b.vector, a.vector)) return `${vectors}: less, but it did not happen before`;
  if (isLess(a.vector, b.vector) === before) return false;
  return before ? `${vectors}: not less, but it happened before` : `${vectors}: less, but it did not happen before`;
}

/** Nowhere greater, and somewhere less. */
const isLess = (a: readonly number[], b: readonly number[]): boolean =>
  a.every((ticks, i) => ticks <= (b[i] ?? 0)) && a.some((ticks, i) => ticks < (b[i] ?? 0));

/** The usual item: the fields of a `StampedEvent`, those that do not apply left out. */
export const stampedItem = (item: Json): StampedEvent => {
  const { name = '', lamport = 0, vector = [], sent = null, received = null, jump = null } = item as JsonObject;
  return { name, lamport, vector, sent, received, jump } as unknown as StampedEvent;
};
