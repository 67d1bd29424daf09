/**
 * The spaces of `spaces/`: every protocol, as small as it is interesting, and its wrong variants. Each file expects
 * verdicts of some properties, which alone are judged; checking it gives its row of docs/checked.md.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findBlocked } from '../../src/check/blocked.ts';
import type { WalkName } from '../../src/check/choosers.ts';
import { constraintWords } from '../../src/check/constraint.ts';
import { type PathRun, runPath } from '../../src/check/counterexample.ts';
import { type Exploration, type ExploreOptions, explore } from '../../src/check/explore.ts';
import { minimise } from '../../src/check/minimise.ts';
import { Space } from '../../src/check/space.ts';
import type { Finding } from '../../src/check/standing.ts';
import { writeRecording } from '../../src/cli/check-record.ts';
import { canDecide } from '../../src/core/blocked.ts';
import type { Scenario } from '../../src/core/scenario.ts';
import { readRecordingFile } from '../../src/record/reader.ts';
import { replayRecording } from '../../src/record/replay.ts';
import { type LoadedScenario, loadScenario } from '../../src/scenario/load.ts';

const folder = fileURLToPath(new URL('spaces/', import.meta.url));

export const spaceNames = (): string[] =>
  readdirSync(folder)
    .map((file) => basename(file, '.yaml'))
    .sort();

/** The rows of docs/checked.md, by the name of the space. */
export function readRows(): Map<string, readonly string[]> {
  const text = readFileSync(new URL('../../docs/checked.md', import.meta.url), 'utf8');
  const rows = text.split('\n').filter((line) => line.startsWith('| `'));
  const cells = rows.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  return new Map(cells.map((row) => [(row[0] as string).replaceAll('`', ''), row]));
}

/** Too large to be gone through: there random walks look for the violation, by the scenario's seed, and choose so. */
export const walked: Readonly<Record<string, WalkName>> = {
  'byzantine-broadcast-skip': 'uniform',
  'byzantine-quorum-one-row': 'priorities',
  'deadlock-channels': 'uniform',
  'deadlock-unordered': 'uniform',
  'multi-paxos-ignored': 'uniform',
  'multi-paxos-not-uniform': 'uniform',
  'paxos-amnesia': 'uniform',
  'paxos-commit-forgotten': 'priorities',
  'pbft-no-commit-phase': 'uniform',
  'pbft-three': 'uniform',
  'pbft-two-traitors': 'uniform',
  'raft-old-term': 'priorities',
};
export const walksOf = (name: string, { seed }: Scenario): ExploreOptions => {
  const by = walked[name];
  return by === undefined ? {} : { walks: { count: 200_000, seed, by, lengthMax: 120 } };
};
export const loadSpace = (name: string, overrides: readonly string[] = []): Promise<LoadedScenario> =>
  loadScenario(join(folder, `${name}.yaml`), { overrides });

export interface CheckedSpace {
  readonly row: readonly string[];
  readonly states: number;
  /** what was expected and did not come out; empty: all is as the file says */
  readonly unmet: readonly string[];
}

export const head = ['space', 'what', 'nodes', 'faults and bounds', 'states', 'transitions', 'depth', 'result'];

export async function checkSpace(name: string, between?: ExploreOptions['between']): Promise<CheckedSpace> {
  const loaded = await loadSpace(name);
  const { scenario, protocol } = loaded;
  const expected = new Map(
    scenario.expect.flatMap((each) => ('property' in each ? [[each.property, each.verdict]] : [])),
  );
  const properties = protocol.properties.filter((property) => expected.has(property.name));
  const walk = walksOf(name, scenario);
  const exploration = await explore(scenario, { ...protocol, properties }, { ...walk, between });
  const unmet: string[] = [];
  const results: string[] = [];
  for (const [p, finding] of exploration.properties.entries()) {
    if (finding.verdict !== expected.get(finding.name))
      unmet.push(`${finding.name} ${finding.verdict}: ${finding.why}`);
    if (finding.verdict !== 'violated') continue;
    const events = await eventsOfViolation(loaded, exploration, p, finding);
    if (typeof events === 'string') unmet.push(events);
    else results.push(`${shortName(finding.name)} violated by ${events} events`);
  }
  const holding = exploration.properties
    .filter(({ verdict }) => verdict === 'holds')
    .map(({ name }) => shortName(name));
  if (holding.length > 0) results.push(`${holding.join(', ')}: ${holding.length > 1 ? 'hold' : 'holds'}`);
  results.push(...(await blockedResults(loaded, exploration)));
  const counts = [exploration.states, exploration.transitions, exploration.depth].map(String);
  return {
    row: [
      `\`${name}\``,
      scenario.title,
      String(Object.keys(scenario.nodes).length),
      faultsOf(scenario),
      ...(name in walked ? [walkedWords[walked[name] as WalkName], '', ''] : counts),
      results.join('; '),
    ],
    states: exploration.states,
    unmet,
  };
}

