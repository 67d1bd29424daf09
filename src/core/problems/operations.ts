/**
 * The history of what clients asked and were answered, in the terms of Jepsen: an operation is invoked, and ends in `ok`, in
 * `fail` (it did not take place), in `info` (nobody knows), or not at all. A client performs one operation at a time, and
 * delivers each of these moments as an item, so that the order of the items in the run is the order in real time.
 */
import type { Operation } from '../linearizability.ts';
import type { Effect, Json, JsonObject, NodeId } from '../protocol.ts';

const moments = ['invoke', 'ok', 'fail', 'info'] as const;
export type Moment = (typeof moments)[number];

/** A line of a history, with the fields that `havoc linearizable` reads. */
export type HistoryEvent = {
  readonly process: NodeId;
  readonly type: Moment;
  /** what is asked: `read`, `write` */
  readonly f: string;
  /** what is written; what was read; null where there is nothing yet */
  readonly value: Json;
};

/** The item that a client delivers: `{ invoke: 'write', value: 'a' }`, `{ invoke: 'read' }`, `{ ok: 'read', value: 'a' }`. */
export const operationItem = (type: Moment, f: string, value: Json = null): JsonObject =>
  value === null && type !== 'ok' ? { [type]: f } : { [type]: f, value };

/** The moment of an operation that this effect is; null: it is none. */
export function historyEventOf(node: NodeId, effect: Effect): HistoryEvent | null {
  if (effect.type !== 'deliver' || typeof effect.item !== 'object' || effect.item === null) return null;
  const item = effect.item as JsonObject;
  const type = moments.find((each) => typeof item[each] === 'string');
  return type === undefined ? null : { process: node, type, f: String(item[type]), value: item.value ?? null };
}

/** The operations of a history, in the order of their invocations; positions in the history are the moments. */
export function operationsOf(history: readonly HistoryEvent[]): Operation[] {
  const operations: (Operation | null)[] = [];
  const latest = new Map<NodeId, number>();
  history.forEach(({ process, type, f, value }, at) => {
    if (type === 'invoke') {
      latest.set(process, operations.length);
      const asked = { client: process, name: f, key: '', argument: value, result: null };
      operations.push({ ...asked, invokedAt: at, returnedAt: null });
      return;
    }
    const index = latest.get(process);
    if (index === undefined) return;
    latest.delete(process);
    const operation = operations[index] as Operation;
    if (type === 'ok') operations[index] = { ...operation, result: value, returnedAt: at };
    else if (type === 'fail') operations[index] = null;
  });
  return operations.filter((operation) => operation !== null);
}

/** The same history for readers that know nothing of crashes: an operation that a client's crash cut off ends in `info`. */
export function closedHistory(history: readonly HistoryEvent[]): HistoryEvent[] {
  const open = new Map<NodeId, HistoryEvent>();
  return history.flatMap((event) => {
    const before = open.get(event.process);
    if (event.type === 'invoke') open.set(event.process, event);
    else open.delete(event.process);
    return event.type === 'invoke' && before !== undefined ? [{ ...before, type: 'info' as const }, event] : [event];
  });
}
