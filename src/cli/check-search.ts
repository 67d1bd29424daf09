/** The options of `check` that say how the space is searched, and what they mean to the explorer. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type WalkName, walkDefault, walkNames } from '../check/choosers.ts';
import type { Exploration, ExploreOptions } from '../check/explore.ts';
import { type ReductionName, reductionNames } from '../check/reductions.ts';
import type { LoadedScenario } from '../scenario/load.ts';
import { count, wholeNumber } from './options.ts';

export interface SearchOptions {
  readonly bfs?: boolean;
  readonly dfs?: boolean;
  readonly walks?: number;
  readonly walkBy: WalkName;
  readonly walkLength: number;
  readonly seed?: number;
  readonly workers: number;
  readonly reductions: readonly ReductionName[];
}

const lengthDefault = 1000;
const workersMax = 64;

export function addSearchOptions(command: Command): Command {
  return command
    .addOption(new Option('--bfs', 'breadth first: shortest runs first (usual)').conflicts(['dfs', 'walks']))
    .addOption(new Option('--dfs', 'depth first: long runs first, in less memory').conflicts(['bfs', 'walks']))
    .addOption(
      new Option(
        '--walks <n>',
        'so many random walks instead; they end with exit code 2 unless something is violated',
      ).argParser(count),
    )
    .addOption(
      new Option(
        '--walk-by <how>',
        'uniform: a walk takes any choice; priorities: those of some nodes, connections or faults first, by turns',
      )
        .choices(walkNames)
        .default(walkDefault),
    )
    .addOption(
      new Option('--walk-length <n>', 'events on a random walk, at most').argParser(count).default(lengthDefault),
    )
    .addOption(new Option('--seed <n>', 'of the random walks; usually that of the scenario').argParser(wholeNumber))
    .addOption(
      new Option('--workers <n>', 'threads that explore together, breadth first')
        .argParser(workerCount)
        .default(1)
        .conflicts(['dfs', 'walks']),
    )
    .addOption(
      new Option('--reductions <names>', `leave out what changes no verdict: ${reductionNames.join(', ')}`)
        .argParser(reductionList)
        .default([], 'none'),
    );
}

export function searchOf(options: SearchOptions, { scenario, ref }: LoadedScenario): ExploreOptions {
  const { dfs, walks, walkBy: by, walkLength, seed, workers, reductions } = options;
  return {
    order: dfs === true ? 'depth' : 'breadth',
    ...(walks === undefined
      ? {}
      : { walks: { count: walks, seed: seed ?? scenario.seed, by, lengthMax: walkLength + 1 } }),
    workers,
    source: ref,
    reductions: new Set(reductions),
  };
}

/** What is out of the ordinary in the way it was searched: lines of text. */
export function searchText({ order, walkBy, workers, reductions }: Exploration): string[] {
  const lines = [];
  if (order === 'depth') lines.push('depth first');
  if (walkBy !== null) lines.push(`random walks${walkBy === 'priorities' ? ', by priorities' : ''}`);
  if (workers > 1) lines.push(`${workers} workers`);
  if (reductions.length > 0) lines.push(`reduced by ${reductions.join(' and ')}: not the full count`);
  return lines;
}

function reductionList(text: string): readonly ReductionName[] {
  return text.split(',').map((wanted) => {
    const known = reductionNames.find((name) => name === wanted.trim());
    if (known === undefined)
      throw new InvalidArgumentError(`It must be one or more of ${reductionNames.join(', ')}, with commas between.`);
    return known;
  });
}

function workerCount(text: string): number {
  const value = count(text);
  if (value > workersMax) throw new InvalidArgumentError(`It must be a whole number from 1 to ${workersMax}.`);
  return value;
}
