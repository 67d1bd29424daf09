/**
 * Reads fields of a parsed line, strictly: a missing, misspelt or unknown field, or a value of another kind, is a
 * `Misshape` that says where in the line and what would be right.
 */
import { isObject } from '../core/json.ts';
import { nearest } from '../scenario/nearest.ts';

export class Misshape extends Error {
  /** as `scan.ts` names positions: `act.node`, or `@act.nod` for the key itself */
  readonly path: string;
  constructor(path: string, what: string) {
    super(what);
    this.path = path;
  }
}

/** A hash that does not fit what it covers. */
export class Changed extends Misshape {}

export type Fields = Readonly<Record<string, unknown>>;

const below = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);
const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
};

export function objectAt(value: unknown, path: string): Fields {
  if (!isObject(value))
    throw new Misshape(path, `${path === '' ? 'a line' : path} must be an object, not ${shown(value)}`);
  return value;
}

/** No key but these. `needed` ones must be there. */
export function onlyKeys(
  fields: Fields,
  path: string,
  needed: readonly string[],
  optional: readonly string[] = [],
): void {
  const known = [...needed, ...optional];
  for (const key of Object.keys(fields)) {
    if (known.includes(key)) continue;
    const meant = nearest(key, known);
    throw new Misshape(
      `@${below(path, key)}`,
      `unknown field "${key}"${meant === null ? '' : `; did you mean "${meant}"?`}`,
    );
  }
  for (const key of needed) {
    if (fields[key] === undefined) throw new Misshape(path, `the field "${below(path, key)}" is missing`);
  }
}

export function textAt(fields: Fields, path: string, key: string, lengthMax = 4096): string {
  const value = fields[key];
  if (typeof value !== 'string') throw wrong(path, key, 'a text', value);
  if (value.length > lengthMax) throw new Misshape(below(path, key), `${key} is longer than ${lengthMax} characters`);
  return value;
}

export function hexAt(fields: Fields, path: string, key: string): string {
  const value = textAt(fields, path, key);
  if (!/^[0-9a-f]{64}$/.test(value)) throw wrong(path, key, 'a SHA-256 of 64 hex digits', value);
  return value;
}

export function integerAt(fields: Fields, path: string, key: string, min = 0, max = Number.MAX_SAFE_INTEGER): number {
  const value = fields[key];
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw wrong(path, key, 'a whole number', value);
  if (value < min || value > max)
    throw new Misshape(below(path, key), `${key} is ${value}, but must be ${min}..${max}`);
  return value;
}

export function numberAt(fields: Fields, path: string, key: string, min: number, max: number): number {
  const value = fields[key];
  if (typeof value !== 'number' || !Number.isFinite(value)) throw wrong(path, key, 'a number', value);
  if (value < min || value > max)
    throw new Misshape(below(path, key), `${key} is ${value}, but must be ${min}..${max}`);
  return value;
}

export function flagAt(fields: Fields, path: string, key: string): boolean {
  const value = fields[key];
  if (typeof value !== 'boolean') throw wrong(path, key, 'true or false', value);
  return value;
}

export function oneOf(value: unknown, path: string, what: string, names: readonly string[]): string {
  if (typeof value === 'string' && names.includes(value)) return value;
  const meant = typeof value === 'string' ? nearest(value, names) : null;
  const hint = meant !== null ? `did you mean "${meant}"?` : `known: ${names.slice(0, 12).join(', ')}`;
  throw new Misshape(path, `unknown ${what} ${shown(value)}; ${hint}`);
}

const wrong = (path: string, key: string, expected: string, value: unknown): Misshape =>
  new Misshape(value === undefined ? path : below(path, key), `${key} must be ${expected}, not ${shown(value)}`);
