/** A class that has handed in the worked assignment: somebody who solved all of it, and others. */
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { instanceSeed } from '../../src/core/instance.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { play, type Script as Solution } from '../challenges/play.ts';
import { solutions } from '../challenges/solutions.ts';
import { record, type Script, scriptOf } from './made.ts';

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const built = join(root, 'dist/main.js');
/** why a test of the built program is skipped; `npm test` builds it first */
export const needsBuild = existsSync(built) ? false : 'npm run build comes first';
export const course = join(root, 'docs/examples/course');
const salt = 'autumn-2026';

const ownSolution: Solution = {
  steps: [
    [
      { node: 'C', receives: 'yes', nth: 1 },
      { type: 'crash', node: 'C' },
    ],
  ],
};

/** The acts of a solution in this student's instance. */
async function acts(challenge: string, solution: Solution, seed?: number): Promise<Script> {
  return scriptOf(play(await loadScenario(challenge, { seed }), solution).trace);
}

const ofBank = (id: string): Promise<Script> => acts(id, solutions[id] as Solution);

/** Everything of the assignment, solved. */
export async function solveAll(folder: string, student: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const id of ['block-two-phase-commit', 'promise-forgotten', 'three-generals-challenge'])
    await record(join(folder, `${id}.jsonl`), { challenge: id, script: await ofBank(id), id: `${student}-${id}` });
  await record(join(folder, 'block-three-phase-commit.jsonl'), {
    challenge: 'block-three-phase-commit',
    script: [],
    claims: [{ answer: 'cannot' }],
    id: `${student}-3pc`,
  });
  const own = join(course, 'both-wait.yaml');
  const seed = instanceSeed(salt, 'both-wait', student);
  await record(join(folder, 'both-wait.jsonl'), {
    challenge: own,
    seed,
    script: await acts(own, ownSolution, seed),
    id: `${student}-own`,
  });
}

/** Ada has solved all; Bob handed in Ada's instance as his own, and an attempt; Cyd a file that is none; Dan nothing. */
export async function handIn(folder: string): Promise<void> {
  const at = (student: string): string => join(folder, `${student}@example.edu`);
  await solveAll(at('ada'), 'ada@example.edu');
  for (const student of ['bob', 'cyd', 'dan']) mkdirSync(at(student), { recursive: true });
  copyFileSync(join(at('ada'), 'both-wait.jsonl'), join(at('bob'), 'both-wait.jsonl'));
  await record(join(at('bob'), 'first-try.jsonl'), { challenge: 'block-two-phase-commit', script: [], id: 'bob-1' });
  writeFileSync(join(at('cyd'), 'block-two-phase-commit.jsonl'), 'my solution\n');
}
