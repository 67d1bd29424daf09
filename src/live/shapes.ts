/** Small checks of the shape of parsed JSON that came over the bus. A check throws `BadMessage` with the path of the field. */
import { isObject } from '../core/json.ts';

export class BadMessage extends Error {
  readonly path: string;
  constructor(path: string, why: string) {
    super(path === '' ? why : `${path} ${why}`);
    this.path = path;
    this.name = 'BadMessage';
  }
}

export type Check = (value: unknown, path: string) => void;

const join = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);
const expect =
  (what: string, good: (value: unknown) => boolean): Check =>
  (value, path) => {
    if (!good(value)) throw new BadMessage(path, value === undefined ? 'is missing' : `must be ${what}`);
  };

export const text = expect('a text', (value) => typeof value === 'string');
export const flag = expect('true or false', (value) => typeof value === 'boolean');
export const whole = expect(
  'a whole number, 0 or more',
  (value) => Number.isSafeInteger(value) && (value as number) >= 0,
);
export const integer = expect('a whole number', (value) => Number.isSafeInteger(value));
export const positive = expect('a number above 0', (value) => typeof value === 'number' && value > 0);
export const object = expect('an object', isObject);
export const anything = expect('a value', (value) => value !== undefined);

export const listOf =
  (check: Check): Check =>
  (value, path) => {
    if (!Array.isArray(value)) throw new BadMessage(path, value === undefined ? 'is missing' : 'must be a list');
    for (let i = 0; i < value.length; i++) check(value[i], `${path}[${i}]`);
  };

/** An object with exactly these fields; optional ones may be left out. */
export function fields(
  required: Readonly<Record<string, Check>>,
  optional: Readonly<Record<string, Check>> = {},
): Check {
  return (value, path) => {
    object(value, path);
    const record = value as Record<string, unknown>;
    for (const key in required) (required[key] as Check)(record[key], join(path, key));
    for (const key of Object.keys(record)) {
      if (Object.hasOwn(required, key)) continue;
      if (!Object.hasOwn(optional, key)) throw new BadMessage(join(path, key), 'is not known here');
      (optional[key] as Check)(record[key], join(path, key));
    }
  };
}

/** An object whose `type` says which fields it has. */
export function variants(cases: Readonly<Record<string, Check>>): Check {
  return (value, path) => {
    object(value, path);
    const { type } = value as { type?: unknown };
    text(type, join(path, 'type'));
    const check = Object.hasOwn(cases, type as string) ? cases[type as string] : undefined;
    if (check === undefined) throw new BadMessage(join(path, 'type'), 'is not a known type');
    check(value, path);
  };
}

/** What no honest message contains, wherever it stands: too deep, a number that overflowed, a key that names a prototype. */
export function harmless(value: unknown, path: string, depthLeft: number): void {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new BadMessage(path, 'is no finite number');
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (depthLeft === 0) throw new BadMessage(path.slice(0, 80), 'is nested too deep');
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) harmless(value[i], `${path}[${i}]`, depthLeft - 1);
    return;
  }
  for (const key of Object.keys(value)) {
    if (key === '__proto__') throw new BadMessage(join(path, key), 'is not a permitted key');
    harmless((value as Record<string, unknown>)[key], join(path, key), depthLeft - 1);
  }
}
