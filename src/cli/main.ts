/** The command line: parses the arguments, runs one command, and gives its exit code. */
import { Command } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { rightName } from '../scenario/nearest.ts';
import { endProgram, keepProcessOwn } from '../scenario/own-process.ts';
import { checkCommand } from './check.ts';
import { exitCodes } from './exit-codes.ts';
import { exportCommand } from './export.ts';
import { endOnStray, explainFailure, InputError, UsageError } from './failures.ts';
import { gradeCommand } from './grade.ts';
import { linearizableCommand } from './linearizable.ts';
import { listCommand } from './list.ts';
import { newCommand } from './new.ts';
import { complain, goOnWithoutReader } from './output.ts';
import { playCommand } from './play.ts';
import { replayCommand } from './replay.ts';
import { showCommand } from './show.ts';
import { soakCommand } from './soak.ts';

/** Hands a command's exit code on; a command calls it once. */
export type Finish = (exitCode: number) => void;

export async function main(argv: readonly string[]): Promise<number> {
  goOnWithoutReader();
  keepProcessOwn();
  process.on('uncaughtException', endOnStray);
  process.once('beforeExit', endUnfinished);
  let exitCode: number = exitCodes.success;
  try {
    requireFolder();
    if (argv.length === 0) return await (await import('./home.ts')).home();
    await program((code) => {
      exitCode = code;
    }).parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    return explainFailure(error);
  } finally {
    process.off('beforeExit', endUnfinished);
  }
}

/** Nothing is left that could wake the command, and it has not ended: what it loaded waits for what never comes. */
function endUnfinished(): void {
  complain('a protocol’s file was not loaded to its end: it awaits something that never comes');
  endProgram(exitCodes.invalid);
}

/** No thread can start where there is no current folder. Throws `InputError`. */
function requireFolder(): void {
  try {
    process.cwd();
  } catch {
    throw new InputError('the current folder does not exist any more; go to another one');
  }
}

function program(finish: Finish): Command {
  const root = new Command('havoc')
    .description(
      'Break distributed-agreement protocols on purpose, see what breaks and why, and hand in the recording.',
    )
    .version(manifest.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ outputError: (text) => complain(text) })
    .addHelpText('after', closing);
  // added, not created by the parent: they inherit what has been set above
  for (const add of [
    playCommand,
    replayCommand,
    checkCommand,
    gradeCommand,
    listCommand,
    showCommand,
    newCommand,
    linearizableCommand,
    soakCommand,
    exportCommand,
  ])
    add(root, finish);
  helpCommand(root);
  return root;
}

/** Commander's own answers an unknown name with the whole help. */
function helpCommand(root: Command): void {
  root
    .command('help')
    .argument('[command]', 'its name')
    .description('print the help of a command')
    .action((name?: string) => {
      const names = root.commands.map((command) => command.name());
      const found = name === undefined ? root : root.commands.find((command) => command.name() === name);
      if (found === undefined) throw new UsageError(`there is no command ${name}; ${rightName(name ?? '', names)}`);
      found.outputHelp();
    });
}

const closing = `
Without a command: choose a preset, and break it.

Exit codes: 0 all expectations met · 1 not met · 2 unknown (a limit was reached, other engine) · 3 input unreadable or
invalid · 64 wrong usage`;
