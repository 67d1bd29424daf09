/**
 * What rows need to know of other events: since when each node is up, down or paused, which deliveries were overtaken,
 * and what is worth a mark on the timeline. It grows with the trace, by a number or two an event.
 */
import { type Causality, createCausality, extendCausality, receivedIn } from '../../core/causality.ts';
import type { TraceEvent, World } from '../../core/world.ts';
import { extendMatches, type Filter, type Matches } from './filter.ts';

export type Lifeline = 'up' | 'down' | 'paused';
interface Change {
  readonly index: number;
  readonly to: Lifeline;
}

/** What the timeline marks, the gravest first. */
export const landmarkKinds = ['violation', 'bound', 'crash', 'traitor', 'fault', 'decision'] as const;
export type LandmarkKind = (typeof landmarkKinds)[number];
export interface Landmark {
  readonly index: number;
  readonly kind: LandmarkKind;
}

export interface TraceIndex {
  seen: number;
  /** by node: its changes, oldest first */
  readonly changes: Map<string, Change[]>;
  /** by delivery: the message sent later over the same link that had arrived before it */
  readonly overtakenBy: Map<number, number>;
  readonly landmarks: Landmark[];
  /** the event at which there were more faulty nodes than the protocol stands */
  exceeded: TraceEvent | null;
  readonly causality: Causality;
  /** by link, the youngest message that has arrived */
  readonly arrived: Map<string, number>;
  /** what the last filter asked for shows */
  matches: Matches | null;
}

export const createTraceIndex = (indexOf: ReadonlyMap<string, number> = new Map()): TraceIndex => ({
  seen: 0,
  changes: new Map(),
  overtakenBy: new Map(),
  landmarks: [],
  exceeded: null,
  causality: createCausality(indexOf),
  arrived: new Map(),
  matches: null,
});

/** The indices of the events that the filter shows, ascending. */
export function matching(
  index: TraceIndex,
  filter: Filter,
  world: World,
  trace: readonly TraceEvent[],
): readonly number[] {
  if (index.matches?.filter !== filter) index.matches = { filter, seen: 0, list: [] };
  return extendMatches(index.matches, world, trace).list;
}

/** Takes in what has happened since. */
export function extendIndex(index: TraceIndex, trace: readonly TraceEvent[]): TraceIndex {
  extendCausality(index.causality, trace);
  for (; index.seen < trace.length; index.seen++) {
    const event = trace[index.seen] as TraceEvent;
    const exceeds = event.notes.some((note) => note.startsWith('bound exceeded'));
    if (index.exceeded === null && exceeds) index.exceeded = event;
    const kind = landmarkOf(event, exceeds);
    if (kind !== null) index.landmarks.push({ index: event.index, kind });
    noteArrival(index, event);
    const changed = lifelineChange(event);
    if (changed === null) continue;
    const changes = index.changes.get(changed.node) ?? [];
    changes.push({ index: event.index, to: changed.to });
    index.changes.set(changed.node, changes);
  }
  return index;
}

function noteArrival(index: TraceIndex, event: TraceEvent): void {
  const message = receivedIn(event);
  if (message === null) return;
  const link = `${message.from}>${message.to}`;
  const youngest = index.arrived.get(link);
  // a copy is late by nature
  if (youngest === undefined || youngest < message.id) index.arrived.set(link, message.id);
  else if (message.copyOf === undefined) index.overtakenBy.set(event.index, youngest);
}

/** A step that ends without a state: the node went down in the middle of it. */
const stopsInStep = ({ node, choice, before, after }: TraceEvent): boolean =>
  node !== null && after === '' && (before !== '' || choice.type === 'start' || choice.type === 'restart');

function landmarkOf(event: TraceEvent, exceeds: boolean): LandmarkKind | null {
  const { choice, fault, effects, violated } = event;
  if (violated.length > 0) return 'violation';
  if (exceeds) return 'bound';
  if (choice.type === 'fail' || (choice.type === 'crash' && choice.afterSends === undefined) || stopsInStep(event))
    return 'crash';
  if (choice.type === 'traitor') return 'traitor';
  if (fault !== null) return 'fault';
  return effects.length > 0 && effects.some(({ type }) => type === 'decide') ? 'decision' : null;
}

function lifelineChange(event: TraceEvent): { node: string; to: Lifeline } | null {
  const { choice } = event;
  if (event.node !== null && stopsInStep(event)) return { node: event.node, to: 'down' };
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
