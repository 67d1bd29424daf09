/** A statechart's state as text: `voting`, `normal.preparing`, parallel regions joined by ` & `. */
import type { StateValue } from 'xstate';

export function statePath(value: StateValue): string {
  if (typeof value === 'string') return value;
  const regions: string[] = [];
  for (const [name, inner] of Object.entries(value)) {
    if (inner === undefined) continue;
    const below = statePath(inner);
    regions.push(
      below === ''
        ? name
        : below
            .split(' & ')
            .map((path) => `${name}.${path}`)
            .join(' & '),
    );
  }
  return regions.join(' & ');
}

/** Is `state` (a name, or a dotted path) among the active states of `path`? */
export function isInState(path: string, state: string): boolean {
  if (path === state) return true;
  for (const region of path.split(' & ')) {
    if (region === state || region.startsWith(`${state}.`)) return true;
    if (!state.includes('.') && region.split('.').includes(state)) return true;
    if (region.endsWith(`.${state}`) || region.includes(`.${state}.`)) return true;
  }
  return false;
}

/** Of parallel regions those that are in another state than before; of a single one its state. */
export function enteredRegions(before: string, after: string): string {
  const old = before.split(' & ');
  return after
    .split(' & ')
    .filter((region) => !old.includes(region))
    .join(' & ');
}

/** The innermost states alone: `prepared & idle` for `managing.prepared & leading.idle`. */
export const innermostStates = (path: string): string =>
  path
    .split(' & ')
    .map((region) => region.slice(region.lastIndexOf('.') + 1))
    .join(' & ');
