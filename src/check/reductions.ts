/**
 * What may be left out of a space without changing a verdict. Each has its conditions; where they are not met it is refused,
 * not quietly ignored.
 */
import { CheckError, type Model } from './model.ts';

export const reductionNames = ['noop', 'por', 'symmetry'] as const;
/** `noop`: deliveries that change nothing; `por`: partial order; `symmetry`: interchangeable nodes */
export type ReductionName = (typeof reductionNames)[number];
export type Reductions = ReadonlySet<ReductionName>;

/** Throws where one of them might change a verdict. */
export function requireSound(reductions: Reductions, model: Model, isBreadthFirst: boolean, workers = 1): void {
  if (reductions.has('symmetry')) {
    if (reductions.has('por')) throw new CheckError('the reduction symmetry does not go with por');
    if (!isBreadthFirst || workers > 1)
      throw new CheckError('the reduction symmetry goes breadth first on one thread only');
  }
  for (const name of reductions) {
    const why = whyNot(name, model, isBreadthFirst);
    if (why !== null) throw new CheckError(`the reduction ${name} ${why}`);
  }
}

/** Those that may be made here, for whoever wants verdicts and no counts. (Symmetry costs more time than it saves.) */
export const soundReductions = (model: Model): Reductions =>
  new Set((['noop', 'por'] as const).filter((name) => whyNot(name, model, true) === null));

function whyNot(name: ReductionName, model: Model, isBreadthFirst: boolean): string | null {
  if (name === 'symmetry') return null;
  if (model.synchronous)
    return 'goes with the asynchronous model only: in the synchronous one, time waits for messages';
  if (model.network === 'fifo') return 'does not go with fifo order: there, a message holds up those behind it';
  const { messages, perLink, copies } = model.scenario.constraint ?? {};
  if ((messages ?? perLink ?? copies) !== undefined)
    return 'does not go with a constraint on messages, perLink or copies: it keeps other messages on their way';
  return name === 'noop' || isBreadthFirst ? null : 'goes breadth first only';
}
