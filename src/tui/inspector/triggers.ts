/**
 * What could happen to a node next: every transition that is legal in its present state, and for each message, timer or
 * input that stands ready, the transition that it would take if it came now.
 */
import type { AnyStateMachine } from 'xstate';
import { enabledBy, type Statechart, statechartOf, type TransitionInfo } from '../../core/statechart.ts';
import { timersOf } from '../../core/timers.ts';
import type { Envelope, NodeRecord, RunningTimer, World } from '../../core/world.ts';

export type Trigger =
  | { readonly kind: 'message'; readonly message: Envelope }
  | { readonly kind: 'timer'; readonly timer: RunningTimer }
  | { readonly kind: 'input'; readonly input: string };

export interface Outlook {
  readonly chart: Statechart;
  /** the paths of the states that it is in, those around them included */
  readonly active: ReadonlySet<string>;
  /** what can be taken from here, whether or not its guard lets it */
  readonly legal: ReadonlySet<TransitionInfo>;
  readonly triggers: ReadonlyMap<TransitionInfo, readonly Trigger[]>;
  /** messages on their way that the node would ignore if they came now */
  readonly ignored: ReadonlySet<number>;
}

const nothing: ReadonlySet<never> = new Set();

export function outlookOf(world: World, node: NodeRecord): Outlook | null {
  const machine = world.protocol.roles[node.role];
  if (machine === undefined) return null;
  const chart = statechartOf(machine);
  if (node.state === null) return { chart, active: nothing, legal: nothing, triggers: new Map(), ignored: nothing };
  const active = new Set(node.path.split(' & ').flatMap((leaf) => upwards(leaf).slice(0, -1)));
  const legal = legalFrom(chart, active);
  return { chart, active, legal, ...triggersOf(world, node, machine, legal) };
}

/**
 * What can be taken: the transitions of the innermost states, and of those around them. An event that an inner state
 * always takes never reaches the states around it.
 */
function legalFrom({ states, transitions }: Statechart, active: ReadonlySet<string>): ReadonlySet<TransitionInfo> {
  const innermost = [...active].filter(
    (path) => !states.some(({ parent, path: own }) => parent === path && active.has(own)),
  );
  const legal = new Set<TransitionInfo>();
  for (const leaf of innermost) {
    const taken = new Set<string>();
    for (const from of upwards(leaf)) {
      const here = transitions.filter((each) => each.from === from);
      for (const each of here) if (!taken.has(nameOf(each))) legal.add(each);
      for (const each of here) if (each.guard === null) taken.add(nameOf(each));
    }
  }
  return legal;
}

const nameOf = ({ on, event, from }: TransitionInfo): string => (on === 'event' ? event : `${on} ${event} ${from}`);

/** `a.b.c`, `a.b`, `a`, and the machine itself. */
function upwards(path: string): string[] {
  const names = path.split('.');
  return [...names.map((_, i) => names.slice(0, names.length - i).join('.')), ''];
}

function triggersOf(
  world: World,
  node: NodeRecord,
  machine: AnyStateMachine,
  legal: ReadonlySet<TransitionInfo>,
): Pick<Outlook, 'triggers' | 'ignored'> {
  const triggers = new Map<TransitionInfo, Trigger[]>();
  const ignored = new Set<number>();
  const add = (taken: readonly TransitionInfo[], trigger: Trigger): void => {
    for (const each of taken) triggers.set(each, [...(triggers.get(each) ?? []), trigger]);
  };
  for (const message of inboxOf(world, node)) {
    const taken = takenBy(machine, node, { ...message.body, from: message.from });
    if (taken.length === 0) ignored.add(message.id);
    add(taken, { kind: 'message', message });
  }
  for (const timer of node.timers) {
    const type = timersOf(machine).eventOf.get(timer.timer);
    if (type !== undefined) add(takenBy(machine, node, { type }), { kind: 'timer', timer });
  }
  for (const [input, { roles }] of Object.entries(world.protocol.inputs)) {
    if (!(roles?.includes(node.role) ?? true)) continue;
    add([...legal].filter(({ on, event }) => on === 'event' && event === input).slice(0, 1), { kind: 'input', input });
  }
  return { triggers, ignored };
}

/** A guard may throw on an event that is not for this state: then nothing is taken, and the step itself will say why. */
function takenBy(
  machine: AnyStateMachine,
  { state }: NodeRecord,
  event: Parameters<typeof enabledBy>[2],
): readonly TransitionInfo[] {
  if (state === null) return [];
  try {
    return enabledBy(machine, state, event);
  } catch {
    return [];
  }
}

/** What is on its way to a node: first what waits at the door of a paused one, then by arrival, then what is held. */
export function inboxOf(world: World, { id, waiting }: NodeRecord): Envelope[] {
  const atDoor = new Map(
    waiting.flatMap((choice, i) => (choice.type === 'deliver' ? [[choice.message, i] as const] : [])),
  );
  const rank = (message: Envelope): number => (atDoor.has(message.id) ? 0 : message.held === null ? 1 : 2);
  const place = (message: Envelope): number =>
    atDoor.get(message.id) ?? (message.held === null ? message.deliverAtMs : 0);
  return [...world.pending.values()]
    .filter(({ to }) => to === id)
    .sort((a, b) => rank(a) - rank(b) || place(a) - place(b) || a.id - b.id);
}
