/** What clients of a register are told to do in tests. */
import type { NodeId } from '../../src/core/protocol.ts';
import type { ScheduledInput } from '../../src/core/scenario.ts';
import { dice } from './storms.ts';

export const write = (atMs: number, node: NodeId, value: string): ScheduledInput => ({
  atMs,
  node,
  input: 'write',
  data: { value },
});
export const read = (atMs: number, node: NodeId): ScheduledInput => ({ atMs, node, input: 'read', data: {} });

/** Reads and writes at random times; every write writes another value. */
export function operations(
  seed: number,
  clients: readonly NodeId[],
  count: number,
  withinMs: number,
): ScheduledInput[] {
  const { below, pick } = dice(seed + 1_000_003);
  return Array.from({ length: count }, (_, i) =>
    below(3) > 0 ? read(below(withinMs), pick(clients)) : write(below(withinMs), pick(clients), `v${i}`),
  );
}
