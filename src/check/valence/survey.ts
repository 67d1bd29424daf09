/**
 * The valence of every configuration that a scenario can come into, and of the initial one for every vector of inputs.
 * A configuration is critical when it is bivalent and some node's next event decides: one leads to a v-valent
 * configuration, and another at the same node to a w-valent one.
 */
import type { Json, NodeId, Protocol } from '../../core/protocol.ts';
import type { Scenario } from '../../core/scenario.ts';
import { type Valence, valenceText } from '../../core/valence.ts';
import { CheckError } from '../model.ts';
import type { Move } from '../moves.ts';
import { ValenceGraph } from './graph.ts';
import { valenceModel } from './model.ts';
import { Search } from './search.ts';

export interface SurveyOptions {
  readonly statesMax: number;
  /** whose values are varied for the initial configurations; left out: the one parameter that gives each node a choice of two */
  readonly inputs?: { readonly parameter: string; readonly values: readonly Json[] };
  /** asked now and then; a text ends the survey, and says why */
  readonly between?: (states: number) => Promise<string | null>;
}
export interface Initial {
  readonly inputs: Readonly<Record<NodeId, Json>>;
  readonly valence: Valence;
}
export interface Critical {
  readonly node: NodeId;
  /** what leads there from the start, and the two events that decide */
  readonly path: readonly Move[];
  readonly deciding: readonly { readonly move: Move; readonly valence: Valence }[];
}
export interface Survey {
  /** null: no parameter gives inputs that could be varied */
  readonly parameter: string | null;
  readonly initial: readonly Initial[];
  readonly states: number;
  /** null: all were explored; else why not */
  readonly stopped: string | null;
  /** how many configurations there are of each valence, by its words */
  readonly counts: Readonly<Record<string, number>>;
  /** critical configurations, by the node that decides */
  readonly critical: Readonly<Record<NodeId, number>>;
  /** one that is reached by the fewest events; null: none was found */
  readonly nearest: Critical | null;
  readonly graph: ValenceGraph;
}

const expandedBetween = 512;
const nodesMax = 10;

export async function survey(scenario: Scenario, protocol: Protocol, options: SurveyOptions): Promise<Survey> {
  const inputs = options.inputs ?? usualInputs(protocol);
  const between = options.between ?? (async () => null);
  const initial: Initial[] = [];
  const vectors = inputs === null ? [] : vectorsOf(scenario, protocol, inputs);
  for (const vector of vectors) {
    const { parameter } = inputs as Inputs;
    const parameters = { ...scenario.parameters, [parameter]: vector };
    const graph = new ValenceGraph(valenceModel({ ...scenario, parameters }, protocol));
    const search = new Search(graph, rootsOf(graph)[0] as number);
    while (graph.states < options.statesMax / vectors.length && !search.advance(expandedBetween))
      if ((await between(graph.states)) !== null) break;
    initial.push({ inputs: vector, valence: graph.valence(search.root) });
  }
  return { parameter: inputs?.parameter ?? null, initial, ...(await surveyAll(scenario, protocol, options)) };
}

type Inputs = NonNullable<SurveyOptions['inputs']>;

function usualInputs(protocol: Protocol): Inputs | null {
  const found = Object.entries(protocol.parameters).flatMap(([parameter, spec]) =>
    spec.kind === 'per-node' && spec.of.kind === 'choice' && spec.of.choices.length === 2
      ? [{ parameter, values: spec.of.choices }]
      : [],
  );
  return found.length === 1 ? (found[0] as Inputs) : null;
}

/** Every vector, in the order of counting. */
function vectorsOf(scenario: Scenario, protocol: Protocol, { parameter, values }: Inputs): Record<NodeId, Json>[] {
  const spec = protocol.parameters[parameter];
  if (spec?.kind !== 'per-node')
    throw new CheckError(`${protocol.id} has no parameter ${parameter} with a value a node`);
  const nodes = Object.keys(scenario.nodes).filter((id) => (spec.role ?? scenario.nodes[id]) === scenario.nodes[id]);
  if (nodes.length > nodesMax) throw new CheckError(`the inputs of ${nodes.length} nodes are too many to vary`);
  let vectors: Record<NodeId, Json>[] = [{}];
  for (const node of nodes) vectors = vectors.flatMap((one) => values.map((value) => ({ ...one, [node]: value })));
  return vectors;
}

