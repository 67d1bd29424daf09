/** Which events the diagram shows: those of some nodes, of some kinds, or those that a property looks at. */
import type { Property } from '../../core/protocol.ts';
import type { TraceEvent, World } from '../../core/world.ts';

/** Kinds of events beside the kinds of messages. */
export const eventKinds = ['message', 'timer', 'input', 'fault', 'decision', 'state', 'write', 'violation'] as const;
export type EventKind = (typeof eventKinds)[number];

/** Of one list any; of several lists, each that is not empty. */
export interface Filter {
  readonly nodes: readonly string[];
  readonly kinds: readonly EventKind[];
  /** kinds of messages, received or sent */
  readonly messages: readonly string[];
  readonly properties: readonly string[];
}

export const isEmpty = ({ nodes, kinds, messages, properties }: Filter): boolean =>
  nodes.length + kinds.length + messages.length + properties.length === 0;

const has = (event: TraceEvent, effect: string): boolean => event.effects.some(({ type }) => type === effect);
const isFault = ({ fault, choice }: TraceEvent): boolean => fault !== null || choice.type === 'fail';

const kindTests: Readonly<Record<EventKind, (event: TraceEvent) => boolean>> = {
  message: ({ choice }) => choice.type === 'deliver',
  timer: ({ choice }) => choice.type === 'fire',
  input: ({ choice }) => choice.type === 'input',
  fault: isFault,
  decision: (event) => has(event, 'decide'),
  state: ({ before, after }) => after !== null && after !== before,
  write: (event) => has(event, 'persist'),
  violation: ({ violated }) => violated.length > 0,
};

/** What a fault of the network is about; null: everybody. */
function nodesOfFault({ choice }: TraceEvent): readonly string[] | null {
  if ('from' in choice || 'to' in choice) {
    const ends = [choice.from, choice.to].filter((id) => id !== undefined);
    return ends.length === 0 ? null : ends;
  }
  return null;
}

function concernsNode(event: TraceEvent, nodes: readonly string[]): boolean {
  if (event.node === null) return nodesOfFault(event)?.some((id) => nodes.includes(id)) ?? true;
  return nodes.includes(event.node) || (event.message !== null && nodes.includes(event.message.from));
}

const concernsMessage = (event: TraceEvent, kinds: readonly string[]): boolean =>
  (event.message !== null && kinds.includes(event.message.body.type)) ||
  event.sends.some(({ body }) => kinds.includes(body.type));

/** The events at which the property was settled, and those that changed what it reads. */
function concernsProperty(event: TraceEvent, { name, reads }: Property): boolean {
  if (event.violated.includes(name) || event.reached.includes(name)) return true;
  return (reads ?? ['decisions', 'states', 'deliveries']).some((part) => {
    if (part === 'decisions') return has(event, 'decide');
    if (part === 'deliveries') return has(event, 'deliver');
    return (part === 'states' && kindTests.state(event)) || has(event, 'persist');
  });
}

/** Does the diagram show this event? */
export function passes(world: World, filter: Filter, event: TraceEvent): boolean {
  const { nodes, kinds, messages, properties } = filter;
  return (
    (nodes.length === 0 || concernsNode(event, nodes)) &&
    (kinds.length === 0 || kinds.some((kind) => kindTests[kind](event))) &&
    (messages.length === 0 || concernsMessage(event, messages)) &&
    (properties.length === 0 ||
      world.properties.some(({ property }) => properties.includes(property.name) && concernsProperty(event, property)))
  );
}

/** The events that a filter shows, as far as the trace has been looked through. */
export interface Matches {
  readonly filter: Filter;
  seen: number;
  readonly list: number[];
}

/** Looks through what has happened since. */
export function extendMatches(matches: Matches, world: World, trace: readonly TraceEvent[]): Matches {
  for (; matches.seen < trace.length; matches.seen++) {
    const event = trace[matches.seen] as TraceEvent;
    if (passes(world, matches.filter, event)) matches.list.push(event.index);
  }
  return matches;
}
