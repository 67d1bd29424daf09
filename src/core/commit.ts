/**
 * Applies one choice, and the step it led to, to the world. It does not matter who computed the step: a worker thread,
 * this process, or a memo table. Whatever the choice sets off (a fault that strikes at this moment) follows as events of
 * its own.
 */

import { type Entry, withdraw } from './agenda.ts';
import { applyFault } from './apply-fault.ts';
import { trackBlocked } from './blocked.ts';
import { receive, tick } from './clocks.ts';
import { closeEvent, type Draft, dropMessage, nodeOf, openEvent, touch } from './draft.ts';
import { applyEffects, enterState } from './effects.ts';
import { failNode, failToRestart, objectionTo, takeLostRestart } from './failing.ts';
import type { Fault } from './faults.ts';
import { sameJson } from './json.ts';
import { plan, takeStep } from './plan.ts';
import { evaluateProperties } from './properties.ts';
import { inputToCome } from './scheduler.ts';
import { forgedSigner } from './signatures.ts';
import { statePath } from './state-path.ts';
import { strikesAt } from './triggers.ts';
import type {
  Choice,
  CrashReport,
  Envelope,
  NodeRecord,
  Origin,
  Plan,
  StepFailure,
  StepResult,
  TraceEvent,
  World,
} from './world.ts';

type Result = StepResult | StepFailure | null;

/** Takes the step of a restart that another choice has set off. */
export type StepTaker = (step: Plan) => StepResult | StepFailure;

/** A choice that is being carried out: its events so far, and who takes steps in the middle of it. */
interface Doing {
  readonly events: Draft[];
  readonly take: StepTaker;
}

/**
 * @param result what `plan(world, choice)` led to; null when there was nothing to step
 * @param script index of the scripted fault that this choice is, or -1
 * @param take takes the steps of restarts that the choice itself sets off; left out: in this process
 * @returns the event of this choice, with those of the faults it set off around it, by index
 */
export function commit(
  world: World,
  choice: Choice,
  result: Result,
  origin: Origin,
  script = -1,
  take: StepTaker = (step) => takeStep(world, step),
): TraceEvent[] {
  const events: Draft[] = [];
  const doing: Doing = { events, take };
  switch (choice.type) {
    case 'start':
      commitStep(world, nodeOf(world, choice.node), choice, result, origin, doing);
      break;
    case 'deliver':
      commitDelivery(world, choice, result, origin, doing);
      break;
    case 'fire':
      commitTimer(world, choice, result, origin, doing);
      break;
    case 'input':
      takeInput(world, choice);
      commitStep(world, nodeOf(world, choice.node), choice, result, origin, doing);
      break;
    case 'fail':
      commitFailure(world, choice, doing);
      break;
    case 'restart':
      commitRestart(world, choice, result, origin, script, doing);
      break;
    default:
      applyFault(world, choice, origin, script, events);
  }
  const outcome = evaluateProperties(world, (events[0] as Draft).index);
  if (outcome !== null) Object.assign(events[0] as Draft, outcome);
  trackBlocked(world);
  for (const draft of events) closeEvent(draft);
  return events;
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
  doing: Doing,
): void {
  for (const { script, fault } of strikes) {
    if (fault.type === 'restart') restartNow(world, fault, script, doing);
    else applyFault(world, fault, 'script', script, doing.events);
  }
}

function restartNow(world: World, fault: Extract<Fault, { type: 'restart' }>, script: number, doing: Doing): void {
  const step = plan(world, fault);
  const result = step === null ? null : doing.take(step);
  doing.events.push(...(commit(world, fault, result, 'script', script, doing.take) as Draft[]));
}

function commitFailure(world: World, choice: Extract<Choice, { type: 'fail' }>, doing: Doing): void {
  const node = nodeOf(world, choice.node);
  const draft = openEvent(world, choice, 'runtime', node);
  doing.events.push(draft);
  if (choice.restarting === true) failToRestart(world, node, choice.reason, draft);
  else failNode(world, node, choice.reason, draft);
}

function commitStep(
  world: World,
  node: NodeRecord,
  choice: Choice,
  result: Result,
  origin: Origin,
  doing: Doing,
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
  doing.events.push(draft);
  if (!alive) {
    if (node.status === 'paused') postpone(node, choice);
    else if (choice.type === 'input') draft.notes.push(`${node.id} is down: nobody took the input`);
    return;
  }
  if (result === null) return;
  if ('failed' in result) failNode(world, node, result.failed, draft);
  else takeResult(world, node, result, draft, doing);
}

const postpone = (node: NodeRecord, choice: Choice): void => {
  node.waiting.push(choice);
};

