/**
 * Applies one choice, and the step it led to, to the world. It does not matter who computed the step: a worker thread,
 * this process, or a memo table. Whatever the choice sets off (a fault that strikes at this moment) follows as events of
 * its own.
 */

import { applyFault } from './apply-fault.ts';
import { trackBlocked } from './blocked.ts';
import { receive, tick } from './clocks.ts';
import { closeEvent, type Draft, dropMessage, nodeOf, openEvent, touch } from './draft.ts';
import { applyEffects, blamedCrash, enterState } from './effects.ts';
import type { Fault } from './faults.ts';
import { sameJson } from './json.ts';
import { plan, takeStep } from './plan.ts';
import { evaluateProperties } from './properties.ts';
import { forgedSigner } from './signatures.ts';
import { statePath } from './state-path.ts';
import { strikesAt } from './triggers.ts';
import type {
  Choice,
  CrashReport,
  Envelope,
  NodeRecord,
  Origin,
  StepFailure,
  StepResult,
  TraceEvent,
  World,
} from './world.ts';

type Result = StepResult | StepFailure | null;

/**
 * @param result what `plan(world, choice)` led to; null when there was nothing to step
 * @param script index of the scripted fault that this choice is, or -1
 * @returns the event of this choice, with those of the faults it set off around it, by index
 */
export function commit(world: World, choice: Choice, result: Result, origin: Origin, script = -1): TraceEvent[] {
  const out: Draft[] = [];
  switch (choice.type) {
    case 'start':
      commitStep(world, nodeOf(world, choice.node), choice, result, origin, out);
      break;
    case 'deliver':
      commitDelivery(world, choice, result, origin, out);
      break;
    case 'fire':
      commitTimer(world, choice, result, origin, out);
      break;
    case 'input':
      world.inputs.push({ node: choice.node, input: choice.input, data: choice.data });
      commitStep(world, nodeOf(world, choice.node), choice, result, origin, out);
      break;
    case 'fail':
      failNode(world, nodeOf(world, choice.node), choice.reason, openFailure(world, choice, out));
      break;
    case 'restart':
      commitRestart(world, choice, result, origin, script, out);
      break;
    default:
      applyFault(world, choice, origin, script, out);
  }
  const outcome = evaluateProperties(world, (out[0] as Draft).index);
  if (outcome !== null) Object.assign(out[0] as Draft, outcome);
  trackBlocked(world);
  for (const draft of out) closeEvent(draft);
  return out;
}

/** Plan, step and commit, all in this process. */
export function perform(world: World, choice: Choice, origin: Origin, script = -1): TraceEvent[] {
  const step = plan(world, choice);
  return commit(world, choice, step === null ? null : takeStep(world, step), origin, script);
}

/** The faults that strike at this point, applied at once. */
function strike(
  world: World,
  strikes: readonly { readonly script: number; readonly fault: Fault }[],
  out: Draft[],
): void {
  for (const { script, fault } of strikes) {
    if (fault.type === 'restart') out.push(...(perform(world, fault, 'script', script) as Draft[]));
    else applyFault(world, fault, 'script', script, out);
  }
}

function openFailure(world: World, choice: Choice & { readonly node: string }, out: Draft[]): Draft {
  const draft = openEvent(world, choice, 'runtime', nodeOf(world, choice.node));
  out.push(draft);
  return draft;
}

/** The node is lost, and not by a fault of the script: it stays in the run as failed, with the reason. */
function failNode(world: World, node: NodeRecord, reason: string, draft: Draft): void {
  draft.notes.push(`${node.id} failed: ${reason}`);
  node.failure = reason;
  blamedCrash(world, node, null, draft);
  node.status = 'failed';
}

function commitStep(
  world: World,
  node: NodeRecord,
  choice: Choice,
  result: Result,
  origin: Origin,
  out: Draft[],
  message: Envelope | null = null,
): void {
  const alive = node.status === 'up';
  if (alive && choice.type !== 'start') {
    if (message === null) tick(node);
    else receive(node, message);
  }
  const draft = openEvent(world, choice, origin, node);
  draft.message = message;
  draft.before = node.path;
  draft.after = node.path;
  out.push(draft);
  if (!alive) {
    if (node.status === 'paused') postpone(node, choice);
    else if (choice.type === 'input') draft.notes.push(`${node.id} is down: nobody took the input`);
    return;
  }
  if (result === null) return;
  if ('failed' in result) failNode(world, node, result.failed, draft);
  else takeResult(world, node, result, draft, out);
}

const postpone = (node: NodeRecord, choice: Choice): void => {
  node.waiting.push(choice);
};

function takeResult(world: World, node: NodeRecord, result: StepResult, draft: Draft, out: Draft[]): void {
  const before = node.path;
  node.previous = { index: draft.index, path: before, context: node.context, stable: node.stable };
  enterState(world, node, result.state, draft);
  const strikeNow = (on: 'sends' | 'decides', what: Parameters<typeof strikesAt>[3]): void =>
    strike(world, strikesAt(world, node, on, what), out);
  const undeclared = result.effects.find(
    (effect) => effect.type === 'send' && world.protocol.messages[effect.message.type] === undefined,
  );
  if (undeclared?.type === 'send') {
    failNode(
      world,
      node,
      `sends \`${undeclared.message.type}\`, which the protocol's \`messages\` do not declare`,
      draft,
    );
    return;
  }
  applyEffects(world, node, result.effects, draft, strikeNow);
  if (node.status === 'up') strike(world, strikesAt(world, node, 'enters', node.path, before), out);
}

