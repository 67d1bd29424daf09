/**
 * Goes through the states that the model has, and says how each property stands. Breadth first unless told otherwise. A
 * state that a `constraint` excludes is not counted.
 */
import type { Protocol } from '../core/protocol.ts';
import type { Scenario } from '../core/scenario.ts';
import type { ProtocolRef } from '../scenario/protocols.ts';
import { Breadth } from './breadth.ts';
import { type WalkName, walkDefault } from './choosers.ts';
import { exploreTogether } from './crew.ts';
import { Depth } from './depth.ts';
import { Ground, type GroundOptions, type Searched } from './ground.ts';
import { Untracked } from './judge.ts';
import type { Tracked } from './layout.ts';
import { CheckError, createModel, type Model, type ModelOptions } from './model.ts';
import { Disorder } from './names.ts';
import { type Path, pathTo } from './path.ts';
import { type ReductionName, requireSound } from './reductions.ts';
import type { Finding } from './standing.ts';
import { type WalkOptions, Walks } from './walks.ts';

export type { Progress } from './ground.ts';
export type { Path } from './path.ts';

/** In which order states are visited: level by level, each run to its end, or some runs at random. */
export type Order = 'breadth' | 'depth' | 'walks';

export interface ExploreOptions extends GroundOptions, ModelOptions {
  /** `breadth` when left out */
  readonly order?: Exclude<Order, 'walks'>;
  /** so many threads explore together; they need to know where the protocol comes from */
  readonly workers?: number;
  readonly source?: ProtocolRef;
  /** random walks instead of an order that comes to every state */
  readonly walks?: WalkOptions;
}

export interface Exploration {
  readonly order: Order;
  /** how its random walks chose; null: it was another order */
  readonly walkBy: WalkName | null;
  readonly workers: number;
  readonly reductions: readonly ReductionName[];
  readonly states: number;
  /** the successors generated, the initial states among them, as TLC counts them */
  readonly transitions: number;
  /** states on the longest path taken */
  readonly depth: number;
  /** every state was expanded: nothing is left to find */
  readonly complete: boolean;
  /** why it ended before; null: it did not, or a violation ended it */
  readonly stopped: string | null;
  readonly properties: readonly Finding[];
  /** states left out by the constraint, counted as often as they came up */
  readonly pruned: number;
  readonly exact: boolean;
  readonly collisionEstimate: number;
  readonly bytesPerState: number;
  readonly machineSteps: number;
  /** why machines failed (threw, or asked for what there is not), each reason once */
  readonly failures: readonly string[];
  /** states in which nothing more can happen */
  readonly ends: number;
  readonly model: Model;
  /** what its states keep because properties look at it */
  readonly tracked: Tracked;
  /** what led to a state, from the start */
  path(state: number): Path;
}

export async function explore(
  scenario: Scenario,
  protocol: Protocol,
  options: ExploreOptions = {},
): Promise<Exploration> {
  const model = createModel(scenario, protocol, options);
  const order = options.walks === undefined ? (options.order ?? 'breadth') : 'walks';
  if (order === 'depth' && model.depthMax !== Number.POSITIVE_INFINITY)
    throw new CheckError('constraint: depth is counted along shortest paths, and depth first does not find them');
  requireSound(options.reductions ?? new Set(), model, order === 'breadth', options.workers);
  let tracked: Tracked = { inputs: false, anyFault: false };
  let sequences: ReadonlySet<string> = new Set();
  for (;;) {
    try {
      return await exploreWith(model, tracked, order, { ...options, sequences });
    } catch (error) {
      if (error instanceof Untracked && !tracked[error.what]) tracked = { ...tracked, [error.what]: true };
      else if (error instanceof Disorder) sequences = new Set([...sequences, error.field]);
      else throw error;
    }
  }
}

async function exploreWith(
  model: Model,
  tracked: Tracked,
  order: Order,
  options: ExploreOptions,
): Promise<Exploration> {
  const found = await search(model, tracked, order, options);
  const { states, tally, standing, stopped, transitions, roots, origins } = found;
  const complete = stopped === null && !standing.isViolated;
  return {
    order,
    walkBy: options.walks === undefined ? null : (options.walks.by ?? walkDefault),
    workers: options.workers ?? 1,
    reductions: [...(options.reductions ?? [])],
    states,
    transitions: tally.transitions,
    depth: tally.depth,
    complete,
    stopped,
    properties: standing.findings({
      complete,
      isEndless: tally.isCyclic || tally.pruned > 0,
      isBounded: tally.pruned > 0,
      ends: tally.ends,
      stopped,
    }),
    pruned: tally.pruned,
    exact: found.exact,
    collisionEstimate: found.exact ? 0 : states ** 2 / 2 ** 65,
    bytesPerState: found.bytes / states,
    machineSteps: found.machineSteps,
    failures: found.failures,
    ends: tally.ends,
    model,
    tracked,
    path: (state) => pathTo(state, transitions, roots, origins),
  };
}

async function search(model: Model, tracked: Tracked, order: Order, options: ExploreOptions): Promise<Searched> {
  const { workers = 1, source, walks } = options;
  if (workers > 1) {
    if (order !== 'breadth' || source === undefined) throw new CheckError('several workers go breadth first only');
    return exploreTogether(model, tracked, { ...options, source, threads: workers });
  }
  const ground = new Ground(model, tracked, options);
  if (walks !== undefined) return ground.searched(await new Walks(ground, walks).run());
  const single = order === 'depth' ? new Depth(ground) : new Breadth(ground);
  return ground.searched(await single.run());
}
