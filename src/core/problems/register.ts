/**
 * A register that several clients share: what a read may return. Lamport, "On Interprocess Communication" (1986), for one
 * writer. A *safe* register returns what was written last, if no write overlaps the read, and anything otherwise; a
 * *regular* one returns what was written last or what an overlapping write writes. Here with several writers, as in Shao,
 * Welch, Pierce and Lee, "Multiwriter Consistency Conditions for Shared Memory Registers" (2011), the weakest of theirs: a
 * write counts as overwritten when another one began after it was complete, and was complete before the read began.
 * *Linearizable* (Herlihy and Wing, 1990; Lamport's *atomic*): there is one order of all operations that explains all.
 */
import { canonicalJson } from '../json.ts';
import { judgeHistory, type Operation } from '../linearizability.ts';
import type { Failure, Happened, Json, Property, View } from '../protocol.ts';
import { register as model } from '../register-models.ts';
import { isLive, spoken } from './decisions.ts';
import { type HistoryEvent, historyEventOf, operationsOf } from './operations.ts';

/** Configurations tried before a history counts as explained: more than runs of a few hundred operations need. */
const mostConfigurations = 1_000_000;

type Read = Operation & { readonly returnedAt: number };
type Judge = (operations: readonly Operation[], read: Read) => Failure | null;
type Memory = { readonly history: readonly HistoryEvent[]; readonly found: Failure | boolean };

/** The history so far, and what `judge` has said of its reads, each when it returned: nothing that comes later matters. */
function told<Found extends Failure | boolean>(judge: (operations: readonly Operation[], read: Read) => Found | null) {
  const next = (memory: Json, { node, honest, effect }: Happened): Json => {
    const event = historyEventOf(node, effect);
    const { history, found } = memory as unknown as Memory;
    // of a traitor only the writes count, and nobody knows when they are over
    if (event === null || found !== false || (!honest && !(event.type === 'invoke' && event.f === 'write')))
      return memory;
    const longer = [...history, event];
    return { history: longer, found: judged(longer, judge) ?? false } as unknown as Json;
  };
  return { initial: { history: [], found: false } as Json, next };
}

function judged<Found>(
  history: readonly HistoryEvent[],
  judge: (operations: readonly Operation[], read: Read) => Found,
) {
  const last = history.at(-1);
  if (last?.type !== 'ok' || last.f !== 'read') return null;
  const operations = operationsOf(history);
  const read = operations.find(({ returnedAt }) => returnedAt === history.length - 1);
  return read === undefined ? null : judge(operations, read as Read);
}
const foundIn = (memory: Json): Failure | boolean => (memory as unknown as Memory).found;

const always = (clause: string, words: string, judge: Judge): Property => ({
  name: `register/${clause}`,
  kind: 'always',
  clauses: { [clause]: words },
  reads: ['memory'],
  memory: told((operations, read) => withClause(judge(operations, read), clause)),
  test: (_, memory) => foundIn(memory) || true,
});
const withClause = (failure: Failure | null, clause: string): Failure | null => failure && { ...failure, clause };

const sometimes = (
  name: string,
  words: string,
  isReached: (operations: readonly Operation[], read: Read) => boolean,
): Property => ({
  name: `register/${name}`,
  kind: 'sometimes',
  clauses: { reached: words },
  reads: ['memory'],
  memory: told(isReached),
  test: (_, memory) => foundIn(memory) === true,
});

/** This property's memory is the whole history. */
const completion = 'register/completion';

/** For clients that deliver `operationItem`s with the operations `read` and `write`. The register is empty (null) at first. */
export function register(): Property[] {
  return [
    always(
      'linearizable',
      'One order of all operations, each between its invocation and its return, explains what every read returned.',
      unexplained,
    ),
    always(
      'regular',
      'A read returns what a write wrote that was not overwritten before the read began, or one that overlaps the read.',
      overwritten,
    ),
    always('safe', 'A read that no write overlaps returns what a write wrote that was not overwritten.', (all, read) =>
      overlapping(all, read).length > 0 ? null : overwritten(all, read),
    ),
    sometimes(
      'read-alone',
      'A read that overlaps no write returned after a write was complete: safe had something to demand.',
      (all, read) => overlapping(all, read).length === 0 && complete(all, read).length > 0,
    ),
    sometimes(
      'read-overlapped',
      'A read that overlaps a write returned: regular had something to demand that safe does not.',
      (all, read) => overlapping(all, read).length > 0,
    ),
    sometimes(
      'read-twice',
      'Two reads, one after the other, overlapped one write: linearizable had something to demand that regular does not.',
      (all, read) => overlapping(all, read).some((write) => earlier(all, read).some((other) => overlap(write, other))),
    ),
    {
      name: completion,
      kind: 'eventually',
      clauses: { completion: 'Every operation of a client that runs, and never crashed, ends.' },
      memory: everything,
      test: (view, memory) => unfinished(view, memory),
    },
  ];
}

