/** What a grade shows beside its verdict: pieces of the diagram where it was decided, and what tells copies apart. */
import { hash } from 'node:crypto';
import { carryOn } from '../core/carry-on.ts';
import type { FinishedRun, Judgement } from '../core/challenge.ts';
import { canonicalJson } from '../core/json.ts';
import type { Recording } from '../record/format.ts';
import type { Excerpt, Grade } from './grade.ts';

/** Draws a piece of the sequence diagram that ends just after this event. */
export type DrawExcerpt = (run: Pick<FinishedRun, 'world' | 'trace'>, event: number) => readonly string[];

/** more than this nobody reads */
const mostExcerpts = 3;

/** What is missing first: at the event that shows it, or at the end; then how the rest came about. Each event once. */
export function excerptsOf(run: FinishedRun, { goals, budget }: Judgement, draw: DrawExcerpt): Excerpt[] {
  const { world, events } = carryOn(run.world);
  const trace = events.length === 0 ? run.trace : [...run.trace, ...events];
  const last = trace.length - 1;
  const wanted = [
    ...budget.exceeded.map(({ name, atEvent }) => ({ event: atEvent, title: `the budget for ${name} is exceeded` })),
    ...goals
      .filter(({ met }) => met !== true)
      .map(({ goal, atEvent }) => ({
        event: atEvent ?? last,
        title: `${goal}: ${atEvent === null ? 'not so at the end' : 'not so'}`,
      })),
    ...goals
      .filter(({ met, atEvent }) => met === true && atEvent !== null)
      .map(({ goal, atEvent }) => ({ event: atEvent as number, title: goal })),
  ];
  const shown = wanted.filter(({ event }, i) => event >= 0 && wanted.findIndex((other) => other.event === event) === i);
  return shown.slice(0, mostExcerpts).map((each) => ({ ...each, lines: draw({ world, trace }, each.event) }));
}

/**
 * Two files with one id are one recording. Two with the same acts at the same events and virtual times are one solution,
 * which two people can find independently only when it is short.
 */
export function printsOf({ header, entries }: Recording): Grade['prints'] {
  const acts = entries.flatMap((entry) => (entry.kind === 'act' ? [[entry.i, entry.atMs, entry.act]] : []));
  const inputs = acts.length === 0 ? null : hash('sha256', canonicalJson(acts), 'hex');
  return { id: header.id, inputs, acts: acts.length };
}
