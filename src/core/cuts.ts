/**
 * Cuts through a run (Chandy and Lamport 1985): of each node, its events up to some point. A cut is consistent when
 * whatever was received inside it was also sent inside it: then it is a state in which the whole system could have been
 * seen. A cut that has a receipt without its sending shows an effect without its cause.
 */
import { type Causality, happenedBefore, receivedIn, sentIn } from './causality.ts';
import type { NodeId } from './protocol.ts';
import type { Envelope, TraceEvent } from './world.ts';

/** By node: its events with an index below this are inside. */
export type Cut = readonly number[];

/** The cut of one moment, the same for all nodes: always consistent. */
export const straightCut = (nodes: number, events: number): Cut => new Array<number>(nodes).fill(events);

export function isInside({ indexOf }: Causality, cut: Cut, event: TraceEvent): boolean {
  const node = event.node === null ? undefined : indexOf.get(event.node);
  return node !== undefined && event.index < (cut[node] as number);
}

/** A message that breaks the cut: received inside, sent outside. */
export interface Offence {
  readonly message: Envelope;
  readonly sent: number;
  readonly received: number;
}

export interface CutReport {
  /** in the order of receipt; none: the cut is consistent */
  readonly offences: readonly Offence[];
  /** sent inside and not yet received there: what the channels hold at the cut */
  readonly crossing: readonly Envelope[];
}

export function examineCut(causality: Causality, trace: readonly TraceEvent[], cut: Cut): CutReport {
  const offences: Offence[] = [];
  const crossing = new Map<number, Envelope>();
  const end = Math.min(trace.length, Math.max(0, ...cut));
  for (let i = 0; i < end; i++) {
    const event = trace[i] as TraceEvent;
    const inside = isInside(causality, cut, event);
    if (inside) for (const message of event.sends) crossing.set(message.id, message);
    // a copy made on the way is in the channel when its original was sent inside
    else if (event.node === null)
      for (const message of event.sends)
        if (isInside(causality, cut, trace[sentIn(causality, message)] as TraceEvent))
          crossing.set(message.id, message);
    for (const fate of event.fates) if (fate.place === 'dropped') crossing.delete(fate.id);
    const message = inside ? receivedIn(event) : null;
    if (message === null) continue;
    crossing.delete(message.id);
    const sent = sentIn(causality, message);
    if (!isInside(causality, cut, trace[sent] as TraceEvent)) offences.push({ message, sent, received: i });
  }
  return { offences, crossing: [...crossing.values()] };
}

/** One node's line moved over its next event (1) or its last one (-1); the same cut when there is none. */
export function moveCut(trace: readonly TraceEvent[], cut: Cut, node: number, id: NodeId, by: 1 | -1): Cut {
  const at = cut[node] as number;
  for (let i = by === 1 ? at : at - 1; i >= 0 && i < trace.length; i += by) {
    if (trace[i]?.node !== id) continue;
    return cut.map((each, other) => (other === node ? (by === 1 ? i + 1 : i) : each));
  }
  return cut;
}

/** Beyond so many events in conflict on one side the exact answer would take too long. */
const exactUpTo = 400;

/**
 * The consistent cut that is reached by moving as few events as possible over the line. Events outside that lie in the
 * past of events inside are in conflict with them: of each such pair one must change sides. The fewest changes are a
 * least vertex cover of these pairs; that it leaves a consistent cut follows from the order's being transitive.
 */
export function nearestConsistentCut(causality: Causality, trace: readonly TraceEvent[], cut: Cut): Cut {
  const { early, late } = conflicts(causality, trace, cut);
  if (early.length === 0) return cut;
  const { added, removed } =
    early.length <= exactUpTo && late.length <= exactUpTo
      ? leastCover(early, late, (a, b) => happenedBefore(causality, a, b))
      : early.length < late.length
        ? { added: early, removed: [] }
        : { added: [], removed: late };
  const moved = [...cut];
  const nodeOf = (event: TraceEvent): number => causality.indexOf.get(event.node as NodeId) as number;
  for (const event of added) moved[nodeOf(event)] = Math.max(moved[nodeOf(event)] as number, event.index + 1);
  for (const event of removed) moved[nodeOf(event)] = Math.min(moved[nodeOf(event)] as number, event.index);
  return moved;
}

/** Events outside that somebody inside has in the past, and those inside who have. */
function conflicts(
  causality: Causality,
  trace: readonly TraceEvent[],
  cut: Cut,
): { early: TraceEvent[]; late: TraceEvent[] } {
  const { indexOf, thresholds } = causality;
  const end = Math.min(trace.length, Math.max(0, ...cut));
  const inside: TraceEvent[] = [];
  const outside: TraceEvent[] = [];
  const most = cut.map(() => 0);
  for (let i = 0; i < end; i++) {
    const event = trace[i] as TraceEvent;
    if (event.node === null) continue;
    if (isInside(causality, cut, event)) {
      inside.push(event);
      event.vector.forEach((ticks, node) => {
        most[node] = Math.max(most[node] as number, ticks);
      });
    } else outside.push(event);
  }
  const early = outside.filter(
    ({ node, index }) => (most[indexOf.get(node as NodeId) as number] as number) >= (thresholds[index] as number),
  );
  const least = cut.map(() => Number.POSITIVE_INFINITY);
  for (const { node, index } of early) {
    const at = indexOf.get(node as NodeId) as number;
    least[at] = Math.min(least[at] as number, thresholds[index] as number);
  }
  const late = inside.filter((event) => event.vector.some((ticks, node) => ticks >= (least[node] as number)));
  return { early, late };
}

/** König: a greatest matching of the pairs, and from it the least cover. */
function leastCover(
  early: readonly TraceEvent[],
  late: readonly TraceEvent[],
  before: (a: TraceEvent, b: TraceEvent) => boolean,
): { added: TraceEvent[]; removed: TraceEvent[] } {
  const partners = early.map((x) => late.flatMap((y, i) => (before(x, y) ? [i] : [])));
  const matchOf = late.map(() => -1);
  const place = (x: number, tried: Set<number>): boolean => {
    for (const y of partners[x] as number[]) {
      if (tried.has(y)) continue;
      tried.add(y);
      const other = matchOf[y] as number;
      if (other >= 0 && !place(other, tried)) continue;
      matchOf[y] = x;
      return true;
    }
    return false;
  };
  const unmatched = early.map((_, x) => x).filter((x) => !place(x, new Set()));
  const reachedEarly = new Set(unmatched);
  const reachedLate = new Set<number>();
  // a set grows while it is gone through
  for (const x of reachedEarly)
    for (const y of partners[x] as number[]) {
      reachedLate.add(y);
      if ((matchOf[y] as number) >= 0) reachedEarly.add(matchOf[y] as number);
    }
  return { added: early.filter((_, x) => !reachedEarly.has(x)), removed: late.filter((_, y) => reachedLate.has(y)) };
}
