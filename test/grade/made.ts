/** Recordings of challenges for the tests: played by a script, and forged as a student might. */
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Claim } from '../../src/core/challenge.ts';
import { digestWorld } from '../../src/core/digest.ts';
import { actInRun, createRun, type Run, stepRun } from '../../src/core/run.ts';
import type { Act } from '../../src/core/session.ts';
import { engineVersion } from '../../src/core/version.ts';
import type { TraceEvent } from '../../src/core/world.ts';
import type { Grade } from '../../src/grade/grade.ts';
import { gradeRecording } from '../../src/grade/grade-recording.ts';
import type { Submission } from '../../src/grade/submissions.ts';
import { loadTasks } from '../../src/grade/task.ts';
import { Chain, splitLink } from '../../src/record/format.ts';
import { createRecorder } from '../../src/record/writer.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { protocolSha256 } from '../../src/scenario/protocols.ts';

export const folder = (): string => mkdtempSync(join(tmpdir(), 'havoc-grade-'));
export const challengeFile = (name: string): string =>
  fileURLToPath(new URL(`./challenges/${name}.yaml`, import.meta.url));

/** What a person does: after how many events, what, and at which virtual time when that is later than the last event. */
export type Script = readonly (readonly [at: number, act: Act, atMs?: number])[];

/** With this the coordinator of `block-two` is down before it knows that all have voted yes. */
export const solution: Script = [[7, { type: 'crash', node: 'C' }]];

export interface Made {
  readonly challenge?: string;
  readonly script?: Script;
  readonly seed?: number;
  /** a student's seed */
  readonly instance?: number;
  readonly claims?: readonly Claim[];
  readonly overrides?: readonly string[];
  readonly student?: string;
  readonly id?: string;
  /** ends after so many events at the latest: whoever is blocked may ask for ever */
  readonly events?: number;
}

/** Plays the challenge and writes its recording; gives the file. */
export async function record(file: string, made: Made = {}): Promise<string> {
  const {
    challenge = 'block-two',
    script = solution,
    claims = [],
    overrides,
    seed,
    instance,
    student,
    id = 'test',
  } = made;
  const path = existsSync(challengeFile(challenge)) ? challengeFile(challenge) : challenge;
  const { scenario, protocol, ref } = await loadScenario(path, { overrides, seed, instance });
  const recorder = createRecorder({
    file,
    header: {
      engine: { version: engineVersion, protocol: scenario.protocol, protocolSha256: protocolSha256(ref) },
      scenario,
      student,
      id,
      startedAt: '2026-01-01T00:00:00.000Z',
    },
    wallNowMs: () => 0,
    onTrouble: (trouble) => {
      throw new Error(trouble);
    },
  });
  const run = createRun(scenario, protocol);
  const left = [...script];
  let told = 0;
  for (;;) {
    const [next] = left;
    if (next !== undefined && run.trace.length >= next[0]) {
      left.shift();
      run.world.nowMs = Math.max(run.world.nowMs, next[2] ?? 0);
      recorder.onAct(run.trace.length, run.world.nowMs, next[1]);
      actInRun(run, next[1]);
    } else if (run.trace.length >= (made.events ?? 100) || stepRun(run) === null) break;
    for (; told < run.checkpoints.length; told++) {
      const { index, atMs, digest } = run.checkpoints[told] as Run['checkpoints'][number];
      recorder.onCheckpoint(index, atMs, digest);
    }
  }
  for (const claim of claims) recorder.onClaim(run.trace.length, run.world.nowMs, claim);
  recorder.onClose({ events: run.world.events, atMs: run.world.nowMs, digest: digestWorld(run.world) });
  return file;
}

/** What a person has done in a run, to be recorded. */
export const scriptOf = (trace: readonly TraceEvent[]): Script =>
  trace.flatMap(({ index, choice, origin, atMs }) => (origin === 'person' ? [[index, choice as Act, atMs]] : []));

export const linesOf = (file: string): string[] => readFileSync(file, 'utf8').trimEnd().split('\n');
export const writeLines = (file: string, lines: readonly string[]): void =>
  writeFileSync(file, `${lines.join('\n')}\n`);

/** Changes one line's fields and leaves the hashes as they were. */
export function edit(file: string, line: number, change: (fields: Record<string, never>) => object): void {
  const lines = linesOf(file);
  const at = line < 0 ? lines.length + line : line;
  lines[at] = JSON.stringify(change(JSON.parse(lines[at] as string)));
  writeLines(file, lines);
}

/** Computes all hashes anew, as someone does who knows the format. */
export function rehash(file: string): void {
  const chain = new Chain();
  const lines = linesOf(file).map((raw) => {
    const fields = JSON.parse(splitLink(raw).bare) as { end?: true; chain?: string };
    const bare = JSON.stringify(fields.end === true ? { ...fields, chain: chain.whole } : fields);
    const text = `${bare.slice(0, -1)},"c":"${chain.link(bare)}"}`;
    chain.add(text);
    return text;
  });
  writeLines(file, lines);
}

/** Grades it by itself, without pictures. */
export async function grade(file: string, challenge = 'block-two', whose: Partial<Submission> = {}): Promise<Grade> {
  const own = challengeFile(challenge);
  const { tasks } = await loadTasks(existsSync(own) ? own : challenge);
  return gradeRecording({ file, student: null, challenge: null, ...whose }, tasks, {});
}
