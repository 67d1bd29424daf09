/**
 * Finds what was handed in, and by whom. Who it was comes from the grader alone: `--student`, the name of the folder in
 * which a file lies, or its own name, `STUDENT-CHALLENGE.jsonl`. What a file says of itself is not asked.
 */
import { type Dirent, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

export interface Submission {
  readonly file: string;
  /** null: nobody has said */
  readonly student: string | null;
  /** the challenge that the file's name says it is for; null: it says nothing */
  readonly challenge: string | null;
}

export interface FindOptions {
  /** whose all of it is */
  readonly student?: string;
  /** finds the student in a file's path below the folder given: its first group, or the whole match */
  readonly studentFrom?: RegExp;
  /** ids of the challenges */
  readonly challenges: readonly string[];
}

export interface Found {
  readonly submissions: readonly Submission[];
  /** everybody of whom there is a folder or a file, sorted */
  readonly students: readonly string[];
  /** given, and not there */
  readonly missing: readonly string[];
}

const deepest = 8;

export function findSubmissions(paths: readonly string[], options: FindOptions): Found {
  const submissions: Submission[] = [];
  const students = new Set<string>();
  const missing: string[] = [];
  for (const path of paths) {
    const kind = kindOf(path);
    if (kind === 'missing') missing.push(path);
    else if (kind === 'folder') inFolder(path, options, submissions, students);
    else submissions.push(submissionOf(path, basename(path), null, options));
  }
  for (const { student } of submissions) if (student !== null) students.add(student);
  return { submissions, students: [...students].sort(), missing };
}

/** What can be found and not be looked at (a link to itself, say) is a file: whoever reads it says what is wrong with it. */
function kindOf(path: string): 'missing' | 'folder' | 'file' {
  try {
    const status = statSync(path, { throwIfNoEntry: false });
    return status === undefined ? 'missing' : status.isDirectory() ? 'folder' : 'file';
  } catch {
    return 'file';
  }
}

/** Folders in the folder are students; files that lie in it directly have the student in their name. */
function inFolder(folder: string, options: FindOptions, found: Submission[], students: Set<string>): void {
  for (const entry of entriesOf(folder)) {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) {
      if (isRecording(entry.name)) found.push(submissionOf(path, entry.name, null, options));
      continue;
    }
    const isOwner = options.student === undefined && options.studentFrom === undefined;
    if (isOwner) students.add(entry.name);
    for (const file of recordingsBelow(path, entry.name, 0))
      found.push(submissionOf(join(folder, file), file, isOwner ? entry.name : null, options));
  }
}

/** Paths from the folder above, so that a name of the student in it can be found. */
function recordingsBelow(folder: string, name: string, depth: number): string[] {
  return entriesOf(folder).flatMap((entry) => {
    const path = join(name, entry.name);
    if (entry.isDirectory()) return depth < deepest ? recordingsBelow(join(folder, entry.name), path, depth + 1) : [];
    return isRecording(entry.name) ? [path] : [];
  });
}

/** In the order of code units, so that it is the same on every machine. */
function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter(({ name }) => !name.startsWith('.'))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}

const isRecording = (name: string): boolean => name.endsWith('.jsonl');

/** @param below the file's path below the folder that was given */
function submissionOf(file: string, below: string, owner: string | null, options: FindOptions): Submission {
  const stem = basename(file).replace(/(\.havoc)?\.jsonl$/, '');
  const { student: named, challenge } = readName(stem, options.challenges);
  const found = options.studentFrom?.exec(below);
  const student = options.student ?? found?.[1] ?? found?.[0] ?? owner ?? (options.studentFrom ? null : named);
  return { file, student, challenge };
}

/** `ada-block-two` is Ada's, for `block-two`; the longest id that fits counts. `block-two` is for it, and nobody's. */
function readName(stem: string, challenges: readonly string[]): Pick<Submission, 'student' | 'challenge'> {
  const fits = (id: string): boolean => stem === id || stem.endsWith(`-${id}`) || stem.endsWith(`_${id}`);
  const challenge = challenges.filter(fits).sort((a, b) => b.length - a.length)[0] ?? null;
  if (challenge === null) return { student: null, challenge };
  return { student: stem.slice(0, -challenge.length - 1) || null, challenge };
}
