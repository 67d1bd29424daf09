/**
 * A slow, obvious explorer: whole worlds, cloned and moved on by `perform`, and a set of their JSON. It knows nothing of
 * numbers, memos and hashes. All networks, both models of time, and every fault that a budget may have.
 */
import type { ModelOptions } from '../../src/check/model.ts';
import { canonicalJson } from '../../src/core/json.ts';
import type { Protocol } from '../../src/core/protocol.ts';
import type { Scenario } from '../../src/core/scenario.ts';
import { takeEntry } from '../../src/core/scheduler.ts';
import type { Choice, World } from '../../src/core/world.ts';
import { createWorld } from '../../src/core/world-init.ts';
import { afterTime, moved, type State, speaks, stepsOf, successors } from './reference-steps.ts';

export interface ReferenceResult {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly violated: readonly string[];
  readonly reached: readonly string[];
}
export function exploreSlowly(
  scenario: Scenario,
  protocol: Protocol,
  readsAnyFault: boolean,
  depthMax = Number.POSITIVE_INFINITY,
  isOutside: (world: World) => boolean = () => false,
  options: ModelOptions = {},
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
  for (let level = take(roots(scenario, protocol, options)); level.length > 0; depth += 1)
    level = depth + 1 < depthMax ? level.flatMap((state) => take(successors(state))) : [];
  return { states: seen.size, transitions, depth, violated: [...violated].sort(), reached: [...reached].sort() };
}

/** After every start and the inputs at 0 ms; a node may crash in the middle of one of these. */
function roots(scenario: Scenario, protocol: Protocol, options: ModelOptions): State[] {
  const { network = scenario.network.order === 'fifo' ? 'fifo' : 'unordered', ifTaken = false } = options;
  const { inputs, nodes } = scenario;
  const atStart = inputs.filter(({ atMs, anytime }) => atMs === 0 && anytime !== true);
  const world = createWorld({ ...scenario, faults: [], inputs: atStart }, protocol);
  const first: State = {
    world,
    used: {},
    network,
    ifTaken: ifTaken || network === 'set',
    later: inputs.filter(({ atMs, anytime }) => atMs > 0 && anytime !== true).sort((a, b) => a.atMs - b.atMs),
    anytime: inputs.filter(({ anytime }) => anytime === true),
    aims: scenario.faults.flatMap(({ fault }) => (fault.type === 'traitor' ? [fault] : [])),
    partitions: scenario.faults.flatMap(({ fault }) => (fault.type === 'partition' ? [fault] : [])),
  };
  let states = traitorSets(scenario).map((traitors) =>
    moved(
      first,
      traitors.map((node) => speaks(node, [])),
    ),
  );
  for (let i = 0; i < Object.keys(nodes).length + atStart.length; i++) {
    states = states.flatMap((state) => {
      const choice = takeEntry(state.world)?.choice as Choice & { node: string };
      return stepsOf(state, choice.node, choice);
    });
  }
  return states.flatMap(afterTime);
}

/** Those of the script, and as many others as the budget has. */
function traitorSets({ nodes, faults, budget }: Scenario): string[][] {
  const scripted = faults.flatMap(({ fault }) => (fault.type === 'traitor' ? [fault.node] : []));
  let sets = [scripted];
  for (const id of Object.keys(nodes)) if (!scripted.includes(id)) sets = sets.flatMap((set) => [set, [...set, id]]);
  return sets.filter((set) => set.length - scripted.length <= (budget.traitor ?? 0));
}

function keyOf({ world, used, network, later }: State, readsAnyFault: boolean): string {
  const isTimed = world.scenario.model === 'synchronous';
  return canonicalJson({
    nodes: world.nodes.map((node) => [
      node.status,
      node.honest,
      node.everCrashed,
      node.state === null ? null : { value: node.state.value, context: node.state.context },
      node.stable,
      node.decisions,
      node.delivered,
      node.timers.map(({ timer, fireAtMs }) => `${timer} ${isTimed ? fireAtMs - world.nowMs : 0}`).sort(),
    ]),
    pending: pendingTexts(world, network),
    partition: world.partition?.groupOf ?? null,
    memories: world.properties.map(({ memory }) => memory),
    later: later.length,
    used,
    anyFault: readsAnyFault && world.anyFault,
    inputs: readsAnyFault ? world.inputs : [],
  });
}

/** In fifo order a link's messages have an order among themselves. */
function pendingTexts({ pending }: World, network: State['network']): string[] {
  const inOrder = [...pending.values()].sort((a, b) => a.id - b.id);
  const texts = inOrder.map(({ from, to, body }) => ({ link: `${from}>${to}`, text: canonicalJson([from, to, body]) }));
  if (network !== 'fifo') return texts.map(({ text }) => text).sort();
  return texts.sort((a, b) => (a.link < b.link ? -1 : a.link > b.link ? 1 : 0)).map(({ text }) => text);
}
