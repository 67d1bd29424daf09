/** Is it plain JSON? What is not would silently become something else on its way over the bus: better say where it stands. */
import { NotJsonError } from '../core/json.ts';

/** Throws `NotJsonError`, in the words in which a digest would complain. Looks without building a text: it is asked at every step. */
export function assertPlain(value: unknown, path: string): void {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return;
    case 'number':
      if (!Number.isFinite(value)) throw new NotJsonError(path, String(value));
      return;
    case 'object':
      if (value !== null) assertPlainInside(value, path);
      return;
    default:
      throw new NotJsonError(path, typeof value === 'undefined' ? 'undefined' : `a ${typeof value}`);
  }
}

function assertPlainInside(value: object, path: string): void {
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) assertPlain(value[i], `${path}[${i}]`);
    return;
  }
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new NotJsonError(path, `a ${prototype?.constructor?.name ?? 'object with a prototype'}`);
  }
  const record = value as Record<string, unknown>;
  for (const key in record) {
    const field = record[key];
    // a field that is left out and one that is undefined are the same in JSON
    if (field !== undefined) assertPlain(field, `${path}.${key}`);
  }
}
