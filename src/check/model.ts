/**
 * What may happen in an exploration, read off the scenario: which network, which faults and how many of each, which
 * timers and inputs. Scripted faults are left aside, but for traitors, who are traitors from the start; the rest is
 * what the `budget` allows, at any moment.
 */
import { NotTheirs } from '../core/authored.ts';
import type { Fault } from '../core/faults.ts';
import type { Protocol } from '../core/protocol.ts';
import type { Scenario, ScheduledInput } from '../core/scenario.ts';

export const networkNames = ['unordered', 'fifo', 'duplicating', 'set'] as const;
export type NetworkName = (typeof networkNames)[number];

/** The scenario cannot be explored as it stands; `message` is one line for the person. */
export class CheckError extends NotTheirs {
  constructor(what: string) {
    super(what);
    this.name = 'CheckError';
  }
}

/** Nothing is wrong with the scenario, but the answer is not in the states that are explored. */
export class UnknowableError extends CheckError {
  constructor(what: string) {
    super(what);
    this.name = 'UnknowableError';
  }
}

/** It takes time to answer, and explored states have none. */
export class TimelessError extends UnknowableError {
  constructor(what: string) {
    super(`${what}, and states that are explored have no time: not known`);
  }
}

export interface Partition {
  readonly fault: Extract<Fault, { type: 'partition' }>;
  /** the group of each node, by index */
  readonly groupOf: readonly number[];
  readonly drop: boolean;
}

/** How often each fault may strike; `Infinity`: any number of times. */
export interface Budget {
  readonly crash: number;
  readonly restart: number;
  readonly drop: number;
  readonly duplicate: number;
  readonly partition: number;
  readonly traitor: number;
}

export interface ModelOptions {
  /** as the scenario says when left out */
  readonly network?: NetworkName;
  /** a message arrives only when its receiver's machine takes it; until then it waits, and in fifo order so do those behind it */
  readonly ifTaken?: boolean;
}

export interface Model {
  readonly scenario: Scenario;
  readonly protocol: Protocol;
  readonly ids: readonly string[];
  readonly network: NetworkName;
  /** see `ModelOptions` */
  readonly ifTaken: boolean;
  readonly synchronous: boolean;
  readonly failStop: boolean;
  readonly budget: Budget;
  /** may this link lose (or double) messages, as the scenario's network does? by `from * n + to` */
  readonly loses: readonly boolean[];
  readonly doubles: readonly boolean[];
  readonly partitions: readonly Partition[];
  /** traitors of the script, by index of the node */
  readonly traitors: readonly number[];
  /** performed at the start; then on offer in their order, once; and on offer whenever the machine takes them */
  readonly atStart: readonly ScheduledInput[];
  readonly later: readonly ScheduledInput[];
  readonly anytime: readonly ScheduledInput[];
  /** all three, one after the other */
  readonly inputs: readonly ScheduledInput[];
  readonly depthMax: number;
}

export function createModel(scenario: Scenario, protocol: Protocol, options: ModelOptions = {}): Model {
  const ids = Object.keys(scenario.nodes);
  const usual = scenario.network.order === 'fifo' ? 'fifo' : 'unordered';
  const chosen = options.network ?? usual;
  const times = (fault: string): number => {
    const most = scenario.budget[fault] ?? 0;
    return most >= anyNumber ? Number.POSITIVE_INFINITY : most;
  };
  const synchronous = scenario.model === 'synchronous';
  if (synchronous && chosen === 'set')
    throw new CheckError('in the synchronous model messages are consumed: take another network than set');
  if (synchronous && options.ifTaken === true)
    throw new CheckError('in the synchronous model time waits until messages have arrived: none waits to be taken');
  if (protocol.readsClock === true) throw new TimelessError(`${protocol.id} reads clocks`);
  requireKnownBudget(scenario);
  const atStart = scenario.inputs.filter(({ atMs, anytime }) => atMs === 0 && anytime !== true);
  const later = scenario.inputs
    .filter(({ atMs, anytime }) => atMs > 0 && anytime !== true)
    .sort((a, b) => a.atMs - b.atMs);
  const anytime = scenario.inputs.filter((input) => input.anytime === true);
  return {
    scenario,
    protocol,
    ids,
    network: chosen,
    // what is never consumed may arrive at any time, and where it is not taken nothing has come about
    ifTaken: chosen === 'set' || options.ifTaken === true,
    synchronous,
    failStop: scenario.failures === 'fail-stop',
    budget: {
      crash: times('crash'),
      restart: times('restart'),
      drop: times('drop'),
      duplicate: times('duplicate'),
      partition: times('partition'),
      traitor: times('traitor'),
    },
    loses: links(scenario, ids, 'loss', false),
    doubles: links(scenario, ids, 'duplicate', chosen === 'duplicating'),
    partitions: partitionsOf(scenario, ids),
    traitors: traitorsOf(scenario, ids),
    atStart,
    later,
    anytime,
    inputs: [...atStart, ...later, ...anytime],
    depthMax: scenario.constraint?.depth ?? Number.POSITIVE_INFINITY,
  };
}

/** The most that a budget can say: `any` in a challenge. So many are not counted, for no run comes to the end of them. */
const anyNumber = 1_000_000;

/** `heal` costs nothing; what the explorer has no branches for must not look as if it were explored. */
const explored = ['crash', 'restart', 'drop', 'duplicate', 'partition', 'traitor', 'heal'];
/** Where no time is known, these only choose among the orders of deliveries and timers, which are all explored anyway. */
const onlyTiming = ['delay', 'pause', 'resume', 'skew'];

function requireKnownBudget(scenario: Scenario): void {
  const known = scenario.model === 'synchronous' ? explored : [...explored, ...onlyTiming];
  for (const [fault, times] of Object.entries(scenario.budget)) {
    if (times === 0 || known.includes(fault)) continue;
    if (onlyTiming.includes(fault))
      throw new UnknowableError(
        `what a ${fault} can do is not known in the synchronous model, where states that are explored keep the bound; --set budget.${fault}=0 explores the rest`,
      );
    throw new CheckError(`budget: ${fault} is not explored; what is, is ${known.join(', ')}`);
  }
  if ((scenario.budget.partition ?? 0) > 0 && scenario.faults.every(({ fault }) => fault.type !== 'partition'))
    throw new CheckError('budget: partition needs a partition among the `faults`, to say between which groups');
}

function links(scenario: Scenario, ids: readonly string[], what: 'loss' | 'duplicate', always: boolean): boolean[] {
  return ids.flatMap((from) =>
    ids.map((to) => {
      if (from === to) return false;
      const link = scenario.network.links?.find((each) => each.from === from && each.to === to);
      return always || (link?.[what] ?? scenario.network[what]) > 0;
    }),
  );
}

const partitionsOf = (scenario: Scenario, ids: readonly string[]): Partition[] =>
  scenario.faults.flatMap(({ fault }) =>
    fault.type === 'partition'
      ? [
          {
            fault,
            groupOf: ids.map((id) => fault.groups.findIndex((group) => group.includes(id))),
            drop: fault.drop ?? false,
          },
        ]
      : [],
  );

const traitorsOf = (scenario: Scenario, ids: readonly string[]): number[] =>
  ids.flatMap((id, index) =>
    scenario.faults.some(({ fault }) => fault.type === 'traitor' && fault.node === id) ? [index] : [],
  );
