/**
 * Multicast: members send messages to all members, and each delivers what it gets in some order. Which order depends on how
 * much one pays. FIFO: each sender's messages in the order of sending. Causal: no message before one that it may have been
 * caused by. (Total: all members in the same order; see `total-order`.) Hadzilacos and Toueg, "A Modular Approach to
 * Fault-Tolerant Broadcasts and Related Problems" (1994). A member that crashed owes nothing.
 */
import type { Failure, Happened, Json, Message, NodeId, NodeView, Property, View } from '../protocol.ts';
import { isLive } from './decisions.ts';

export interface MulticastReading {
  /** the name of a message that is multicast, as it is sent: no other message has it; null: a message of another kind */
  sending(message: Message, sender: NodeId): string | null;
  /** the same name, in a delivered item, and who sent it first */
  delivered(item: Json): { readonly name: string; readonly from: NodeId };
}

interface Memory {
  /** by sender, in the order of sending */
  readonly sent: Readonly<Record<NodeId, readonly string[]>>;
  /** for each message, those that its sender had sent or delivered before, and what was before them */
  readonly past: Readonly<Record<string, readonly string[]>>;
  readonly delivered: Readonly<Record<NodeId, readonly string[]>>;
  /** by clause, the first delivery that broke it */
  readonly offences: Readonly<Record<string, Failure>>;
  /** what there was to judge */
  readonly met: readonly ('delivered' | 'second-of-sender' | 'effect-of-another')[];
}
const nothingYet: Memory = { sent: {}, past: {}, delivered: {}, offences: {}, met: [] };

export function multicast(reading: MulticastReading): Property[] {
  const memory = {
    initial: nothingYet as unknown as Json,
    next(before: Json, { node, effect, honest }: Happened): Json {
      const known = before as unknown as Memory;
      if (effect.type === 'send') return sent(known, node, reading.sending(effect.message, node)) as unknown as Json;
      if (effect.type !== 'deliver' || !honest) return before;
      return delivered(known, node, reading.delivered(effect.item)) as unknown as Json;
    },
  };
  const always = (name: string, clauses: Property['clauses']): Property => ({
    name: `multicast/${name}`,
    kind: 'always',
    clauses,
    reads: ['memory'],
    memory,
    test: (_, known) =>
      Object.keys(clauses)
        .map((clause) => (known as unknown as Memory).offences[clause])
        .find((offence) => offence !== undefined) ?? true,
  });
  const sometimes = (name: Memory['met'][number], reached: string): Property => ({
    name: `multicast/${name}`,
    kind: 'sometimes',
    clauses: { reached },
    reads: ['memory'],
    memory,
    test: (_, known) => (known as unknown as Memory).met.includes(name),
  });
  return [
    always('integrity', {
      'no-duplication': 'A member delivers a message at most once.',
      'no-creation': 'Only what was multicast is delivered.',
    }),
    sometimes('delivered', 'A message of another member was delivered, so that integrity had something to judge.'),
    always('fifo-order', { 'fifo-order': 'Nobody delivers a message without the earlier ones of its sender.' }),
    sometimes('second-of-sender', 'A second message of one sender was delivered: it could have come too early.'),
    always('causal-order', {
      'causal-order': 'Nobody delivers a message without those that its sender had sent or delivered before it.',
    }),
    sometimes('effect-of-another', 'A message was delivered whose sender had delivered one of another member before.'),
    {
      name: 'multicast/delivery',
      kind: 'eventually',
      clauses: {
        validity: 'What a running member multicasts, every running member delivers.',
        agreement: 'What one running member delivers, every running member delivers.',
      },
      reads: ['memory'],
      memory,
      test: (view, known) => missing(view, known as unknown as Memory),
    },
  ];
}

/** A message is on its way to the first of its receivers: what its sender knows now may have caused it. */
function sent(memory: Memory, node: NodeId, name: string | null): Memory {
  if (name === null || memory.past[name] !== undefined) return memory;
  const earlier = memory.sent[node] ?? [];
  const causes = [...earlier, ...(memory.delivered[node] ?? [])];
  const past = [...new Set(causes.flatMap((cause) => [cause, ...(memory.past[cause] ?? [])]))];
  return {
    ...memory,
    sent: { ...memory.sent, [node]: [...earlier, name] },
    past: { ...memory.past, [name]: past },
  };
}

function delivered(memory: Memory, node: NodeId, { name, from }: { name: string; from: NodeId }): Memory {
  const before = memory.delivered[node] ?? [];
  const ofSender = memory.sent[from] ?? [];
  const past = memory.past[name] ?? [];
  const earlierOfSender = ofSender.slice(0, Math.max(0, ofSender.indexOf(name)));
  const lacking = (needed: readonly string[]): string | undefined => needed.find((each) => !before.includes(each));
  const found: Record<string, string | undefined> = {
    'no-duplication': before.includes(name) ? `${node} delivers ${name} again` : undefined,
    'no-creation': ofSender.includes(name) ? undefined : `${node} delivers ${name}, which ${from} never sent`,
    'fifo-order': saying(node, name, lacking(earlierOfSender), 'which has the same sender'),
    'causal-order': saying(node, name, lacking(past), 'which its sender had seen'),
  };
  const offences = { ...memory.offences };
  for (const [clause, why] of Object.entries(found))
    if (why !== undefined) offences[clause] ??= { clause, nodes: [node], why };
  const met = new Set(memory.met);
  if (from !== node) met.add('delivered');
  if (earlierOfSender.length > 0 && from !== node) met.add('second-of-sender');
  if (from !== node && past.some((each) => !ofSender.includes(each))) met.add('effect-of-another');
  return { ...memory, delivered: { ...memory.delivered, [node]: [...before, name] }, offences, met: [...met] };
}

const saying = (node: NodeId, name: string, missed: string | undefined, relation: string): string | undefined =>
  missed === undefined ? undefined : `${node} delivers ${name} without ${missed}, ${relation}`;

function missing(view: View, memory: Memory): true | Failure {
  const running = view.honest.filter(isLive);
  const isDue = (node: NodeView) => !node.everCrashed;
  const bySenders = running.filter(isDue).flatMap(({ id }) => memory.sent[id] ?? []);
  const byOthers = running.flatMap(({ id }) => memory.delivered[id] ?? []);
  for (const { id } of running) {
    const own = memory.delivered[id] ?? [];
    const name = bySenders.find((each) => !own.includes(each));
    if (name !== undefined) return { clause: 'validity', nodes: [id], why: `${id} has not delivered ${name}` };
    const told = byOthers.find((each) => !own.includes(each));
    if (told !== undefined)
      return { clause: 'agreement', nodes: [id], why: `${id} has not delivered ${told}, which another member has` };
  }
  return true;
}
