/**
 * The only file that talks to XState. One step of one node's statechart: `(state, event) -> (state, effects)`, pure.
 *
 * It uses `machine.transition` with one inert scope for all machines: no actor, no system, no clock. Actions reach the
 * scope's executor as data; the named ones become effects, everything else is refused.
 */
import type { AnyMachineSnapshot, AnyStateMachine, AnyTransitionDefinition, StateValue } from 'xstate';
import { assertPlain } from './json.ts';
import { nodeAt } from './places.ts';
import type { BroadcastParams, Effect, Json, JsonObject, NodeInput, NodeState, SendParams } from './protocol.ts';
import { timersOf } from './timers.ts';
import type { StepResult } from './world.ts';

/** A protocol that asked for something that does not exist, or threw. The message is for its author. */
export class StepError extends Error {
  constructor(what: string) {
    super(what);
    this.name = 'StepError';
  }
}

interface ExecutableAction {
  readonly type: string;
  readonly params: unknown;
}

let collected: ExecutableAction[] = [];
const nothing = (): void => {};
const inertRef = { id: 'node', sessionId: 'node', send: nothing };
/** `machine.transition` swaps `actionExecutor` for the length of a microstep and puts it back: one object serves all. */
const inertScope = {
  self: inertRef,
  id: 'node',
  sessionId: 'node',
  logger: nothing,
  defer: nothing,
  emit: nothing,
  stopChild: nothing,
  system: { _sendInspectionEvent: nothing, scheduler: { schedule: nothing, cancel: nothing }, get: nothing },
  actionExecutor: (action: ExecutableAction): void => {
    collected.push(action);
  },
};
type Scope = Parameters<AnyStateMachine['transition']>[2];
const scope = inertScope as unknown as Scope;

/** Snapshots cannot be cloned or compared: each rides on the plain state it belongs to, where JSON does not see it. */
const snapshotKey = Symbol('snapshot');
type Carrier = NodeState & { [snapshotKey]?: AnyMachineSnapshot };

function snapshotOf(machine: AnyStateMachine, state: Carrier): AnyMachineSnapshot {
  const known = state[snapshotKey];
  if (known !== undefined && known.machine === machine) return known;
  const restored = machine.resolveState({
    value: state.value,
    context: state.context,
    status: state.done ? 'done' : 'active',
  }) as AnyMachineSnapshot;
  state[snapshotKey] = restored;
  return restored;
}

/**
 * One step. `state` null and `event` null: the machine starts. An event that the machine does not handle gives the very
 * same state object back and no effects. Throws `StepError`.
 */
export function stepMachine(
  machine: AnyStateMachine,
  state: NodeState | null,
  event: (JsonObject & { readonly type: string }) | null,
  input: NodeInput,
): StepResult {
  collected = [];
  const before = state === null ? null : snapshotOf(machine, state);
  let after: AnyMachineSnapshot;
  try {
    const origin = before ?? (machine.getInitialSnapshot(scope, input) as AnyMachineSnapshot);
    after = event === null ? origin : (machine.transition(origin, event, scope) as AnyMachineSnapshot);
  } catch (error) {
    throw thrown(error, event, input);
  }
  if (state !== null && after === before && collected.length === 0) return { state, effects: [] };
  // what the making of a context throws, XState keeps in the snapshot
  if (after.status === 'error') throw thrown(after.error, event, input);
  if (after.context !== before?.context) requirePlain(after.context, 'context', input);
  const next: Carrier = {
    value: after.value as StateValue,
    context: after.context,
    done: after.status === 'done',
    [snapshotKey]: after,
  };
  return { state: next, effects: collected.length === 0 ? none : toEffects(machine, collected, input) };
}

/** The transitions that this event would take, its guards asked; none of them is taken. Empty: it would be ignored. */
export const transitionsOn = (
  machine: AnyStateMachine,
  state: NodeState,
  event: JsonObject & { readonly type: string },
): readonly AnyTransitionDefinition[] => machine.getTransitionData(snapshotOf(machine, state), event);

const none: readonly Effect[] = [];

function thrown(error: unknown, event: { readonly type: string } | null, { self, role }: NodeInput): StepError {
  // XState's own words are of several lines
  const what = (error instanceof Error ? error.message : String(error)).replace(/\s*\n\s*/g, ' ');
  return new StepError(`${self} (${role}) threw ${event === null ? 'at its start' : `on ${event.type}`}: ${what}`);
}

/** What is no JSON would turn into something else on its way to a thread, a recording or a digest: say so at once. */
function requirePlain(value: unknown, path: string, input: NodeInput): void {
  try {
    assertPlain(value, path);
  } catch (error) {
    throw complaint(input, (error as Error).message);
  }
}

