/** A person's acts, in few words, for the scripts that solve challenges. */
import type { Act } from '../../src/core/session.ts';
import type { Script, Step } from './play.ts';

export const acts = (...steps: readonly Step[]): Script => ({ steps });
export const crash = (node: string, afterSends?: number): Act => ({
  type: 'crash',
  node,
  ...(afterSends === undefined ? {} : { afterSends }),
});
export const restart = (node: string): Act => ({ type: 'restart', node });
export const pause = (node: string): Act => ({ type: 'pause', node });
export const resume = (node: string): Act => ({ type: 'resume', node });
export const partition = (...groups: readonly string[]): Act => ({
  type: 'partition',
  groups: groups.map((group) => group.split(' ')),
});
export const dropping = (...groups: readonly string[]): Act =>
  ({ ...(partition(...groups) as object), drop: true }) as Act;
export const delay = (byMs: number, from: string, to: string | null, kind?: string, count?: number): Act => ({
  type: 'delay',
  byMs,
  from,
  ...(to === null ? {} : { to }),
  ...(kind === undefined ? {} : { kind }),
  ...(count === undefined ? {} : { count }),
});
type Lying = Extract<Act, { type: 'traitor' }>;
export const traitor = (node: string, behaviour: Lying['behaviour'], targets?: readonly string[]): Act => ({
  type: 'traitor',
  node,
  behaviour,
  ...(targets === undefined ? {} : { targets }),
});
