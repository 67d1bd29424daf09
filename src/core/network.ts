/**
 * The network: how a send becomes a message on its way, what holds it back, and what lets it go on. Every message is in
 * exactly one place at all times: in flight, held, delivered, or dropped with the reason.
 */
import { schedule } from './agenda.ts';
import { tick } from './clocks.ts';
import { type Draft, dropMessage, touch } from './draft.ts';
import type { Message, NodeId } from './protocol.ts';
import { nextInteger, nextUnit } from './rng.ts';
import type { Distribution } from './scenario.ts';
import type { Envelope, Hold, NodeRecord, Rule, World } from './world.ts';

/** One draw of a latency, whole milliseconds, never negative. */
export function drawLatencyMs(world: World, distribution: Distribution): number {
  const stream = world.streams.latency;
  switch (distribution.kind) {
    case 'constant':
      return distribution.ms;
    case 'uniform':
      return nextInteger(stream, distribution.minMs, distribution.maxMs);
    case 'exponential':
      return Math.round(-Math.log(1 - nextUnit(stream)) * distribution.meanMs);
    case 'normal': {
      // Box-Muller; both draws are always made, so that the stream moves on evenly.
      const radius = Math.sqrt(-2 * Math.log(1 - nextUnit(stream)));
      const angle = 2 * Math.PI * nextUnit(stream);
      return Math.max(0, Math.round(distribution.meanMs + distribution.deviationMs * radius * Math.cos(angle)));
    }
  }
}

/** What stands in the way between two nodes now; null: nothing. */
export function barrier(
  world: World,
  from: NodeRecord,
  to: NodeRecord,
): { by: 'partition' | 'cut'; fault: number; drop: boolean } | null {
  const { partition } = world;
  if (partition !== null && partition.groupOf[from.index] !== partition.groupOf[to.index]) {
    return { by: 'partition', fault: partition.fault, drop: partition.drop };
  }
  for (const cut of world.cuts) {
    if (cut.from === from.id && cut.to === to.id) return { by: 'cut', fault: cut.fault, drop: cut.drop };
  }
  return null;
}

const matches = ({ rule }: Rule, from: NodeId, to: NodeId, kind: string): boolean =>
  (rule.from === undefined || rule.from === from) &&
  (rule.to === undefined || rule.to === to) &&
  (rule.kind === undefined || rule.kind === kind);

interface Fortune {
  extraMs: number;
  copies: number;
  hold: number | null;
  drop: number | null;
}

/** What the standing rules do to a message sent now. Each rule that does something is touched, and may be used up. */
function applyRules(world: World, from: NodeId, to: NodeId, kind: string): Fortune {
  const fortune: Fortune = { extraMs: 0, copies: 0, hold: null, drop: null };
  for (const rule of world.rules) {
    if (rule.left === 0 || !matches(rule, from, to, kind)) continue;
    rule.left -= 1;
    if (rule.rule.type !== 'drop') touch(world, rule.fault);
    switch (rule.rule.type) {
      case 'delay':
        fortune.extraMs += rule.rule.byMs;
        break;
      case 'duplicate':
        fortune.copies += 1;
        break;
      case 'hold':
        fortune.hold ??= rule.fault;
        break;
      case 'drop':
        fortune.drop ??= rule.fault;
        break;
    }
  }
  if (world.rules.length > 0) world.rules = world.rules.filter((rule) => rule.left !== 0);
  return fortune;
}

export interface Sending {
  readonly to: NodeId;
  readonly body: Message;
  readonly lie?: Envelope['lie'];
  /** the sender itself keeps it back so long */
  readonly extraMs?: number;
}

