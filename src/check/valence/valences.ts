/**
 * The valence of the configuration that a world is in, and of those that its next events lead to. What one question
 * finds out is kept for the next ones, so that a run is followed at little cost.
 */
import { perform } from '../../core/commit.ts';
import type { Protocol } from '../../core/protocol.ts';
import type { Scenario } from '../../core/scenario.ts';
import { comingEntries } from '../../core/scheduler.ts';
import { type Ahead, notYetKnown, type Outlook, type Valence } from '../../core/valence.ts';
import type { World } from '../../core/world.ts';
import { cloneWorld } from '../../core/world-init.ts';
import { ValenceGraph } from './graph.ts';
import { valenceModel } from './model.ts';
import { placeOf } from './place.ts';
import { Search } from './search.ts';

/** beyond so many states it begins anew, with an empty graph */
const graphStatesMax = 400_000;
/** so many next events are looked at */
const aheadMax = 48;

export class Valences {
  readonly #scenario: Scenario;
  readonly #protocol: Protocol;
  #graph: ValenceGraph;

  /** Throws `CheckError` when the scenario cannot be explored. */
  constructor(scenario: Scenario, protocol: Protocol) {
    this.#scenario = scenario;
    this.#protocol = protocol;
    this.#graph = this.#newGraph();
  }

  #newGraph(): ValenceGraph {
    return new ValenceGraph(valenceModel(this.#scenario, this.#protocol));
  }

  /** @param statesMax so many states are expanded for it, at most; when that is not enough: `unknown` */
  of(world: World, statesMax: number): Valence {
    const inquiry = this.inquire(world, statesMax);
    while (!inquiry.presentIsKnown && !inquiry.advance(statesMax));
    return inquiry.outlook().now;
  }

  /** @param statesMax for each of the configurations looked at; @param coming the next events, in the order of asking */
  inquire(world: World, statesMax: number, coming: readonly Coming[] = comingEntries(world)): Inquiry {
    if (this.#graph.states > graphStatesMax) this.#graph = this.#newGraph();
    return new Inquiry(this.#graph, world, statesMax, coming.slice(0, aheadMax));
  }
}

type Coming = Omit<Ahead, 'valence'>;
interface Question {
  /** null: the present */
  readonly ahead: Coming | null;
  /** null: it is looked for when its turn comes */
  search: Search | null;
}

export class Inquiry {
  readonly #graph: ValenceGraph;
  readonly #world: World;
  readonly #statesMax: number;
  readonly #questions: Question[];
  #at = 0;

  constructor(graph: ValenceGraph, present: World, statesMax: number, coming: readonly Coming[]) {
    this.#graph = graph;
    // what is asked about may go on meanwhile
    this.#world = cloneWorld(present);
    this.#statesMax = statesMax;
    this.#questions = [{ ahead: null, search: new Search(graph, this.#number(this.#world)) }];
    for (const { choice, atMs } of coming) this.#questions.push({ ahead: { choice, atMs }, search: null });
  }

  /** The first question is answered, or given up. */
  get presentIsKnown(): boolean {
    return this.#at > 0;
  }
  get isDone(): boolean {
    return this.#at === this.#questions.length;
  }

  /** Expands so many states, at most; one question is answered at a time. True: all are. */
  advance(statesMax: number): boolean {
    const question = this.#questions[this.#at];
    if (question === undefined) return true;
    question.search ??= this.#searchAfter(question.ahead as Coming);
    const { search } = question;
    const left = this.#statesMax - search.expanded;
    if (search.advance(Math.min(statesMax, left)) || search.expanded >= this.#statesMax) this.#at += 1;
    return this.isDone;
  }

  /** As far as it is known by now. */
  outlook(): Outlook {
    const [present, ...next] = this.#questions.map(({ ahead, search }) => ({
      ahead,
      valence: search === null ? notYetKnown : this.#graph.valence(search.root),
    }));
    return {
      now: present?.valence ?? notYetKnown,
      next: next.map(({ ahead, valence }) => ({ ...(ahead as Coming), valence })),
    };
  }

  #number(world: World): number {
    const vector = placeOf(world, this.#graph.transitions);
    return this.#graph.add(vector, vector.length);
  }

  #searchAfter({ choice, atMs }: Coming): Search {
    const world = cloneWorld(this.#world);
    world.nowMs = Math.max(world.nowMs, atMs);
    const events = perform(world, choice, 'schedule');
    // a fault that it sets off may be one that the model knows nothing of
    const isPlain = events.length === 1 && (choice.type === 'deliver' || choice.type === 'fire');
    const present = (this.#questions[0] as Question).search as Search;
    return new Search(this.#graph, this.#number(world), isPlain ? present.root : null);
  }
}

const known = new WeakMap<Scenario, Valences>();

/**
 * What can still be decided from the configuration of this world. What earlier questions have found out is remembered,
 * which can turn `unknown` into an answer, and changes no answer.
 * @param statesMax so many states are expanded, at most; when that is not enough: `unknown`. Throws `CheckError`.
 */
export function valenceOf(world: World, statesMax: number): Valence {
  const { scenario, protocol } = world;
  const valences = known.get(scenario) ?? new Valences(scenario, protocol);
  known.set(scenario, valences);
  return valences.of(world, statesMax);
}
