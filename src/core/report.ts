/** What came of a run, as one plain object: the answer of `play --headless --json`, and what the transcript ends with. */
import { blockedNodes } from './blocked.ts';
import { createCausality, extendCausality, happenedBefore } from './causality.ts';
import { digestWorld } from './digest.ts';
import { type ExpectationReport, judgeExpectations } from './expectations.ts';
import type { Fault } from './faults.ts';
import { closedHistory, type HistoryEvent } from './problems/operations.ts';
import { historyIn } from './problems/register.ts';
import { type PropertyReport, reportProperties } from './properties.ts';
import type { Json, NodeId, NodeStatus } from './protocol.ts';
import { nextEntry } from './scheduler.ts';
import type { TraceEvent, World } from './world.ts';

export interface NodeReport {
  readonly state: string;
  readonly status: NodeStatus;
  readonly lamport: number;
  readonly vector: readonly number[];
  readonly stable: Readonly<Record<string, Json>>;
  readonly honest: boolean;
  /** why it failed, when the runtime and not a fault brought it down */
  readonly failure: string | null;
}

export interface FaultReport {
  readonly fault: Fault;
  /** virtual time at which it struck; null: it did not */
  readonly at: number | null;
  readonly index: number | null;
  readonly origin: 'script' | 'person';
  readonly touched: number;
  /** a scripted fault that touched nothing, with nothing to come: the scenario does not show what it means to show */
  readonly inert: boolean;
}

export interface CostReport {
  readonly name: string;
  readonly formula: string;
  /** null: the formula does not speak of these parameters */
  readonly expected: number | null;
  readonly measured: number;
}

/** The protocol's curve: its value at the end of each interval, from 0 ms. */
export interface CurveReport {
  readonly title: string;
  readonly interval: string;
  readonly intervalMs: number;
  readonly points: readonly number[];
}

export interface RunReport {
  readonly scenario: string;
  readonly protocol: string;
  readonly seed: number;
  readonly events: number;
  readonly virtualTimeMs: number;
  readonly digest: string;
  /** nothing is left to happen; false: the run was stopped at its limit */
  readonly quiet: boolean;
  readonly decisions: Readonly<Record<NodeId, Json>>;
  readonly blocked: readonly NodeId[];
  readonly waitsFor: Readonly<Record<NodeId, readonly NodeId[]>>;
  readonly nodes: Readonly<Record<NodeId, NodeReport>>;
  readonly properties: readonly (PropertyReport & {
    /** of a violated one: the events without which its event would not have been, by index */ readonly past?: readonly number[];
  })[];
  readonly costs: {
    readonly messages: number;
    readonly byKind: Readonly<Record<string, number>>;
    readonly delivered: number;
    readonly dropped: number;
    readonly messageDelays: number;
    readonly stableWrites: number;
    readonly published: readonly CostReport[];
  };
  readonly curve: CurveReport | null;
  /** what clients of a register asked and were answered, in real time; null: the protocol keeps none */
  readonly history: readonly HistoryEvent[] | null;
  readonly faults: readonly FaultReport[];
  readonly expectations: readonly ExpectationReport[];
  /** assumptions of the model that the run has broken */
  readonly assumptions: readonly string[];
  readonly forgeries: number;
  readonly verdict: 'met' | 'not met' | 'unknown';
}

/** @param trace when given, a violated property is told with its causal past */
export function reportRun(world: World, quiet: boolean, trace: readonly TraceEvent[] = []): RunReport {
  const { scenario, protocol, costs } = world;
  const properties = reportProperties(world, quiet).map((property) => withPast(world, trace, property));
  const nextMs = nextEntry(world)?.atMs ?? Number.POSITIVE_INFINITY;
  // stopped by a limit of its own making, it has come to its end; before that much is still open
  const over = quiet || nextMs > scenario.untilMs;
  const faults = reportFaults(world, over);
  const expectations = judgeExpectations(world, properties, { quiet, over, nextMs });
  const blocked = blockedNodes(world);
  return {
    scenario: scenario.name,
    protocol: protocol.id,
    seed: scenario.seed,
    events: world.events,
    virtualTimeMs: world.nowMs,
    digest: digestWorld(world),
    quiet,
    decisions: byNode(world, ({ decisions }) => decisions.at(-1) ?? null),
    blocked: blocked.map(({ node }) => node),
    waitsFor: Object.fromEntries(blocked.map(({ node, waitsFor }) => [node, waitsFor])),
    nodes: byNode(world, reportNode),
    properties,
    costs: {
      messages: costs.messages,
      byKind: { ...costs.byKind },
      delivered: costs.delivered,
      dropped: costs.dropped,
      messageDelays: costs.messageDelays,
      stableWrites: costs.stableWrites,
      published: reportCosts(world),
    },
    curve: reportCurve(world),
    history: reportHistory(world),
    faults,
    expectations,
    assumptions: world.assumptions.map(({ what }) => what),
    forgeries: world.forgeries,
    verdict: verdictOf(world, properties, faults, expectations),
  };
}

