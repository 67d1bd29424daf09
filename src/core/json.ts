/** JSON values as the whole project passes them about: plain, immutable by convention, canonical when printed. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** Thrown when a value that must be plain JSON is not; `path` says where (`context.votes.P1`). */
export class NotJsonError extends Error {
  readonly path: string;
  constructor(path: string, what: string) {
    super(`${path} is ${what}, but must be plain JSON (null, boolean, finite number, string, array, object)`);
    this.path = path;
    this.name = 'NotJsonError';
  }
}

/**
 * One text for one value: keys sorted by code unit, no spaces, `undefined` fields left out, -0 printed as 0.
 * Throws `NotJsonError` for anything that would not survive a round trip.
 */
export function canonicalJson(value: unknown, path = 'value'): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
      if (!Number.isFinite(value)) throw new NotJsonError(path, String(value));
      return String(value === 0 ? 0 : value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      return value === null ? 'null' : canonicalObject(value, path);
    default:
      throw new NotJsonError(path, typeof value === 'undefined' ? 'undefined' : `a ${typeof value}`);
  }
}

function canonicalObject(value: object, path: string): string {
  if (Array.isArray(value)) {
    let text = '[';
    for (let i = 0; i < value.length; i++) {
      if (i > 0) text += ',';
      text += canonicalJson(value[i], `${path}[${i}]`);
    }
    return `${text}]`;
  }
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new NotJsonError(path, `a ${prototype?.constructor?.name ?? 'object with a prototype'}`);
  }
  const record = value as Record<string, unknown>;
  const keys = Object.keys(record);
  if (keys.length > 1) keys.sort();
  let text = '{';
  let first = true;
  for (const key of keys) {
    const field = record[key];
    if (field === undefined) continue;
    text += `${first ? '' : ','}${JSON.stringify(key)}:${canonicalJson(field, `${path}.${key}`)}`;
    first = false;
  }
  return `${text}}`;
}

/** A state or a message beyond these would bring down whatever copies it. */
export const plainLimits = { depth: 50, characters: 1024 * 1024 };
let charactersLeft = 0;

/**
 * Throws `NotJsonError` unless the value would survive a round trip, and `RangeError` beyond the limits. Builds no text:
 * cheap enough for every step.
 */
export function assertPlain(value: unknown, path: string): void {
  charactersLeft = plainLimits.characters;
  assertPlainWithin(value, path, plainLimits.depth);
  if (charactersLeft < 0) throw new RangeError(`${path} has more than ${plainLimits.characters} characters`);
}

function assertPlainWithin(value: unknown, path: string, depthLeft: number): void {
  charactersLeft -= typeof value === 'string' ? value.length : 1;
  if (typeof value === 'string' || typeof value === 'boolean' || value === null || value === undefined) return;
  if (typeof value === 'number' && Number.isFinite(value)) return;
  if (typeof value !== 'object')
    throw new NotJsonError(path, typeof value === 'number' ? String(value) : `a ${typeof value}`);
  if (depthLeft === 0) throw new RangeError(`${path.slice(0, 80)}… is nested more than ${plainLimits.depth} deep`);
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length && charactersLeft >= 0; i++)
      assertPlainWithin(value[i] === undefined ? Number.NaN : value[i], `${path}[${i}]`, depthLeft - 1);
    return;
  }
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) canonicalJson(value, path);
  for (const key in value) {
    if (key === '__proto__') throw new NotJsonError(`${path}.${key}`, 'a key that stands for a prototype');
    charactersLeft -= key.length;
    const field = (value as Record<string, unknown>)[key];
    if (typeof field === 'string') charactersLeft -= field.length;
    else if (typeof field !== 'boolean') assertPlainWithin(field, `${path}.${key}`, depthLeft - 1);
  }
}

/** Structural equality of two JSON values. Cheap when they are the same object. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  return canonicalJson(a) === canonicalJson(b);
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
