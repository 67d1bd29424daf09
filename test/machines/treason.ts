/**
 * Random traitors: who, how, towards whom, in which messages, and a change of mind on the way. The same seed gives the
 * same treason. `synchronous` is the network of the protocols that work in rounds of 100 ms.
 */
import type { Behaviour, Fault } from '../../src/core/faults.ts';
import type { NodeId } from '../../src/core/protocol.ts';
import { nextInteger, nextUnit, pick, streamOf } from '../../src/core/rng.ts';
import type { ScheduledFault } from '../../src/core/scenario.ts';
import { behaviourHelp } from '../../src/core/traitor.ts';

/** How many random runs to make: what `HAVOC_RUNS` in the environment says, or the test's own number. */
export const runsOr = (usual: number): number => Number(process.env.HAVOC_RUNS ?? usual);

type Treachery = Extract<Fault, { type: 'traitor' }>;

export const synchronous = {
  model: 'synchronous',
  boundMs: 60,
  failures: 'byzantine',
  network: { latency: { kind: 'uniform', minMs: 10, maxMs: 60 }, order: 'unordered', loss: 0, duplicate: 0 },
} as const;

export const behaviours = Object.keys(behaviourHelp) as Behaviour[];

/** A traitor from the start, for scenarios: `traitor('C', { behaviour: 'omit', targets: ['L1'] })`. */
export const traitor = (node: NodeId, more: Partial<Treachery> = {}): ScheduledFault => ({
  at: 0,
  fault: { type: 'traitor', node, behaviour: 'wrong-value', ...more },
});

/**
 * @param withinMs changes of mind happen before this time, and nothing is delayed by more
 * @param ways the behaviours to choose from
 */
export function treason(
  seed: number,
  nodes: readonly NodeId[],
  count: number,
  withinMs: number,
  ways: readonly Behaviour[] = behaviours,
): ScheduledFault[] {
  const stream = streamOf(seed);
  const left = [...nodes];
  const faults: ScheduledFault[] = [];
  for (let traitors = 0; traitors < count; traitors++) {
    const [node] = left.splice(nextInteger(stream, 0, left.length - 1), 1) as [NodeId];
    const turn = (at: number): void => {
      const behaviour = pick(stream, ways) as Behaviour;
      const targets = nodes.filter((other) => other !== node && nextUnit(stream) < 0.5);
      const byMs = nextInteger(stream, 1, withinMs);
      const aims = nextUnit(stream) < 0.7;
      const fault = { type: 'traitor' as const, node, behaviour, ...(aims ? { targets } : {}) };
      faults.push({ at, fault: behaviour === 'delay' ? { ...fault, byMs } : fault });
    };
    turn(0);
    if (nextUnit(stream) < 0.5) turn(nextInteger(stream, 1, withinMs));
  }
  return faults;
}
