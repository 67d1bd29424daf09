/** `havoc replay`: a recording on the screen, verified, or gone on with. */
import { type Command, Option } from 'commander';
import type { Finish } from './main.ts';
import { nonEmpty, refuseAlone, screenSpeed, speed } from './options.ts';
import { hasScreen } from './output.ts';

export interface ReplayOptions {
  readonly verify: boolean;
  readonly resume: boolean;
  readonly record?: string;
  readonly protocol?: string;
  readonly speed?: number;
  readonly paused: boolean;
  readonly json: boolean;
}

export function replayCommand(root: Command, finish: Finish): void {
  root
    .command('replay')
    .argument('<recording>', 'a file that `havoc play` has written')
    .description('show a recording again, verify it, or go on from where it ends')
    .option('--verify', 'execute it anew without a screen and compare every checkpoint', false)
    .addOption(
      new Option('--resume', 'go on live from where it ends; without a screen, as it goes by itself')
        .default(false)
        .conflicts(['verify']),
    )
    .option('--record <file>', 'with --resume: the recording that has both, its lines and what follows', nonEmpty)
    .option('--protocol <file>', "the protocol's file, when the recording names one by its path")
    .option('--speed <x>', `virtual milliseconds per millisecond, or max; usually ${screenSpeed}`, speed)
    .option('--paused', 'do not start running', false)
    .option('--json', 'print one JSON object, without a screen', false)
    .action(async (file: string, options: ReplayOptions, command: Command) => {
      refuseAlone(command, { record: 'resume' });
      if (options.resume)
        finish(await (await import('./replay-resume.ts')).resumeRecording(await open(file, options), options));
      else if (options.verify || options.json || !hasScreen())
        finish((await import('./replay-headless.ts')).printReplay(await open(file, options), options));
      else finish(await (await import('./replay-screen.ts')).replayOnScreen(await open(file, options), options));
    });
}

const open = async (file: string, options: ReplayOptions) =>
  (await import('./open-recording.ts')).openRecording(file, options.protocol);
