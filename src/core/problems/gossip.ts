/**
 * Spreading rumours: what one node has been told, all shall hear in the end, nobody twice, and nothing that nobody told.
 * There may be very many nodes, so nothing here looks at all of them before the end: of each event, only at the node that
 * it happened to.
 */
import { sameJson } from '../json.ts';
import type { Failure, Happened, Json, NodeId, Property, View } from '../protocol.ts';
import { isLive, spoken } from './decisions.ts';

export interface GossipReading {
  /** the rumours that were told so far, by inputs */
  told(view: View): readonly Json[];
  /** the rumour in a delivered item */
  heard(item: Json): Json;
}

/** Who heard something last, and how many hearings there were. */
interface Heard {
  readonly last: NodeId | null;
  readonly count: number;
}

export function gossip(reading: GossipReading): Property[] {
  const common = {
    reads: ['memory'],
    memory: {
      initial: { last: null, count: 0 },
      next(before: Json, { node, effect }: Happened): Json {
        if (effect.type !== 'deliver') return before;
        return { last: node, count: (before as unknown as Heard).count + 1 };
      },
    },
  } as const;
  return [
    {
      ...common,
      name: 'gossip/integrity',
      kind: 'always',
      clauses: { integrity: 'A node hears a rumour at most once in a life, and only if somebody told it.' },
      test(view, memory) {
        const { last } = memory as unknown as Heard;
        return last === null || integrity(reading, view, last);
      },
    },
    {
      ...common,
      name: 'gossip/half',
      kind: 'sometimes',
      clauses: { reached: 'Half of the nodes have heard a rumour.' },
      test: (view, memory) => 2 * (memory as unknown as Heard).count >= view.nodes.length,
    },
    {
      name: 'gossip/all',
      kind: 'eventually',
      clauses: { all: 'Every running node hears every rumour.' },
      test(view) {
        const told = reading.told(view);
        const deaf = view.nodes.filter(
          (node) =>
            node.honest &&
            isLive(node) &&
            new Set(node.delivered.map((item) => spoken(reading.heard(item)))).size < told.length,
        );
        if (deaf.length === 0) return true;
        const nodes = deaf.slice(0, 8).map(({ id }) => id);
        const more = deaf.length > nodes.length ? ' and others' : '';
        return {
          clause: 'all',
          nodes,
          why: `${deaf.length} of ${view.nodes.length} have not heard it: ${nodes.join(', ')}${more}`,
        };
      },
    },
  ];
}

function integrity(reading: GossipReading, view: View, last: NodeId): true | Failure {
  const { delivered, everCrashed, honest } = view.node(last);
  if (!honest) return true;
  const rumours = delivered.map((item) => reading.heard(item));
  const newest = rumours.at(-1) ?? null;
  if (!reading.told(view).some((rumour) => sameJson(rumour, newest))) {
    return { clause: 'integrity', nodes: [last], why: `${last} heard ${spoken(newest)}, which nobody told` };
  }
  const times = rumours.filter((rumour) => sameJson(rumour, newest)).length;
  if (times === 1 || everCrashed) return true;
  return { clause: 'integrity', nodes: [last], why: `${last} heard ${spoken(newest)} twice` };
}
