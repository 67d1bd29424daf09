/** Writes a file as a whole: beside its place first, and then moved there, so that nobody ever finds half of it. */
import { closeSync, fsyncSync, lstatSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { InputError } from './failures.ts';
import { reasons } from './write-out.ts';

/** Replaces what was there. Into a link, a device or a pipe it is written as it is. Throws `InputError`. */
export function writeWhole(file: string, text: string): void {
  const status = lstatSync(file, { throwIfNoEntry: false });
  if (status?.isDirectory()) throw new InputError(`${file}: this is a folder; name a file in it`);
  const isPlain = status === undefined || status.isFile();
  const beside = isPlain ? join(dirname(file), `.${basename(file)}.${process.pid}`) : file;
  try {
    writeBytes(beside, Buffer.from(text), isPlain ? 'wx' : 'w');
    if (isPlain) renameSync(beside, file);
  } catch (error) {
    if (isPlain) rmSync(beside, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    throw new InputError(`${file}: cannot be written: ${reasons[code ?? ''] ?? code ?? 'unknown'}`);
  }
}

/** Can a file of this name be written, as far as one can see before? Throws `InputError` when it cannot. */
export function requirePlace(file: string): void {
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory())
    throw new InputError(`${file}: this is a folder; name a file in it`);
  if (!statSync(dirname(file), { throwIfNoEntry: false })?.isDirectory())
    throw new InputError(`${file}: cannot be written: ${reasons.ENOENT}`);
}

function writeBytes(file: string, bytes: Buffer, flags: string): void {
  const descriptor = openSync(file, flags, 0o644);
  try {
    for (let from = 0; from < bytes.length; ) from += writeSync(descriptor, bytes, from);
    // some disks say only now that they are full
    if (flags === 'wx') fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