const walkedWords: Readonly<Record<WalkName, string>> = {
  uniform: 'by random walks',
  priorities: 'by random walks, by priorities',
};

const shortName = (property: string): string => property.slice(property.lastIndexOf('/') + 1);

function faultsOf({ budget, faults, constraint = {} }: Scenario): string {
  const scripted = faults.flatMap(({ fault }) => (fault.type === 'traitor' ? [`traitor ${fault.node}`] : []));
  const counted = Object.entries(budget).map(([fault, times]) => `${times} ${times === 1 ? fault : pluralOf(fault)}`);
  return [...counted, ...scripted, constraintWords(constraint)].filter((part) => part !== '').join(', ') || 'none';
}

const pluralOf = (fault: string): string => (fault === 'crash' ? 'crashes' : `${fault}s`);

/** By how few events the violation comes about, in a recording that verifies; a text: it does not. */
async function eventsOfViolation(
  loaded: LoadedScenario,
  exploration: Exploration,
  p: number,
  { name, kind, state }: Finding,
): Promise<number | string> {
  const { model, tracked } = exploration;
  const { path, minimal } = await minimise(model, tracked, exploration.path(state as number), p);
  if (!minimal) return `${name}: the counterexample could not be minimised`;
  const run = runPath(model, loaded.protocol, path);
  if (typeof run === 'string') return `${name}: ${run}`;
  const why = whyNotVerified(loaded, run, (world) => {
    const judged = world.properties.find(({ property }) => property.name === name);
    return kind === 'eventually'
      ? judged?.property.test(world.view, judged.memory) !== true
      : judged?.settledAt !== null;
  });
  return why === null ? run.run.world.events : `${name}: ${why}`;
}

/** Writes it, reads it, and executes it anew. */
function whyNotVerified(
  loaded: LoadedScenario,
  run: PathRun,
  comesAbout: (world: PathRun['run']['world']) => boolean,
): string | null {
  const temporary = mkdtempSync(join(tmpdir(), 'havoc-space-'));
  try {
    const file = join(temporary, 'counterexample.jsonl');
    writeRecording(loaded, run, file);
    const { divergence, world } = replayRecording(readRecordingFile(file), loaded.protocol);
    if (divergence !== null) return `the recording does not verify: ${divergence.why}`;
    return comesAbout(world) ? null : 'the recording does not show it';
  } finally {
    rmSync(temporary, { recursive: true });
  }
}

/** Where atomic commit is explored as a whole: who can be blocked? */
async function blockedResults({ protocol }: LoadedScenario, exploration: Exploration): Promise<string[]> {
  const { model, tracked, complete, pruned } = exploration;
  const asks = protocol.problem === 'atomic-commit' && Object.values(protocol.roles).some(canDecide);
  if (!asks || !complete || pruned > 0) return [];
  const space = new Space(model, tracked, exploration.states);
  await space.build(async () => null);
  const { together } = findBlocked(space);
  const [first] = together;
  if (first === undefined) return ['nobody can be blocked'];
  const run = runPath(model, protocol, space.path(first.state));
  return [`${first.nodes.join(' ')} blocked by ${typeof run === 'string' ? '?' : run.run.world.events} events`];
}
