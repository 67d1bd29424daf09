/** What Multi-Paxos promises slot by slot: in each, as in one instance of Paxos, at most one command is ever chosen. */
import type { Happened, Json, JsonObject, NodeId, Property, View } from '../../src/core/protocol.ts';
import type { Command, Proposal, Slots } from './words.ts';

/** Who has accepted what: `{ "slot/ballot": { command, by } }`. Every acceptance is a stable write. */
type Acceptances = Readonly<Record<string, { readonly command: string; readonly by: readonly NodeId[] }>>;

function recordAcceptance(memory: Json, { node, honest, effect }: Happened): Json {
  if (!honest || effect.type !== 'persist' || effect.key !== 'accepted') return memory;
  let after = memory as Acceptances;
  for (const [slot, { ballot, command }] of Object.entries(effect.value as Slots<Proposal>)) {
    const key = `${slot}/${ballot}`;
    const by = after[key]?.by ?? [];
    if (by.includes(node)) continue;
    after = { ...after, [key]: { command: wordsOf(command), by: [...by, node].sort() } };
  }
  return after as JsonObject;
}

/** `write x (K1.2)`. A command that was changed on its way may be none any more. */
function wordsOf(command: Command | null): string {
  if (command === null) return 'null';
  const { client, number, operation, value } = command;
  return `${operation}${operation === 'write' ? ` ${String(value)}` : ''} (${client}.${number})`;
}

/** By slot, the commands that a majority has accepted in one ballot. */
function chosenBySlot(view: View, memory: Json): Map<string, Set<string>> {
  const majority = Math.floor(view.nodes.filter(({ role }) => role === 'replica').length / 2) + 1;
  const chosen = new Map<string, Set<string>>();
  for (const [key, { command, by }] of Object.entries(memory as Acceptances)) {
    const slot = key.split('/')[0] as string;
    if (by.length >= majority) chosen.set(slot, (chosen.get(slot) ?? new Set()).add(command));
  }
  return chosen;
}
const memory = { initial: {}, next: recordAcceptance };

export const slotProperties: readonly Property[] = [
  {
    name: 'multi-paxos/one-per-slot',
    kind: 'always',
    clauses: { 'one-per-slot': 'In each slot at most one command is ever accepted by a majority in one ballot.' },
    reads: ['memory'],
    memory,
    test(view, happened) {
      for (const [slot, commands] of chosenBySlot(view, happened)) {
        if (commands.size > 1) {
          return { clause: 'one-per-slot', why: `in slot ${slot} both ${[...commands].join(' and ')} are chosen` };
        }
      }
      return true;
    },
  },
  {
    name: 'multi-paxos/chosen',
    kind: 'sometimes',
    clauses: { reached: 'A command is chosen, whether or not anybody knows it yet.' },
    reads: ['memory'],
    memory,
    test: (view, happened) => chosenBySlot(view, happened).size > 0,
  },
  {
    name: 'multi-paxos/hole-filled',
    kind: 'sometimes',
    clauses: { reached: 'A new leader had a hole in the log filled with nothing.' },
    reads: ['memory'],
    memory,
    test: (view, happened) =>
      [...chosenBySlot(view, happened).values()].some((commands) => commands.has('nothing (.0)')),
  },
  {
    name: 'multi-paxos/two-leaders',
    kind: 'sometimes',
    clauses: { reached: 'Two running replicas believe that they lead, each in a ballot of its own.' },
    reads: ['states'],
    test: (view) => view.honest.filter(({ path }) => path === 'leading').length > 1,
  },
];
