/**
 * Random runs in virtual time, for protocols whose timers matter: a storm of crashes, pauses, partitions, cuts and delays,
 * then calm, in which everything is mended. The same seed gives the same storm.
 */
import type { Fault } from '../../src/core/faults.ts';
import type { NodeId, Protocol } from '../../src/core/protocol.ts';
import { nextInteger, pick, streamOf } from '../../src/core/rng.ts';
import type { Scenario, ScheduledFault, ScheduledInput } from '../../src/core/scenario.ts';
import { type Finished, runScenario, violations } from './drive.ts';

export interface StormOptions {
  /** the nodes that suffer */
  readonly victims: readonly NodeId[];
  /** everybody, for partitions */
  readonly everybody: readonly NodeId[];
  /** which troubles there are, each as often as it is named */
  readonly troubles?: readonly Trouble[];
  readonly episodes?: number;
  /** when everything is mended */
  readonly calmAtMs?: number;
}
export type Trouble = 'crash' | 'crash-in-broadcast' | 'pause' | 'partition' | 'cut' | 'delay' | 'drop' | 'skew';

const usual: readonly Trouble[] = [
  'crash',
  'crash',
  'crash-in-broadcast',
  'partition',
  'partition',
  'pause',
  'cut',
  'delay',
];

/** Random choices of a test, by seed. */
export function dice(seed: number) {
  const stream = streamOf(seed);
  return {
    /** an integer from 0, less than `n` */
    below: (n: number): number => nextInteger(stream, 0, n - 1),
    pick: <T>(list: readonly T[]): T => pick(stream, list) as T,
  };
}

export function stormOf(seed: number, options: StormOptions): ScheduledFault[] {
  const { victims, everybody, troubles = usual, episodes = 6, calmAtMs = 6000 } = options;
  const { below, pick: choose } = dice(seed);
  const faults: { at: number; fault: Fault }[] = [];
  for (let i = 1 + below(episodes); i > 0; i--) {
    const at = below(calmAtMs - 100);
    const laterMs = Math.min(calmAtMs - 1, at + 50 + below(2500));
    const node = choose(victims);
    switch (choose(troubles)) {
      case 'crash':
        faults.push({ at, fault: { type: 'crash', node } }, { at: laterMs, fault: { type: 'restart', node } });
        break;
      case 'crash-in-broadcast':
        faults.push({ at, fault: { type: 'crash', node, afterSends: 1 + below(4) } });
        faults.push({ at: laterMs, fault: { type: 'restart', node } });
        break;
      case 'pause':
        faults.push({ at, fault: { type: 'pause', node } }, { at: laterMs, fault: { type: 'resume', node } });
        break;
      case 'partition': {
        const groups: NodeId[][] = [[], []];
        for (const id of everybody) (groups[below(2)] as NodeId[]).push(id);
        const drop = below(2) === 0;
        if (groups.every((group) => group.length > 0)) faults.push({ at, fault: { type: 'partition', groups, drop } });
        faults.push({ at: laterMs, fault: { type: 'heal' } });
        break;
      }
      case 'cut':
        faults.push({ at, fault: { type: 'cut', from: node, to: choose(everybody.filter((id) => id !== node)) } });
        break;
      case 'delay':
        faults.push({ at, fault: { type: 'delay', from: node, byMs: below(2000), count: 1 + below(20) } });
        break;
      case 'drop':
        faults.push({ at, fault: { type: 'drop', from: node, count: 1 + below(6) } });
        break;
      case 'skew':
        faults.push({ at, fault: { type: 'skew', node, rate: 0.5 + below(15) / 10 } });
        break;
    }
  }
  const mended = victims.flatMap((node): { at: number; fault: Fault }[] => [
    { at: calmAtMs, fault: { type: 'restart', node } },
    // a crash that was armed for some later send may strike after the storm
    { at: calmAtMs + 3000, fault: { type: 'restart', node } },
    { at: calmAtMs, fault: { type: 'resume', node } },
  ]);
  const healed = { at: calmAtMs, fault: { type: 'heal' } as const };
  return [...faults, healed, ...mended].sort((a, b) => a.at - b.at);
}

/** So many requests at random times, each by one of the clients. */
export function requestsOf(
  seed: number,
  clients: readonly NodeId[],
  count: number,
  withinMs: number,
): ScheduledInput[] {
  const { below, pick: choose } = dice(seed + 1_000_003);
  return Array.from({ length: count }, (_, i) => ({
    atMs: below(withinMs),
    node: choose(clients),
    input: 'request',
    data: { command: `c${i + 1}` },
  })).sort((a, b) => a.atMs - b.atMs);
}

export interface Tally {
  readonly runs: number;
  /** seeds whose run violated something that must always hold, with what it was */
  readonly violated: readonly { readonly seed: number; readonly what: readonly string[] }[];
  /** how often each property came out as `holds` */
  readonly holds: Readonly<Record<string, number>>;
  readonly events: number;
}

/** Runs seeds 0, 1, 2, ... and counts. `until` stops early, with the seed that made it do so as the last. */
export function tally(
  protocol: Protocol,
  count: number,
  scenario: (seed: number) => Scenario,
  until: (run: Finished) => boolean = () => false,
): Tally {
  const violated: { seed: number; what: string[] }[] = [];
  const holds: Record<string, number> = {};
  let events = 0;
  let seed = 0;
  for (; seed < count; seed++) {
    const run = runScenario(protocol, scenario(seed));
    events += run.world.events;
    const what = violations(run.world);
    const failed = run.world.nodes.filter(({ status }) => status === 'failed');
    for (const { id, failure } of failed) what.push(`${id} failed: ${failure}`);
    if (what.length > 0) violated.push({ seed, what });
    for (const [name, verdict] of Object.entries(run.verdicts))
      if (verdict === 'holds') holds[name] = (holds[name] ?? 0) + 1;
    if (until(run)) {
      seed += 1;
      break;
    }
  }
  return { runs: seed, violated, holds, events };
}
