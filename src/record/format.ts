/**
 * The recording file, as writer and reader agree on it: JSON Lines in UTF-8 with LF. The first line is the header, the
 * last one the trailer, and between them stand the person's inputs, the checkpoints and the remarks, in order.
 *
 * Two chains of SHA-256 run through the file, so that a changed byte is noticed and its line named:
 *
 * - every line ends in `"c":"<12 hex digits>"`. With `bare(k)` the text of line k without its `,"c":"…"`:
 *   h(0) = sha256(bare(0)), h(k) = sha256(h(k-1) in hex + bare(k)), and the line's `c` is the first 12 digits of h(k);
 * - the trailer's `chain` covers the lines before it as they stand: with `line(k)` the text of line k without its line
 *   feed, w(0) = sha256(line(0)), w(k) = sha256(w(k-1) in hex + line(k)), and `chain` is the last w in hex.
 *
 * Neither is a signature: whoever changes a file can compute both anew. What convicts such a file is its replay.
 */
import { hash } from 'node:crypto';
import type { Claim } from '../core/challenge.ts';
import type { JsonObject } from '../core/protocol.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Act } from '../core/session.ts';
import type { Choice } from '../core/world.ts';

export const formatName = 'havoc-recording';
export const formatVersion = 1;
export const limits = {
  fileBytes: 32 * 1024 * 1024,
  lineBytes: 1024 * 1024,
  lines: 200_000,
  events: 1_000_000,
  depth: 32,
  textLength: 4096,
};

export interface Engine {
  /** revision of the engine's rules */
  readonly version: string;
  readonly protocol: string;
  readonly protocolSha256: string;
}

export interface Header {
  readonly engine: Engine;
  readonly scenario: Scenario;
  readonly challenge?: JsonObject;
  /** as the file says; identity is never believed from it */
  readonly student?: string;
  readonly id: string;
  readonly startedAt: string;
}

/**
 * What the schedule does not bring about by itself: a person's act, the loss of a node by the runtime, or a delivery or
 * a timer ahead of the schedule, as in a run that the explorer has found.
 */
export type RecordedAct = Act | Extract<Choice, { type: 'fail' | 'deliver' | 'fire' | 'input' }>;

/** One line between header and trailer. `i`: how many events had happened; `atMs`: the virtual time. */
export type Entry = { readonly line: number; readonly i: number; readonly atMs: number } & (
  | { readonly kind: 'act'; readonly act: RecordedAct }
  | { readonly kind: 'checkpoint'; readonly digest: string }
  | { readonly kind: 'note'; readonly text: string }
  /** a moment to find again: the present one, or an earlier one that was being looked at */
  | { readonly kind: 'mark'; readonly text: string; readonly of: number }
  /** an answer or a cut that is handed in */
  | { readonly kind: 'claim'; readonly claim: Claim }
  /** the run went back to event `i` and went on from there; `from`: where it had been */
  | { readonly kind: 'branch'; readonly from: number }
  | { readonly kind: 'pause'; readonly paused: boolean }
  /** real milliseconds since the last input: self-reported, never scored */
  | { readonly kind: 'wall'; readonly wallMs: number }
);

export interface Trailer {
  readonly line: number;
  readonly events: number;
  readonly atMs: number;
  readonly digest: string;
}

export interface Recording {
  readonly file: string;
  readonly header: Header;
  readonly entries: readonly Entry[];
  /** null: the recording was cut off; it shows its prefix and cannot be graded */
  readonly end: Trailer | null;
  /** the line that was cut in the middle, when one was */
  readonly halfLine: number | null;
}

/** What is wrong with a file, and where: one line for the person. */
export class RecordingError extends Error {
  readonly file: string;
  /** null, and so is the column: the file cannot be read at all */
  readonly line: number | null;
  readonly column: number | null;
  readonly reason: string;
  /** `changed`: it is a recording, but its hashes say that it was edited */
  readonly kind: 'unreadable' | 'changed';
  constructor(
    file: string,
    line: number | null,
    column: number | null,
    reason: string,
    kind: RecordingError['kind'] = 'unreadable',
  ) {
    super(`${file}${line === null ? '' : `:${line}:${column}`}: ${reason}`);
    this.name = 'RecordingError';
    this.file = file;
    this.line = line;
    this.column = column;
    this.reason = reason;
    this.kind = kind;
  }
}

const sha256 = (text: string): string => hash('sha256', text, 'hex');
const linkLength = 12;
const linkField = /,"c":"([0-9a-f]{12})"\}$/;

/** A line's text without its `c`, and the `c`; null when it has none. */
export function splitLink(raw: string): { bare: string; link: string | null } {
  const found = linkField.exec(raw);
  if (found === null) return { bare: raw, link: null };
  return { bare: `${raw.slice(0, found.index)}}`, link: found[1] as string };
}

/** Both chains, walked along line by line. */
export class Chain {
  #links = '';
  #whole = '';

  /** The `c` that the next line must have. */
  link(bare: string): string {
    this.#links = sha256(this.#links + bare);
    return this.#links.slice(0, linkLength);
  }
  /** Takes the line, as it stands in the file, into the chain of the trailer. */
  add(raw: string): void {
    this.#whole = sha256(this.#whole + raw);
  }
  /** What the trailer's `chain` must be. */
  get whole(): string {
    return this.#whole;
  }
}