function toEffects(
  machine: AnyStateMachine,
  actions: readonly ExecutableAction[],
  input: NodeInput,
): readonly Effect[] {
  const effects: Effect[] = [];
  for (const action of actions) {
    const params = action.params as Record<string, unknown> | undefined;
    switch (action.type) {
      case 'send':
        pushSends(effects, params as unknown as SendParams, input);
        break;
      case 'broadcast':
        pushBroadcast(effects, params as unknown as BroadcastParams, input);
        break;
      case 'persist':
        if (typeof params?.key !== 'string' || params.key === '__proto__')
          throw complaint(input, '`persist` needs params { key, value }');
        effects.push({ type: 'persist', key: params.key, value: (params.value ?? null) as Json });
        break;
      case 'decide':
        if (params?.value === undefined) throw complaint(input, '`decide` needs params { value }');
        effects.push({ type: 'decide', value: params.value as Json });
        break;
      case 'deliver':
        if (params?.item === undefined) throw complaint(input, '`deliver` needs params { item }');
        effects.push({ type: 'deliver', item: params.item as Json });
        break;
      case 'note':
        effects.push({ type: 'note', text: String(params?.text ?? '') });
        break;
      case 'xstate.raise':
        pushTimer(effects, machine, params as unknown as { event: { type: string }; delay?: number }, input);
        break;
      case 'xstate.cancel': {
        const timer = timersOf(machine).nameOf.get(String(params?.sendId));
        if (timer !== undefined) effects.push({ type: 'cancelTimer', timer });
        break;
      }
      default:
        throw complaint(
          input,
          `asks for the action \`${action.type}\`; a role may use send, broadcast, persist, decide, deliver, note, assign, raise and \`after\``,
        );
    }
  }
  requirePlainEffects(effects, input);
  return effects;
}

function requirePlainEffects(effects: readonly Effect[], input: NodeInput): void {
  let message: unknown;
  for (const [i, effect] of effects.entries()) {
    // a broadcast says the same to everybody
    if (effect.type === 'send' && effect.message === message) continue;
    requirePlain(effect, `effects[${i}]`, input);
    if (effect.type === 'send') message = effect.message;
  }
}

const complaint = (input: NodeInput, what: string): StepError =>
  new StepError(`${input.self} (${input.role}): ${what}`);

function pushSends(effects: Effect[], params: SendParams | undefined, input: NodeInput): void {
  const message = params?.message;
  if (typeof message?.type !== 'string' || params?.to === undefined) {
    throw complaint(input, '`send` needs params { to, message: { type, ... } }');
  }
  const { to: whom } = params;
  const receivers = typeof whom === 'number' ? [nodeAt(input, whom) ?? `node number ${whom}`] : whom;
  for (const to of typeof receivers === 'string' ? [receivers] : receivers) {
    if (!Object.hasOwn(input.nodes, to))
      throw complaint(input, `sends \`${message.type}\` to ${String(to)}, who is no node`);
    effects.push({ type: 'send', to, message, ...(params.signed ? { signed: true } : {}) });
  }
}

function pushBroadcast(effects: Effect[], params: BroadcastParams | undefined, input: NodeInput): void {
  const message = params?.message;
  if (typeof message?.type !== 'string') throw complaint(input, '`broadcast` needs params { message: { type, ... } }');
  const { to } = params as BroadcastParams;
  for (const [id, role] of Object.entries(input.nodes)) {
    if (id === input.self) continue;
    if (to !== undefined && (typeof to === 'string' ? to !== role : !to.includes(role))) continue;
    effects.push({ type: 'send', to: id, message, ...(params?.signed ? { signed: true } : {}) });
  }
}

/** `after` reaches us as a delayed raise of its own event; a `raise` without a delay has already been handled inside the step. */
function pushTimer(
  effects: Effect[],
  machine: AnyStateMachine,
  params: { readonly event: { readonly type: string }; readonly delay?: number },
  input: NodeInput,
): void {
  if (params.delay === undefined) return;
  const timer = timersOf(machine).nameOf.get(params.event.type);
  if (timer === undefined) throw complaint(input, `raises \`${params.event.type}\` with a delay; use \`after\``);
  if (!Number.isFinite(params.delay) || params.delay < 0) {
    throw complaint(input, `the delay of ${timer} is ${params.delay}; it must be a number of milliseconds, 0 or more`);
  }
  effects.push({ type: 'setTimer', timer, delayMs: Math.round(params.delay) });
}