function commitDelivery(
  world: World,
  choice: Extract<Choice, { type: 'deliver' }>,
  result: Result,
  origin: Origin,
  out: Draft[],
): void {
  const message = world.pending.get(choice.message);
  if (message === undefined) throw new Error(`message ${choice.message} is neither in flight nor held`);
  const node = nodeOf(world, message.to);
  if (node.status === 'up') strike(world, strikesAt(world, node, 'receives', message.body.type), out);
  if (node.status === 'paused') {
    waitForPaused(world, node, message, choice, origin, out);
    return;
  }
  const draft = node.status === 'up' ? null : openEvent(world, choice, origin, node);
  if (draft !== null) {
    draft.message = message;
    out.push(draft);
    dropMessage(world, draft, message, { by: 'crash', fault: node.crash?.fault ?? null });
    return;
  }
  const forged = forgedSigner(world.scenario.seed, message.body, world.indexOf);
  if (forged !== null) {
    const rejected = openEvent(world, choice, origin, node);
    rejected.message = message;
    rejected.notes.push(`${node.id} rejects the message: what it shows as signed by ${forged} is forged`);
    out.push(rejected);
    world.forgeries += 1;
    dropMessage(world, rejected, message, { by: 'forged', signer: forged });
    return;
  }
  arrive(world, node, message);
  commitStep(world, node, choice, result, origin, out, message);
}

function arrive(world: World, node: NodeRecord, message: Envelope): void {
  world.pending.delete(message.id);
  world.costs.delivered += 1;
  if (message.depth > node.depth) node.depth = message.depth;
  if (message.writeDepth > node.writeDepth) node.writeDepth = message.writeDepth;
  const { boundMs } = world.scenario;
  if (boundMs === undefined || world.nowMs - message.sentAtMs <= boundMs || message.lie !== undefined) return;
  world.assumptions.push({
    what: `message ${message.id} (${message.body.type} ${message.from}→${message.to}) took ${world.nowMs - message.sentAtMs} ms; the model promises at most ${boundMs} ms`,
    index: world.events,
    atMs: world.nowMs,
  });
}

/** It has arrived, and waits at the door of a node that takes no steps. */
function waitForPaused(
  world: World,
  node: NodeRecord,
  message: Envelope,
  choice: Choice,
  origin: Origin,
  out: Draft[],
): void {
  const draft = openEvent(world, choice, origin, node);
  const hold = { by: 'pause' as const, fault: node.pausedBy ?? -1, sinceMs: world.nowMs };
  draft.message = message;
  draft.fates.push({ id: message.id, message, place: 'held', why: hold });
  world.pending.set(message.id, { ...message, held: hold });
  postpone(node, choice);
  const record = world.faults[hold.fault];
  if (record) record.touched += 1;
  out.push(draft);
}

function commitTimer(
  world: World,
  choice: Extract<Choice, { type: 'fire' }>,
  result: Result,
  origin: Origin,
  out: Draft[],
): void {
  const node = nodeOf(world, choice.node);
  if (node.status === 'up') node.timers = node.timers.filter(({ timer }) => timer !== choice.timer);
  else if (node.status === 'paused') {
    // The timer's time has come, but the process is asleep: it fires when it wakes.
    const record = world.faults[node.pausedBy ?? -1];
    if (record) record.touched += 1;
    node.timers = node.timers.map((timer) => (timer.timer === choice.timer ? { ...timer, token: -1 } : timer));
  }
  commitStep(world, node, choice, result, origin, out);
}

function commitRestart(
  world: World,
  choice: Extract<Choice, { type: 'restart' }>,
  result: Result,
  origin: Origin,
  script: number,
  out: Draft[],
): void {
  const node = nodeOf(world, choice.node);
  applyFault(world, choice, origin, script, out);
  const draft = out.at(-1) as Draft;
  if (node.status !== 'up' || node.state !== null || result === null) return;
  tick(node);
  draft.lamport = node.lamport;
  draft.vector = node.vector.slice();
  draft.before = '';
  if (node.crash !== null && isPoorer(node.crash, result)) touch(world, node.crash.fault);
  if (node.crash !== null && !('failed' in result)) {
    const { value, context } = result.state;
    node.crash = { ...node.crash, returned: { index: draft.index, path: statePath(value), context } };
  }
  if ('failed' in result) failNode(world, node, result.failed, draft);
  else takeResult(world, node, result, draft, out);
}

/** It came back knowing less than it knew: the loss of its memory is what that crash has done. */
const isPoorer = (crash: CrashReport, result: StepResult | StepFailure): boolean =>
  'failed' in result || statePath(result.state.value) !== crash.path || !sameJson(result.state.context, crash.lost);
