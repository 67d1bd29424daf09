/** One of the threads of a grading: loads the challenges once, takes a submission at a time, and answers with its grade. */
import { parentPort, workerData } from 'node:worker_threads';
import { gradeSafely } from '../grade/grade-recording.ts';
import type { Submission } from '../grade/submissions.ts';
import { loadTasks } from '../grade/task.ts';
import { instruments } from './grade-instruments.ts';

/** The challenge or the assignment, as it stood on the command line. */
export interface GradeBriefing {
  readonly target: string;
  readonly salt?: string;
}

const { target, salt } = workerData as GradeBriefing;
const loaded = loadTasks(target, salt);
const tools = instruments();

parentPort?.on('message', async (submission: Submission) => {
  const { tasks } = await loaded;
  parentPort?.postMessage(await gradeSafely(submission, tasks, tools));
});
