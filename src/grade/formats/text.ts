/** For people: of one student everything, of several a line for each recording, and what stands out. */
import { printable } from '../../core/printable.ts';
import { totalOf } from '../grade.ts';
import type { Copies, Results, Row } from '../results.ts';
import { detailLines, scoreOf, studentName, verdictLine } from './words.ts';

export function textOf(results: Results): string {
  const { rows, copies } = results;
  const [only] = rows;
  const lines =
    rows.length === 1 && only !== undefined
      ? ofOne(only, results)
      : [
          ...table(rows.flatMap(ofMany)),
          '',
          ...totals(results),
          ...results.challenges.map(({ id }, i) => metBy(rows, id, i)),
        ];
  return `${[...lines, ...copies.map(copyLine)].join('\n')}\n`;
}

function ofOne({ grades, others, points, pointsMax, student }: Row, { challenges }: Results): string[] {
  const many = challenges.length > 1;
  const who = student === null ? '' : `${printable(student)}  `;
  const total = many ? [`${who}total ${scoreOf(points, pointsMax)}`] : [];
  return [
    ...grades.flatMap((grade, i) => [
      ...(i > 0 ? [''] : []),
      `${who}${grade.challenge}  ${scoreOf(totalOf(grade), grade.pointsMax)}${grade.file === null ? '' : `  ${printable(grade.file)}`}`,
      ...detailLines(grade),
    ]),
    ...others.map((other) => `not counted: ${printable(other.file ?? '')}: ${verdictLine(other)}`),
    ...(many ? [''] : []),
    ...total,
  ];
}

/** student, challenge, score, verdict, file */
const ofMany = ({ grades, others, student }: Row): string[][] =>
  [...grades, ...others].map((grade, i) => {
    const score = i < grades.length ? scoreOf(totalOf(grade), grade.pointsMax) : 'not counted';
    const { file } = grade;
    const verdict = file === null ? verdictLine(grade) : `${verdictLine(grade)}  ${printable(file)}`;
    return [studentName(student), grade.challenge ?? '?', score, verdict];
  });

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>((most, row) => row.map((cell, i) => Math.max(most[i] ?? 0, cell.length)), []);
  return rows.map((row) => row.map((cell, i) => (i < row.length - 1 ? cell.padEnd(widths[i] ?? 0) : cell)).join('  '));
}

function totals({ rows, challenges }: Results): string[] {
  if (challenges.length === 1) return [];
  const lines = rows.map(({ student, points, pointsMax }) => [
    studentName(student),
    `total ${scoreOf(points, pointsMax)}`,
  ]);
  return [...table(lines), ''];
}

function metBy(rows: readonly Row[], id: string, i: number): string {
  const met = rows.filter(({ grades }) => (grades[i]?.points ?? 0) > 0).length;
  return `${id}: met by ${met} of ${rows.length}`;
}

const copiesShown = 6;

/** Who has the like; the JSON names all of them. */
export function copyLine({ challenge, same, acts, files }: Copies): string {
  const who = files.slice(0, copiesShown).map(({ file, student }) => `${studentName(student)} (${printable(file)})`);
  const more = files.length > copiesShown ? `, and ${files.length - copiesShown} more` : '';
  const count = acts === 1 ? 'one act at the same time' : `the same ${acts} acts at the same times`;
  const what = same === 'recording' ? 'one and the same recording' : count;
  return `alike${challenge === null ? '' : `, ${challenge}`}: ${what}: ${who.join(', ')}${more}`;
}
