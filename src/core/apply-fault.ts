/** Faults take place here. Each leaves a record with the evidence of what it touched; one that touched nothing is inert. */
import { schedule } from './agenda.ts';
import { type Draft, nodeOf, openEvent, touch } from './draft.ts';
import { crashNode } from './effects.ts';
import type { Fault } from './faults.ts';
import { skewed } from './local-clock.ts';
import { releaseMessage, settleBarriers, travel } from './network.ts';
import { heldByHand, strikeMessages } from './strike-messages.ts';
import { excessOf, toleranceOf } from './tolerance.ts';
import type { NodeRecord, Origin, World } from './world.ts';

/** Applies a fault as an event of its own, appended to `out`. What is not possible now is noted and touches nothing. */
export function applyFault(world: World, fault: Fault, origin: Origin, script: number, out: Draft[]): void {
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
      warnOfBound(world, node as NodeRecord, draft);
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
  crashNode(world, node, id, draft);
  warnOfBound(world, node, draft);
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
  node.clock = skewed(node.clock, world.nowMs, offsetMs, newRate, id);
  if (world.protocol.readsClock === true) touch(world, id);
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

/** Says it once, at the moment the faults exceed what the protocol promises to stand. */
function warnOfBound(world: World, node: NodeRecord, draft: Draft): void {
  const tolerance = toleranceOf(world);
  if (tolerance?.isExceeded !== true || toleranceOf(world, node)?.isExceeded === true) return;
  draft.notes.push(`bound exceeded: ${excessOf(tolerance)}`);
}
