/** What makes it safe, instance by instance: a resource manager's instance never chooses two values. */
import type { Happened, Json, JsonObject, Property, View } from '../../src/core/protocol.ts';
import { quorumOf } from './words.ts';

type Memory = Readonly<Record<string, readonly string[]>>;

/** Which acceptors have accepted which value for which manager in which ballot, whatever they have forgotten since. */
function remember(memory: Json, { node, honest, effect }: Happened): Json {
  if (!honest || effect.type !== 'send' || effect.message.type !== 'phase-2b') return memory;
  const { ballot, votes } = effect.message;
  let next = memory as Memory;
  for (const [manager, value] of Object.entries((votes ?? {}) as JsonObject)) {
    const key = JSON.stringify([manager, value, ballot]);
    const by = next[key] ?? [];
    if (!by.includes(node)) next = { ...next, [key]: [...by, node].sort() };
  }
  return next as JsonObject;
}

interface Chosen {
  readonly manager: string;
  readonly value: string;
  readonly ballot: number;
}
function chosenValues({ nodes, parameters }: View, memory: Json): Chosen[] {
  const able = nodes.filter(({ role }) => role !== 'rm').map(({ id }) => id);
  const quorum = quorumOf(able.slice(0, 2 * Number(parameters.f) + 1));
  return Object.entries(memory as Memory).flatMap(([key, by]) => {
    const [manager, value, ballot] = JSON.parse(key) as [string, string, number];
    return by.length >= quorum ? [{ manager, value, ballot }] : [];
  });
}

const memory = { initial: {}, next: remember };
export const instances: Property[] = [
  {
    name: 'paxos-commit/one-chosen',
    kind: 'always',
    clauses: { 'one-chosen': 'The instance of a resource manager chooses at most one value.' },
    reads: ['memory'],
    memory,
    test(view, accepted) {
      const all = chosenValues(view, accepted);
      const second = all.find((one) => all.some((two) => two.manager === one.manager && two.value !== one.value));
      if (second === undefined) return true;
      const words = all
        .filter(({ manager }) => manager === second.manager)
        .map(({ value, ballot }) => `${value} in ballot ${ballot}`);
      return { clause: 'one-chosen', nodes: [second.manager], why: `for ${second.manager}, ${words.join(' and ')}` };
    },
  },
  {
    name: 'paxos-commit/chosen',
    kind: 'sometimes',
    clauses: { reached: 'An instance has chosen a value, whether or not anybody knows it yet.' },
    reads: ['memory'],
    memory,
    test: (view, accepted) => chosenValues(view, accepted).length > 0,
  },
];