/** Puts one message on its way (and its copies): ticks the sender's clocks, draws its fortune, and notes it in the event. */
export function transmit(world: World, from: NodeRecord, sending: Sending, draft: Draft): void {
  const to = world.nodes[world.indexOf.get(sending.to) as number] as NodeRecord;
  tick(from);
  const local = from === to;
  const { network } = world.scenario;
  const link = network.links?.find((each) => each.from === from.id && each.to === to.id);
  const latencyMs = local ? 0 : drawLatencyMs(world, link?.latency ?? network.latency) + (sending.extraMs ?? 0);
  const loss = local ? 0 : (link?.loss ?? network.loss);
  const duplication = local ? 0 : (link?.duplicate ?? network.duplicate);
  const lost = loss > 0 && nextUnit(world.streams.loss) < loss;
  const twice = duplication > 0 && nextUnit(world.streams.duplication) < duplication;
  const rules = local || world.rules.length === 0 ? null : applyRules(world, from.id, to.id, sending.body.type);
  if (!local) {
    world.costs.messages += 1;
    world.costs.byKind[sending.body.type] = (world.costs.byKind[sending.body.type] ?? 0) + 1;
  }
  const first = launch(world, from, to, sending, latencyMs + (rules?.extraMs ?? 0), undefined, draft);
  if (lost) dropMessage(world, draft, first, { by: 'loss' });
  else if (rules?.drop != null) dropMessage(world, draft, first, { by: 'fault', fault: rules.drop });
  else letGo(world, first, rules?.hold ?? null, draft);
  for (let copies = (twice ? 1 : 0) + (rules?.copies ?? 0); copies > 0; copies--) copyMessage(world, first, draft);
}

function launch(
  world: World,
  from: NodeRecord,
  to: NodeRecord,
  sending: Sending,
  travelMs: number,
  copyOf: number | undefined,
  draft: Draft,
): Envelope {
  const envelope: Envelope = {
    id: world.nextMessageId++,
    from: from.id,
    to: to.id,
    body: sending.body,
    sentAtMs: world.nowMs,
    sentIndex: draft.index,
    deliverAtMs: world.nowMs + travelMs,
    lamport: from.lamport,
    vector: from.vector.slice(),
    depth: from.depth + (from === to ? 0 : 1),
    writeDepth: from.writeDepth,
    held: null,
    ...(sending.lie === undefined ? {} : { lie: sending.lie }),
    ...(copyOf === undefined ? {} : { copyOf }),
  };
  draft.sends.push(envelope);
  world.pending.set(envelope.id, envelope);
  return envelope;
}

/** A second arrival of the same message, with a travelling time of its own. It carries the original's clocks. */
export function copyMessage(world: World, original: Envelope, draft: Draft): void {
  const copy: Envelope = {
    ...original,
    id: world.nextMessageId++,
    sentIndex: draft.index,
    deliverAtMs: world.nowMs + drawLatencyMs(world, world.scenario.network.latency),
    held: null,
    copyOf: original.copyOf ?? original.id,
  };
  world.anyFault = true;
  draft.sends.push(copy);
  world.pending.set(copy.id, copy);
  letGo(world, copy, null, draft);
}

/** Lets a message travel, unless something holds it. In fifo order it cannot arrive before those sent before it. */
function letGo(world: World, envelope: Envelope, holdFault: number | null, draft: Draft): void {
  const from = world.nodes[world.indexOf.get(envelope.from) as number] as NodeRecord;
  const to = world.nodes[world.indexOf.get(envelope.to) as number] as NodeRecord;
  const hold = holdFault ?? holdAhead(world, envelope);
  if (hold !== null) {
    holdMessage(world, envelope, { by: 'hold', fault: hold, sinceMs: world.nowMs }, draft);
    return;
  }
  const wall = from === to ? null : barrier(world, from, to);
  if (wall?.drop) dropMessage(world, draft, envelope, { by: 'fault', fault: wall.fault });
  else if (wall) {
    touch(world, wall.fault);
    holdMessage(world, envelope, { by: wall.by, fault: wall.fault, sinceMs: world.nowMs }, draft);
  } else travel(world, envelope, envelope.deliverAtMs);
}

/** The `hold` that has stopped an earlier message on this one's link, when links are fifo; null: none has. */
function holdAhead(world: World, { id, from, to }: Envelope): number | null {
  if (world.scenario.network.order !== 'fifo') return null;
  for (const other of world.pending.values())
    if (other.from === from && other.to === to && other.id < id && other.held?.by === 'hold') return other.held.fault;
  return null;
}

