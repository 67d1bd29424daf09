/** What Raft promises beyond its problem, and what it only seems to promise: the paper's figures 3 and 8. */
import type { Happened, Json, JsonObject, NodeId, NodeView, Property, View } from '../../src/core/protocol.ts';
import type { Entry, Log } from './words.ts';

const logOf = (node: NodeView): Log => (node.context.log ?? []) as Log;
const servers = (view: View): readonly NodeView[] => view.honest.filter((node) => node.role === 'server');
const keyOf = (index: number, { term, client, number }: Entry): string => `${index}:${term}:${client}.${number}`;

/** The highest index at which two logs have an entry of the same term; 0: none. */
function lastShared(a: Log, b: Log): number {
  for (let index = Math.min(a.length, b.length); index > 0; index--) {
    if (a[index - 1]?.term === b[index - 1]?.term) return index;
  }
  return 0;
}
const pairs = (nodes: readonly NodeView[]): [NodeView, NodeView][] =>
  nodes.flatMap((one, i) => nodes.slice(i + 1).map((other): [NodeView, NodeView] => [one, other]));

const logMatching: Property[] = [
  {
    name: 'raft/log-matching',
    kind: 'always',
    clauses: {
      'log-matching': 'If two logs have an entry with the same index and term, they are the same up to that index.',
    },
    reads: ['states'],
    test(view) {
      for (const [one, other] of pairs(servers(view))) {
        const [a, b] = [logOf(one), logOf(other)];
        if (a === b) continue;
        for (let index = lastShared(a, b); index > 0; index--) {
          if (keyOf(index, a[index - 1] as Entry) === keyOf(index, b[index - 1] as Entry)) continue;
          const why = `the logs of ${one.id} and ${other.id} share a later entry, but differ at index ${index}`;
          return { clause: 'log-matching', nodes: [one.id, other.id], why };
        }
      }
      return true;
    },
  },
  {
    name: 'raft/shared-entry',
    kind: 'sometimes',
    clauses: { reached: 'Two logs share an entry, so that log-matching had something to demand.' },
    reads: ['states'],
    test: (view) => pairs(servers(view)).some(([one, other]) => lastShared(logOf(one), logOf(other)) > 0),
  },
];

/** Who has which entry in its log now, by key, and which entries a log has lost after so many had them at once. */
interface Holdings {
  readonly logs: Readonly<Record<NodeId, readonly string[]>>;
  readonly most: Readonly<Record<string, number>>;
  readonly lost: readonly string[];
}

function recordLog(memory: Json, { node, honest, effect }: Happened): Json {
  if (!honest || effect.type !== 'persist' || effect.key !== 'log') return memory;
  const before = memory as unknown as Holdings;
  const keys = (effect.value as Log).map((entry, i) => keyOf(i + 1, entry));
  const logs = { ...before.logs, [node]: keys };
  const most: Record<string, number> = { ...before.most };
  for (const key of keys) {
    const holders = Object.values(logs).filter((log) => log.includes(key)).length;
    most[key] = Math.max(most[key] ?? 0, holders);
  }
  const gone = (before.logs[node] ?? []).filter((key) => !keys.includes(key) && !before.lost.includes(key));
  return { logs, most, lost: [...before.lost, ...gone] } as unknown as JsonObject;
}

const moments: Property[] = [
  {
    name: 'raft/two-leaders',
    kind: 'sometimes',
    clauses: { reached: 'Two running servers lead at the same time, each in a term of its own.' },
    reads: ['states'],
    test(view) {
      const leaders = servers(view).filter(({ path }) => path === 'leader');
      return new Set(leaders.map(({ context }) => context.term)).size > 1;
    },
  },
  {
    name: 'raft/majority-overwritten',
    kind: 'sometimes',
    clauses: { reached: 'An entry that a majority had in its logs is overwritten in one of them (figure 8).' },
    reads: ['memory'],
    memory: { initial: { logs: {}, most: {}, lost: [] }, next: recordLog },
    test(view, memory) {
      const majority = Math.floor(view.nodes.filter(({ role }) => role === 'server').length / 2) + 1;
      const { most, lost } = memory as unknown as Holdings;
      return lost.some((key) => (most[key] ?? 0) >= majority);
    },
  },
];

export const raftProperties: readonly Property[] = [...logMatching, ...moments];
