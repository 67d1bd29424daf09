/** Results in a file: written beside it and then renamed, so that there is never half of one. An existing file stays. */
import { closeSync, existsSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { InputError } from './failures.ts';

/** What the operating system says against a file, in words. */
export const reasons: Readonly<Record<string, string>> = {
  EACCES: 'it may not be written there',
  EPERM: 'it may not be written there',
  EROFS: 'nothing can be written there',
  ENOENT: 'its folder does not exist; make it first',
  ENOTDIR: 'its folder does not exist; make it first',
  EISDIR: 'it is a folder',
  ENOSPC: 'the disk is full',
  ENAMETOOLONG: 'its name is too long',
};

/** To be asked before the work is done. Throws `InputError`. */
export function refuseExisting(file: string): void {
  if (existsSync(file)) throw new InputError(`${file}: exists already; name another file or remove this one`);
}

/** Throws `InputError`. */
export async function writeOut(file: string, parts: Iterable<string> | AsyncIterable<string>): Promise<void> {
  refuseExisting(file);
  const beside = `${file}.part-${process.pid}`;
  try {
    await writeNew(beside, parts);
    refuseExisting(file);
    renameSync(beside, file);
  } catch (error) {
    if (existsSync(beside)) rmSync(beside);
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new InputError(`${file}: cannot be written: ${reasons[code] ?? code}`);
  }
}

async function writeNew(file: string, parts: Iterable<string> | AsyncIterable<string>): Promise<void> {
  const descriptor = openSync(file, 'wx', 0o644);
  try {
    for await (const part of parts) writeWhole(descriptor, Buffer.from(part));
  } finally {
    closeSync(descriptor);
  }
}

function writeWhole(descriptor: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
}
