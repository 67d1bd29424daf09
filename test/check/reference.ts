/**
 * A slow, obvious explorer: whole worlds, cloned and moved on by `perform`, and a set of their JSON. It knows nothing of
 * numbers, memos and hashes. Unordered network, asynchronous; crashes, restarts, drops and duplicates within the budget.
 */
import { perform } from '../../src/core/commit.ts';
import { canonicalJson } from '../../src/core/json.ts';
import type { Protocol } from '../../src/core/protocol.ts';
import type { Scenario } from '../../src/core/scenario.ts';
import { takeEntry } from '../../src/core/scheduler.ts';
import type { Choice, World } from '../../src/core/world.ts';
import { cloneWorld, createWorld } from '../../src/core/world-init.ts';

export interface ReferenceResult {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly violated: readonly string[];
  readonly reached: readonly string[];
}
interface State {
  readonly world: World;
  readonly used: Readonly<Record<string, number>>;
}

export function exploreSlowly(
  scenario: Scenario,
  protocol: Protocol,
  readsAnyFault: boolean,
  depthMax = Number.POSITIVE_INFINITY,
): ReferenceResult {
  const violated = new Set<string>();
  const reached = new Set<string>();
  const seen = new Set<string>();
  let transitions = 0;
  let depth = 0;
  const take = (states: readonly State[]): State[] =>
    states.filter((state) => {
      transitions += 1;
      const key = keyOf(state, readsAnyFault);
      if (seen.has(key)) return false;
      seen.add(key);
      for (const { property, memory } of state.world.properties) {
        const verdict = property.kind === 'eventually' || property.test(state.world.view, memory);
        if (property.kind === 'always' && verdict !== true) violated.add(property.name);
        if (property.kind === 'sometimes' && verdict === true) reached.add(property.name);
      }
      return true;
    });
  for (let level = take(roots(scenario, protocol)); level.length > 0; depth += 1)
    level = depth + 1 < depthMax ? level.flatMap((state) => take(successors(state))) : [];
  return { states: seen.size, transitions, depth, violated: [...violated].sort(), reached: [...reached].sort() };
}

/** After every start and the inputs at 0 ms; a node may crash in the middle of one of these. */
function roots(scenario: Scenario, protocol: Protocol): State[] {
  let states: State[] = [{ world: createWorld(scenario, protocol), used: {} }];
  const starts = Object.keys(scenario.nodes).length + scenario.inputs.length;
  for (let i = 0; i < starts; i++) {
    states = states.flatMap(({ world, used }) => {
      const choice = takeEntry(world)?.choice as Choice & { node: string };
      return stepsOf({ world, used }, choice.node, choice);
    });
  }
  return states;
}

function keyOf({ world, used }: State, readsAnyFault: boolean): string {
  return canonicalJson({
    nodes: world.nodes.map((node) => [
      node.status,
      node.everCrashed,
      node.state === null ? null : { value: node.state.value, context: node.state.context },
      node.stable,
      node.decisions,
      node.delivered,
      node.timers.map(({ timer }) => timer).sort(),
    ]),
    pending: [...world.pending.values()].map(({ from, to, body }) => canonicalJson([from, to, body])).sort(),
    memories: world.properties.map(({ memory }) => memory),
    used,
    anyFault: readsAnyFault && world.anyFault,
  });
}

/** The state after these, with one more fault of a kind used up. */
function moved({ world, used }: State, choices: readonly Choice[], fault?: string): State {
  const next = cloneWorld(world);
  for (const choice of choices) perform(next, choice, 'person');
  return { world: next, used: fault === undefined ? used : { ...used, [fault]: (used[fault] ?? 0) + 1 } };
}

/** After this choice; and after it with a crash of the node between two of its sends. */
function stepsOf(state: State, node: string, choice: Choice): State[] {
  const { world, used } = state;
  const found = [moved(state, [choice])];
  const mayCrash = (used.crash ?? 0) < (world.scenario.budget.crash ?? 0);
  if (!mayCrash || world.nodes[world.indexOf.get(node) as number]?.status !== 'up') return found;
  const effects = perform(cloneWorld(world), choice, 'person')[0]?.effects ?? [];
  let sent = 0;
  for (const [i, effect] of effects.entries()) {
    if (effect.type !== 'send') continue;
    sent += 1;
    const rest = effects.slice(i + 1).map(({ type }) => type as string);
    if (!rest.some((type) => ['send', 'persist', 'decide', 'deliver'].includes(type))) continue;
    found.push(moved(state, [{ type: 'crash', node, afterSends: sent }, choice], 'crash'));
  }
  return found;
}

function successors(state: State): State[] {
  const { world, used } = state;
  const { budget } = world.scenario;
  const may = (fault: string): boolean => (used[fault] ?? 0) < (budget[fault] ?? 0);
  const after = (choices: readonly Choice[], fault?: string): State => moved(state, choices, fault);
  const found: State[] = [];
  const step = (node: string, choice: Choice): void => void found.push(...stepsOf(state, node, choice));
  const told = new Set<string>();
  for (const message of world.pending.values()) {
    const key = canonicalJson([message.from, message.to, message.body]);
    if (told.has(key)) continue;
    told.add(key);
    step(message.to, { type: 'deliver', message: message.id });
    if (message.from === message.to) continue;
    if (may('drop')) found.push(after([{ type: 'drop', message: message.id }], 'drop'));
  }
  for (const node of world.nodes) {
    for (const { timer } of node.timers) step(node.id, { type: 'fire', node: node.id, timer });
    if (node.status === 'up' && may('crash')) found.push(after([{ type: 'crash', node: node.id }], 'crash'));
    if (node.status !== 'up' && may('restart')) found.push(after([{ type: 'restart', node: node.id }], 'restart'));
  }
  return found;
}
