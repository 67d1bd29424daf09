/** Readers of option values: each gives the value or says in one line what would be right. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { UsageError } from './failures.ts';

/** A file to be written, or who someone is: anything but nothing. */
export function nonEmpty(text: string): string {
  if (text === '') throw new InvalidArgumentError('It must not be empty.');
  return text;
}

const isGiven = (command: Command, name: string): boolean => command.getOptionValueSource(name) === 'cli';
const flagOf = (command: Command, name: string): string =>
  command.options.find((option) => option.attributeName() === name)?.long ?? name;

/** An option that was given and means nothing, because the one that it goes with was not. Throws `UsageError`. */
export function refuseAlone(command: Command, needs: Readonly<Record<string, string>>): void {
  for (const [name, other] of Object.entries(needs)) {
    if (isGiven(command, name) && !isGiven(command, other))
      throw new UsageError(`${flagOf(command, name)} goes with ${flagOf(command, other)} only`);
  }
}

/** An option that was given, and is for other formats than the one that is written. Throws `UsageError`. */
export function refuseForeign(
  command: Command,
  written: string,
  formatsOf: Readonly<Record<string, readonly string[]>>,
): void {
  for (const [name, formats] of Object.entries(formatsOf)) {
    if (isGiven(command, name) && !formats.includes(written))
      throw new UsageError(`${flagOf(command, name)} is for the format ${formats.join(', ')}, and not for ${written}`);
  }
}

export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value))
    throw new InvalidArgumentError('It must be a whole number, 0 or more.');
  return value;
}

export function count(text: string): number {
  const value = wholeNumber(text);
  if (value < 1) throw new InvalidArgumentError('It must be a whole number, 1 or more.');
  return value;
}

/** On a screen a message of 30 virtual ms travels for 0.3 s: time enough to see it, and to do something to it. */
export const screenSpeed = 0.1;

/** `4`, `0.5`, or `max`: as fast as possible. */
export function speed(text: string): number {
  if (text === 'max') return Number.POSITIVE_INFINITY;
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || !(value >= 0.01 && value <= 1000)) {
    throw new InvalidArgumentError('It must be a number from 0.01 to 1000, or max.');
  }
  return value;
}

const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, min: 60_000 };

/** `10s`, `250ms`, `1.5s`, `2m`, in milliseconds. */
export function duration(text: string): number {
  const found = /^(\d+(?:\.\d+)?)(ms|s|m|min)$/.exec(text);
  const value = found === null ? Number.NaN : Math.round(Number(found[1]) * (unitsMs[found[2] as string] as number));
  if (!(value >= 0 && value <= 86_400_000))
    throw new InvalidArgumentError('It must be a duration with a unit, such as 250ms, 10s or 2m, and a day at most.');
  return value;
}

/** `--set path=value`, collected. */
export const overrides = (): Option =>
  new Option('--set <path=value>', 'override a value of the scenario; may be repeated')
    .argParser(assignment)
    .default([], 'none');

function assignment(text: string, before: readonly string[]): readonly string[] {
  if (!/^[^=\s]+=/.test(text))
    throw new InvalidArgumentError('It must be path=value, such as parameters.voteTimeout=2s.');
  return [...before, text];
}

/** `two-phase-commit,paxos-commit`: two or more, each once. */
export function protocolNames(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.length < 2 || names.includes('') || new Set(names).size < names.length) {
    throw new InvalidArgumentError(
      'It must be two or more different protocols or presets, such as two-phase-commit,paxos-commit.',
    );
  }
  return names;
}
