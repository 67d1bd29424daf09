/** The options of `check` that say how the space is searched, and what they mean to the explorer. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Exploration, ExploreOptions } from '../check/explore.ts';
import type { LoadedScenario } from '../scenario/load.ts';
import { wholeNumber } from './options.ts';

export interface SearchOptions {
  readonly bfs?: boolean;
  readonly dfs?: boolean;
  readonly walks?: number;
  readonly walkLength: number;
  readonly seed?: number;
  readonly workers: number;
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
      new Option('--walk-length <n>', 'events on a random walk, at most').argParser(count).default(lengthDefault),
    )
    .addOption(new Option('--seed <n>', 'of the random walks; usually that of the scenario').argParser(wholeNumber))
    .addOption(
      new Option('--workers <n>', 'threads that explore together, breadth first')
        .argParser(workerCount)
        .default(1)
        .conflicts(['dfs', 'walks']),
    );
}

export function searchOf(options: SearchOptions, { scenario, ref }: LoadedScenario): ExploreOptions {
  const { dfs, walks, walkLength, seed, workers } = options;
  return {
    order: dfs === true ? 'depth' : 'breadth',
    ...(walks === undefined ? {} : { walks: { count: walks, seed: seed ?? scenario.seed, lengthMax: walkLength + 1 } }),
    workers,
    source: ref,
  };
}

/** What is out of the ordinary in the way it was searched, in words. */
export function searchText({ order, workers }: Exploration): string[] {
  if (order === 'walks') return ['random walks'];
  if (order === 'depth') return ['depth first'];
  return workers === 1 ? [] : [`${workers} workers`];
}

function workerCount(text: string): number {
  const value = count(text);
  if (value > workersMax) throw new InvalidArgumentError(`It must be a whole number from 1 to ${workersMax}.`);
  return value;
}

function count(text: string): number {
  const value = wholeNumber(text);
  if (value < 1) throw new InvalidArgumentError('It must be a whole number, 1 or more.');
  return value;
}
