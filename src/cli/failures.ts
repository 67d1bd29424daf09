/** Turns whatever a command threw into one line and an exit code. Nobody is shown a stack trace. */
import { CommanderError } from 'commander';
import { endProgram } from '../scenario/own-process.ts';
import { exitCodes } from './exit-codes.ts';
import { complain } from './output.ts';

/** Errors that speak of an input; their message is already the line to show. */
const inputErrors = [
  'ScenarioError',
  'RecordingError',
  'ProtocolError',
  'AuthorError',
  'CannotRecordError',
  'InputError',
  'CheckError',
];

/** An input that this command cannot use; `message` is the line for the person. */
export class InputError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'InputError';
  }
}

/** Used wrongly in a way that the option parser cannot see. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

export function explainFailure(error: unknown): number {
  // commander has printed its own line, or the help that was asked for
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.success : exitCodes.usage;
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  if (name === 'UsageError') {
    complain(`error: ${message}`);
    return exitCodes.usage;
  }
  if (inputErrors.includes(name)) {
    complain(message);
    return exitCodes.invalid;
  }
  if (name === 'UnknowableError') {
    complain(message);
    return exitCodes.unknown;
  }
  complain(`havoc: internal error: ${message}; this is a mistake in havoc, set HAVOC_DEBUG=1 to see where`);
  showWhere(error);
  return exitCodes.unknown;
}

/** For `uncaughtException`: what a machine left for later, after its step, or a mistake of havoc's. There is no verdict. */
export function endOnStray(error: unknown): never {
  const what = error instanceof Error ? error.message : String(error);
  // by then the screen, where there is one, has been cleared away
  process.once('exit', () => {
    complain(
      `havoc: thrown outside of any step: ${what}; a machine must leave no work for later, and if none does, this is a mistake in havoc, set HAVOC_DEBUG=1 to see where`,
    );
    showWhere(error);
  });
  return endProgram(exitCodes.unknown);
}

function showWhere(error: unknown): void {
  if (process.env.HAVOC_DEBUG !== undefined && error instanceof Error) process.stderr.write(`${error.stack}\n`);
}
