/**
 * A slow, obvious explorer: whole worlds, cloned and moved on by `perform`, and a set of their JSON. It knows nothing of
 * numbers, memos and hashes. Unordered or fifo network, asynchronous; crashes, restarts, drops, duplicates and
 * one partition within the budget.
 */
import { perform } from '../../src/core/commit.ts';
import type { Fault } from '../../src/core/faults.ts';
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
  /** those that the scenario names */
  readonly partitions: readonly Extract<Fault, { type: 'partition' }>[];
}

export function exploreSlowly(
  scenario: Scenario,
  protocol: Protocol,
  readsAnyFault: boolean,
  depthMax = Number.POSITIVE_INFINITY,
  isOutside: (world: World) => boolean = () => false,
): ReferenceResult {
  const violated = new Set<string>();
  const reached = new Set<string>();
  const seen = new Set<string>();
  let transitions = 0;
  let depth = 0;
  const take = (states: readonly State[]): State[] =>
    states.filter((state) => {
      if (isOutside(state.world)) return false;
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
  const partitions = scenario.faults.flatMap(({ fault }) => (fault.type === 'partition' ? [fault] : []));
  let states: State[] = [{ world: createWorld({ ...scenario, faults: [] }, protocol), used: {}, partitions }];
  const starts = Object.keys(scenario.nodes).length + scenario.inputs.length;
  for (let i = 0; i < starts; i++) {
    states = states.flatMap((state) => {
      const { world } = state;
      const choice = takeEntry(world)?.choice as Choice & { node: string };
      return stepsOf(state, choice.node, choice);
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
    pending: pendingTexts(world),
    partition: world.partition?.groupOf ?? null,
    memories: world.properties.map(({ memory }) => memory),
    used,
    anyFault: readsAnyFault && world.anyFault,
  });
}

/** In fifo order a link's messages have an order among themselves. */
function pendingTexts({ pending, scenario }: World): string[] {
  const inOrder = [...pending.values()].sort((a, b) => a.id - b.id);
  const texts = inOrder.map(({ from, to, body }) => ({ link: `${from}>${to}`, text: canonicalJson([from, to, body]) }));
  if (scenario.network.order !== 'fifo') return texts.map(({ text }) => text).sort();
  return texts.sort((a, b) => (a.link < b.link ? -1 : a.link > b.link ? 1 : 0)).map(({ text }) => text);
}

/** The state after these, with one more fault of a kind used up. */
function moved(state: State, choices: readonly Choice[], fault?: string): State {
  const { world, used } = state;
  const next = cloneWorld(world);
  for (const choice of choices) perform(next, choice, 'person');
  return { ...state, world: next, used: fault === undefined ? used : { ...used, [fault]: (used[fault] ?? 0) + 1 } };
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
  const busy = new Set<string>();
  const isFifo = world.scenario.network.order === 'fifo';
  for (const message of [...world.pending.values()].sort((a, b) => a.id - b.id)) {
    const key = canonicalJson([message.from, message.to, message.body]);
    const link = `${message.from}>${message.to}`;
    const isFirst = isFifo ? !busy.has(link) : !told.has(key);
    busy.add(link);
    if (isFirst && message.held === null) {
      const deliver: Choice = { type: 'deliver', message: message.id };
      step(message.to, deliver);
      const receiver = world.nodes[world.indexOf.get(message.to) as number];
      const stays = (choice: Choice): boolean => {
        const next = cloneWorld(world);
        const [event] = perform(next, choice, 'person');
        const after = next.nodes[world.indexOf.get(message.to) as number];
        const same =
          canonicalJson(after?.context) === canonicalJson(receiver?.context) && after?.path === receiver?.path;
        return same && event?.effects.length === 0;
      };
      if (may('duplicate') && receiver?.status === 'up' && (isFifo || !stays(deliver)))
        for (const each of stepsOf(
          moved(state, [{ type: 'duplicate', message: message.id }], 'duplicate'),
          message.to,
          deliver,
        ))
          found.push(each);
    }
    if ((isFifo || !told.has(key)) && may('drop')) found.push(after([{ type: 'drop', message: message.id }], 'drop'));
    told.add(key);
  }
  const groups = state.partitions;
  for (const fault of groups) if (may('partition') && world.partition === null) found.push(after([fault], 'partition'));
  if (world.partition !== null) found.push(after([{ type: 'heal' }]));
  for (const node of world.nodes) {
    for (const { timer } of node.timers) step(node.id, { type: 'fire', node: node.id, timer });
    if (node.status === 'up' && may('crash')) found.push(after([{ type: 'crash', node: node.id }], 'crash'));
    if (node.status !== 'up' && may('restart')) found.push(after([{ type: 'restart', node: node.id }], 'restart'));
  }
  return found;
}
