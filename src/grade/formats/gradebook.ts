/**
 * One row a student, ready for a course's gradebook. Canvas takes its own export back: the five columns that name a
 * student, and one named as the assignment. Moodle takes any columns, and asks which of them names the student. A student
 * of whom nothing was handed in gets an empty grade, which both take for none.
 */
import { readFileSync } from 'node:fs';
import { mistakeIn } from '../../scenario/errors.ts';
import { decodeText, fileTrouble } from '../../scenario/text-file.ts';
import { type Cell, CsvError, csvText, readCsv } from '../csv.ts';
import { totalOf } from '../grade.ts';
import type { Results, Row } from '../results.ts';
import type { Gradebook } from './names.ts';
import { scoreOf, verdictLine } from './words.ts';

/** A class list, as the course's system exports it. */
export interface Roster {
  readonly columns: readonly string[];
  readonly people: readonly (readonly string[])[];
}

const canvasColumns = ['Student', 'ID', 'SIS User ID', 'SIS Login ID', 'Section'];
const moodleColumns = ['First name', 'Last name', 'ID number', 'Email address'];
/** columns that a student may be named by, as these two systems head them */
const names = ['ID', 'SIS User ID', 'SIS Login ID', 'ID number', 'Email address', 'Username'];
const largestBytes = 8 * 1024 * 1024;

/** Throws `ScenarioError` with the line of the mistake. */
export function readRoster(file: string): Roster {
  const trouble = fileTrouble(file, largestBytes);
  if (trouble !== null) throw mistakeIn(file, trouble);
  try {
    const [columns = [], ...people] = readCsv(decodeText(readFileSync(file), file));
    const heads = columns.map((column) => column.trim());
    if (!heads.some((head) => names.includes(head)))
      throw mistakeIn(file, `no column names the student; expected one of ${names.join(', ')}`, 1, 1);
    // Canvas has a line of points below its heading
    return { columns: heads, people: people.filter(([first = '']) => first.trim() !== 'Points Possible') };
  } catch (error) {
    if (error instanceof CsvError) throw mistakeIn(file, error.message, error.line, 1);
    throw error;
  }
}

/** @param roster who has a row; null: everybody in the results */
export function gradebookOf(results: Results, kind: Gradebook, roster: Roster | null): string {
  return csvText(kind === 'canvas' ? canvasRows(results, roster) : moodleRows(results, roster));
}

/** Students of whom there is a grade, and nothing in the class list. */
export const strangersTo = ({ rows }: Results, roster: Roster): string[] =>
  rows.flatMap(({ student }) =>
    student !== null && !roster.people.some((person) => isNamed(roster, person, student)) ? [student] : [],
  );

function isNamed({ columns }: Roster, person: readonly string[], student: string): boolean {
  return columns.some((column, i) => names.includes(column) && sameName(person[i] ?? '', student));
}

const rowOf = (rows: readonly Row[], roster: Roster, person: readonly string[]): Row | undefined =>
  rows.find(({ student }) => student !== null && isNamed(roster, person, student));

/** Addresses and logins are the same in capitals. */
const sameName = (a: string, b: string): boolean => a.trim() !== '' && a.trim().toLowerCase() === b.toLowerCase();

const field = ({ columns }: Roster, person: readonly string[], column: string): string =>
  person[columns.indexOf(column)]?.trim() ?? '';

function gradeOf({ grades, points }: Row): Cell {
  return grades.every(({ outcome }) => outcome === 'not handed in') ? null : points;
}

function canvasRows({ title, rows, challenges }: Results, roster: Roster | null): Cell[][] {
  // a column that Canvas knows is headed `title (123456)`
  const column = roster?.columns.find((each) => each === title || each.startsWith(`${title} (`)) ?? title;
  const max = challenges.reduce((sum, { points }) => sum + points, 0);
  const people = roster === null ? rows.map((row) => [canvasName(row), gradeOf(row)] as const) : [];
  const listed = roster?.people.map((person): Cell[] => {
    const row = rowOf(rows, roster, person);
    return [...canvasColumns.map((each) => field(roster, person, each)), row === undefined ? null : gradeOf(row)];
  });
  return [
    [...canvasColumns, column],
    ['    Points Possible', null, null, null, null, max],
    ...(listed ?? people.map(([name, grade]): Cell[] => [name, null, null, name, null, grade])),
  ];
}

const canvasName = ({ student }: Row): string => student ?? '';

function moodleRows({ title, rows }: Results, roster: Roster | null): Cell[][] {
  const heads = [title, `${title} feedback`];
  if (roster !== null) {
    const columns = moodleColumns.filter((column) => roster.columns.includes(column));
    const lines = roster.people.map((person): Cell[] => {
      const row = rowOf(rows, roster, person);
      return [
        ...columns.map((each) => field(roster, person, each)),
        ...(row === undefined ? [null, null] : [gradeOf(row), feedbackOf(row)]),
      ];
    });
    return [[...columns, ...heads], ...lines];
  }
  const byAddress = rows.every(({ student }) => student?.includes('@'));
  return [
    [byAddress ? 'Email address' : 'ID number', ...heads],
    ...rows.map((row): Cell[] => [row.student ?? '', gradeOf(row), feedbackOf(row)]),
  ];
}

const feedbackOf = ({ grades }: Row): string =>
  grades
    .map((grade) => `${grade.challenge}: ${scoreOf(totalOf(grade), grade.pointsMax)}: ${verdictLine(grade)}`)
    .join('\n');