const inFlight = (world: World, { from, to }: Envelope): Envelope[] =>
  [...world.pending.values()]
    .filter((other) => other.from === from && other.to === to && other.held === null)
    .sort((a, b) => a.id - b.id);

/** What is in flight behind a message, in sending order, when links are fifo. */
export const followers = (world: World, message: Envelope): Envelope[] =>
  world.scenario.network.order === 'fifo' ? inFlight(world, message).filter(({ id }) => id > message.id) : [];

/** Sets a message's arrival and puts it on the agenda. */
export function travel(world: World, envelope: Envelope, deliverAtMs: number): void {
  let arrivalMs = Math.max(deliverAtMs, world.nowMs);
  if (world.scenario.network.order === 'fifo') {
    const link = `${envelope.from}>${envelope.to}`;
    arrivalMs = Math.max(arrivalMs, world.lastArrivalMs.get(link) ?? 0);
    world.lastArrivalMs.set(link, arrivalMs);
  }
  const moving =
    envelope.held === null && envelope.deliverAtMs === arrivalMs
      ? envelope
      : { ...envelope, held: null, deliverAtMs: arrivalMs };
  world.pending.set(envelope.id, moving);
  schedule(world.agenda, arrivalMs, { type: 'deliver', message: envelope.id });
}

/** Changes when a message in flight arrives. On a fifo link those ahead of it still come first, and those behind it later. */
export function reschedule(world: World, message: Envelope, deliverAtMs: number): void {
  if (world.scenario.network.order !== 'fifo') {
    travel(world, message, deliverAtMs);
    return;
  }
  const link = `${message.from}>${message.to}`;
  const ahead = inFlight(world, message).filter(({ id }) => id < message.id);
  let arrivalMs = Math.max(deliverAtMs, world.nowMs, ahead.at(-1)?.deliverAtMs ?? 0);
  world.lastArrivalMs.set(link, arrivalMs);
  travel(world, message, arrivalMs);
  for (const each of followers(world, message)) {
    // at the same instant it would keep its earlier place on the agenda
    arrivalMs = each.deliverAtMs > arrivalMs ? each.deliverAtMs : arrivalMs + 1;
    travel(world, each, arrivalMs);
  }
}

export function holdMessage(world: World, envelope: Envelope, hold: Hold, draft: Draft): void {
  world.anyFault = true;
  world.pending.set(envelope.id, { ...envelope, held: hold });
  draft.fates.push({ id: envelope.id, message: envelope, place: 'held', why: hold });
}

/** A held message goes on with the travelling time it had left, unless something else stands in its way. */
export function releaseMessage(world: World, envelope: Envelope, draft: Draft): void {
  const held = envelope.held as Hold;
  draft.fates.push({ id: envelope.id, message: envelope, place: 'released', why: held });
  const leftMs = Math.max(0, envelope.deliverAtMs - held.sinceMs);
  letGo(world, { ...envelope, held: null, deliverAtMs: world.nowMs + leftMs }, null, draft);
}

/** After a partition or a cut came or went: holds, drops and releases what is on its way, in sending order. */
export function settleBarriers(world: World, draft: Draft): number {
  let released = 0;
  for (const envelope of [...world.pending.values()].sort((a, b) => a.id - b.id)) {
    if (envelope.from === envelope.to) continue;
    if (envelope.held !== null && envelope.held.by !== 'partition' && envelope.held.by !== 'cut') continue;
    const from = world.nodes[world.indexOf.get(envelope.from) as number] as NodeRecord;
    const to = world.nodes[world.indexOf.get(envelope.to) as number] as NodeRecord;
    const wall = barrier(world, from, to);
    if (envelope.held === null && wall === null) continue;
    if (wall === null) {
      released += 1;
      releaseMessage(world, envelope, draft);
    } else if (wall.drop) dropMessage(world, draft, envelope, { by: 'fault', fault: wall.fault });
    else if (envelope.held === null || envelope.held.fault !== wall.fault) {
      touch(world, wall.fault);
      const sinceMs = envelope.held?.sinceMs ?? world.nowMs;
      holdMessage(world, envelope, { by: wall.by, fault: wall.fault, sinceMs }, draft);
    }
  }
  return released;
}
