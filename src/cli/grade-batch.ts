/**
 * Grades many recordings on all cores, in threads. A file that a thread does not come to an end with, or dies of, is a
 * row like any other; the thread is replaced.
 */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type Grade, ungraded } from '../grade/grade.ts';
import type { Submission } from '../grade/submissions.ts';
import type { GradeBriefing } from './grade-thread.ts';

export interface BatchOptions {
  readonly briefing: GradeBriefing;
  readonly threads?: number;
  /** how long a file may take, wall milliseconds */
  readonly longestMs?: number;
  /** told after every file */
  readonly onProgress?: (done: number) => void;
}

/** the largest recording that is judged takes seconds, a search through every run a minute or two */
const usualLongestMs = 300_000;
const memoryMb = 2048;
/** what one recording leaves behind is collected soon, and not when hundreds of them have */
const youngMb = 16;

/** In the order of the submissions. */
export async function gradeBatch(submissions: readonly Submission[], options: BatchOptions): Promise<Grade[]> {
  const { briefing, threads = availableParallelism(), longestMs = usualLongestMs, onProgress } = options;
  const grades = new Array<Grade>(submissions.length);
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    let grader = new Grader(briefing);
    for (let i = next++; i < submissions.length; i = next++) {
      const submission = submissions[i] as Submission;
      try {
        grades[i] = await grader.grade(submission, longestMs);
      } catch (error) {
        const why = `the grader gave it up: ${(error as Error).message}`;
        grades[i] = ungraded(submission, { challenge: submission.challenge, pointsMax: 0 }, 'unknown', why);
        await grader.end();
        grader = new Grader(briefing);
      }
      done += 1;
      onProgress?.(done);
    }
    await grader.end();
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(threads, submissions.length)) }, work));
  return grades;
}

class Grader {
  readonly #thread: Worker;
  #ended = false;

  constructor(briefing: GradeBriefing) {
    this.#thread = new Worker(threadEntry(), {
      workerData: briefing,
      name: 'grader',
      // plain Node strips the types of our sources
      execArgv: [],
      stdout: true,
      resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: youngMb },
    });
    // what a protocol prints must not stand amid the grades
    this.#thread.stdout.resume();
    // whoever waits for a grade hears of it
    this.#thread.on('error', () => {});
    this.#thread.on('exit', () => {
      this.#ended = true;
    });
  }

  grade(submission: Submission, longestMs: number): Promise<Grade> {
    if (this.#ended) return Promise.reject(new Error('its thread ended'));
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void): void => {
        clearTimeout(timer);
        this.#thread.off('message', heard).off('error', failed).off('exit', left);
        finish();
      };
      const heard = (grade: Grade): void => settle(() => resolve(grade));
      const failed = (error: Error): void => settle(() => reject(error));
      const left = (): void => settle(() => reject(new Error('its thread ended')));
      const late = (): void => settle(() => reject(new Error(`it took more than ${longestMs / 1000} s`)));
      const timer = setTimeout(late, longestMs);
      this.#thread.on('message', heard).on('error', failed).on('exit', left);
      this.#thread.postMessage(submission);
    });
  }

  async end(): Promise<void> {
    await this.#thread.terminate();
  }
}

/** Beside this file: as source in development, as a bundle of its own (perhaps one folder up from a chunk) when built. */
function threadEntry(): URL {
  if (import.meta.url.endsWith('.ts')) return new URL('./grade-thread.ts', import.meta.url);
  const beside = new URL('./grade-thread.js', import.meta.url);
  return existsSync(beside) ? beside : new URL('../grade-thread.js', import.meta.url);
}
