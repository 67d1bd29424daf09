/**
 * What happened before what (Lamport 1978): events of one node in their order, a sending before its receipt, and whatever
 * follows from these. Vector clocks answer it at once; the chain of messages that proves it is found by walking the trace.
 *
 * Not every event of a trace ticks a clock: a start, a crash, or a message that is lost at the door do not. Such an event
 * stands at its node between two ticks, and only who knows a later tick of that node has it in the past.
 */
import type { NodeId } from './protocol.ts';
import type { Envelope, TraceEvent } from './world.ts';

/** What comparing needs to know of each event of a trace. It grows with the trace. */
export interface Causality {
  readonly indexOf: ReadonlyMap<NodeId, number>;
  /** by event: who knows so many ticks of its node has the event in the past */
  readonly thresholds: number[];
  /** by node: its greatest tick so far, sendings included */
  readonly ticks: number[];
  /** where a copy comes from that was made on the way: the event of the original's sending */
  readonly origins: Map<number, number>;
}

export const createCausality = (indexOf: ReadonlyMap<NodeId, number>): Causality => ({
  indexOf,
  thresholds: [],
  ticks: new Array<number>(indexOf.size).fill(0),
  origins: new Map(),
});

/** Takes in what has happened since. */
export function extendCausality(causality: Causality, trace: readonly TraceEvent[]): Causality {
  const { thresholds, ticks, indexOf } = causality;
  for (let i = thresholds.length; i < trace.length; i++) {
    const event = trace[i] as TraceEvent;
    const node = event.node === null ? undefined : indexOf.get(event.node);
    if (node === undefined) thresholds.push(Number.POSITIVE_INFINITY);
    else {
      const own = event.vector[node] ?? 0;
      const known = ticks[node] as number;
      thresholds.push(own > known ? own : known + 1);
      ticks[node] = Math.max(known, own);
    }
    for (const message of event.sends) takeSending(causality, trace, event, message);
  }
  return causality;
}

function takeSending(causality: Causality, trace: readonly TraceEvent[], event: TraceEvent, message: Envelope): void {
  const sender = causality.indexOf.get(message.from) ?? 0;
  if (event.node === message.from) {
    causality.ticks[sender] = Math.max(causality.ticks[sender] ?? 0, message.vector[sender] ?? 0);
    return;
  }
  for (let i = event.index - 1; i >= 0; i--) {
    const earlier = trace[i] as TraceEvent;
    if (!earlier.sends.some(({ id }) => id === message.copyOf)) continue;
    causality.origins.set(message.id, causality.origins.get(message.copyOf as number) ?? i);
    return;
  }
}

/** The message that this event took in; null when it took in none, or when it was lost or stopped at the door. */
export function receivedIn(event: TraceEvent): Envelope | null {
  const { message } = event;
  if (message === null || event.fates.some(({ id }) => id === message.id)) return null;
  return message;
}

/** The index of the event in which a message was sent. */
export const sentIn = ({ origins }: Causality, message: Envelope): number =>
  origins.get(message.id) ?? message.sentIndex;

/** Whether event `a` is in the causal past of `b`. Events of the network itself have no place in this order. */
export function happenedBefore({ indexOf, thresholds }: Causality, a: TraceEvent, b: TraceEvent): boolean {
  if (a.node === null || b.node === null) return false;
  if (a.node === b.node) return a.index < b.index;
  return (b.vector[indexOf.get(a.node) as number] ?? 0) >= (thresholds[a.index] as number);
}

/** One step of a proof: a message, or (null) a stretch of one node's own time. */
export interface Hop {
  readonly from: number;
  readonly to: number;
  readonly message: Envelope | null;
}

interface Way {
  readonly messages: number;
  readonly next: number;
  readonly message: Envelope | null;
}

/** From event `from` to the later `to` by as few messages as can be; null: nothing leads there. */
export function chainBetween(
  causality: Causality,
  trace: readonly TraceEvent[],
  from: number,
  to: number,
): Hop[] | null {
  const ways = new Map<number, Way>();
  // by node, the earliest of its events known to lead on; by event, the best of its messages that leads on
  const ofNode = new Map<NodeId, { messages: number; index: number }>();
  const ofSending = new Map<number, Way>();
  for (let i = to; i >= from; i--) {
    const event = trace[i] as TraceEvent;
    if (event.node === null) continue;
    const later = ofNode.get(event.node);
    let way: Way | undefined = ofSending.get(i);
    if (later !== undefined && (way === undefined || later.messages < way.messages))
      way = { messages: later.messages, next: later.index, message: null };
    if (i === to) way = { messages: 0, next: to, message: null };
    if (way === undefined) continue;
    ways.set(i, way);
    if (i === from) return hopsOf(ways, from, to);
    ofNode.set(event.node, { messages: way.messages, index: i });
    const message = receivedIn(event);
    if (message === null) continue;
    const sent = sentIn(causality, message);
    const known = ofSending.get(sent);
    if (known === undefined || way.messages + 1 < known.messages)
      ofSending.set(sent, { messages: way.messages + 1, next: i, message });
  }
  return null;
}

/** The ways one after the other; what happens at one node between two messages is one hop. */
function hopsOf(ways: ReadonlyMap<number, Way>, from: number, to: number): Hop[] {
  const hops: Hop[] = [];
  for (let at = from; at !== to; ) {
    const { next, message } = ways.get(at) as Way;
    const last = hops.at(-1);
    if (message === null && last?.message === null) hops[hops.length - 1] = { ...last, to: next };
    else hops.push({ from: at, to: next, message });
    at = next;
  }
  return hops;
}

/** One component of both vectors: how many ticks of `node` each of the two events knows. */
export interface Component {
  readonly node: NodeId;
  readonly a: number;
  readonly b: number;
}

export type Comparison =
  | { readonly order: 'same' }
  /** one of them is an event of the network, which has no clock */
  | { readonly order: 'none' }
  | { readonly order: 'before' | 'after'; readonly chain: readonly Hop[] }
  /** `proof`: two components, the first greater in `a`, the second greater in `b`; null when one of them ticked no clock */
  | { readonly order: 'concurrent'; readonly proof: readonly [Component, Component] | null };

/** How event `a` stands to `b`, with what proves it. */
export function compareEvents(causality: Causality, trace: readonly TraceEvent[], a: number, b: number): Comparison {
  const [first, second] = [trace[a] as TraceEvent, trace[b] as TraceEvent];
  if (a === b) return { order: 'same' };
  if (first.node === null || second.node === null) return { order: 'none' };
  if (happenedBefore(causality, first, second))
    return { order: 'before', chain: chainBetween(causality, trace, a, b) ?? [] };
  if (happenedBefore(causality, second, first))
    return { order: 'after', chain: chainBetween(causality, trace, b, a) ?? [] };
  const component = (node: NodeId): Component => {
    const at = causality.indexOf.get(node) as number;
    return { node, a: first.vector[at] ?? 0, b: second.vector[at] ?? 0 };
  };
  const [own, other] = [component(first.node), component(second.node)];
  return { order: 'concurrent', proof: own.a > own.b && other.b > other.a ? [own, other] : null };
}
