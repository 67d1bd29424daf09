/**
 * Walks from a state towards decisions, which find two that differ sooner than a search in all directions would. Mostly
 * some message arrives, now and then something else happens. The draws are the same every time.
 */
import { draw } from '../../core/draw.ts';
import type { ValenceGraph } from './graph.ts';

const stepsMax = 150;
/** so often something else happens although messages are on their way: timers that fire at every turn end nothing */
const otherwise = 0.04;

/** One walk, step by step. @param seed another one for each walk */
export function* probe(graph: ValenceGraph, root: number, seed: number): Generator<void> {
  let state = root;
  for (let step = 0; step < stepsMax && !graph.isDecided(state); step++) {
    const kinds = graph.kindsAfter(state);
    const isOther = draw(seed, 2 * step) < otherwise;
    const wanted = kinds.flatMap((kind, i) => ((kind === 'deliver') !== isOther ? [i] : []));
    const among = wanted.length > 0 ? wanted : kinds.map((_, i) => i);
    const picked = among[Math.floor(draw(seed, 2 * step + 1) * among.length)];
    if (picked === undefined) return;
    state = graph.follow(state, picked);
    yield;
  }
}
