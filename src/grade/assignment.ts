/** Reads an assignment from YAML, with the place of every mistake. The challenges that it names are loaded elsewhere. */
import { dirname, isAbsolute, resolve } from 'node:path';
import type { z } from 'zod';
import { isObject, type Json } from '../core/json.ts';
import { type Mistake, quote, ScenarioError } from '../scenario/errors.ts';
import { rightName } from '../scenario/nearest.ts';
import { type Path, parseYaml, type SourceDocument } from '../scenario/yaml-document.ts';
import { assignmentShape, ID_PATTERN, INSTANT_PATTERN, type RawAssignment } from './assignment-shape.ts';

export interface AssignmentItem {
  /** a preset's name, or an absolute path */
  readonly challenge: string;
  readonly id: string | null;
  readonly title: string | null;
  /** null: the challenge's own */
  readonly points: number | null;
  /** where it stands, for mistakes that show when it is loaded */
  readonly line: number;
  readonly column: number;
}

export interface Assignment {
  readonly file: string;
  readonly title: string;
  readonly salt: string | null;
  /** an instant in ISO 8601 with its offset, as it was written */
  readonly due: string | null;
  readonly items: readonly AssignmentItem[];
}

type Issue = z.core.$ZodIssue;

/** Throws `ScenarioError` with every mistake. Paths of challenges start at the assignment's folder. */
export function readAssignment(text: string, file: string): Assignment {
  const document = parseYaml(text, file);
  const mistakes: Mistake[] = [];
  const report = (path: Path, what: string, key?: 'key'): void =>
    void mistakes.push({ ...document.locate(path, key), what });
  if (!isObject(document.value)) report([], 'an assignment is a mapping: `title: ...`, `challenges: [...]`');
  else checkShape(document.value, report);
  if (mistakes.length === 0) checkMeaning(document.value as unknown as RawAssignment, report);
  mistakes.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
  const [first, ...rest] = mistakes;
  if (first !== undefined) throw new ScenarioError([first, ...rest]);
  return assignmentOf(document);
}

/** An assignment has `challenges`, a scenario has none. */
export const isAssignment = (value: Json): boolean => isObject(value) && Object.hasOwn(value, 'challenges');

function assignmentOf(document: SourceDocument): Assignment {
  const { title, salt, due, challenges } = document.value as unknown as RawAssignment;
  const folder = dirname(resolve(document.file));
  const items = challenges.map(({ challenge, id, title: itsTitle, points }, i): AssignmentItem => {
    const { line, column } = document.locate(['challenges', i, 'challenge']);
    return {
      challenge: isPath(challenge) && !isAbsolute(challenge) ? resolve(folder, challenge) : challenge,
      id: id ?? null,
      title: itsTitle ?? null,
      points: points ?? null,
      line: line ?? 1,
      column: column ?? 1,
    };
  });
  return { file: document.file, title, salt: salt ?? null, due: due ?? null, items };
}

const isPath = (name: string): boolean => /[\\/]|\.ya?ml$/.test(name);

type Report = (path: Path, what: string, key?: 'key') => void;

function checkShape(value: Json, report: Report): void {
  for (const issue of assignmentShape.safeParse(value).error?.issues ?? []) {
    const path = issue.path as Path;
    if (issue.code === 'unrecognized_keys') {
      const known = Object.keys(path.length === 0 ? assignmentShape.shape : itemShape.shape);
      for (const key of issue.keys)
        report([...path, key], `unknown key ${quote(key)}; ${rightName(key, known)}`, 'key');
    } else report(path, sentence(issue, valueAt(value, path)));
  }
}

const itemShape = assignmentShape.shape.challenges.element;

function sentence(issue: Issue, value: unknown): string {
  const label = labelOf(issue.path as Path);
  if (value === undefined) return `${label} is missing`;
  if (issue.code === 'invalid_type') return `${label} is ${quote(value)}, but must be ${kinds[issue.expected]}`;
  if (issue.code === 'invalid_format') {
    const right =
      issue.pattern === `/${INSTANT_PATTERN}/`
        ? 'an instant with its offset, such as 2026-10-01T23:59:00Z'
        : 'letters, digits, dots, dashes and underscores';
    return `${label} is ${quote(value)}, but must be ${right}`;
  }
  if (issue.code === 'too_small')
    return typeof value === 'number' ? `${label} is ${value}, but must be 0 or more` : `${label} is empty`;
  if (issue.code === 'too_big')
    return typeof value === 'number'
      ? `${label} is ${value}, but must be ${issue.maximum} or less`
      : `${label} is longer than ${issue.maximum}`;
  return `${label} is ${quote(value)}, which is not possible here`;
}

const kinds: Readonly<Record<string, string>> = {
  object: 'a mapping, such as { challenge: NAME, points: 10 }',
  array: 'a list',
  string: 'text',
  number: 'a number',
};

const labelOf = (path: Path): string => {
  const last = path.at(-1);
  return typeof last === 'number' ? `entry ${last + 1} of \`challenges\`` : `\`${String(last)}\``;
};

const valueAt = (root: unknown, path: Path): unknown =>
  path.reduce<unknown>((value, step) => (value as Record<string | number, unknown> | undefined)?.[step], root);

/** What the shape cannot say: the day exists, and no name stands twice. */
function checkMeaning({ due, challenges }: RawAssignment, report: Report): void {
  if (due !== undefined && Number.isNaN(Date.parse(due))) report(['due'], `there is no such instant as ${quote(due)}`);
  const seen = new Map<string, number>();
  for (const [i, { id, challenge }] of challenges.entries()) {
    const name = id ?? challenge;
    const before = seen.get(name);
    const key = id === undefined ? 'challenge' : 'id';
    if (before !== undefined)
      report(
        ['challenges', i, key],
        `${quote(name)} is entry ${before + 1} already; give one of them an \`id\` of its own`,
      );
    seen.set(name, i);
  }
}

/** Can this stand in a file's name and head a column? */
export const isPlainId = (id: string): boolean => new RegExp(ID_PATTERN).test(id);
