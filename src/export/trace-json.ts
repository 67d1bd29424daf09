/** A run as data: every event with its clocks, and the report at the end. docs/exports.md says what each field means. */
import { printableJson } from '../core/printable.ts';
import type { Envelope, Fate, TraceEvent } from '../core/world.ts';
import type { Subject } from './subject.ts';

export const traceFormat = { format: 'havoc-trace', version: 1 } as const;

/** In parts, for a long run is long. */
export function* traceJson({ recording, world, trace, report }: Subject): Generator<string> {
  const { header, end } = recording;
  const head = {
    ...traceFormat,
    recording: { id: header.id, startedAt: header.startedAt, whole: end !== null },
    engine: header.engine,
    scenario: world.scenario,
    nodes: world.ids,
  };
  yield `${printableJson(head).slice(0, -1)},\n"events":[\n`;
  for (const [i, event] of trace.entries())
    yield `${printableJson(eventJson(event))}${i === trace.length - 1 ? '' : ','}\n`;
  yield `],\n"report":${printableJson(report)}}\n`;
}

const eventJson = (event: TraceEvent): object => ({
  index: event.index,
  atMs: event.atMs,
  node: event.node,
  origin: event.origin,
  choice: event.choice,
  message: event.message === null ? null : messageJson(event.message),
  before: event.before,
  after: event.after,
  effects: event.effects,
  sends: event.sends.map(messageJson),
  fates: event.fates.map(fateJson),
  lamport: event.lamport,
  vector: event.vector,
  violated: event.violated,
  reached: event.reached,
  fault: event.fault,
  notes: event.notes,
});

const messageJson = ({
  id,
  from,
  to,
  body,
  sentAtMs,
  deliverAtMs,
  lamport,
  vector,
  lie,
  was,
  copyOf,
}: Envelope): object => ({
  id,
  from,
  to,
  body,
  sentAtMs,
  deliverAtMs,
  lamport,
  vector,
  ...(lie === undefined ? {} : { lie }),
  ...(was === undefined ? {} : { was }),
  ...(copyOf === undefined ? {} : { copyOf }),
});

const fateJson = ({ id, place, why }: Fate): object => ({ message: id, place, ...(why === undefined ? {} : { why }) });
