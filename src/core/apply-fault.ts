/** Faults take place here. Each leaves a record with the evidence of what it touched; one that touched nothing is inert. */
import { schedule } from './agenda.ts';
import { type Draft, dropMessage, nodeOf, openEvent, touch } from './draft.ts';
import { blamedCrash } from './effects.ts';
import type { Fault, MessageTarget } from './faults.ts';
import { copyMessage, holdMessage, releaseMessage, settleBarriers, transmit, travel } from './network.ts';
import type { Envelope, NodeRecord, Origin, World } from './world.ts';

/** Applies a fault as an event of its own, appended to `out`. What is not possible now is noted and touches nothing. */
export function applyFault(
  world: World,
  fault: Exclude<Fault, never>,
  origin: Origin,
  script: number,
  out: Draft[],
): void {
  const node = 'node' in fault ? nodeOf(world, fault.node) : null;
  const draft = openEvent(world, fault, origin, node);
  out.push(draft);
  const id = world.faults.length;
  draft.fault = id;
  world.faults.push({
    fault,
    atMs: world.nowMs,
    index: draft.index,
    origin,
    script: script < 0 ? null : script,
    touched: 0,
  });
  switch (fault.type) {
    case 'crash':
      crash(world, node as NodeRecord, fault.afterSends, id, draft);
      break;
    case 'restart':
      wake(world, node as NodeRecord, id, draft);
      break;
    case 'pause':
      if (node?.status !== 'up') draft.notes.push(`${fault.node} is ${node?.status}: nothing to pause`);
      else Object.assign(node, { status: 'paused', pausedBy: id });
      world.anyFault = true;
      break;
    case 'resume':
      resume(world, node as NodeRecord, id, draft);
      break;
    case 'skew':
      skew(world, node as NodeRecord, fault.offsetMs ?? 0, fault.rate, id);
      break;
    case 'partition':
      world.partition = { groupOf: groupsByIndex(world, fault.groups), fault: id, drop: fault.drop ?? false };
      settleBarriers(world, draft);
      break;
    case 'cut':
      world.cuts = [...world.cuts, { from: fault.from, to: fault.to, fault: id, drop: fault.drop ?? false }];
      settleBarriers(world, draft);
      break;
    case 'heal':
      heal(world, id, draft);
      break;
    case 'traitor':
      Object.assign(node as NodeRecord, { honest: false, treachery: { fault: id, how: fault } });
      world.anyFault = true;
      world.versions.states += 1;
      warnOfBound(world, draft);
      break;
    case 'honest':
      if (node?.treachery == null) draft.notes.push(`${fault.node} is no traitor`);
      else touch(world, id);
      (node as NodeRecord).treachery = null;
      break;
    default:
      strikeMessages(world, fault, id, draft);
  }
}

const groupsByIndex = (world: World, groups: readonly (readonly string[])[]): number[] =>
  world.ids.map((id) => groups.findIndex((group) => group.includes(id)));

function crash(world: World, node: NodeRecord, afterSends: number | undefined, id: number, draft: Draft): void {
  if (node.status === 'crashed' || node.status === 'failed') {
    draft.notes.push(`${node.id} is down already`);
    return;
  }
  if (afterSends !== undefined) {
    node.crashAfter = { sends: Math.max(1, afterSends), fault: id };
    draft.notes.push(
      `${node.id} will crash right after its ${afterSends === 1 ? 'next send' : `${afterSends}. send from now`}`,
    );
    return;
  }
  blamedCrash(world, node, id, draft);
  warnOfBound(world, draft);
  if (world.scenario.failures !== 'fail-stop') return;
  // Fail-stop: the others are told. In the lecture's words, a "farewell, cruel world" message.
  for (const other of world.nodes) {
    if (other !== node) transmit(world, node, { to: other.id, body: { type: 'farewell' } }, draft);
  }
}

function wake(world: World, node: NodeRecord, id: number, draft: Draft): void {
  if (node.status !== 'crashed' && node.status !== 'failed') {
    draft.notes.push(`${node.id} is up: nothing to restart`);
    return;
  }
  if (world.scenario.failures === 'crash-stop' || world.scenario.failures === 'fail-stop') {
    world.assumptions.push({
      what: `${node.id} restarted; in the ${world.scenario.failures} model nodes that stop never come back`,
      index: draft.index,
      atMs: world.nowMs,
    });
  }
  Object.assign(node, { status: 'up', failure: null });
  touch(world, id);
}

function resume(world: World, node: NodeRecord, id: number, draft: Draft): void {
  if (node.status !== 'paused') {
    draft.notes.push(`${node.id} is ${node.status}: nothing to resume`);
    return;
  }
  const { waiting } = node;
  Object.assign(node, { status: 'up', pausedBy: null, waiting: [] });
  touch(world, id, 1 + waiting.length);
  for (const choice of waiting) {
    if (choice.type === 'deliver') {
      const message = world.pending.get(choice.message);
      if (message?.held?.by === 'pause') travel(world, message, world.nowMs);
    } else if (choice.type === 'fire') {
      const token = world.nextToken++;
      node.timers = node.timers.map((timer) =>
        timer.timer === choice.timer ? { ...timer, fireAtMs: world.nowMs, token } : timer,
      );
      schedule(world.agenda, world.nowMs, choice, token);
    } else schedule(world.agenda, world.nowMs, choice);
  }
}

