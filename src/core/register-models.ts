/** The objects whose histories can be judged: a register, a register with compare-and-set, a store of texts by key. */
import { canonicalJson } from './json.ts';
import type { Model, Operation } from './linearizability.ts';

const nothing = 'null';
const returned = (operation: Operation): boolean => operation.returnedAt !== null;
/** A read that never returned says nothing. */
const agrees = (operation: Operation, state: string): string | null =>
  !returned(operation) || canonicalJson(operation.result) === state ? state : null;

/** `read` and `write`; empty (null) at first. */
export const register: Model = {
  name: 'register',
  operations: ['read', 'write'],
  initial: nothing,
  step: (state, operation) =>
    operation.name === 'write' ? canonicalJson(operation.argument) : agrees(operation, state),
};

/** Besides, `cas [from, to]`: its result says whether it found `from`. */
export const casRegister: Model = {
  name: 'cas-register',
  operations: ['read', 'write', 'cas'],
  initial: nothing,
  step(state, operation) {
    if (operation.name !== 'cas') return register.step(state, operation);
    const [from, to] = operation.argument as [never, never];
    const found = canonicalJson(from) === state;
    if (returned(operation) && found !== operation.result) return null;
    return found ? canonicalJson(to) : state;
  },
};

/** `get`, `put`, `append` on texts; every key holds an empty text at first. */
export const kv: Model = {
  name: 'kv',
  operations: ['get', 'put', 'append'],
  initial: '',
  step(state, operation) {
    if (operation.name === 'put') return String(operation.argument ?? '');
    if (operation.name === 'append') return state + String(operation.argument ?? '');
    return !returned(operation) || String(operation.result ?? '') === state ? state : null;
  },
};

export const models: readonly Model[] = [register, casRegister, kv];
