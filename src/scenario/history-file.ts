/**
 * Reads a history of operations from a file: Jepsen's log (`… - 3 :invoke :read nil`), EDN maps (`{:process 0, :type :ok,
 * :f :get, :key "a", :value "x"}`, one after the other or in a vector), or JSON with the same fields, as lines or as one
 * array; the answer of `havoc play --json` holds one, too. A failed operation did not take place, but for a compare-and-set,
 * whose failure says that it found something else. One that ended in `info`, or never ended, may have taken place at any
 * time, or not at all.
 */
import { isObject } from '../core/json.ts';
import type { Model, Operation } from '../core/linearizability.ts';
import type { Json } from '../core/protocol.ts';
import { readEdn } from './edn.ts';
import { mistakeIn, quote } from './errors.ts';
import { rightName } from './nearest.ts';
import { readTextFile } from './text-file.ts';

interface HistoryEvent {
  readonly line: number;
  readonly process: string;
  readonly type: string;
  readonly name: string;
  readonly key: string;
  readonly value: Json;
}

const mostBytes = 32 * 1024 * 1024;
const types = ['invoke', 'ok', 'fail', 'info'];
const jepsenLine = /\s-?\s*(\S+)\s+:(invoke|ok|fail|info)\s+:(\S+)\s*(.*)$/;
/** What Jepsen writes for an answer that never came. */
const timedOut = 'timed-out';

/** The operations of the file, in the order of their invocations. Throws `ScenarioError`. */
export function readHistory(file: string, model: Model): Operation[] {
  return pairUp(eventsOf(readTextFile(file, mostBytes), file), model, file);
}

/** What the file says, whichever of the formats it is in. */
export function eventsOf(text: string, file: string): HistoryEvent[] {
  const first = text.trimStart()[0];
  if (first === undefined) throw mistakeIn(file, 'the file is empty; a history has at least one operation', 1, 1);
  const isJson = /^\s*[[{]\s*[{]?\s*"/.test(text);
  if (isJson) return jsonValues(text, file).map(({ value, line }) => eventOf(value, line, file));
  if (first === '{' || first === '[' || first === '(' || first === '#' || first === ';') return ednEvents(text, file);
  return logEvents(text, file);
}

function ednEvents(text: string, file: string): HistoryEvent[] {
  return readEdn(text, file)
    .flatMap(({ value, line }) =>
      Array.isArray(value) ? value.map((each: Json) => ({ value: each, line })) : [{ value, line }],
    )
    .map(({ value, line }) => eventOf(value, line, file));
}

function jsonValues(text: string, file: string): { value: unknown; line: number }[] {
  const parse = (part: string, line: number): unknown => {
    try {
      return JSON.parse(part);
    } catch (error) {
      throw mistakeIn(file, `this is no JSON: ${(error as Error).message}`, line, 1);
    }
  };
  const run = runIn(text);
  if (run !== null) return historyOf(run, file).map((value) => ({ value, line: 1 }));
  if (text.trimStart().startsWith('[')) return (parse(text, 1) as unknown[]).map((value) => ({ value, line: 1 }));
  return text
    .split('\n')
    .flatMap((part, i) => (part.trim() === '' ? [] : [{ value: parse(part, i + 1), line: i + 1 }]));
}

/** The answer of `play --json`; null: it is something else. */
function runIn(text: string): { readonly history: unknown } | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) && 'history' in value ? { history: value.history } : null;
  } catch {
    return null;
  }
}

function historyOf({ history }: { readonly history: unknown }, file: string): readonly unknown[] {
  if (Array.isArray(history)) return history;
  throw mistakeIn(file, 'this run has no history: its protocol keeps no register', 1, 1);
}