const isBefore = (a: Operation, b: Operation): boolean => a.returnedAt !== null && a.returnedAt < b.invokedAt;
const overlap = (a: Operation, b: Operation): boolean => !isBefore(a, b) && !isBefore(b, a);
const writesIn = (operations: readonly Operation[]) => operations.filter(({ name }) => name === 'write');
const overlapping = (operations: readonly Operation[], read: Read) =>
  writesIn(operations).filter((write) => overlap(write, read));
const complete = (operations: readonly Operation[], read: Read) =>
  writesIn(operations).filter((write) => isBefore(write, read));
const earlier = (operations: readonly Operation[], read: Read) =>
  operations.filter((other) => other.name === 'read' && isBefore(other, read));
const written = ({ client, argument }: Operation): string => `${client}'s write of ${spoken(argument)}`;
const said = ({ client, result }: Operation): string =>
  `${client} read ${result === null ? 'nothing' : spoken(result)}`;

function overwritten(operations: readonly Operation[], read: Read): Failure | null {
  const over = complete(operations, read);
  const isOld = (write: Operation): boolean => over.some((other) => isBefore(write, other));
  const fresh = [...over.filter((write) => !isOld(write)), ...overlapping(operations, read)];
  const result = canonicalJson(read.result);
  const values = fresh.map(({ argument }) => canonicalJson(argument));
  if (values.includes(result) || (over.length === 0 && read.result === null)) return null;
  const wasWritten =
    read.result === null || writesIn(operations).some(({ argument }) => canonicalJson(argument) === result);
  const last = over.find((write) => !isOld(write));
  const why =
    wasWritten && last !== undefined
      ? `${said(read)}, although ${written(last)} was complete before, and nothing has overwritten it`
      : `${said(read)}, which nobody had written`;
  return { nodes: [...new Set([read.client, ...(wasWritten && last !== undefined ? [last.client] : [])])], why };
}

function unexplained(operations: readonly Operation[], read: Read): Failure | null {
  const { verdict } = judgeHistory(operations, model, { most: mostConfigurations });
  if (verdict !== 'not linearizable') return null;
  const stale = overwritten(operations, read);
  if (stale !== null) return stale;
  const result = canonicalJson(read.result);
  const other = earlier(operations, read).findLast((each) => canonicalJson(each.result) !== result);
  if (other === undefined)
    return { nodes: [read.client], why: `no order of the operations explains that ${said(read)}` };
  const nodes = [...new Set([read.client, other.client])];
  return { nodes, why: `${said(other)}, and after that ${said(read)}: no order of the operations explains both` };
}

/** Every moment of every operation: what `historyIn` gives. */
const everything = {
  initial: [] as Json,
  next(memory: Json, { node, effect }: Happened): Json {
    const event = historyEventOf(node, effect);
    return event === null ? memory : [...(memory as readonly Json[]), event];
  },
};

function unfinished(view: View, memory: Json): true | Failure {
  const open = new Map<string, HistoryEvent>();
  for (const event of memory as unknown as readonly HistoryEvent[]) {
    if (event.type === 'invoke') open.set(event.process, event);
    else open.delete(event.process);
  }
  const waiting = view.honest.filter((node) => isLive(node) && !node.everCrashed && open.has(node.id));
  if (waiting.length === 0) return true;
  const words = waiting.map(({ id }) => `the ${open.get(id)?.f} of ${id}`).join(', ');
  return { nodes: waiting.map(({ id }) => id), why: `${words} ${waiting.length === 1 ? 'has' : 'have'} not ended` };
}

/** The history of the run, from the memory of its properties; null: its protocol keeps no such register. */
export function historyIn(
  properties: readonly { readonly property: Property; readonly memory: Json }[],
): readonly HistoryEvent[] | null {
  const kept = properties.find(({ property }) => property.name === completion);
  return kept === undefined ? null : (kept.memory as unknown as readonly HistoryEvent[]);
}
