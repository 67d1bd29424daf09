/** Turns what the shape says against a scenario into sentences that say what would be right, each at its place. */
import type { z } from 'zod';
import { isObject, type Json } from '../core/json.ts';
import { goalForm, goalFormsAt } from './challenge-shape.ts';
import { quote, textOf } from './errors.ts';
import { nearest, rightName } from './nearest.ts';
import {
  conditionForm,
  conditionForms,
  expectationForm,
  expectationShapes,
  keysAt,
  nodesForm,
  scenarioShape,
} from './shape.ts';
import type { Path } from './yaml-document.ts';

export type Report = (path: Path, what: string, key?: 'key') => void;
type Issue = z.core.$ZodIssue;

/** Reports every mistake in the shape of the value; none: it is a `RawScenario`. */
export function checkShape(value: Json, report: Report): void {
  const { error } = scenarioShape.safeParse(value);
  const issues = (error?.issues ?? []).flatMap((issue) => precise(issue, value));
  const misspelt = new Set<string>();
  for (const issue of issues) {
    if (issue.code === 'unrecognized_keys') reportUnknownKeys(issue, value, report, misspelt);
  }
  for (const issue of issues) {
    if (issue.code === 'unrecognized_keys') continue;
    const path = issue.path as Path;
    if (!misspelt.has(path.join('\0'))) report(path, sentence(issue, value));
  }
}

/** A union only says that nothing fits. Where the form is told by its key, the issues of that form are given. */
function precise(issue: Issue, root: Json): Issue[] {
  const formOf = issue.code === 'invalid_union' ? formsAt(issue.path as Path) : null;
  if (formOf === null) return [issue];
  const value = at(root, issue.path as Path);
  const form = isObject(value) ? formOf(value) : undefined;
  if (form === undefined) return [issue];
  const { error } = form.safeParse(value);
  return (error?.issues ?? []).flatMap((inner) => precise({ ...inner, path: [...issue.path, ...inner.path] }, root));
}

function formsAt(path: Path): ((part: Record<string, unknown>) => z.ZodType | undefined) | null {
  if (path[0] === 'expect' && path.length === 2) return expectationForm;
  if (path[0] === 'nodes' && path.length === 2) return nodesForm;
  if (goalFormsAt(path) !== null) return (part) => goalForm(path, part);
  return isCondition(path) ? conditionForm : null;
}

/** `lesson[2].when`, or a part of its `all` or `any` */
const isCondition = ([top, , third, , , ...more]: Path): boolean =>
  top === 'lesson' && third === 'when' && more.length === 0;

function at(root: Json, path: Path): unknown {
  let value: unknown = root;
  for (const step of path) value = (value as Record<string | number, unknown> | null | undefined)?.[step];
  return value;
}

function reportUnknownKeys(
  issue: Extract<Issue, { code: 'unrecognized_keys' }>,
  root: Json,
  report: Report,
  misspelt: Set<string>,
): void {
  const path = issue.path as Path;
  const parent = at(root, path) as Record<string, unknown>;
  const known = keysAt(path, parent);
  const free = known.filter((key) => !Object.hasOwn(parent, key));
  for (const key of issue.keys) {
    const meant = nearest(key, free);
    // one mistake, not two: the key that is missing is the one that is misspelt
    if (meant !== null) misspelt.add([...path, meant].join('\0'));
    const where = whatIsAt(path, parent);
    report(
      [...path, key],
      `unknown key ${quote(key)}${where}; ${rightName(key, meant === null ? known : free)}`,
      'key',
    );
  }
}

function whatIsAt(path: Path, parent: Record<string, unknown>): string {
  const [top, , third] = path;
  if (top === 'faults') return third === 'when' ? ' in `when`' : ` in the fault ${quote(parent.do)}`;
  if (top === 'expect') return ' in an expectation';
  if (top === 'lesson') return third === 'when' ? ' in a condition' : ' in a step of the lesson';
  if (goalFormsAt(path) !== null) return ' in a goal';
  return path.length === 0 ? '' : ` in ${quote(path.filter((step) => typeof step === 'string').join('.'))}`;
}

