/**
 * Leases: one node at a time is the primary, for a limited time; and if that fails, because a clock was wrong or a process
 * slept, whoever comes too late can still do no harm, because its token is old.
 */
import type { Happened, NodeView, Property, View } from '../protocol.ts';
import { isLive } from './decisions.ts';

export interface LeaseReading {
  /** does this node take itself for the primary? */
  holds(node: NodeView): boolean;
  /** does it wait for a lease? */
  waits(node: NodeView): boolean;
  /** the token of a write that takes effect by this; null: none does */
  accepts(happened: Happened): number | null;
  /** a write is turned away because its token is old */
  refuses(happened: Happened): boolean;
}

export function lease(reading: LeaseReading): Property[] {
  const primaries = (view: View): NodeView[] =>
    view.honest.filter((node) => node.status === 'up' && reading.holds(node));
  const memory = {
    initial: { highest: 0, stale: null },
    next(before: unknown, happened: Happened) {
      const token = happened.honest ? reading.accepts(happened) : null;
      const { highest, stale } = before as { highest: number; stale: number[] | null };
      if (token === null) return before as never;
      return {
        highest: Math.max(highest, token),
        stale: stale ?? (token < highest ? [token, highest] : null),
      } as never;
    },
  };
  return [
    {
      name: 'lease/one-primary',
      kind: 'always',
      clauses: { 'one-primary': 'At most one running node takes itself for the primary.' },
      reads: ['states'],
      test(view) {
        const nodes = primaries(view).map(({ id }) => id);
        return nodes.length <= 1 || { clause: 'one-primary', nodes, why: `${nodes.join(' and ')} are both primary` };
      },
    },
    {
      name: 'lease/held',
      kind: 'sometimes',
      clauses: { reached: 'A node is the primary while another waits.' },
      reads: ['states'],
      test: (view) => primaries(view).length > 0 && view.nodes.some((node) => reading.waits(node)),
    },
    {
      name: 'lease/no-stale-write',
      kind: 'always',
      clauses: { 'no-stale-write': 'After a write of a later primary, none of an earlier one takes effect.' },
      reads: ['memory'],
      memory,
      test(_, writes) {
        const { stale } = writes as { stale: readonly number[] | null };
        if (stale === null) return true;
        return {
          clause: 'no-stale-write',
          why: `a write with token ${stale[0]} took effect after one with ${stale[1]}`,
        };
      },
    },
    {
      name: 'lease/handed-over',
      kind: 'sometimes',
      clauses: { reached: 'Writes under more than one lease take effect.' },
      reads: ['memory'],
      memory,
      test: (_, writes) => (writes as { highest: number }).highest > 1,
    },
    {
      name: 'lease/stale-refused',
      kind: 'sometimes',
      clauses: { reached: 'A write that comes too late is turned away.' },
      reads: ['memory'],
      memory: { initial: false, next: (before, happened) => before === true || reading.refuses(happened) },
      test: (_, refused) => refused === true,
    },
    {
      name: 'lease/progress',
      kind: 'eventually',
      clauses: { progress: 'Nobody who runs waits for a lease in the end.' },
      test(view) {
        const nodes = view.nodes.filter((node) => isLive(node) && reading.waits(node)).map(({ id }) => id);
        return nodes.length === 0 || { clause: 'progress', nodes, why: `${nodes.join(', ')} still without a lease` };
      },
    },
  ];
}
