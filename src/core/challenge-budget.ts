/**
 * What a person's acts cost. Every act is charged under the name of its fault; the scenario's own faults are free, and so
 * is whatever ends a fault. A node that the runtime lost counts as crashed. Choosing which event comes next (a message
 * delivered now, let past the next one, a timer or an input of the scenario ahead of its time) is charged as `schedule`.
 */
import { nodeIn } from './draft.ts';
import { type FaultType, faultHelp } from './faults.ts';
import type { NodeId } from './protocol.ts';
import type { Act } from './session.ts';
import type { Choice, TraceEvent, World } from './world.ts';

/** Ending what a fault has begun costs nothing. */
const free: readonly string[] = ['heal', 'resume', 'release', 'honest'];
const scheduling: readonly string[] = ['deliver', 'fire', 'deliver-now', 'reorder'];

/** What a budget may name. */
export const chargeNames: readonly string[] = [
  ...(Object.keys(faultHelp) as FaultType[]).filter((type) => !free.includes(type) && !scheduling.includes(type)),
  'schedule',
  'input',
];

export type Allowed = Readonly<Record<string, number | 'any'>>;

export interface BudgetReport {
  readonly allowed: Allowed;
  readonly used: Readonly<Record<string, number>>;
  /** all that was charged, but for inputs and for the schedule */
  readonly faults: number;
  readonly exceeded: readonly Excess[];
}
export interface Excess {
  readonly name: string;
  readonly used: number;
  readonly allowed: number;
  /** index of the first event that was too much */
  readonly atEvent: number;
}

/** A run, as a session and a replay have it. */
export interface ChallengedRun {
  readonly world: World;
  readonly trace: readonly TraceEvent[];
}

interface Charge {
  readonly name: string;
  /** null: as often as it strikes, for a rule without a number */
  readonly times: number | null;
}

/** A rule that names no message is charged for as many as it may strike, and a barrier that drops for what it drops. */
function chargesFor(act: Choice | Act): Charge[] {
  const { type } = act;
  if (type === 'start' || free.includes(type)) return [];
  if (scheduling.includes(type) || ('early' in act && act.early)) return [{ name: 'schedule', times: 1 }];
  switch (type) {
    case 'fail':
      return [{ name: 'crash', times: 1 }];
    case 'delay':
    case 'hold':
    case 'drop':
    case 'duplicate':
      return [{ name: type, times: act.message === undefined ? (act.count ?? null) : 1 }];
    case 'partition':
    case 'cut':
      return [{ name: type, times: 1 }, ...(act.drop === true ? [{ name: 'drop', times: null }] : [])];
    default:
      return [{ name: type, times: 1 }];
  }
}

const allowedOf = (allowed: Allowed, name: string): number => {
  const given = Object.hasOwn(allowed, name) ? allowed[name] : 0;
  return given === 'any' ? Number.POSITIVE_INFINITY : (given as number);
};

/**
 * What all of a person's acts in a run have cost.
 * @param world the run's end: there stands how much each fault has touched
 */
export function chargeAll(allowed: Allowed, trace: readonly TraceEvent[], world: World): BudgetReport {
  const used: Record<string, number> = {};
  const exceeded = new Map<string, Excess>();
  const traitors = new Set<NodeId>();
  for (const { index, choice, origin, fault } of trace) {
    const isFree = isTraitorAlready(choice, traitors) || (origin !== 'person' && origin !== 'runtime');
    for (const { name, times } of isFree ? [] : chargesFor(choice)) {
      const sum = (used[name] ?? 0) + (times ?? Math.max(1, world.faults[fault ?? -1]?.touched ?? 0));
      used[name] = sum;
      const limit = allowedOf(allowed, name);
      if (sum <= limit) continue;
      exceeded.set(name, { name, used: sum, allowed: limit, atEvent: exceeded.get(name)?.atEvent ?? index });
    }
  }
  const faults = Object.entries(used).filter(([name]) => name !== 'schedule' && name !== 'input');
  return { allowed, used, faults: faults.reduce((sum, [, times]) => sum + times, 0), exceeded: [...exceeded.values()] };
}

/**
 * Why the budget of the run's challenge does not allow this act now; null: it does, or there is no challenge.
 * @param known what all acts so far have cost, for whoever has it
 */
export function budgetRefusal({ world, trace }: ChallengedRun, act: Act, known?: BudgetReport['used']): string | null {
  const { challenge } = world.scenario;
  if (challenge === undefined) return null;
  if (act.type === 'traitor' && nodeIn(world, act.node)?.honest === false) return null;
  const charges = chargesFor(act);
  const used = known ?? (charges.length === 0 ? {} : chargeAll(challenge.budget, trace, world).used);
  for (const charge of charges) {
    const why = refuseCharge(charge, challenge.budget, used);
    if (why !== null) return why;
  }
  return null;
}

function refuseCharge({ name, times }: Charge, allowed: Allowed, used: BudgetReport['used']): string | null {
  const left = allowedOf(allowed, name) - (used[name] ?? 0);
  const why = spent(allowed, used, name);
  if (why !== null || left === Number.POSITIVE_INFINITY) return why;
  if (times === null)
    return `the challenge allows ${left} more ${name}, and this may strike more: choose single messages, or say how many`;
  return times > left ? `the challenge allows only ${left} more ${name}` : null;
}

/** Why nothing at all is left of this; null: something is. */
export function spent(allowed: Allowed, used: BudgetReport['used'], name: string): string | null {
  const limit = allowedOf(allowed, name);
  if (limit === 0) return `the challenge allows no ${name}`;
  if ((used[name] ?? 0) < limit) return null;
  return limit === 1
    ? `the challenge allows 1 ${name}, and it is used up`
    : `the challenge allows ${name} ${limit} times, and they are used up`;
}

/**
 * What of it `check` explores; the rest is a matter of order, which it explores anyway, or not explored.
 * @param any what `any` is, as a number
 */
export const exploredBudget = (allowed: Allowed, any = 1_000_000): Record<string, number> =>
  Object.fromEntries(
    ['crash', 'restart', 'drop', 'duplicate', 'traitor'].flatMap((name) => {
      const times = allowedOf(allowed, name);
      return times === 0 ? [] : [[name, Math.min(times, any)] as const];
    }),
  );

/** What is left, by name: a number, or `any`. */
export function budgetLeft(allowed: Allowed, used: BudgetReport['used']): Allowed {
  return Object.fromEntries(
    Object.entries(allowed).map(([name, limit]) => [
      name,
      limit === 'any' ? limit : Math.max(0, limit - (used[name] ?? 0)),
    ]),
  );
}

/** A traitor is charged once, however often it changes the way in which it lies. */
function isTraitorAlready(choice: Choice, traitors: Set<NodeId>): boolean {
  if (choice.type !== 'traitor') return false;
  const already = traitors.has(choice.node);
  traitors.add(choice.node);
  return already;
}
