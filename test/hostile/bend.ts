/** Data with any value in any place. */
import fc from 'fast-check';

export type Path = readonly (string | number)[];
/** Every place in it, itself first. */
export function pathsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsIn(inner, [...path, key]))];
}
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, step) => (inner as Record<string | number, unknown>)[step], value);
}
/** A copy with another value there; `undefined` takes the field out. */
export function changedAt(value: unknown, path: Path, to: unknown): unknown {
  const copy = structuredClone(value);
  const last = path.at(-1);
  if (last === undefined) return to;
  const holder = valueAt(copy, path.slice(0, -1)) as Record<string | number, unknown>;
  if (to === undefined) delete holder[last];
  else Object.defineProperty(holder, last, { value: to, enumerable: true, configurable: true, writable: true });
  return copy;
}

/** What no field expects. */
export const strange = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    null,
    true,
    -1,
    0,
    1.5,
    5,
    2 ** 31,
    2 ** 53,
    1e300,
    '',
    '5',
    'P9',
    [],
    {},
    [[]],
    [null],
  ),
  fc.constantFrom<unknown>('\u001b[2J\u202e', 'constructor', '../../etc/passwd', 'x'.repeat(5000), ['P1', 'P1']),
  fc.jsonValue({ maxDepth: 3 }),
);
