/**
 * The space of a small model as data for other programs and for pictures. Of each state: what every node is in, what is
 * on its way, which faults have struck, and which decisions may still come of it.
 */
import { canonicalJson } from '../core/json.ts';
import type { Json, Message, NodeId } from '../core/protocol.ts';
import type { Local } from './locals.ts';
import type { Letter } from './messages.ts';
import type { Move } from './moves.ts';
import type { Space } from './space.ts';
import { setSize, setsOf, spread } from './spread.ts';

export interface GraphNode {
  /** path in the statechart; '' while it is down */
  readonly state: string;
  readonly status: string;
  readonly decisions: readonly Json[];
  readonly traitor?: true;
}
export interface GraphState {
  readonly id: number;
  readonly nodes: Readonly<Record<NodeId, GraphNode>>;
  readonly inFlight: readonly { readonly from: NodeId; readonly to: NodeId; readonly message: Message }[];
  /** how often each fault of a bounded budget has struck */
  readonly faults: Readonly<Record<string, number>>;
  /** its groups, while a partition is in force */
  readonly partition?: readonly (readonly NodeId[])[];
  /** values that an honest node has decided, here or in a state to come; null: not known */
  readonly valence: readonly Json[] | null;
  /** more can happen here than is in the graph: the constraint leaves it out */
  readonly more?: true;
}
export interface GraphEdge {
  readonly from: number;
  readonly to: number;
  readonly move: Move;
  readonly isFault: boolean;
}

export function graphStates(space: Space): GraphState[] {
  const valences = valencesOf(space);
  return Array.from({ length: space.states }, (_, id) => graphState(space, id, valences[id] ?? null));
}

export function* graphEdges(space: Space): Generator<GraphEdge> {
  for (let from = 0; from < space.states; from++) {
    const faults: boolean[] = [];
    space.forEachNext(from, (_, isFault) => faults.push(isFault));
    for (const [i, { to, move }] of space.edgesOf(from).entries())
      yield { from, to, move, isFault: faults[i] as boolean };
  }
}

function graphState(space: Space, id: number, valence: readonly Json[] | null): GraphState {
  const { model, steps, layout } = space.transitions;
  const vector = space.vector(id);
  const nodes = model.ids.map((name, node) => [name, graphNode(steps.local(node, vector[node] as number))] as const);
  const letters = [...vector.subarray(layout.network)].map((number) => steps.letters.all[number] as Letter);
  const used = Object.entries(layout.used).filter(([, place]) => place >= 0 && (vector[place] as number) > 0);
  const partition = layout.partition < 0 ? undefined : model.partitions[(vector[layout.partition] as number) - 1];
  return {
    id,
    nodes: Object.fromEntries(nodes),
    inFlight: letters.map(({ from, to, body }) => ({
      from: model.ids[from] as string,
      to: model.ids[to] as string,
      message: body,
    })),
    faults: Object.fromEntries(used.map(([fault, place]) => [fault, vector[place] as number])),
    ...(partition === undefined ? {} : { partition: partition.fault.groups }),
    valence,
    ...(space.isOpen(id) ? { more: true } : {}),
  };
}

const graphNode = ({ path, status, decisions, honest }: Local): GraphNode => ({
  state: path,
  status,
  decisions,
  ...(honest ? {} : { traitor: true }),
});

/** By state; null where a way leads out of the graph, or where there are too many different decisions. */
function valencesOf(space: Space): (readonly Json[] | null)[] {
  const { model, steps } = space.transitions;
  const values: Json[] = [];
  const numbers = new Map<string, number>();
  const decided = setsOf(space, (state) => {
    let set = 0;
    const vector = space.vector(state);
    for (let node = 0; node < model.ids.length; node++) {
      const { honest, decisions } = steps.local(node, vector[node] as number);
      if (honest) for (const value of decisions) set |= 1 << numberOf(value, values, numbers);
    }
    return set;
  });
  if (values.length > setSize) return [];
  const sets = spread(space, decided, 'every edge');
  const isOpen = spread(
    space,
    setsOf(space, (state) => (space.isOpen(state) ? 1 : 0)),
    'every edge',
  );
  return Array.from(sets, (set, state) =>
    isOpen[state] === 1 ? null : values.filter((_, number) => (set & (1 << number)) !== 0),
  );
}

function numberOf(value: Json, values: Json[], numbers: Map<string, number>): number {
  const key = canonicalJson(value);
  const known = numbers.get(key);
  if (known !== undefined) return known;
  numbers.set(key, values.length);
  return values.push(value) - 1;
}
