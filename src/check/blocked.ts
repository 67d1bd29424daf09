/**
 * Who is blocked for good: a node that is up, honest, undecided and in want of a decision, and that no continuation
 * lets decide, as long as nothing happens but what the nodes themselves do (messages arrive, timers fire, clients ask).
 * Whether a repair, such as a restart or a healed partition, would free it is another question; a traitor counts as one
 * who might still help. Found by looking back over the whole space, from the states in which a node has decided.
 */
import { canDecide } from '../core/blocked.ts';
import { nodeSeed } from '../core/draw.ts';
import type { Local } from './locals.ts';
import { CheckError, type Model } from './model.ts';
import type { Space } from './space.ts';
import { type Sets, setSize, setsOf, spread } from './spread.ts';

/** Nodes that are blocked together, and stay so while no others join them. */
export interface BlockedTogether {
  readonly nodes: readonly string[];
  /** number of a state by the fewest events in which all of them are blocked already */
  readonly state: number;
}

export interface BlockedFindings {
  /** by fewest events */
  readonly together: readonly BlockedTogether[];
  /** why more nodes may be blocked than these; null: there are no more */
  readonly unknown: string | null;
}

const withoutFaults = 'edges without a fault';

export function findBlocked(space: Space): BlockedFindings {
  const { model, steps } = space.transitions;
  if (model.ids.length > setSize) throw new CheckError(`who is blocked is asked of at most ${setSize} nodes`);
  const all = model.ids.map((_, node) => node);
  const mask = (state: number, holds: (local: Local) => boolean): number => {
    const vector = space.vector(state);
    return all.reduce((set, node) => (holds(steps.local(node, vector[node] as number)) ? set | (1 << node) : set), 0);
  };
  const ever = (of: (state: number) => number): Sets => spread(space, setsOf(space, of), withoutFaults);
  const mayDecide = ever((s) => mask(s, ({ decisions }) => decisions.length > 0));
  const wants = ever((s) => mask(s, wanting(model)));
  const mayLeave = ever((s) => (space.isOpen(s) ? 1 : 0));
  const stuck = setsOf(space, (s) => mask(s, isUndecided(model)) & ~(mayDecide[s] as number));
  const blocked = stuck.map((set, s) => (mayLeave[s] === 0 ? set & (wants[s] as number) : 0));
  const unsure = stuck.some((set, s) => mayLeave[s] !== 0 && set !== 0);
  return {
    together: setsThatStay(space, blocked).map(({ set, state }) => ({
      nodes: model.ids.filter((_, node) => (set & (1 << node)) !== 0),
      state,
    })),
    unknown: unsure ? whyUnsure(space) : null,
  };
}

const whyUnsure = ({ stopped }: Space): string =>
  stopped ?? 'from some states every way to a decision leads out of the constraint';

const isUndecided =
  ({ protocol }: Model) =>
  ({ status, honest, decisions, role }: Local): boolean =>
    status === 'up' && honest && decisions.length === 0 && canDecide(protocol.roles[role]);

/** Of a protocol that does not say who waits for whom, everybody wants a decision. */
function wanting({ protocol, scenario }: Model): (local: Local) => boolean {
  const { waitsFor } = protocol;
  if (waitsFor === undefined) return () => true;
  const answers = new Map<Local, boolean>();
  return (local) => {
    const known = answers.get(local);
    if (known !== undefined) return known;
    const { id: self, role, state, stable } = local;
    const seed = nodeSeed(scenario.seed, self);
    const input = { self, role, nodes: scenario.nodes, parameters: scenario.parameters, stable, seed };
    const answer = state !== null && waitsFor(state, input) !== null;
    answers.set(local, answer);
    return answer;
  };
}

/** The sets that no continuation adds to, each with the first state in which all of it is blocked. */
function setsThatStay(space: Space, blocked: Sets): { set: number; state: number }[] {
  const later = spread(space, blocked.slice(), withoutFaults);
  const found = new Set<number>();
  for (const [state, set] of blocked.entries()) if (set !== 0 && later[state] === set) found.add(set);
  const first = (set: number): number => blocked.findIndex((each) => (each & set) >>> 0 === set);
  return [...found].map((set) => ({ set, state: first(set) })).sort((a, b) => a.state - b.state || a.set - b.set);
}