function sentence(issue: Issue, root: Json): string {
  const path = issue.path as Path;
  const value = at(root, path);
  const label = labelOf(path);
  if (issue.code === 'invalid_union') return unionSentence(issue, value, label);
  if (value === undefined) return `${label} is missing`;
  switch (issue.code) {
    case 'invalid_type':
      return `${label} is ${quote(value)}, but must be ${kindName(issue.expected)}`;
    case 'invalid_value': {
      const known = issue.values.map(String);
      return `${label} is ${quote(value)}; ${rightName(textOf(value), known)}`;
    }
    case 'too_small':
      return typeof value === 'string'
        ? `${label} is empty`
        : `${label} is ${quote(value)}, but must be ${issue.minimum} or more`;
    case 'too_big':
      return typeof value === 'string'
        ? `${label} is longer than ${issue.maximum} characters`
        : `${label} is ${quote(value)}, but must be ${issue.maximum} or less`;
    default:
      return `${label} is ${quote(value)}, which is not possible here`;
  }
}

function unionSentence(issue: Extract<Issue, { code: 'invalid_union' }>, value: unknown, label: string): string {
  if (issue.path[0] === 'faults' && issue.path.at(-1) === 'do') {
    const known = keysOfFaults();
    if (value === undefined) return `the fault has no \`do\`; there are ${known.join(', ')}`;
    return `there is no fault ${quote(value)}; ${rightName(textOf(value), known)}`;
  }
  if (issue.path[0] === 'expect' && issue.path.length === 2) {
    const known = Object.keys(expectationShapes);
    const key = isObject(value) ? (Object.keys(value)[0] ?? '') : '';
    if (key === '') return `an expectation must be a mapping with one of ${known.join(', ')}`;
    return `unknown expectation ${quote(key)}; ${rightName(key, known)}`;
  }
  if (value !== undefined && goalFormsAt(issue.path) !== null) return goalSentence(issue.path as Path, value);
  if (isCondition(issue.path as Path)) return conditionSentence(value);
  if (issue.path[0] === 'nodes') return `${label} is ${quote(value)}, but must be a role, or { role: ..., count: ... }`;
  if (value === undefined) return `${label} is missing`;
  const kinds = new Set(issue.errors.flat().map((inner) => ('expected' in inner ? String(inner.expected) : '')));
  const wanted = kinds.has('number') && kinds.has('string') && !kinds.has('boolean') ? 'a duration' : 'one plain value';
  return `${label} is ${quote(value)}, but must be ${wanted}`;
}

/** Of a goal, or a part of one, that has no form. */
function goalSentence(path: Path, value: unknown): string {
  const known = Object.keys(goalFormsAt(path) ?? {});
  const keys = isObject(value) ? Object.keys(value) : [];
  const key = keys.find((each) => !['node', 'nth'].includes(each));
  if (key === undefined) return `a goal must be a mapping with one of ${known.join(', ')}`;
  return `unknown goal ${quote(key)}; ${rightName(key, known)}`;
}

/** Of a condition that has no form: the key that should have told it. */
function conditionSentence(value: unknown): string {
  const known = Object.keys(conditionForms);
  const keys = isObject(value) ? Object.keys(value) : [];
  const key = keys.find((each) => !['node', 'nth', 'by', 'behaviour'].includes(each));
  if (key === undefined) return `a condition must be a mapping with one of ${known.join(', ')}`;
  return `unknown condition ${quote(key)}; ${rightName(key, known)}`;
}

const keysOfFaults = (): string[] => scenarioShape.shape.faults.unwrap().element.options.map(faultName);
const faultName = (shape: { shape: { do: { value: string } } }): string => shape.shape.do.value;

/** `voteTimeout`, `link`, `inputs[2]`: the last name of a path, with its number when it is a list's. */
function labelOf(path: Path): string {
  const last = path.at(-1);
  if (last === undefined) return 'the scenario';
  if (typeof last === 'string') return `\`${last}\``;
  return `\`${String(path.at(-2))}\` entry ${last + 1}`;
}

const KIND_NAMES: Readonly<Record<string, string>> = {
  object: 'a mapping',
  record: 'a mapping',
  array: 'a list',
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};
const kindName = (expected: string): string => KIND_NAMES[expected] ?? expected;
