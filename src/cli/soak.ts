/** `havoc soak`: random faults over every protocol, within what it is claimed to stand. */
import type { Command } from 'commander';
import { UsageError } from './failures.ts';
import type { Finish } from './main.ts';
import { count, nonEmpty, wholeNumber } from './options.ts';

export interface SoakOptions {
  readonly seconds?: number;
  readonly runs?: number;
  readonly seed?: number;
  readonly record?: string;
  readonly threads?: number;
  readonly json: boolean;
}

const about = `
Each run draws a protocol, a scenario and faults from its seed, all within the protocol's bound: what its presets show it to
stand, in its model, with no more faulty nodes than it allows. Each is executed twice, and now and then over threads and the
bus as well: the digests must be equal. No property that always holds may be violated, and every wrong variant must be caught.

Examples:
  havoc soak --seconds 120
  havoc soak --seed 4711 --runs 1 --record found.jsonl    a finding again, as a recording

Exits 0 when nothing was found, 1 with a finding, and 2 when it ended too soon to catch every wrong variant: --seconds
was too short, or it was interrupted.`;

export function soakCommand(root: Command, finish: Finish): void {
  root
    .command('soak')
    .description('random faults over every protocol within its bound, for so many seconds')
    .option('--seconds <n>', 'start no run after so many seconds', count)
    .option('--runs <n>', 'make so many runs', count)
    .option(
      '--seed <n>',
      'the seed of the first run; the others follow it (usually another one each time)',
      wholeNumber,
    )
    .option('--record <file>', 'write the first finding as a recording (with --runs 1: that run)', nonEmpty)
    .option('--threads <n>', 'usually one for each core', count)
    .option('--json', 'print one JSON object', false)
    .addHelpText('after', about)
    .action(async (options: SoakOptions) => {
      if (options.seconds === undefined && options.runs === undefined)
        throw new UsageError('for how long? --seconds 120, or --runs 1000');
      finish(await (await import('./soak-run.ts')).runSoak(options));
    });
}
