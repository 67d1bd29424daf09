/** A grade in words, as every format that people read has it. All text from outside is harmless here. */
import { printable } from '../../core/printable.ts';
import type { Grade } from '../grade.ts';
import { outcomes } from '../outcome.ts';

/** Points without needless decimals: 10, 7.5. */
export const number = (points: number): string => String(Math.round(points * 1000) / 1000);

/** `7.5 of 10` */
export const scoreOf = (points: number, pointsMax: number): string => `${number(points)} of ${number(pointsMax)}`;

export const studentName = (student: string | null): string =>
  student === null ? '(nobody named)' : printable(student);

/** `not all goals met: P1 blocked at the end, but P1 is not blocked` */
export const verdictLine = ({ outcome, why }: Pick<Grade, 'outcome' | 'why'>): string =>
  `${outcomes[outcome].says}${why === '' ? '' : `: ${printable(why)}`}`;

const sign = (met: boolean | null): string => (met === null ? '?' : met ? '✓' : '✗');

/** Whoever claims that it cannot be done has not tried to. */
export const goalsTried = ({ cannot, goals }: Grade): Grade['goals'] => (cannot === null ? goals : []);

function goalLines(grade: Grade): string[] {
  return goalsTried(grade).flatMap(({ goal, met, atEvent, why, missing }) => {
    const at = atEvent === null ? '' : `, event ${atEvent}`;
    const lacks = missing.filter((part) => part !== goal);
    const shown = why.startsWith(`${goal}: `) ? why.slice(goal.length + 2) : why;
    return [
      `${sign(met)} ${printable(goal)}${at}: ${printable(shown)}`,
      ...(lacks.length === 0 ? [] : [`  missing: ${lacks.map(printable).join('; ')}`]),
    ];
  });
}

/** `crash 1 of 1, restart 0 of 2` */
export function budgetLine({ budget }: Pick<Grade, 'budget'>): string | null {
  if (budget === null) return null;
  const names = [...new Set([...Object.keys(budget.allowed), ...Object.keys(budget.used)])].sort();
  if (names.length === 0) return 'budget: no fault is allowed, and none was used';
  const parts = names.map((name) => {
    const allowed = budget.allowed[name] ?? (name === 'input' ? 'any' : 0);
    return `${name} ${budget.used[name] ?? 0} of ${allowed === 'any' ? 'any number' : allowed}`;
  });
  return `budget: ${parts.join(', ')}`;
}

function runLine({ run }: Pick<Grade, 'run'>): string | null {
  if (run === null) return null;
  const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;
  return `executed anew: ${count(run.events, 'event')}, ${count(run.inputs, 'act')}, ${count(run.checkpoints, 'checkpoint')} and the end agree; judged as it goes on from there by itself`;
}

/** Everything about one grade, without its heading: verdict, goals, budget, run, and the pieces of the diagram. */
export function detailLines(grade: Grade, withExcerpts = true): string[] {
  const { excerpts, cannot, bonusPoints } = grade;
  const facts = [
    ...goalLines(grade),
    budgetLine(grade),
    bonusPoints > 0 ? `bonus: ${number(bonusPoints)} for few faults` : null,
    cannot?.states == null ? null : `the search covered ${cannot.states} states`,
    runLine(grade),
  ];
  return [
    verdictLine(grade),
    ...facts.flatMap((fact) => (fact === null ? [] : [`  ${fact}`])),
    ...(withExcerpts
      ? excerpts.flatMap(({ event, title, lines }) => [
          '',
          `  event ${event}: ${printable(title)}`,
          ...lines.map((text) => `  ${text}`),
        ])
      : []),
  ];
}
