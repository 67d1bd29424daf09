/**
 * A role's statechart, read off the XState machine itself, so that no picture or list of states can be out of date:
 * every state with what it is, every transition with what takes it. `show`, the screen and the exports draw from it.
 */
import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate';
import type { JsonObject, NodeState } from './protocol.ts';
import { transitionsOn } from './step.ts';

export interface StateInfo {
  /** dotted from the machine's root: `normal.preparing` */
  readonly path: string;
  readonly name: string;
  readonly parent: string | null;
  readonly type: 'atomic' | 'compound' | 'parallel' | 'final';
  readonly initial: boolean;
  readonly description: string;
  readonly tags: readonly string[];
  /** effects asked for on the way in and out, by name */
  readonly entry: readonly string[];
  readonly exit: readonly string[];
}

export interface TransitionInfo {
  readonly from: string;
  /** empty: it stays where it is */
  readonly to: readonly string[];
  readonly on: 'event' | 'after' | 'always' | 'done';
  /** the event's kind, the delay's name, or nothing */
  readonly event: string;
  readonly guard: string | null;
  readonly actions: readonly string[];
  readonly reenter: boolean;
  readonly description: string;
}

export interface Statechart {
  readonly states: readonly StateInfo[];
  readonly transitions: readonly TransitionInfo[];
}

const charts = new WeakMap<AnyStateMachine, Statechart>();
const infoOf = new WeakMap<AnyTransitionDefinition, TransitionInfo>();

/** The same chart for the same machine. */
export function statechartOf(machine: AnyStateMachine): Statechart {
  const known = charts.get(machine);
  if (known !== undefined) return known;
  const chart = readChart(machine);
  charts.set(machine, chart);
  return chart;
}

/** Those transitions of the chart that this event would take in this state; empty: it would be ignored. */
export function enabledBy(
  machine: AnyStateMachine,
  state: NodeState,
  event: JsonObject & { readonly type: string },
): readonly TransitionInfo[] {
  statechartOf(machine);
  return transitionsOn(machine, state, event).flatMap((definition) => infoOf.get(definition) ?? []);
}

function readChart(machine: AnyStateMachine): Statechart {
  const states: StateInfo[] = [];
  const transitions: TransitionInfo[] = [];
  const visit = (node: AnyStateNode): void => {
    if (node.path.length > 0) states.push(stateInfo(node));
    transitions.push(...transitionsOf(node));
    for (const child of Object.values(node.states)) visit(child as AnyStateNode);
  };
  visit(machine.root as AnyStateNode);
  return { states, transitions };
}

const pathOf = (node: AnyStateNode): string => node.path.join('.');

function stateInfo(node: AnyStateNode): StateInfo {
  const { parent } = node;
  const initial = parent?.type === 'parallel' || (parent?.initial.target.includes(node) ?? false);
  return {
    path: pathOf(node),
    name: node.key,
    parent: parent && parent.path.length > 0 ? pathOf(parent) : null,
    type: node.type === 'history' ? 'atomic' : node.type,
    initial,
    description: node.description ?? '',
    tags: node.tags,
    entry: actionNames(node.entry),
    exit: actionNames(node.exit),
  };
}

/** How XState names the events that it makes itself. */
const ownEvent = /^xstate\.(after|done\.state)\.(?:(.*)\.)?[^.]*$/;

function transitionsOf(node: AnyStateNode): TransitionInfo[] {
  const found: TransitionInfo[] = [];
  const delays = new Map(node.after.map((delayed) => [delayed.eventType, String(delayed.delay)]));
  for (const [eventType, definitions] of node.transitions) {
    for (const definition of definitions as AnyTransitionDefinition[]) {
      const delay = delays.get(eventType);
      const on = delay !== undefined ? 'after' : ownEvent.test(eventType) ? 'done' : 'event';
      found.push(transitionInfo(node, definition, on, delay ?? (on === 'done' ? '' : eventType)));
    }
  }
  for (const definition of node.always ?? []) found.push(transitionInfo(node, definition, 'always', ''));
  return found;
}

function transitionInfo(
  node: AnyStateNode,
  definition: AnyTransitionDefinition,
  on: TransitionInfo['on'],
  event: string,
): TransitionInfo {
  const info: TransitionInfo = {
    from: pathOf(node),
    to: (definition.target ?? []).map((target) => pathOf(target as AnyStateNode)),
    on,
    event,
    guard: definition.guard === undefined ? null : partName(definition.guard, 'a condition'),
    actions: actionNames(definition.actions),
    reenter: definition.reenter,
    description: definition.description ?? '',
  };
  infoOf.set(definition, info);
  return info;
}

/** Actions by the name a reader knows; XState's own (`assign`, timers) are housekeeping and left out. */
const actionNames = (actions: readonly unknown[]): string[] =>
  actions.map((action) => partName(action, '')).filter((name) => name !== '' && !name.startsWith('xstate.'));

function partName(part: unknown, unnamed: string): string {
  if (typeof part === 'string') return part;
  if (typeof part === 'object' && part !== null && 'type' in part) return String(part.type);
  // an inline function: XState's creators are functions that carry a `type`
  if (typeof part !== 'function') return unnamed;
  const type = (part as { type?: unknown }).type;
  if (typeof type === 'string') return type;
  return part.name !== '' && part.name !== 'guard' && part.name !== 'actions' ? part.name : unnamed;
}
