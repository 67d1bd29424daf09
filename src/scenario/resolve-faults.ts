/** Turns the faults of a scenario file into `Fault`s: other spellings understood, durations in milliseconds. */
import type { Fault } from '../core/faults.ts';
import { isObject, type Json } from '../core/json.ts';
import type { ScheduledFault, Trigger } from '../core/scenario.ts';
import { type FaultType, faultHelp, fieldAliases, msFields } from './fault-names.ts';
import { parseDuration, parseOffset } from './quantities.ts';
import type { Take } from './resolve.ts';
import { momentKeys, type RawScenario } from './shape.ts';
import type { Report } from './shape-errors.ts';
import type { Path, SourceDocument } from './yaml-document.ts';

type RawFault = NonNullable<RawScenario['faults']>[number];

/** The document with every fault's fields under their plain names; places are still found. */
export function withPlainFieldNames(document: SourceDocument): SourceDocument {
  const { value } = document;
  if (!isObject(value) || !Array.isArray(value.faults)) return document;
  const original = new Map<string, string>();
  const faults = value.faults.map((fault: unknown, i) => {
    if (!isObject(fault)) return fault;
    const fields = Object.entries(fault).map(([field, content]) => {
      const plain = plainName(field, content, fault);
      if (plain !== field) original.set(`${i} ${plain}`, field);
      return [plain, content];
    });
    return Object.fromEntries(fields);
  });
  return {
    file: document.file,
    value: { ...value, faults } as Json,
    locate: ([top, i, field, ...rest], key) => {
      const written = top === 'faults' ? original.get(`${i} ${field}`) : undefined;
      const path = [top, i, written ?? field, ...rest].filter((step) => step !== undefined);
      return document.locate(path, key);
    },
  };
}

const takesKind = (type: unknown): boolean =>
  typeof type === 'string' && Object.hasOwn(faultHelp, type) && 'kind' in faultHelp[type as FaultType].fields;

function plainName(field: string, content: unknown, fault: Record<string, unknown>): string {
  // a message is named by its number while it is in flight, and by its kind in a rule
  const isKind = field === 'message' && typeof content === 'string' && takesKind(fault.do);
  const plain = isKind ? 'kind' : (fieldAliases[field] ?? field);
  return Object.hasOwn(fault, plain) ? field : plain;
}

export function resolveFault(raw: RawFault, path: Path, take: Take, report: Report): ScheduledFault {
  const { at, when, do: type, ...fields } = raw as RawFault & Record<string, unknown>;
  const fault: Record<string, unknown> = { type };
  for (const [field, content] of Object.entries(fields)) {
    const read = field === 'offset' ? parseOffset : parseDuration;
    const duration = msFields[field];
    if (duration === undefined) fault[field] = content;
    else fault[duration] = take(read(content), [...path, field], 0);
  }
  if (when !== undefined && at !== undefined) {
    report([...path, 'when'], 'the fault has both `at` and `when`; keep one', 'key');
  }
  if (when !== undefined) return { when: trigger(when, [...path, 'when'], report), fault: fault as unknown as Fault };
  if (at === undefined) {
    report(path, 'the fault has neither `at` nor `when`; say when it strikes, as in `at: 2s`');
    return { at: 0, fault: fault as unknown as Fault };
  }
  return { at: take(parseDuration(at), [...path, 'at'], 0), fault: fault as unknown as Fault };
}

function trigger(raw: NonNullable<RawFault['when']>, path: Path, report: Report): Trigger {
  const named = momentKeys.filter((key) => Object.hasOwn(raw, key));
  const [on = 'sends', second] = named;
  if (named.length === 0) {
    report(path, `\`when\` names no moment; add one of ${momentKeys.join(', ')}`);
  } else if (second !== undefined) {
    report([...path, second], `\`when\` has both \`${on}\` and \`${second}\`; keep one`, 'key');
  }
  const what = (raw[on] ?? null) as Json;
  return { node: raw.node, on, what: what === 'any' ? null : what, nth: raw.nth ?? 1 };
}
