/**
 * Finds out the valence of one state: by a few walks, and when these have not led to two decisions, breadth first, until
 * two are reached or nothing is left to reach.
 */
import type { ValenceGraph } from './graph.ts';
import { probe } from './probe.ts';

const probesMax = 24;

export class Search {
  readonly root: number;
  readonly #graph: ValenceGraph;
  readonly #before: number | null;
  readonly #found: number[];
  readonly #isFound: Set<number>;
  #at = 0;
  readonly #walks = this.#probes();
  /** how many states it has expanded */
  expanded = 0;

  /** @param before a state from which the root is reached: what that one cannot reach, the root cannot */
  constructor(graph: ValenceGraph, root: number, before: number | null = null) {
    this.root = root;
    this.#graph = graph;
    this.#before = before;
    this.#found = [root];
    this.#isFound = new Set(this.#found);
  }

  /** True: the valence of the root is known. */
  get isDone(): boolean {
    const graph = this.#graph;
    if (graph.isBivalent(this.root) || graph.isSettled(this.root)) return true;
    if (this.#before === null || !graph.isSettled(this.#before) || !graph.agree(this.#before, this.root)) return false;
    graph.settle(this.root);
    return true;
  }

  /** Expands so many states more, at most. True: it is done. */
  advance(statesMax: number): boolean {
    const end = this.expanded + statesMax;
    while (!this.isDone && this.expanded < end) {
      if (this.#walks.next().done !== true) this.expanded += 1;
      else if (!this.#expandNext()) break;
    }
    return this.isDone;
  }

  *#probes(): Generator<void> {
    for (let seed = 1; seed <= probesMax; seed++) yield* probe(this.#graph, this.root, seed);
  }

  /** False: nothing is left. */
  #expandNext(): boolean {
    const graph = this.#graph;
    const state = this.#found[this.#at];
    if (state === undefined) {
      // all of them are expanded: each has seen everything that it can reach
      for (const each of this.#found) graph.settle(each);
      return false;
    }
    this.#at += 1;
    // what it can reach has been passed back, all of it
    if (graph.isSettled(state)) return true;
    if (!graph.isExpanded(state)) this.expanded += 1;
    for (const next of graph.after(state)) {
      if (this.#isFound.has(next)) continue;
      this.#isFound.add(next);
      this.#found.push(next);
    }
    return true;
  }
}