/** The first has no traitors but those of the script. */
const rootsOf = (graph: ValenceGraph): number[] =>
  graph.transitions.roots().map(({ vector }) => graph.add(vector, vector.length));

async function surveyAll(scenario: Scenario, protocol: Protocol, options: SurveyOptions) {
  const graph = new ValenceGraph(valenceModel(scenario, protocol));
  const cameFrom: (number | null)[] = rootsOf(graph).map(() => null);
  // where not all can be explored, half of the states are for seeing through what those near the start lead to
  const breadthMax = options.statesMax / 2;
  let stopped: string | null = null;
  for (let state = 0; state < graph.states && stopped === null; state++) {
    graph.after(state);
    while (cameFrom.length < graph.states) cameFrom.push(state);
    if (graph.states >= breadthMax && state + 1 < graph.states)
      stopped = `the limit of ${options.statesMax} configurations was reached`;
    else if (state % expandedBetween === 0) stopped = (await options.between?.(graph.states)) ?? null;
  }
  graph.settleExplored();
  const { critical, nearest } = await criticalIn(graph, cameFrom, options);
  const counts: Record<string, number> = {};
  for (let state = 0; state < graph.states; state++) {
    const words = valenceText(graph.valence(state));
    counts[words] = (counts[words] ?? 0) + 1;
  }
  return { states: graph.states, stopped, counts, critical, nearest, graph };
}

/** Those nearest to the start first; what is not known of the states after them is looked for, as far as the limit goes. */
async function criticalIn(graph: ValenceGraph, cameFrom: readonly (number | null)[], options: SurveyOptions) {
  const critical: Record<NodeId, number> = {};
  let nearest: Critical | null = null;
  for (let state = 0; state < cameFrom.length; state++) {
    if (!graph.isBivalent(state) || !graph.isExpanded(state)) continue;
    for (const next of graph.after(state)) {
      const search = new Search(graph, next);
      while (graph.states < options.statesMax && !search.advance(expandedBetween));
    }
    if ((await options.between?.(graph.states)) != null) break;
    for (const { node, deciding } of decidingEvents(graph, state)) {
      critical[node] = (critical[node] ?? 0) + 1;
      nearest ??= { node, deciding, path: pathTo(graph, state, cameFrom) };
    }
  }
  return { critical, nearest };
}

/** The nodes of which one next event leads to one value and another to another. */
function decidingEvents(graph: ValenceGraph, state: number): Omit<Critical, 'path'>[] {
  const { model, steps } = graph.transitions;
  if (!graph.after(state).some((next) => graph.isUnivalent(next))) return [];
  const settling = new Map<number, { move: Move; valence: Valence }[]>();
  for (const { move, to } of graph.events(state)) {
    const valence = graph.valence(to);
    if (valence.kind !== 'univalent' || (move.kind !== 'deliver' && move.kind !== 'fire')) continue;
    const node = move.kind === 'fire' ? move.node : (steps.letters.all[move.letter]?.to as number);
    const known = settling.get(node) ?? [];
    if (known.every((one) => valenceText(one.valence) !== valenceText(valence))) known.push({ move, valence });
    settling.set(node, known);
  }
  return [...settling].flatMap(([node, deciding]) =>
    deciding.length > 1 ? [{ node: model.ids[node] as NodeId, deciding }] : [],
  );
}

function pathTo(graph: ValenceGraph, state: number, cameFrom: readonly (number | null)[]): Move[] {
  const moves: Move[] = [];
  for (let at = state; cameFrom[at] != null; at = cameFrom[at] as number) {
    const from = cameFrom[at] as number;
    moves.unshift((graph.events(from).find(({ to }) => to === at) as { move: Move }).move);
  }
  return moves;
}