function withPast(
  world: World,
  trace: readonly TraceEvent[],
  property: PropertyReport,
): RunReport['properties'][number] {
  const event = property.verdict === 'violated' && property.at !== null ? trace[property.at] : undefined;
  if (event === undefined) return property;
  const causality = extendCausality(createCausality(world.indexOf), trace);
  const past = trace.slice(0, event.index).filter((earlier) => happenedBefore(causality, earlier, event));
  return { ...property, past: past.map(({ index }) => index) };
}

function byNode<T>(world: World, read: (node: World['nodes'][number]) => T): Record<NodeId, T> {
  return Object.fromEntries(world.nodes.map((node) => [node.id, read(node)]));
}

const reportNode = (node: World['nodes'][number]): NodeReport => ({
  state: node.path,
  status: node.status,
  lamport: node.lamport,
  vector: node.vector.slice(),
  stable: node.stable,
  honest: node.honest,
  failure: node.failure,
});

/** The faults that struck, in order, and then the scripted ones that did not. */
function reportFaults(world: World, over: boolean): FaultReport[] {
  const struck = world.faults.map(({ fault, atMs, index, touched, script }): FaultReport => {
    return {
      fault,
      at: atMs,
      index,
      origin: script === null ? 'person' : 'script',
      touched,
      inert: over && script !== null && touched === 0,
    };
  });
  const scripts = new Set(world.faults.map(({ script }) => script));
  const missed = world.scenario.faults
    .filter((_, script) => !scripts.has(script))
    .map(({ fault }): FaultReport => ({ fault, at: null, index: null, origin: 'script', touched: 0, inert: over }));
  return [...struck, ...missed];
}

/** A scripted fault that may still touch something: the run was stopped before. */
const isOpen = ({ origin, touched, inert }: FaultReport): boolean => origin === 'script' && touched === 0 && !inert;

function reportCosts(world: World): CostReport[] {
  const roles: Record<string, number> = {};
  for (const { role } of world.nodes) roles[role] = (roles[role] ?? 0) + 1;
  return (world.protocol.costs ?? []).map(({ name, formula, expected, measured }) => ({
    name,
    formula,
    expected: expected(roles, world.scenario.parameters),
    measured: measured(world.costs),
  }));
}

function reportHistory({ properties }: World): RunReport['history'] {
  const history = historyIn(properties);
  return history === null ? null : closedHistory(history);
}

function reportCurve({ protocol: { curve }, scenario, costs }: World): CurveReport | null {
  if (curve === undefined) return null;
  let sum = 0;
  const points = costs.curve.map((added) => {
    sum += added;
    return sum;
  });
  const { title, interval } = curve;
  return { title, interval, intervalMs: curve.intervalMs(scenario.parameters), points };
}

/** Unmet weighs more than unknown. A violation that the scenario expects is what it wants to show; a failed machine never is. */
function verdictOf(
  world: World,
  properties: readonly PropertyReport[],
  faults: readonly FaultReport[],
  expectations: readonly ExpectationReport[],
): RunReport['verdict'] {
  const expected = new Set(
    world.scenario.expect.flatMap((each) => ('property' in each && each.verdict === 'violated' ? [each.property] : [])),
  );
  const violated = properties.some(
    ({ name, kind, verdict }) => kind === 'always' && verdict === 'violated' && !expected.has(name),
  );
  // a machine that threw, hung or ended in an error has not shown what it would have done
  const failed = world.nodes.some(({ honest, failure }) => honest && failure !== null);
  const unmet = expectations.some(({ met }) => met === false);
  if (violated || failed || unmet || faults.some(({ inert }) => inert)) return 'not met';
  const open = expectations.some(({ met }) => met === null) || faults.some(isOpen);
  return open ? 'unknown' : 'met';
}