function eventOf(value: unknown, line: number, file: string): HistoryEvent {
  if (!isObject(value))
    throw mistakeIn(file, `${quote(value)} is no operation; it needs process, type, f and value`, line, 1);
  const { process, type, f, key } = value;
  if (process === undefined) throw mistakeIn(file, 'an operation has no `process`', line, 1);
  if (typeof type !== 'string' || !types.includes(type)) {
    throw mistakeIn(file, `the type of an operation is ${quote(type)}; ${rightName(String(type), types)}`, line, 1);
  }
  if (typeof f !== 'string') throw mistakeIn(file, 'an operation has no `f`: what it does', line, 1);
  return {
    line,
    process: String(process),
    type,
    name: f,
    key: key === undefined || key === null ? '' : String(key),
    value: (value.value ?? null) as Json,
  };
}

function logEvents(text: string, file: string): HistoryEvent[] {
  const events: HistoryEvent[] = [];
  text.split('\n').forEach((row, i) => {
    const found = jepsenLine.exec(row);
    if (found === null) {
      if (/:(invoke|ok|fail|info)\b/.test(row))
        throw mistakeIn(file, `this is no operation: ${quote(row.trim())}`, i + 1, 1);
      return;
    }
    const [, process = '', type = '', name = '', rest = ''] = found;
    const [value = null] = readEdn(rest, file).map((each) => each.value);
    events.push({ line: i + 1, process, type, name, key: '', value });
  });
  if (events.length > 0) return events;
  throw mistakeIn(
    file,
    'this is no history: no line has the form `… - process :invoke :read nil`, and it is neither EDN nor JSON',
    1,
    1,
  );
}

/** Beyond 2^53 two different numbers of a file are read as the same one. */
const isInexact = (value: Json): boolean => Number.isInteger(value) && !Number.isSafeInteger(value);

/** Joins every invocation with its end. Positions in the file are the moments. */
function pairUp(events: readonly HistoryEvent[], model: Model, file: string): Operation[] {
  const operations: (Operation | null)[] = [];
  const open = new Map<string, { readonly index: number; readonly event: HistoryEvent }>();
  events.forEach((event, at) => {
    if (!model.operations.includes(event.name)) {
      throw mistakeIn(
        file,
        `the model ${model.name} has no operation ${quote(event.name)}; it has ${model.operations.join(', ')}`,
        event.line,
        1,
      );
    }
    if ([event.value].flat().some(isInexact))
      throw mistakeIn(file, 'a number beyond 2^53 is not exact; write it as text', event.line, 1);
    const begun = open.get(event.process);
    if (event.type === 'invoke') {
      if (begun !== undefined) {
        throw mistakeIn(
          file,
          `process ${quote(event.process)} invokes again before its operation of line ${begun.event.line} has ended`,
          event.line,
          1,
        );
      }
      open.set(event.process, { index: operations.length, event });
      operations.push(invocation(event, at, file));
      return;
    }
    if (begun === undefined)
      throw mistakeIn(file, `process ${quote(event.process)} ends an operation that it never began`, event.line, 1);
    open.delete(event.process);
    operations[begun.index] = ended(operations[begun.index] as Operation, event, at);
  });
  return operations.filter((operation) => operation !== null);
}

function invocation({ process, name, key, value, line }: HistoryEvent, at: number, file: string): Operation {
  if (name === 'cas' && !(Array.isArray(value) && value.length === 2)) {
    throw mistakeIn(file, `cas takes [from to], not ${quote(value)}`, line, 1);
  }
  return { client: process, name, key, argument: value, result: null, invokedAt: at, returnedAt: null };
}

/** null: it did not take place, or says nothing. */
function ended(operation: Operation, { type, value, name }: HistoryEvent, at: number): Operation | null {
  const isRead = name === 'read' || name === 'get';
  if (type === 'info') return isRead ? null : operation;
  if (type === 'fail')
    return name === 'cas' && value !== timedOut ? { ...operation, result: false, returnedAt: at } : null;
  return { ...operation, result: name === 'cas' ? true : value, returnedAt: at };
}
