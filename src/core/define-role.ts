/**
 * What a role's statechart may not contain. Machines return effects and perform nothing, so actors of their own
 * (`invoke`, `spawn`, `sendTo`) and history states have no place in them. Read from the machine itself.
 */
import type { AnyStateMachine, AnyStateNode } from 'xstate';
import { effects } from './protocol.ts';

/** asked for late: this module and `protocol.ts` import each other */
const effectNames = (): string[] => Object.keys(effects);
const FORBIDDEN_ACTIONS: Readonly<Record<string, string>> = {
  'xstate.spawnChild': '`spawnChild`',
  'xstate.stopChild': '`stopChild`',
  'xstate.sendTo': '`sendTo`',
  'xstate.emit': '`emit`',
  'xstate.log': '`log`',
};

/** An XState machine, whichever copy of the library made it. */
function isMachine(value: unknown): value is AnyStateMachine {
  const machine = value as Partial<AnyStateMachine> | null;
  return (
    typeof machine === 'object' &&
    machine !== null &&
    typeof machine.transition === 'function' &&
    typeof machine.resolveState === 'function' &&
    typeof machine.root === 'object'
  );
}

/** Why this cannot be a role, in words; null when it can. */
export function checkRole(value: unknown): string | null {
  if (!isMachine(value)) return 'is no XState machine; make it with setup({ actions: effects }).createMachine({ ... })';
  for (const node of stateNodes(value)) {
    const where = node.path.length === 0 ? 'its root state' : `state ${node.path.join('.')}`;
    if (node.type === 'history')
      return `has the history state ${node.path.join('.')}; history states are not supported`;
    if (node.invoke.length > 0) return `uses \`invoke\` in ${where}; a machine only returns effects`;
    for (const action of actionsOf(node)) {
      const trouble = checkAction(value, action);
      if (trouble !== null) return `${trouble} (in ${where})`;
    }
  }
  return null;
}

/** Every state node of a machine, the root first, parents before children. */
export function stateNodes(machine: AnyStateMachine): AnyStateNode[] {
  const found: AnyStateNode[] = [machine.root];
  for (let i = 0; i < found.length; i++) {
    found.push(...(Object.values((found[i] as AnyStateNode).states) as AnyStateNode[]));
  }
  return found;
}

function actionsOf(node: AnyStateNode): unknown[] {
  const transitions = [...node.transitions.values()].flat();
  const eventless = node.always ?? [];
  return [...node.entry, ...node.exit, ...[...transitions, ...eventless].flatMap((each) => each.actions as unknown[])];
}

function checkAction(machine: AnyStateMachine, action: unknown): string | null {
  const known = effectNames();
  const named = typeof action === 'string' || (typeof action === 'object' && action !== null);
  const type = typeof action === 'string' ? action : (action as { type?: unknown }).type;
  const own = machine.implementations.actions as Readonly<Record<string, unknown>>;
  const implementation = named && typeof type === 'string' && !known.includes(type) ? own[type] : action;
  const builtIn = (implementation as { type?: unknown } | undefined)?.type ?? type;
  if (typeof builtIn === 'string' && Object.hasOwn(FORBIDDEN_ACTIONS, builtIn)) {
    return `uses ${FORBIDDEN_ACTIONS[builtIn]}; messages are sent with the action \`send\``;
  }
  if (typeof implementation === 'function' && typeof builtIn === 'string' && builtIn.startsWith('xstate.')) return null;
  if (named && typeof type === 'string' && (known.includes(type) || type.startsWith('xstate.'))) return null;
  if (!named) return `runs a function of its own; give it one of the actions ${known.join(', ')}`;
  return `asks for the action ${String(type)}, but there are only ${known.join(', ')}`;
}
