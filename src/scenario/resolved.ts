/**
 * Reads a resolved scenario from plain JSON, as a recording holds it. It trusts nothing and loads no code: the shape
 * first, then every name within it; names of the protocol once the caller has the protocol.
 */
import type { z } from 'zod';
import { isObject } from '../core/json.ts';
import type { Protocol } from '../core/protocol.ts';
import type { Scenario } from '../core/scenario.ts';
import { checkScenario } from './check.ts';
import { type Mistake, quote, ScenarioError } from './errors.ts';
import { nearest } from './nearest.ts';
import { resolvedShape } from './resolved-shape.ts';
import { FORBIDDEN_KEYS } from './yaml-document.ts';

const DEEPEST = 32;

/** A file, or `file:line`, or its parts. */
export type Where = string | { readonly file: string; readonly line: number; readonly column: number };

/** The scenario itself when it is one. Throws `ScenarioError`, whose sentences name the field: `scenario.nodes.P1`. */
export function parseResolvedScenario(json: unknown, where: Where): Scenario {
  const strange = strangeKey(json, 'scenario', 0);
  if (strange !== null) throw new ScenarioError([mistake(where, strange)]);
  const { error } = resolvedShape.safeParse(json);
  const mistakes = (error?.issues ?? []).flatMap((issue) => sentences(issue, json)).map((what) => mistake(where, what));
  throwAny(mistakes);
  const scenario = json as Scenario;
  throwAny(namesIn(scenario, null, where));
  return scenario;
}

/** The names that only the protocol can confirm: roles, parameters, inputs, message kinds, states, properties. */
export function checkAgainstProtocol(scenario: Scenario, protocol: Protocol, where: Where): void {
  throwAny(namesIn(scenario, protocol, where));
}

function namesIn(scenario: Scenario, protocol: Protocol | null, where: Where): Mistake[] {
  const mistakes: Mistake[] = [];
  checkScenario(scenario, protocol, (path, what) => mistakes.push(mistake(where, `${fieldName(path)}: ${what}`)));
  return mistakes;
}

function mistake(where: Where, what: string): Mistake {
  if (typeof where !== 'string') return { ...where, what };
  const [, file = where, line] = /^(.+):(\d+)$/s.exec(where) ?? [];
  return line === undefined ? { file, line: null, column: null, what } : { file, line: Number(line), column: 1, what };
}

function throwAny([first, ...rest]: readonly Mistake[]): void {
  if (first !== undefined) throw new ScenarioError([first, ...rest]);
}

const fieldName = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (name, step) => (typeof step === 'number' ? `${name}[${step}]` : `${name}.${String(step)}`),
    'scenario',
  );

function strangeKey(value: unknown, path: string, depth: number): string | null {
  if (typeof value !== 'object' || value === null) return null;
  if (depth > DEEPEST) return `${path.slice(0, 80)} is nested more than ${DEEPEST} levels deep`;
  for (const [key, inner] of Object.entries(value)) {
    if (FORBIDDEN_KEYS.includes(key)) return `${path} has the key ${quote(key)}, which is not allowed`;
    const found = strangeKey(inner, `${path}.${key}`, depth + 1);
    if (found !== null) return found;
  }
  return null;
}

function sentences(issue: z.core.$ZodIssue, root: unknown): string[] {
  const where = fieldName(issue.path);
  const value = valueAt(root, issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const meant = issue.path.length === 0 ? nearest(key, Object.keys(resolvedShape.shape)) : null;
      return `${where}: unknown field ${quote(key)}${meant === null ? '' : `; did you mean ${meant}?`}`;
    });
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    // the form that came furthest is the one that was meant
    const best = [...issue.errors].sort((a, b) => deepest(b) - deepest(a) || a.length - b.length)[0] ?? [];
    return best.flatMap((inner) => sentences({ ...inner, path: [...issue.path, ...inner.path] }, root));
  }
  if (value === undefined) return [`${where} is missing`];
  if (issue.code === 'invalid_value') return [`${where} is ${quote(value)}; possible: ${issue.values.join(', ')}`];
  if (issue.code === 'invalid_union') return [`${where} is ${quote(value)}, which does not exist`];
  return [`${where} is ${quote(value)}: ${issue.message.replace(/^Invalid input: /, '')}`];
}

const deepest = (issues: readonly z.core.$ZodIssue[]): number =>
  Math.max(0, ...issues.map((issue) => (issue.code === 'unrecognized_keys' ? 0 : issue.path.length)));

const valueAt = (root: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, step) => (isObject(value) || Array.isArray(value) ? (value as never)[step] : undefined),
    root,
  );
