/**
 * Starting a thread leaves twice the memory behind that it goes on to need, and V8 is in no hurry to give it back. With
 * dozens of threads that is hundreds of megabytes, so each of them tidies up once, when it has loaded its protocol.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** fewer threads are not worth the pause */
const manyNodes = 16;

export const worthCompacting = (nodes: number): boolean => nodes >= manyNodes;

/** Once, in the main thread, before the threads are born: contexts made from now on know `gc`. */
export const allowCompacting = (): void => setFlagsFromString('--expose-gc');

export function compact(): void {
  const collect = runInNewContext('gc') as (options: object) => void;
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
