/** What a preset's lesson tells to try, tried: the preset with changed settings and, where it says so, other faults. */
import { type RunReport, reportRun } from '../../src/core/report.ts';
import { createRun, runToEnd } from '../../src/core/run.ts';
import type { Scenario } from '../../src/core/scenario.ts';
import { loadScenario } from '../../src/scenario/load.ts';

/** The preset's report, with `overrides` as on the command line and parts of the scenario replaced. */
export async function tried(
  preset: string,
  seed: number,
  overrides: readonly string[] = [],
  more: Partial<Scenario> = {},
): Promise<RunReport> {
  const { scenario, protocol } = await loadScenario(preset, { overrides: [...overrides], seed });
  const run = createRun({ ...scenario, ...more }, protocol);
  return reportRun(run.world, runToEnd(run));
}

export const verdictIn = ({ properties }: RunReport, name: string) =>
  properties.find((property) => property.name === name)?.verdict;
