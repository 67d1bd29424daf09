/** Writes a file as a whole: beside its place first, and then moved there, so that nobody ever finds half of it. */
import { existsSync, lstatSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { InputError, UsageError } from './failures.ts';

/** What the operating system says against a file, in words. */
const reasons: Readonly<Record<string, string>> = {
  EACCES: 'it may not be written there',
  EPERM: 'it may not be written there',
  EROFS: 'nothing can be written there',
  ENOENT: 'its folder does not exist; make it first',
  ENOTDIR: 'its folder does not exist; make it first',
  EISDIR: 'it is a folder',
  ENOSPC: 'the disk is full',
  ENAMETOOLONG: 'its name is too long',
};

/** some disks say only when they are flushed that they are full */
const asNew = { flag: 'wx', mode: 0o644, flush: true } as const;
const besideOf = (file: string): string => join(dirname(file), `.${basename(file)}.${process.pid}`);

/** Replaces what was there. Into a link, a device or a pipe it is written as it is. Throws `InputError`. */
export function writeWhole(file: string, text: string): void {
  requirePlace(file);
  try {
    if (lstatSync(file, { throwIfNoEntry: false })?.isFile() ?? true) {
      writeFileSync(besideOf(file), text, asNew);
      renameSync(besideOf(file), file);
    } else writeFileSync(file, text);
  } catch (error) {
    throw givenUp(file, error);
  }
}

/** Writes a new file, part by part as they come; one that exists stays. Throws `InputError`. */
export async function writeNew(file: string, parts: Iterable<string> | AsyncIterable<string>): Promise<void> {
  refuseExisting(file);
  try {
    await writeFile(besideOf(file), parts, asNew);
    refuseExisting(file);
    renameSync(besideOf(file), file);
  } catch (error) {
    throw givenUp(file, error);
  }
}

/** What was begun is removed; what the system said, in words. Other errors are given back. */
function givenUp(file: string, error: unknown): unknown {
  if (existsSync(besideOf(file))) rmSync(besideOf(file));
  const { code } = error as NodeJS.ErrnoException;
  return code === undefined ? error : new InputError(`${file}: cannot be written: ${reasons[code] ?? code}`);
}

/** What is written may take the place of what was there: never of what is read, nor of each other. Throws `UsageError`. */
export function refuseClash(read: readonly (string | undefined)[], written: readonly (string | undefined)[]): void {
  const placesOf = (files: readonly (string | undefined)[]): string[] =>
    files.filter((file) => file !== undefined).map((file) => resolve(file));
  const inputs = placesOf(read);
  for (const [i, file] of placesOf(written).entries()) {
    if (inputs.includes(file)) throw new UsageError(`${file} is read, and would be written over; name another file`);
    if (placesOf(written).indexOf(file) < i) throw new UsageError(`${file} would be written twice; name another file`);
  }
}

/** To be asked before the work is done. Throws `InputError`. */
export function refuseExisting(file: string): void {
  if (existsSync(file)) throw new InputError(`${file}: exists already; name another file or remove this one`);
}

/** Can a file of this name be written, as far as one can see before? Throws `InputError` when it cannot. */
export function requirePlace(file: string): void {
  if (isFolder(file)) throw new InputError(`${file}: this is a folder; name a file in it`);
  if (!isFolder(dirname(file))) throw new InputError(`${file}: cannot be written: ${reasons.ENOENT}`);
}

const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory();
