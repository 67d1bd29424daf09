/** What a choice demands of a node: which step, from which state. `plan` changes nothing, so it may be asked at any time. */
import { nodeOf } from './draft.ts';
import { nodeSeed } from './draw.ts';
import { readClock } from './local-clock.ts';
import type { JsonObject, NodeInput, NodeState } from './protocol.ts';
import { forgedSigner } from './signatures.ts';
import { StepError, stepMachine } from './step.ts';
import { timersOf } from './timers.ts';
import type { Choice, NodeRecord, Plan, StepFailure, StepResult, World } from './world.ts';

/**
 * The step that this choice needs; null when no node has to do anything (faults, deliveries to a node that is down).
 * `atMs` is when it will be taken, for protocols that read clocks.
 */
export function plan(world: World, choice: Choice, atMs = world.nowMs): Plan | null {
  switch (choice.type) {
    case 'start': {
      const node = nodeOf(world, choice.node);
      return node.status === 'up' ? startOf(node, choice) : null;
    }
    case 'restart': {
      const node = nodeOf(world, choice.node);
      const isDown = node.status === 'crashed' || node.status === 'failed';
      return isDown && !node.lostRestart ? startOf(node, choice) : null;
    }
    case 'deliver': {
      const message = world.pending.get(choice.message);
      if (message === undefined) return null;
      if (forgedSigner(world.scenario.seed, message.body, world.indexOf) !== null) return null;
      const node = nodeOf(world, message.to);
      return stepOf(node, choice, withClock(world, node, { ...message.body, from: message.from }, atMs));
    }
    case 'fire': {
      const node = nodeOf(world, choice.node);
      const machine = world.protocol.roles[node.role];
      const type = machine && timersOf(machine).eventOf.get(choice.timer);
      return type === undefined ? null : stepOf(node, choice, withClock(world, node, { type }, atMs));
    }
    case 'input': {
      const node = nodeOf(world, choice.node);
      return stepOf(node, choice, withClock(world, node, { ...choice.data, type: choice.input }, atMs));
    }
    default:
      return null;
  }
}

type Event = JsonObject & { readonly type: string };

/** What the clock on the node's wall shows, on every event, for protocols that look at it. */
const withClock = (world: World, node: NodeRecord, event: Event, atMs: number): Event =>
  world.protocol.readsClock === true ? { ...event, clockMs: readClock(node.clock, atMs) } : event;

const startOf = (node: NodeRecord, choice: Choice): Plan => ({
  choice,
  node: node.id,
  role: node.role,
  state: null,
  event: null,
  stable: node.stable,
});

function stepOf(node: NodeRecord, choice: Choice, event: Event): Plan | null {
  if (node.status !== 'up' || node.state === null) return null;
  // A traitor with amnesia takes every step from a blank state and a blank log.
  const blank = node.treachery?.how.behaviour === 'amnesia';
  return {
    choice,
    node: node.id,
    role: node.role,
    state: blank ? null : node.state,
    event,
    stable: blank ? {} : node.stable,
  };
}

/** Two plans that would give the same step: a result asked for under one may be used for the other. */
export const samePlan = (a: Plan | null, b: Plan | null): boolean =>
  a === b ||
  (a !== null &&
    b !== null &&
    a.node === b.node &&
    a.state === b.state &&
    a.stable === b.stable &&
    a.choice === b.choice &&
    a.event?.clockMs === b.event?.clockMs);

export const inputFor = (world: World, step: Plan): NodeInput => ({
  self: step.node,
  role: step.role,
  nodes: world.scenario.nodes,
  parameters: world.scenario.parameters,
  stable: step.stable,
  seed: nodeSeed(world.scenario.seed, step.node),
});

/** Takes the planned step in process. A protocol's mistake is a result too: its node fails with the reason. */
export function takeStep(world: World, step: Plan): StepResult | StepFailure {
  const machine = world.protocol.roles[step.role];
  if (machine === undefined) return { failed: `the protocol has no role ${step.role}` };
  try {
    return stepMachine(machine, step.state as NodeState | null, step.event, inputFor(world, step));
  } catch (error) {
    if (error instanceof StepError) return { failed: error.message };
    throw error;
  }
}
