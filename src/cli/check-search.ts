/** The options of `check` that say how the space is searched, and what they mean to the explorer. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ExploreOptions } from '../check/explore.ts';
import { wholeNumber } from './options.ts';

export interface SearchOptions {
  readonly bfs?: boolean;
  readonly dfs?: boolean;
  readonly walks?: number;
  readonly walkLength: number;
  readonly seed?: number;
}

const lengthDefault = 1000;

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
    .addOption(new Option('--seed <n>', 'of the random walks; usually that of the scenario').argParser(wholeNumber));
}

export function searchOf(options: SearchOptions, scenarioSeed: number): ExploreOptions {
  const { dfs, walks, walkLength, seed } = options;
  return {
    order: dfs === true ? 'depth' : 'breadth',
    ...(walks === undefined ? {} : { walks: { count: walks, seed: seed ?? scenarioSeed, lengthMax: walkLength + 1 } }),
  };
}

function count(text: string): number {
  const value = wholeNumber(text);
  if (value < 1) throw new InvalidArgumentError('It must be a whole number, 1 or more.');
  return value;
}
