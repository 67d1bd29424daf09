/** `havoc play`: breaks a protocol live on the screen, or runs it headless as a transcript. */
import { type Command, Option } from 'commander';
import { UsageError } from './failures.ts';
import type { Finish } from './main.ts';
import { count, duration, nonEmpty, overrides, protocolNames, screenSpeed, speed, wholeNumber } from './options.ts';
import { hasScreen } from './output.ts';

export interface PlayOptions {
  readonly seed?: number;
  readonly speed?: number;
  readonly paused: boolean;
  /** false: `--no-record` */
  readonly record?: string | boolean;
  readonly student?: string;
  readonly salt?: string;
  readonly set: readonly string[];
  readonly headless: boolean;
  readonly inProcess: boolean;
  readonly until?: number;
  readonly maxEvents?: number;
  /** so many events are chosen by the adversary */
  readonly autopilot?: number;
  /** ids of protocols */
  readonly compare?: readonly string[];
  readonly json: boolean;
}

const examples = `
Examples:
  havoc play partition-during-commit
  havoc play partition-during-commit --seed 7 --set parameters.voteTimeout=2s
  havoc play ./mine.yaml --headless --json

Without a terminal on stdout, or with TERM=dumb, it runs as with --headless.`;

export function playCommand(root: Command, finish: Finish): void {
  root
    .command('play')
    .argument('[preset or file.yaml]', 'a preset (see `havoc list presets`) or a scenario file')
    .description('break a protocol live, and record it; or run it headless')
    .option('--seed <n>', "instead of the scenario's seed", wholeNumber)
    .option('--speed <x>', `virtual milliseconds per millisecond, or max; usually ${screenSpeed}`, speed)
    .option('--paused', 'do not start running', false)
    .option('--record <file>', 'record to this file instead of one in ./recordings; it must not exist', nonEmpty)
    .option('--no-record', 'do not record')
    .option(
      '--student <id>',
      'name the student in the recording; in some challenges everybody has a seed of their own',
      nonEmpty,
    )
    .option('--salt <text>', 'the salt of the assignment, for that seed')
    .addOption(overrides())
    .option('--headless', 'run to the end at full speed, print the transcript and the verdicts', false)
    .option('--in-process', 'without worker threads and bus', false)
    .option('--until <time>', 'headless: stop at this virtual time, such as 10s', duration)
    .option('--max-events <n>', 'headless: stop after so many events, usually a million', count)
    .addOption(
      new Option(
        '--autopilot <events>',
        'headless: an adversary orders so many events so that two decisions stay possible, and the run ends there',
      )
        .argParser(count)
        .conflicts(['until', 'maxEvents']),
    )
    .addOption(
      new Option(
        '--compare <a,b,c>',
        'run the fault script over these protocols (or presets of them) for the same problem, side by side',
      )
        .argParser(protocolNames)
        .conflicts(['record', 'student', 'salt', 'autopilot', 'maxEvents']),
    )
    .option('--json', 'headless: print one JSON object instead of the transcript', false)
    .addHelpText('after', examples)
    .action(async (target: string | undefined, options: PlayOptions) => {
      if (options.compare !== undefined) {
        finish(await (await import('./play-compare.ts')).playCompared(target, options.compare, options));
        return;
      }
      if (target === undefined) throw new UsageError('which preset, or which scenario file? see `havoc list presets`');
      const isHeadless =
        options.headless ||
        options.json ||
        options.until !== undefined ||
        options.autopilot !== undefined ||
        !hasScreen();
      if (isHeadless) finish(await (await import('./play-headless.ts')).playHeadless(target, options));
      else finish(await (await import('./play-screen.ts')).playOnScreen(target, options));
    });
}
