/** Runs protocols for their tests: a scenario from a few lines, a run to its end, and random schedules with faults. */
import { perform } from '../../src/core/commit.ts';
import { type PropertyReport, reportProperties } from '../../src/core/properties.ts';
import type { Json, JsonObject, NodeId, ParameterSpec, Protocol, RoleName } from '../../src/core/protocol.ts';
import { createRun, type Run, runToEnd } from '../../src/core/run.ts';
import type { Scenario } from '../../src/core/scenario.ts';
import { nextEntry, takeEntry } from '../../src/core/scheduler.ts';
import type { Choice, TraceEvent, World } from '../../src/core/world.ts';
import { createWorld } from '../../src/core/world-init.ts';

/** Nodes in order: `nodesOf({ C: 'coordinator', P: ['participant', 3] })` has C, P1, P2, P3. */
export function nodesOf(shape: Readonly<Record<string, RoleName | readonly [RoleName, number]>>) {
  const nodes: Record<NodeId, RoleName> = {};
  for (const [name, role] of Object.entries(shape)) {
    if (typeof role === 'string') nodes[name] = role;
    else for (let i = 1; i <= role[1]; i++) nodes[`${name}${i}`] = role[0];
  }
  return nodes;
}

function defaultOf(spec: ParameterSpec, nodes: Scenario['nodes']): Json {
  if (spec.kind !== 'per-node') return spec.default;
  const ids = Object.keys(nodes).filter((id) => spec.role === undefined || nodes[id] === spec.role);
  return Object.fromEntries(ids.map((id) => [id, defaultOf(spec.of, nodes)]));
}

/** A scenario whose parameters are the protocol's defaults, but for `parameters`. */
export function scenarioOf(
  protocol: Protocol,
  nodes: Scenario['nodes'],
  parameters: JsonObject = {},
  more: Partial<Scenario> = {},
): Scenario {
  const defaults = Object.entries(protocol.parameters).map(([name, spec]) => [name, defaultOf(spec, nodes)]);
  return {
    name: 'test',
    title: 'Test',
    protocol: protocol.id,
    topic: '',
    summary: '',
    learn: '',
    nodes,
    model: 'asynchronous',
    failures: 'crash-recovery',
    network: { latency: { kind: 'uniform', minMs: 20, maxMs: 60 }, order: 'unordered', loss: 0, duplicate: 0 },
    parameters: { ...Object.fromEntries(defaults), ...parameters },
    inputs: [],
    faults: [],
    budget: {},
    expect: [],
    untilMs: 60_000,
    seed: 1,
    ...more,
  };
}

export interface Finished extends Run {
  readonly quiet: boolean;
  readonly verdicts: Readonly<Record<string, PropertyReport['verdict']>>;
  readonly decisions: Readonly<Record<NodeId, readonly Json[]>>;
}

export function runScenario(protocol: Protocol, scenario: Scenario): Finished {
  const run = createRun(scenario, protocol);
  const quiet = runToEnd(run);
  return { ...run, quiet, verdicts: verdictsOf(run.world, quiet), decisions: decisionsOf(run.world) };
}

export const verdictsOf = (world: World, quiet = false): Finished['verdicts'] =>
  Object.fromEntries(reportProperties(world, quiet).map(({ name, verdict }) => [name, verdict]));

export const decisionsOf = (world: World): Finished['decisions'] =>
  Object.fromEntries(world.nodes.map(({ id, decisions }) => [id, decisions]));

/** What went wrong in this world: the `always` properties that are violated, with their reasons. */
export const violations = (world: World): string[] =>
  reportProperties(world, false)
    .filter(({ kind, verdict }) => kind === 'always' && verdict === 'violated')
    .map(({ name, why }) => `${name}: ${why}`);

export interface WalkOptions {
  /** inputs that may arrive at any time */
  readonly inputs: readonly Extract<Choice, { type: 'input' }>[];
  /** how many of a hundred choices are timers: many make for impatient nodes */
  readonly timersPercent?: number;
  /** looks at every event, for instance to check something at each */
  readonly watch?: (events: readonly TraceEvent[], world: World) => void;
}

/**
 * A schedule made of random numbers: deliveries in any order, timers at any time, crashes, restarts, losses, duplicates.
 * What the scenario has at 0 ms comes first. The same numbers give the same schedule.
 */
export function walk(protocol: Protocol, scenario: Scenario, numbers: readonly number[], options: WalkOptions): World {
  const world = createWorld(scenario, protocol);
  for (let entry = nextEntry(world); entry?.atMs === 0; entry = nextEntry(world)) {
    takeEntry(world);
    perform(world, entry.choice, entry.script < 0 ? 'schedule' : 'script', entry.script);
  }
  for (const number of numbers) {
    const choice = choiceOf(world, number, options);
    if (choice === null) continue;
    world.nowMs += 1;
    const events = perform(world, choice, 'person');
    options.watch?.(events, world);
  }
  return world;
}

function choiceOf(world: World, number: number, { inputs, timersPercent = 10 }: WalkOptions): Choice | null {
  const percent = number % 100;
  const rest = Math.floor(number / 100);
  const pick = <T>(list: readonly T[]): T | undefined => list[rest % Math.max(1, list.length)];
  const withStatus = (status: string) => world.nodes.filter((node) => node.status === status);
  const timers = world.nodes.flatMap((node) => node.timers.map(({ timer }) => [node.id, timer] as const));
  if (percent < timersPercent) return timerChoice(pick(timers));
  if (percent < 82) return messageChoice('deliver', pick([...world.pending.keys()]));
  if (percent < 86) return nodeChoice('crash', pick(withStatus('up'))?.id);
  if (percent < 92) return nodeChoice('restart', pick(withStatus('crashed'))?.id);
  if (percent < 94) return messageChoice('drop', pick([...world.pending.keys()]));
  if (percent < 96) return messageChoice('duplicate', pick([...world.pending.keys()]));
  return pick(inputs) ?? null;
}

const messageChoice = (type: 'deliver' | 'drop' | 'duplicate', message: number | undefined): Choice | null =>
  message === undefined ? null : { type, message };
const nodeChoice = (type: 'crash' | 'restart', node: NodeId | undefined): Choice | null =>
  node === undefined ? null : { type, node };
const timerChoice = (timer: readonly [NodeId, string] | undefined): Choice | null =>
  timer === undefined ? null : { type: 'fire', node: timer[0], timer: timer[1] };

export const inputOf = (node: NodeId, input: string, data: JsonObject): Extract<Choice, { type: 'input' }> => ({
  type: 'input',
  node,
  input,
  data,
});
