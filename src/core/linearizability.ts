/**
 * Is a history linearizable? Wing and Gong's search (1993) with Lowe's improvements (2017): operations are taken out of the
 * history one by one, each at a moment between its invocation and its return, as long as the model agrees; a set of
 * operations taken out that led nowhere from a state is not tried again. Histories of independent objects are judged one by
 * one: linearizability is local (Herlihy and Wing, 1990).
 */
import type { Json } from './json.ts';

/** One operation of one client. Moments are positions in the history: only their order matters. */
export interface Operation {
  readonly client: string;
  /** what was asked: `read`, `write`, `cas`, `get`, `put`, `append` */
  readonly name: string;
  /** the object; operations on different keys are independent */
  readonly key: string;
  readonly argument: Json;
  /** what came back; meaningless for an operation without a return */
  readonly result: Json;
  readonly invokedAt: number;
  /** null: nobody knows whether it took place */
  readonly returnedAt: number | null;
}

/** A sequential specification. States are JSON as text, so that equal ones are equal. */
export interface Model {
  readonly name: string;
  readonly operations: readonly string[];
  readonly initial: string;
  /** The state after the operation; null: it cannot have returned what it returned. */
  step(state: string, operation: Operation): string | null;
}

export type Linearizability =
  | {
      readonly verdict: 'linearizable' /** one order that explains the history, by key */;
      readonly orders: ReadonlyMap<string, readonly Operation[]>;
    }
  | {
      readonly verdict: 'not linearizable';
      readonly key: string /** the operations of the shortest prefix that has no explanation */;
      readonly offending: readonly Operation[] /** the position at which it ends */;
      readonly endsAt: number;
    }
  | { readonly verdict: 'unknown'; readonly key: string };

export interface Limits {
  /** configurations tried before the verdict is `unknown` */
  readonly most: number;
}

/** Judges the whole history. The verdict on the keys that can be judged stands, whatever the others cost. */
export function judgeHistory(
  history: readonly Operation[],
  model: Model,
  limits: Limits = { most: 20_000_000 },
): Linearizability {
  const orders = new Map<string, readonly Operation[]>();
  let unknown: string | null = null;
  for (const [key, operations] of byKey(history)) {
    const order = explain(operations, model, limits.most);
    if (order === 'unknown') unknown ??= key;
    else if (order === null)
      return { verdict: 'not linearizable', key, ...shortestOffence(operations, model, limits.most) };
    else orders.set(key, order);
  }
  return unknown === null ? { verdict: 'linearizable', orders } : { verdict: 'unknown', key: unknown };
}

function byKey(history: readonly Operation[]): Map<string, Operation[]> {
  const groups = new Map<string, Operation[]>();
  for (const operation of history) {
    const group = groups.get(operation.key);
    if (group === undefined) groups.set(operation.key, [operation]);
    else group.push(operation);
  }
  return groups;
}

/** What was known when the history had come as far as `endsAt`: later invocations are gone, later returns open. */
export const prefixOf = (operations: readonly Operation[], endsAt: number): Operation[] =>
  operations
    .filter(({ invokedAt }) => invokedAt <= endsAt)
    .map((operation) =>
      operation.returnedAt !== null && operation.returnedAt > endsAt ? { ...operation, returnedAt: null } : operation,
    );

/** A prefix of a linearizable history is linearizable, so the first return that cannot be explained is found by halving. */
function shortestOffence(
  operations: readonly Operation[],
  model: Model,
  most: number,
): { offending: Operation[]; endsAt: number } {
  const returns = operations
    .flatMap(({ returnedAt }) => (returnedAt === null ? [] : [returnedAt]))
    .sort((a, b) => a - b);
  let [low, high] = [0, returns.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (explain(prefixOf(operations, returns[middle] as number), model, most) === null) high = middle;
    else low = middle + 1;
  }
  const endsAt = returns[low] ?? 0;
  return { offending: prefixOf(operations, endsAt), endsAt };
}

/** A call or a return in the history's list. Taking an operation out unlinks both; putting it back links them again. */
interface Entry {
  readonly operation: number;
  /** of a call: its return; of a return: null */
  readonly match: Entry | null;
  previous: Entry;
  next: Entry;
}

function listOf(operations: readonly Operation[]): Entry {
  const head = { operation: -1, match: null } as unknown as Entry;
  const moments: { at: number; isReturn: boolean; operation: number }[] = [];
  operations.forEach(({ invokedAt, returnedAt }, operation) => {
    moments.push({ at: invokedAt, isReturn: false, operation });
    moments.push({ at: returnedAt ?? Number.POSITIVE_INFINITY, isReturn: true, operation });
  });
  moments.sort((a, b) => a.at - b.at || Number(a.isReturn) - Number(b.isReturn) || a.operation - b.operation);
  const returns = operations.map((_, operation) => ({ operation, match: null }) as unknown as Entry);
  let last = head;
  for (const { isReturn, operation } of moments) {
    const entry = isReturn
      ? (returns[operation] as Entry)
      : ({ operation, match: returns[operation] } as unknown as Entry);
    entry.previous = last;
    last.next = entry;
    last = entry;
  }
  last.next = head;
  head.previous = last;
  return head;
}

function takeOut(call: Entry): void {
  for (const entry of [call, call.match as Entry]) {
    entry.previous.next = entry.next;
    entry.next.previous = entry.previous;
  }
}

function putBack(call: Entry): void {
  for (const entry of [call.match as Entry, call]) {
    entry.previous.next = entry;
    entry.next.previous = entry;
  }
}

/** One order that explains the operations; null when there is none; `unknown` at the limit. */
function explain(operations: readonly Operation[], model: Model, most: number): Operation[] | null | 'unknown' {
  const head = listOf(operations);
  let open = operations.filter(({ returnedAt }) => returnedAt !== null).length;
  const done = new Uint16Array((operations.length + 15) >> 4);
  const tried = new Set<string>();
  const taken: { readonly call: Entry; readonly state: string }[] = [];
  let state = model.initial;
  let entry = head.next;
  while (open > 0) {
    if (entry.match !== null) {
      const operation = operations[entry.operation] as Operation;
      const after = model.step(state, operation);
      if (after !== null) {
        flip(done, entry.operation);
        const configuration = `${String.fromCharCode(...done)}${after}`;
        if (!tried.has(configuration)) {
          if (tried.size >= most) return 'unknown';
          tried.add(configuration);
          taken.push({ call: entry, state });
          if (operation.returnedAt !== null) open -= 1;
          state = after;
          takeOut(entry);
          entry = head.next;
          continue;
        }
        flip(done, entry.operation);
      }
      entry = entry.next;
      continue;
    }
    // a return whose call is still in the list: what was taken out before it was wrong
    const last = taken.pop();
    if (last === undefined) return null;
    flip(done, last.call.operation);
    if ((operations[last.call.operation] as Operation).returnedAt !== null) open += 1;
    state = last.state;
    putBack(last.call);
    entry = last.call.next;
  }
  return taken.map(({ call }) => operations[call.operation] as Operation);
}

function flip(bits: Uint16Array, index: number): void {
  bits[index >> 4] = (bits[index >> 4] as number) ^ (1 << (index & 15));
}
