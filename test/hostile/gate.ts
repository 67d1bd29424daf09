/**
 * What the gates of fuzzing share: a golden recording, its chains computed anew after a change, and the way of a file through
 * the program itself, from its bytes to the exit code, in this process.
 */
import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { explainFailure } from '../../src/cli/failures.ts';
import { openRecording } from '../../src/cli/open-recording.ts';
import { observe } from '../../src/cli/open-session.ts';
import { printReplay } from '../../src/cli/replay-headless.ts';
import { engineVersion } from '../../src/core/version.ts';
import { openLocalSession } from '../../src/live/local-session.ts';
import { splitLink } from '../../src/record/format.ts';
import { createRecorder } from '../../src/record/writer.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { protocolSha256 } from '../../src/scenario/protocols.ts';

/** `HAVOC_RUNS` in the environment makes the random gates longer. */
export const runs = (usual: number): number => Number(process.env.HAVOC_RUNS ?? usual);

/** Usually the same draws every time, so that a change answers for itself only; with `HAVOC_RUNS` others. */
export const draws = (usual: number): { numRuns: number; seed?: number } => ({
  numRuns: runs(usual),
  ...(process.env.HAVOC_RUNS === undefined ? { seed: 1 } : {}),
});

/** nothing from outside may take longer */
export const slowestMs = 2000;

export const place = mkdtempSync(join(tmpdir(), 'havoc-hostile-'));

/** Two-phase commit through a partition, with a crash, a restart and a traitor by hand, a branch, a mark: a short file. */
export async function goldenRecording(): Promise<Buffer> {
  const { scenario: preset, protocol } = await loadScenario('partition-during-commit');
  // healed later, for a run with checkpoints
  const faults = preset.faults.map((each) => ('at' in each ? { ...each, at: 9000 } : each));
  const scenario = { ...preset, faults, summary: '', learn: '', lesson: undefined };
  const file = join(place, 'golden.jsonl');
  const recorder = createRecorder({
    file,
    header: {
      engine: { version: engineVersion, protocol: protocol.id, protocolSha256: protocolSha256({ id: protocol.id }) },
      scenario,
      student: 'Ada',
      id: 'golden',
      startedAt: '2024-01-01T00:00:00.000Z',
    },
    wallNowMs: () => 0,
    onTrouble: (trouble) => assert.fail(trouble),
  });
  const session = openLocalSession({ scenario, protocol, paused: true, observer: observe(recorder) });
  const steps = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) await session.step();
  };
  await steps(8);
  await session.act({ type: 'crash', node: 'P1' });
  await steps(4);
  session.mark(9, 'here');
  await session.branch(9);
  await session.act({ type: 'restart', node: 'P1' });
  await session.act({ type: 'traitor', node: 'P3', behaviour: 'wrong-value', targets: ['C'] });
  await session.runUntil(scenario.untilMs);
  await session.close();
  return readFileSync(file);
}

const sha256 = (text: string): string => hash('sha256', text, 'hex');

/** The lines with both chains as an attacker computes them, who knows how. */
export function forged(lines: readonly string[]): Buffer {
  let links = '';
  let whole = '';
  const out = lines.map((line) => {
    const bare = splitLink(line).bare.replace(/"chain":"[0-9a-f]{64}"/, `"chain":"${whole}"`);
    links = sha256(links + bare);
    const linked = bare.endsWith('}') ? `${bare.slice(0, -1)},"c":"${links.slice(0, 12)}"}` : bare;
    whole = sha256(whole + linked);
    return linked;
  });
  return Buffer.from(`${out.join('\n')}\n`);
}

export const linesOf = (bytes: Buffer): string[] => bytes.toString('utf8').trimEnd().split('\n');

export interface Outcome {
  readonly code: number;
  /** what was said on stderr, line by line */
  readonly said: readonly string[];
  readonly tookMs: number;
}

/** Milliseconds of work: other processes on this machine do not count. */
const cpuMs = (before: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
};

/** What the program prints meanwhile; tests print nothing of their own then. */
export async function listening(work: () => Promise<number>): Promise<Outcome> {
  const { stdout, stderr } = process;
  const [out, err] = [stdout.write, stderr.write];
  const said: string[] = [];
  stdout.write = () => true;
  stderr.write = (text: string | Uint8Array) => {
    said.push(...String(text).trimEnd().split('\n'));
    return true;
  };
  const before = process.cpuUsage();
  try {
    return { code: await work(), said, tookMs: cpuMs(before) };
  } finally {
    stdout.write = out;
    stderr.write = err;
  }
}

/** As `havoc replay --verify` does it. */
export function verified(bytes: Uint8Array): Promise<Outcome> {
  const file = join(place, 'given.jsonl');
  writeFileSync(file, bytes);
  return listening(async () => {
    try {
      const opened = await openRecording(file);
      return printReplay(opened, { verify: true, paused: false, json: false, resume: false });
    } catch (error) {
      return explainFailure(error);
    }
  });
}

/** An exit code of the contract, one line for an input that cannot be read, no mistake of the program's own, and no wait. */
export function assertCivil({ code, said, tookMs }: Outcome, what: string): void {
  assert.ok(code >= 0 && code <= 3, `${what}: exit ${code}`);
  assert.doesNotMatch(said.join('\n'), /internal error|\n\s+at |undefined|\[object/, what);
  if (code === 3) {
    assert.equal(said.length, 1, `${what}: ${said.join(' / ')}`);
    assert.match(said[0] as string, /^[^\n]*:\d+:\d+: \S/, what);
  }
  assert.ok(tookMs < slowestMs, `${what}: ${Math.round(tookMs)} ms`);
}

/** A repeatable sequence of numbers. */
export function dice(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
