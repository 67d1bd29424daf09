/** What `check` found, as JSON and as text. */
import type { PathRun } from '../check/counterexample.ts';
import type { Exploration } from '../check/explore.ts';
import type { LoadedScenario } from '../scenario/load.ts';
import { safe } from '../tui/format.ts';
import { columns } from './output.ts';
import { titleLines } from './transcript.ts';

/** Where a property was settled: index of the last event of the shortest run that does it. */
export interface SettledAt {
  readonly at: number;
  readonly run: PathRun | null;
  /** why there is no run */
  readonly missing: string | null;
}
export interface Outcome {
  readonly loaded: LoadedScenario;
  readonly exploration: Exploration;
  readonly elapsedMs: number;
  readonly settled: ReadonlyMap<string, SettledAt>;
  readonly counterexample: {
    readonly property: string;
    readonly events: number;
    readonly file: string | null;
    readonly missing: string | null;
    /** its transcript */
    readonly lines: readonly string[];
  } | null;
}

export function checkJson({ loaded, exploration, elapsedMs, settled, counterexample }: Outcome): object {
  const { scenario } = loaded;
  const { states, transitions, depth, complete, stopped, pruned, ends, machineSteps, model } = exploration;
  return {
    scenario: scenario.name,
    protocol: scenario.protocol,
    network: model.network,
    states,
    transitions,
    depth,
    complete,
    stopped,
    elapsedMs,
    properties: exploration.properties.map(({ name, kind, verdict, why, clause, nodes }) => ({
      name,
      kind,
      verdict,
      at: settled.get(name)?.at ?? null,
      why,
      clause,
      nodes,
    })),
    counterexample:
      counterexample === null
        ? null
        : {
            property: counterexample.property,
            events: counterexample.events,
            file: counterexample.file,
            missing: counterexample.missing,
          },
    pruned,
    ends,
    exact: exploration.exact,
    collisionEstimate: exploration.collisionEstimate,
    bytesPerState: Math.round(exploration.bytesPerState),
    machineSteps,
  };
}

export function checkText({ loaded, exploration, elapsedMs, settled, counterexample }: Outcome): string {
  const { states, transitions, depth, complete, stopped, pruned, exact, collisionEstimate, model } = exploration;
  const rate = Math.round((states / Math.max(1, elapsedMs)) * 1000);
  const rows = exploration.properties.map(({ verdict, name, why }) => {
    const at = settled.get(name)?.at;
    return [`  ${verdict}`, safe(name), `${safe(why)}${at === undefined ? '' : ` (event ${at})`}`];
  });
  const extent = complete ? 'all explored' : (stopped ?? 'ended by a violation');
  const how = exact
    ? 'whole states compared'
    : `fingerprints of 64 bits; two states taken for one: probability about ${collisionEstimate.toExponential(1)}`;
  return [
    titleLines(loaded.scenario),
    `# ${extent}: ${states} states, ${transitions} transitions, depth ${depth}, ${(elapsedMs / 1000).toFixed(1)} s (${rate} states/s)`,
    `# network ${model.network}; ${how}${pruned > 0 ? `; left out by the constraint: ${pruned} successors` : ''}`,
    columns(rows),
    ...counterexampleLines(counterexample),
  ].join('\n');
}

function counterexampleLines(counterexample: Outcome['counterexample']): string[] {
  if (counterexample === null) return [];
  const { property, events, file, missing, lines } = counterexample;
  const head = `A shortest run that violates ${safe(property)}, ${events} events:`;
  const tail = missing === null ? [] : [`  not shown: ${safe(missing)}`];
  return [head, ...lines, ...tail, ...(file === null ? [] : [`Written to ${safe(file)}`])];
}
