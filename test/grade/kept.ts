/** The recordings that are kept: what was handed in, for which challenge, and what came of it when it was kept. */
import { statSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { loadScenario } from '../../src/scenario/load.ts';
import { play, type Script as Solution } from '../challenges/play.ts';
import { solutions } from '../challenges/solutions.ts';
import { edit, grade, type Made, record, rehash, scriptOf } from './made.ts';

export interface Kept {
  readonly file: string;
  readonly challenge: string;
  readonly outcome: string;
  readonly digest: string | null;
}

/** one a problem, each with other faults */
const solved = [
  'block-two-phase-commit',
  'promise-forgotten',
  'half-is-not-enough',
  'three-generals-challenge',
  'two-inside',
  'tokens-vanish',
  'too-few-rounds',
  'second-leader',
];

/** Writes them into the folder, with a list of what they are; gives its lines. */
export async function keepGraded(folder: string): Promise<string[]> {
  const made = async (name: string, more: Made): Promise<string> =>
    record(join(folder, `${name}.jsonl`), { id: name, script: [], ...more });
  const files: [file: string, challenge: string][] = [];
  for (const challenge of solved) {
    const { trace } = play(await loadScenario(challenge), solutions[challenge] as Solution);
    files.push([await made(challenge, { challenge, script: scriptOf(trace) }), challenge]);
  }
  const [challenge] = solved as [string];
  files.push([await made('untouched', { challenge }), challenge]);
  files.push([
    await made('cannot', { challenge: 'block-three-phase-commit', claims: [{ answer: 'cannot' }] }),
    'block-three-phase-commit',
  ]);
  const forged = await made('forged', { challenge });
  edit(forged, -1, (end) => ({ ...end, digest: 'f'.repeat(64) }));
  rehash(forged);
  const edited = await made('edited', { challenge });
  edit(edited, -1, (end) => ({ ...end, at: 0 }));
  const cut = await made('cut', { challenge });
  truncateSync(cut, statSync(cut).size - 60);
  for (const file of [forged, edited, cut]) files.push([file, challenge]);
  const lines: string[] = [];
  for (const [file, of] of files) {
    const { outcome, run } = await grade(file, of);
    lines.push(
      JSON.stringify({ file: basename(file), challenge: of, outcome, digest: run?.digest ?? null } satisfies Kept),
    );
  }
  writeFileSync(join(folder, 'kept.json'), `[\n${lines.map((line) => `  ${line}`).join(',\n')}\n]\n`);
  return lines;
}
