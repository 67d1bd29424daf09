/**
 * Mutual exclusion: several nodes want the same thing, and it can be used by one at a time. Lamport's three conditions
 * (1978): one at a time; granted in the order in which it was asked for; and if everybody who has it gives it back, everybody
 * who asks for it gets it.
 */

import type { Failure, Happened, Json, NodeView, Property, View } from '../protocol.ts';
import { isLive } from './decisions.ts';

export interface MutualExclusionReading {
  inside(node: NodeView): boolean;
  waiting(node: NodeView): boolean;
  /** the number of the request with which a node enters by this effect, ascending in the order of asking; null: it does not */
  enters(happened: Happened): number | null;
}

export function mutualExclusion(reading: MutualExclusionReading): Property[] {
  const inside = (view: View): NodeView[] => view.honest.filter((node) => reading.inside(node));
  /** the request granted last, and the first that was granted after a later one */
  const memory = {
    initial: { last: null, late: null },
    next(before: Json, happened: Happened): Json {
      const { last, late } = before as { last: Granted | null; late: Granted[] | null };
      const request = happened.honest ? reading.enters(happened) : null;
      if (request === null) return before;
      const now: Granted = { node: happened.node, request };
      const isLate = last !== null && !isBefore(last, now);
      return { last: now, late: late ?? (isLate ? [last, now] : null) } as unknown as Json;
    },
  };
  return [
    {
      name: 'mutual-exclusion/safety',
      kind: 'always',
      clauses: { safety: 'At most one node is inside at any time.' },
      reads: ['states'],
      test(view) {
        const nodes = inside(view).map(({ id }) => id);
        return nodes.length <= 1 || { clause: 'safety', nodes, why: `${nodes.join(' and ')} are inside together` };
      },
    },
    {
      name: 'mutual-exclusion/in-order',
      kind: 'always',
      clauses: {
        'in-order': 'Requests are granted in the order in which they were made, as the logical clocks have it.',
      },
      reads: ['memory'],
      memory,
      test: (_, granted) => outOfOrder(granted),
    },
    {
      name: 'mutual-exclusion/contended',
      kind: 'sometimes',
      clauses: { reached: 'A node waits while another is inside.' },
      reads: ['states'],
      test: (view) => inside(view).length > 0 && view.nodes.some((node) => reading.waiting(node)),
    },
    {
      name: 'mutual-exclusion/entered',
      kind: 'sometimes',
      clauses: { reached: 'A node gets in.' },
      reads: ['memory'],
      memory,
      test: (_, granted) => (granted as { last: Json }).last !== null,
    },
    {
      name: 'mutual-exclusion/no-starvation',
      kind: 'eventually',
      clauses: { 'no-starvation': 'Every running node that asks gets in: in the end nobody waits.' },
      test(view) {
        const nodes = view.honest.filter((node) => isLive(node) && reading.waiting(node)).map(({ id }) => id);
        if (nodes.length === 0) return true;
        return {
          clause: 'no-starvation',
          nodes,
          why: `${nodes.join(', ')} still ${nodes.length > 1 ? 'wait' : 'waits'}`,
        };
      },
    },
  ];
}

interface Granted {
  readonly node: string;
  readonly request: number;
}
const isBefore = (a: Granted, b: Granted): boolean =>
  a.request < b.request || (a.request === b.request && a.node !== b.node);

function outOfOrder(granted: Json): true | Failure {
  const { late } = granted as { late: readonly Granted[] | null };
  if (late === null) return true;
  const [first, second] = late as [Granted, Granted];
  const why = `${second.node} got in with request ${second.request} after ${first.node} with request ${first.request}`;
  return { clause: 'in-order', nodes: [first.node, second.node], why };
}
