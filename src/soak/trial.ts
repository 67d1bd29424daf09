/** Executes a case, twice, and says what came of it. */
import { digestWorld } from '../core/digest.ts';
import { reportProperties } from '../core/properties.ts';
import type { Protocol } from '../core/protocol.ts';
import { createRun, type Run, runToEnd } from '../core/run.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Case } from './case.ts';
import { eventsMax } from './evidence.ts';

export interface Finding {
  readonly seed: number;
  readonly protocol: string;
  /** the preset that the scenario was made from */
  readonly preset: string;
  readonly kind: 'violation' | 'mismatch' | 'failure';
  readonly what: string;
}

export interface Trial {
  readonly events: number;
  /** the run became quiet, or its time was over: it was not cut off */
  readonly whole: boolean;
  readonly digest: string;
  readonly findings: readonly Finding[];
  /** of a wrong variant: what it breaks was broken */
  readonly caught: boolean;
}

interface Executed {
  readonly run: Run;
  readonly quiet: boolean;
  readonly digest: string;
}

function execute(scenario: Scenario, protocol: Protocol): Executed {
  const run = createRun(scenario, protocol);
  const quiet = runToEnd(run, scenario.untilMs, eventsMax);
  return { run, quiet, digest: digestWorld(run.world) };
}

/** @param breaks of a wrong variant: the property that it breaks */
export function tryCase({ seed, scenario, claims, variant }: Case, protocol: Protocol, breaks?: string): Trial {
  const findings: Finding[] = [];
  const found = (kind: Finding['kind'], what: string): void =>
    void findings.push({ seed, protocol: protocol.id, preset: scenario.name, kind, what });
  const first = execute(scenario, protocol);
  const again = execute(scenario, protocol);
  const difference = differenceOf(first, again);
  if (difference !== null) found('mismatch', difference);
  const { world, trace } = first.run;
  const reports = reportProperties(world, first.quiet);
  for (const { name, verdict, why, at } of reports)
    if (claims.includes(name) && verdict === 'violated') found('violation', `${name} at event ${at}: ${why}`);
  // a wrong protocol may well bring its own nodes down
  if (variant === null)
    for (const { id, failure } of world.nodes) if (failure !== null) found('failure', `${id} failed: ${failure}`);
  const caught = reports.some(({ name, verdict }) => name === breaks && verdict === 'violated');
  return { events: trace.length, whole: trace.length < eventsMax, digest: first.digest, findings, caught };
}

function differenceOf(first: Executed, again: Executed): string | null {
  const there = again.run.checkpoints;
  const split = first.run.checkpoints.find(({ digest }, i) => digest !== there[i]?.digest);
  if (split !== undefined) return `two runs differ before event ${split.index}`;
  return first.digest === again.digest ? null : 'two runs differ at their end';
}
