/**
 * A snapshot: the states of all nodes and of all channels between them, put together so that they could have been seen at
 * one moment. Chandy and Lamport, "Distributed Snapshots: Determining Global States of Distributed Systems" (1985). What is
 * counted here are tokens: nodes send them to one another, and nobody makes or loses any.
 */
import { canonicalJson } from '../json.ts';
import type { Failure, Happened, Json, Message, NodeId, Property, View } from '../protocol.ts';

/** What a node tells of itself in a delivered item. `tokens` of a part: in the node's state; `channels`: on the way to it. */
export type Moment =
  | { readonly received: string; readonly amount: number }
  | { readonly recorded: string; readonly tokens: number }
  | { readonly part: string; readonly tokens: number; readonly channels: Readonly<Record<NodeId, readonly number[]>> };

export interface SnapshotReading {
  /** a sending of tokens, with a name that no other message has; null: a message of another kind */
  sending(message: Message): { readonly name: string; readonly amount: number } | null;
  moment(item: Json): Moment;
  /** what each node has in the beginning */
  initial(view: View): Readonly<Record<NodeId, number>>;
  /** snapshots begun so far */
  begun(view: View): number;
  /** the snapshots that somebody has put together, with the tokens in them */
  results(view: View): readonly { readonly snapshot: string; readonly total: number }[];
}

type ByNode<T> = Readonly<Record<NodeId, T>>;
interface Memory {
  /** for each message, the snapshots that its sender had recorded its state for */
  readonly sentAfter: Readonly<Record<string, readonly string[]>>;
  /** for each snapshot, the states recorded for it */
  readonly states: Readonly<Record<string, ByNode<number>>>;
  /** for each snapshot, the tokens in the channels whose recording is over, by receiver */
  readonly channels: Readonly<Record<string, ByNode<number>>>;
  readonly offence: Failure | null;
  /** what each node has won or lost, and everything that this has ever been */
  readonly change: ByNode<number>;
  readonly seen: readonly string[];
}
const nothingYet: Memory = { sentAfter: {}, states: {}, channels: {}, offence: null, change: {}, seen: ['{}'] };

export function snapshot(reading: SnapshotReading): Property[] {
  const memory = {
    initial: nothingYet as unknown as Json,
    next: (before: Json, happened: Happened): Json =>
      next(reading, before as unknown as Memory, happened) as unknown as Json,
  };
  const common = { reads: ['memory'], memory } as const;
  const completed = (view: View, known: Json): Completed[] => completedIn(view, known as unknown as Memory);
  return [
    {
      ...common,
      name: 'snapshot/consistent-cut',
      kind: 'always',
      clauses: { 'consistent-cut': 'No message is received before the recording that was sent after it.' },
      test: (_, known) => (known as unknown as Memory).offence ?? true,
    },
    {
      ...common,
      name: 'snapshot/conservation',
      kind: 'always',
      reads: ['memory', 'decisions'],
      clauses: {
        conservation: 'Nodes and channels of a snapshot hold as many tokens as there are.',
        report: 'So says whoever puts it together.',
      },
      test: (view, known) => lossOrGain(reading, view, completed(view, known)),
    },
    {
      ...common,
      name: 'snapshot/completed',
      kind: 'sometimes',
      clauses: { reached: 'A snapshot is complete, so that its tokens could be counted.' },
      test: (view, known) => completed(view, known).length > 0,
    },
    {
      ...common,
      name: 'snapshot/tokens-on-the-way',
      kind: 'sometimes',
      clauses: { reached: 'A complete snapshot has tokens in a channel: the states alone would not have done.' },
      test: (view, known) => completed(view, known).some(({ channels }) => channels > 0),
    },
    {
      ...common,
      name: 'snapshot/never-occurred',
      kind: 'sometimes',
      clauses: { reached: 'The recorded states never were the states of all nodes at one moment.' },
      test: (view, known) =>
        completed(view, known).some(({ states }) => !hasOccurred(states, reading.initial(view), known)),
    },
    {
      name: 'snapshot/termination',
      kind: 'eventually',
      clauses: { termination: 'Every snapshot that is begun is put together.' },
      test: (view) =>
        reading.results(view).length >= reading.begun(view) || {
          clause: 'termination',
          why: `${reading.begun(view)} begun, ${reading.results(view).length} put together`,
        },
    },
  ];
}