/** Running timers were set by the node's own clock: a jump or another rate moves them. */
function skew(world: World, node: NodeRecord, offsetMs: number, rate: number | undefined, id: number): void {
  const newRate = rate ?? node.clock.rate;
  const oldRate = node.clock.rate;
  node.clock = { offsetMs: node.clock.offsetMs + offsetMs, rate: newRate, fault: id };
  node.timers = node.timers.map((timer) => {
    const leftMs = ((timer.fireAtMs - world.nowMs) * oldRate - offsetMs) / newRate;
    const fireAtMs = world.nowMs + Math.max(0, Math.round(leftMs));
    if (fireAtMs === timer.fireAtMs) return timer;
    touch(world, id);
    const token = world.nextToken++;
    schedule(world.agenda, fireAtMs, { type: 'fire', node: node.id, timer: timer.timer }, token);
    return { ...timer, fireAtMs, token };
  });
}

function heal(world: World, id: number, draft: Draft): void {
  const stood = (world.partition === null ? 0 : 1) + world.cuts.length + world.rules.length;
  world.partition = null;
  world.cuts = [];
  world.rules = [];
  let released = settleBarriers(world, draft);
  for (const message of heldByHand(world)) {
    releaseMessage(world, message, draft);
    released += 1;
  }
  if (stood + released === 0) draft.notes.push('there was nothing to heal');
  touch(world, id, stood + released);
}

const heldByHand = (world: World): Envelope[] =>
  [...world.pending.values()].filter(({ held }) => held?.by === 'hold').sort((a, b) => a.id - b.id);

const isCaught = (target: MessageTarget, message: Envelope): boolean =>
  (target.message === undefined || target.message === message.id) &&
  (target.from === undefined || target.from === message.from) &&
  (target.to === undefined || target.to === message.to) &&
  (target.kind === undefined || target.kind === message.body.type);

type MessageFault = Extract<
  Fault,
  { type: 'delay' | 'hold' | 'release' | 'drop' | 'duplicate' | 'deliver-now' | 'reorder' }
>;

function strikeMessages(world: World, fault: MessageFault, id: number, draft: Draft): void {
  if (fault.type === 'release') {
    for (const message of heldByHand(world)) {
      if (!isCaught(fault, message)) continue;
      touch(world, id);
      releaseMessage(world, message, draft);
    }
    const stays = ({ rule }: World['rules'][number]): boolean =>
      rule.type !== 'hold' || rule.from !== fault.from || rule.to !== fault.to || rule.kind !== fault.kind;
    world.rules = world.rules.filter(stays);
    return;
  }
  if (fault.message === undefined) {
    if (fault.type === 'deliver-now' || fault.type === 'reorder') return;
    world.rules = [...world.rules, { fault: id, rule: fault, left: fault.count ?? -1 }];
    return;
  }
  const message = world.pending.get(fault.message);
  if (message === undefined) {
    draft.notes.push(`message ${fault.message} is no longer on its way`);
    return;
  }
  strikeOne(world, fault, message, id, draft);
}

function strikeOne(
  world: World,
  fault: Exclude<MessageFault, { type: 'release' }>,
  message: Envelope,
  id: number,
  draft: Draft,
): void {
  if (fault.type !== 'drop') touch(world, id);
  world.anyFault = true;
  switch (fault.type) {
    case 'drop':
      dropMessage(world, draft, message, { by: 'fault', fault: id });
      break;
    case 'duplicate':
      copyMessage(world, message, draft);
      break;
    case 'hold':
      holdMessage(world, message, { by: 'hold', fault: id, sinceMs: world.nowMs }, draft);
      break;
    case 'delay':
      if (message.held === null) travel(world, message, message.deliverAtMs + fault.byMs);
      else world.pending.set(message.id, { ...message, deliverAtMs: message.deliverAtMs + fault.byMs });
      break;
    case 'deliver-now':
      if (message.held?.by === 'hold') releaseMessage(world, { ...message, deliverAtMs: world.nowMs }, draft);
      else travel(world, message, world.nowMs);
      break;
    case 'reorder':
      putAfterNext(world, message);
      break;
  }
}

/** The message arrives 1 ms after the next one on its link. Fifo order forbids it: `refusal` says so beforehand. */
function putAfterNext(world: World, message: Envelope): void {
  let next: Envelope | null = null;
  for (const other of world.pending.values()) {
    const follows =
      other.from === message.from && other.to === message.to && other.held === null && other.id !== message.id;
    if (follows && other.deliverAtMs >= message.deliverAtMs && (next === null || other.deliverAtMs < next.deliverAtMs))
      next = other;
  }
  if (next !== null) travel(world, message, next.deliverAtMs + 1);
}

/** Says it once, at the moment the faults exceed what the protocol promises to stand. */
function warnOfBound(world: World, draft: Draft): void {
  const tolerance = toleranceOf(world);
  if (tolerance === null || tolerance.faulty !== tolerance.greatest + 1) return;
  draft.notes.push(
    `bound exceeded: ${tolerance.faulty} faulty of ${world.ids.length}, but ${tolerance.formula} stands only ${tolerance.greatest}`,
  );
}

export interface Tolerance {
  readonly formula: string;
  readonly of: 'traitors' | 'crashes';
  readonly n: number;
  readonly greatest: number;
  readonly faulty: number;
}

/** n, f and the protocol's bound at this moment; null when the protocol states none. */
export function toleranceOf(world: World): Tolerance | null {
  const { bound } = world.protocol;
  if (bound === undefined) return null;
  const roles: Record<string, number> = {};
  for (const node of world.nodes) roles[node.role] = (roles[node.role] ?? 0) + 1;
  const isFaulty =
    bound.of === 'traitors'
      ? (node: NodeRecord) => !node.honest
      : (node: NodeRecord) => node.everCrashed || !node.honest;
  return {
    formula: bound.formula,
    of: bound.of,
    n: world.ids.length,
    greatest: bound.greatest(world.ids.length, roles, world.scenario.parameters),
    faulty: world.nodes.filter(isFaulty).length,
  };
}
