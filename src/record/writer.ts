/**
 * Writes a recording as the run goes: append-only, every line handed to the operating system at once, so that a killed
 * terminal loses nothing but the trailer. When writing fails (the disk is full) it says so once and the run goes on.
 */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Claim } from '../core/challenge.ts';
import { Chain, formatName, formatVersion, type Header, limits, type RecordedAct } from './format.ts';

/** What a session tells as it goes, in order. */
export interface Recorder {
  readonly file: string;
  onAct(i: number, atMs: number, act: RecordedAct): void;
  onCheckpoint(i: number, atMs: number, digest: string): void;
  onPause(i: number, atMs: number, paused: boolean): void;
  onNote(i: number, atMs: number, text: string): void;
  onMark(i: number, atMs: number, text: string, of: number): void;
  onClaim(i: number, atMs: number, claim: Claim): void;
  onBranch(i: number, atMs: number, from: number): void;
  onClose(end: { readonly events: number; readonly atMs: number; readonly digest: string }): void;
}

export interface RecorderOptions {
  readonly file: string;
  readonly header: Header;
  /** makes the folder, for the default place of recordings */
  readonly makeFolder?: boolean;
  /** real milliseconds, from any beginning */
  readonly wallNowMs: () => number;
  /** told once, when the recording cannot go on */
  readonly onTrouble: (trouble: string) => void;
}

/** The file cannot be made; `message` is one line for the person. */
export class CannotRecordError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CannotRecordError';
  }
}

/** Makes the file (never over an existing one) and writes the header. Throws `CannotRecordError`. */
export function createRecorder(options: RecorderOptions): Recorder {
  return new FileRecorder(options, create(options.file, options.makeFolder ?? false));
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? 'unknown';

function create(file: string, makeFolder: boolean): number {
  const folder = dirname(file);
  try {
    if (makeFolder) mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new CannotRecordError(`the folder ${folder} cannot be made (${codeOf(error)})`);
  }
  try {
    return openSync(file, 'ax', 0o644);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST') throw new CannotRecordError(`${file}: exists already; name another file or remove this one`);
    if (code === 'ENOENT') throw new CannotRecordError(`${file}: its folder does not exist; make it first`);
    throw new CannotRecordError(`${file}: cannot be written (${code})`);
  }
}

/** room for the trailer, so that a file that has reached its limit still gets its end */
const reservedBytes = 4096;

class FileRecorder implements Recorder {
  readonly file: string;
  readonly #chain = new Chain();
  readonly #options: RecorderOptions;
  #descriptor: number | null;
  #bytes = 0;
  #lines = 0;
  #full = false;
  #lastWallMs: number;

  constructor(options: RecorderOptions, descriptor: number) {
    this.file = options.file;
    this.#options = options;
    this.#descriptor = descriptor;
    this.#lastWallMs = options.wallNowMs();
    const { engine, scenario, challenge, student, id, startedAt } = options.header;
    this.#write({ format: formatName, version: formatVersion, engine, scenario, challenge, student, id, startedAt });
  }

  onAct(i: number, atMs: number, act: RecordedAct): void {
    const nowMs = this.#options.wallNowMs();
    const wall = Math.max(0, Math.round(nowMs - this.#lastWallMs));
    this.#lastWallMs = nowMs;
    this.#write({ i, at: atMs, act, wall });
  }

  onCheckpoint(i: number, atMs: number, digest: string): void {
    this.#write({ i, at: atMs, checkpoint: digest });
  }

  onPause(i: number, atMs: number, paused: boolean): void {
    this.#write({ i, at: atMs, pause: paused });
  }

  onNote(i: number, atMs: number, text: string): void {
    this.#write({ i, at: atMs, note: text.slice(0, limits.textLength) });
  }

  onMark(i: number, atMs: number, text: string, of: number): void {
    this.#write({ i, at: atMs, mark: text.slice(0, limits.textLength), ...(of === i ? {} : { of }) });
  }

  onClaim(i: number, atMs: number, claim: Claim): void {
    this.#write({ i, at: atMs, claim });
  }

  onBranch(i: number, atMs: number, from: number): void {
    this.#write({ i, at: atMs, branch: from });
  }

  onClose(end: { readonly events: number; readonly atMs: number; readonly digest: string }): void {
    const { events, atMs, digest } = end;
    // a file that has lost lines must not look complete
    if (!this.#full) this.#append({ end: true, events, at: atMs, digest, chain: this.#chain.whole });
    this.#close();
  }

  #write(fields: object): void {
    const hasRoom = this.#bytes < limits.fileBytes - reservedBytes - limits.lineBytes && this.#lines < limits.lines - 1;
    if (hasRoom) this.#append(fields);
    else this.#stop('it has reached the size that a recording may have');
  }

  #append(fields: object): void {
    if (this.#descriptor === null) return;
    const bare = JSON.stringify(fields);
    const text = `${bare.slice(0, -1)},"c":"${this.#chain.link(bare)}"}`;
    this.#chain.add(text);
    const bytes = Buffer.from(`${text}\n`);
    this.#bytes += bytes.length;
    this.#lines += 1;
    try {
      for (let from = 0; from < bytes.length; ) from += writeSync(this.#descriptor, bytes, from);
    } catch (error) {
      const code = codeOf(error);
      this.#stop(code === 'ENOSPC' ? 'the disk is full' : `it cannot be written (${code})`);
    }
  }

  #stop(why: string): void {
    if (this.#descriptor === null) return;
    this.#full = true;
    this.#close();
    this.#options.onTrouble(`recording stopped: ${why}; what stands in ${this.file} stays usable`);
  }

  #close(): void {
    if (this.#descriptor === null) return;
    const descriptor = this.#descriptor;
    this.#descriptor = null;
    try {
      closeSync(descriptor);
    } catch {
      // nothing more can be done for it
    }
  }
}