function takeResult(world: World, node: NodeRecord, result: StepResult, draft: Draft, doing: Doing): void {
  const before = node.path;
  node.previous = { index: draft.index, path: before, context: node.context, stable: node.stable };
  enterState(world, node, result.state, draft);
  const strikeNow = (on: 'sends' | 'decides', what: Parameters<typeof strikesAt>[3]): void =>
    strike(world, strikesAt(world, node, on, what), doing);
  const objection = objectionTo(world, result.effects);
  if (objection !== null) {
    failNode(world, node, objection, draft);
    return;
  }
  applyEffects(world, node, result.effects, draft, strikeNow);
  if (node.status === 'up') strike(world, strikesAt(world, node, 'enters', node.path, before), doing);
}

/** An input at a node that is down is taken by nobody: nothing was proposed, begun or asked. */
function takeInput(world: World, choice: Extract<Choice, { type: 'input' }>): void {
  const { node, input, data } = choice;
  if (choice.early === true) withdraw(world.agenda, inputToCome(world, choice) as Entry);
  const { status } = nodeOf(world, node);
  if (status !== 'crashed' && status !== 'failed') world.inputs.push({ node, input, data });
}

function commitDelivery(
  world: World,
  choice: Extract<Choice, { type: 'deliver' }>,
  result: Result,
  origin: Origin,
  doing: Doing,
): void {
  const message = world.pending.get(choice.message);
  if (message === undefined) throw new Error(`message ${choice.message} is neither in flight nor held`);
  const node = nodeOf(world, message.to);
  if (node.status === 'up') strike(world, strikesAt(world, node, 'receives', message.body.type), doing);
  if (node.status === 'paused') {
    waitForPaused(world, node, message, choice, origin, doing);
    return;
  }
  const draft = node.status === 'up' ? null : openEvent(world, choice, origin, node);
  if (draft !== null) {
    draft.message = message;
    doing.events.push(draft);
    dropMessage(world, draft, message, { by: 'crash', fault: node.crash?.fault ?? null });
    return;
  }
  const forged = forgedSigner(world.scenario.seed, message.body, world.indexOf);
  if (forged !== null) {
    const rejected = openEvent(world, choice, origin, node);
    rejected.message = message;
    rejected.notes.push(`${node.id} rejects the message: what it shows as signed by ${forged} is forged`);
    doing.events.push(rejected);
    world.forgeries += 1;
    dropMessage(world, rejected, message, { by: 'forged', signer: forged });
    return;
  }
  arrive(world, node, message);
  commitStep(world, node, choice, result, origin, doing, message);
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
  doing: Doing,
): void {
  const draft = openEvent(world, choice, origin, node);
  const hold = { by: 'pause' as const, fault: node.pausedBy ?? -1, sinceMs: world.nowMs };
  draft.message = message;
  draft.fates.push({ id: message.id, message, place: 'held', why: hold });
  world.pending.set(message.id, { ...message, held: hold });
  postpone(node, choice);
  const record = world.faults[hold.fault];
  if (record) record.touched += 1;
  doing.events.push(draft);
}

function commitTimer(
  world: World,
  choice: Extract<Choice, { type: 'fire' }>,
  result: Result,
  origin: Origin,
  doing: Doing,
): void {
  const node = nodeOf(world, choice.node);
  if (node.status === 'up') node.timers = node.timers.filter(({ timer }) => timer !== choice.timer);
  else if (node.status === 'paused') {
    // The timer's time has come, but the process is asleep: it fires when it wakes.
    const record = world.faults[node.pausedBy ?? -1];
    if (record) record.touched += 1;
    node.timers = node.timers.map((timer) => (timer.timer === choice.timer ? { ...timer, token: -1 } : timer));
  }
  commitStep(world, node, choice, result, origin, doing);
}

function commitRestart(
  world: World,
  choice: Extract<Choice, { type: 'restart' }>,
  result: Result,
  origin: Origin,
  script: number,
  doing: Doing,
): void {
  const node = nodeOf(world, choice.node);
  const outcome = takeLostRestart(node) ?? result;
  applyFault(world, choice, origin, script, doing.events);
  const draft = doing.events.at(-1) as Draft;
  if (node.status !== 'up' || node.state !== null || outcome === null) return;
  tick(node);
  draft.lamport = node.lamport;
  draft.vector = node.vector.slice();
  draft.before = '';
  if (node.crash !== null && isPoorer(node.crash, outcome)) touch(world, node.crash.fault);
  if (node.crash !== null && !('failed' in outcome)) {
    const { value, context } = outcome.state;
    node.crash = { ...node.crash, returned: { index: draft.index, path: statePath(value), context } };
  }
  if ('failed' in outcome) failNode(world, node, outcome.failed, draft);
  else takeResult(world, node, outcome, draft, doing);
}

/** It came back knowing less than it knew: the loss of its memory is what that crash has done. */
const isPoorer = (crash: CrashReport, result: StepResult | StepFailure): boolean =>
  'failed' in result || statePath(result.state.value) !== crash.path || !sameJson(result.state.context, crash.lost);