function next(reading: SnapshotReading, memory: Memory, { node, effect }: Happened): Memory {
  if (effect.type === 'send') {
    const sending = reading.sending(effect.message);
    if (sending === null) return memory;
    const recorded = Object.keys(memory.states).filter((id) => Object.hasOwn(memory.states[id] ?? {}, node));
    const sentAfter = { ...memory.sentAfter, [sending.name]: recorded };
    return changed({ ...memory, sentAfter }, node, -sending.amount);
  }
  if (effect.type !== 'deliver') return memory;
  const moment = reading.moment(effect.item);
  if ('received' in moment) return changed(received(memory, node, moment.received), node, moment.amount);
  const [of, id, tokens] =
    'recorded' in moment
      ? (['states', moment.recorded, moment.tokens] as const)
      : (['channels', moment.part, sum(Object.values(moment.channels).flat())] as const);
  return { ...memory, [of]: { ...memory[of], [id]: { ...memory[of][id], [node]: tokens } } };
}

function changed(memory: Memory, node: NodeId, by: number): Memory {
  const { [node]: before = 0, ...rest } = memory.change;
  const change = before + by === 0 ? rest : { ...rest, [node]: before + by };
  const text = canonicalJson(change);
  return { ...memory, change, seen: memory.seen.includes(text) ? memory.seen : [...memory.seen, text] };
}

function received(memory: Memory, node: NodeId, name: string): Memory {
  const id = memory.sentAfter[name]?.find((each) => !Object.hasOwn(memory.states[each] ?? {}, node));
  if (id === undefined || memory.offence !== null) return memory;
  const why = `${node} received ${name} before it recorded its state for snapshot ${id}, but it was sent after its sender had`;
  return { ...memory, offence: { clause: 'consistent-cut', nodes: [node], why } };
}

interface Completed {
  readonly id: string;
  readonly states: ByNode<number>;
  /** tokens in all channels together */
  readonly channels: number;
}

/** The snapshots of which every node has given its part. */
const completedIn = (view: View, { states, channels }: Memory): Completed[] =>
  Object.entries(channels)
    .filter(([, parts]) => Object.keys(parts).length === view.nodes.length)
    .map(([id, parts]) => ({ id, states: states[id] ?? {}, channels: sum(Object.values(parts)) }));

function lossOrGain(reading: SnapshotReading, view: View, completed: readonly Completed[]): true | Failure {
  const total = sum(Object.values(reading.initial(view)));
  for (const { id, states, channels } of completed) {
    const counted = sum(Object.values(states)) + channels;
    if (counted === total) continue;
    const parts = Object.entries(states).map(([node, tokens]) => `${node} ${tokens}`);
    const why = `snapshot ${id} has ${counted} tokens (${parts.join(', ')}, on the way ${channels}), but there are ${total}`;
    return { clause: 'conservation', why };
  }
  const wrong = reading.results(view).find((result) => result.total !== total);
  if (wrong === undefined) return true;
  return { clause: 'report', why: `snapshot ${wrong.snapshot} is said to have ${wrong.total} tokens, of ${total}` };
}

function hasOccurred(states: ByNode<number>, initial: ByNode<number>, known: Json): boolean {
  const change = Object.entries(states)
    .map(([node, tokens]) => [node, tokens - (initial[node] ?? 0)] as const)
    .filter(([, by]) => by !== 0);
  return (known as unknown as Memory).seen.includes(canonicalJson(Object.fromEntries(change)));
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
