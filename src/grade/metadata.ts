/**
 * Whose a submission is and when it was handed in, as Gradescope says in `submission_metadata.json`: `users[]` with
 * `email`, `id` and `name`, and `created_at`. Source: https://gradescope-autograders.readthedocs.io/en/latest/submission_metadata/
 */
import { isObject } from '../core/json.ts';
import { mistakeIn } from '../scenario/errors.ts';
import { readTextFile } from '../scenario/text-file.ts';

export interface SubmissionMetadata {
  /** addresses: one, or all of a group */
  readonly students: readonly string[];
  /** ISO 8601; null: it does not say */
  readonly handedInAt: string | null;
}

const largestBytes = 4 * 1024 * 1024;

/** Throws `ScenarioError`. */
export function readMetadata(file: string): SubmissionMetadata {
  const metadata = parse(readTextFile(file, largestBytes), file);
  const users = isObject(metadata) && Array.isArray(metadata.users) ? metadata.users : [];
  const students = users.flatMap((user: unknown) =>
    isObject(user) && typeof user.email === 'string' ? [user.email] : [],
  );
  if (students.length === 0) throw mistakeIn(file, 'it names no student; expected `users` with an `email` each', 1, 1);
  const at = isObject(metadata) ? metadata.created_at : null;
  return { students, handedInAt: typeof at === 'string' && !Number.isNaN(Date.parse(at)) ? at : null };
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw mistakeIn(file, "this is not JSON; expected Gradescope's submission_metadata.json", 1, 1);
  }
}

const minuteMs = 60_000;

/** `handed in 1 d 2 h 5 min after it was due`; null: in time, or nobody knows. What it costs is not decided here. */
export function lateness(due: string | null, handedInAt: string | null): string | null {
  if (due === null || handedInAt === null) return null;
  const lateMs = Date.parse(handedInAt) - Date.parse(due);
  if (lateMs <= 0) return null;
  const minutes = Math.ceil(lateMs / minuteMs);
  const parts = [
    [Math.floor(minutes / 1440), 'd'],
    [Math.floor(minutes / 60) % 24, 'h'],
    [minutes % 60, 'min'],
  ] as const;
  return `handed in ${parts.flatMap(([n, unit]) => (n === 0 ? [] : [`${n} ${unit}`])).join(' ')} after it was due`;
}
