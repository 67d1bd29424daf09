/**
 * Properties, judged as the run goes. `always` is violated at the first event after which its test fails, and stays so;
 * `sometimes` is reached at the first event after which its test succeeds; `eventually` is judged only at the end, and
 * only when the faults have stopped: before that nobody can know.
 */
import { mostNodesWithVectors } from './clocks.ts';
import { readClock } from './local-clock.ts';
import type { Failure, Happened, Json, Property, View } from './protocol.ts';
import type { PropertyVerdict } from './scenario.ts';
import type { World } from './world.ts';

export interface PropertyState {
  readonly property: Property;
  /** for `always` and `sometimes`: settled by an event; null while it is not */
  settledAt: number | null;
  failure: Failure | null;
  memory: Json;
  /** sum of the versions it read when it was last tested */
  testedAt: number;
}

export const createPropertyStates = (properties: readonly Property[]): PropertyState[] =>
  properties.map((property) => ({
    property,
    settledAt: null,
    failure: null,
    memory: property.memory?.initial ?? null,
    testedAt: -1,
  }));

/** Tells the history variables what has happened. */
export function remember(world: World, happened: Happened): void {
  for (const state of world.properties) {
    const { memory } = state.property;
    if (memory === undefined) continue;
    const next = memory.next(state.memory, happened);
    if (next !== state.memory) {
      state.memory = next;
      world.versions.memory += 1;
    }
  }
}

function versionRead(world: World, property: Property): number {
  const { versions } = world;
  if (property.reads === undefined) return world.events;
  let sum = 0;
  for (const part of property.reads) sum += versions[part];
  return sum;
}

/** A `spaced` property is asked so many events apart: where there are no more nodes than keep vectors, after each. */
export const judgedEvery = ({ spaced = false }: Property, nodes: number): number =>
  spaced && nodes > mostNodesWithVectors ? nodes : 1;

/** Runs what has to be run after event `index`; gives the names newly violated and newly reached. */
export function evaluateProperties(world: World, index: number): { violated: string[]; reached: string[] } | null {
  let outcome: { violated: string[]; reached: string[] } | null = null;
  for (const state of world.properties) {
    const { property } = state;
    if (state.settledAt !== null || property.kind === 'eventually') continue;
    const version = versionRead(world, property);
    if (version === state.testedAt) continue;
    const apart = judgedEvery(property, world.nodes.length);
    if (apart > 1 && version - state.testedAt < apart) continue;
    state.testedAt = version;
    const verdict = property.test(world.view, state.memory);
    if (property.kind === 'sometimes' ? verdict !== true : verdict === true) continue;
    state.settledAt = index;
    outcome ??= { violated: [], reached: [] };
    if (property.kind === 'sometimes') outcome.reached.push(property.name);
    else {
      state.failure = typeof verdict === 'object' ? verdict : { why: 'its test fails' };
      outcome.violated.push(property.name);
    }
  }
  return outcome;
}

/** A property's standing, as the report and the screen show it. */
export interface PropertyReport {
  readonly name: string;
  readonly kind: Property['kind'];
  readonly verdict: PropertyVerdict;
  /** index of the event that settled it */
  readonly at: number | null;
  readonly why: string;
  readonly clause: string | null;
  readonly nodes: readonly string[];
}

/** What still disturbs the run, in words; null when the faults have stopped and a liveness verdict is fair. */
export function disturbance(world: World): string | null {
  if (world.partition) return 'the partition has not healed';
  if (world.cuts.length > 0) return `the link ${world.cuts[0]?.from}→${world.cuts[0]?.to} is still cut`;
  for (const message of world.pending.values())
    if (message.held?.by === 'hold') return `message ${message.id} is still held`;
  const rule = world.rules.find((each) => each.rule.type !== 'duplicate');
  if (rule) return `a rule still makes messages suffer (${rule.rule.type})`;
  const recovers = world.scenario.failures === 'crash-recovery' || world.scenario.failures === 'omission';
  for (const node of world.nodes) {
    if (node.status === 'paused') return `${node.id} is still paused`;
    if (node.status === 'failed') return `${node.id} has failed: ${node.failure ?? 'for no known reason'}`;
    if (node.status === 'crashed' && recovers) return `${node.id} is still down`;
  }
  return null;
}

/** The verdicts now; with `quiet` (nothing is left to happen) liveness is judged too. */
export function reportProperties(world: World, quiet: boolean): PropertyReport[] {
  return world.properties.map((state) => reportOne(world, state, quiet));
}

function reportOne(world: World, state: PropertyState, quiet: boolean): PropertyReport {
  const { property } = state;
  const report = (verdict: PropertyVerdict, why: string, failure: Failure | null = null): PropertyReport => ({
    name: property.name,
    kind: property.kind,
    verdict,
    at: state.settledAt,
    why,
    clause: failure?.clause ?? null,
    nodes: failure?.nodes ?? [],
  });
  if (property.kind === 'sometimes') {
    return state.settledAt === null
      ? report('not reached', 'it did not happen in this run')
      : report('holds', 'it happened');
  }
  if (property.kind === 'always') {
    const failure = state.failure ?? failureAtEnd(world, state);
    if (failure) return report('violated', failure.why, failure);
    const apart = judgedEvery(property, world.nodes.length);
    if (apart === 1)
      return report('holds', world.events === 1 ? 'in the first event' : `in each of ${world.events} events`);
    return report('holds', `at the end, and before that each ${apart} events`);
  }
  const verdict = property.test(world.view, state.memory);
  if (verdict === true) return report('holds', 'it has come about');
  const failure = verdict === false ? { why: 'it has not come about' } : verdict;
  const disturbed = disturbance(world);
  if (disturbed !== null) return report('unknown', `${failure.why}; no verdict, because ${disturbed}`, failure);
  if (!quiet) return report('unknown', `${failure.why}; the run is not over`, failure);
  return report('violated', failure.why, failure);
}

/** What is asked only now and then is asked once more at the end. */
function failureAtEnd(world: World, { property, memory }: PropertyState): Failure | null {
  if (judgedEvery(property, world.nodes.length) === 1) return null;
  const verdict = property.test(world.view, memory);
  if (verdict === true) return null;
  return verdict === false ? { why: 'its test fails' } : verdict;
}

/** The read-only face of a world for properties. */
export function createView(
  world: Pick<World, 'nodes' | 'indexOf' | 'inputs' | 'scenario'> & { anyFault: boolean; nowMs: number },
): View {
  const honest = world.nodes.slice();
  const nodeOf = (id: string): World['nodes'][number] => {
    const index = world.indexOf.get(id);
    if (index === undefined) throw new Error(`a property asks for ${id}, who is no node`);
    return world.nodes[index] as World['nodes'][number];
  };
  return {
    nodes: world.nodes,
    parameters: world.scenario.parameters,
    inputs: world.inputs,
    node: nodeOf,
    get honest() {
      for (let i = honest.length - 1; i >= 0; i--) if (!honest[i]?.honest) honest.splice(i, 1);
      return honest;
    },
    get anyFault() {
      return world.anyFault;
    },
    get nowMs() {
      return world.nowMs;
    },
    clockMs: (id) => readClock(nodeOf(id).clock, world.nowMs),
  };
}
