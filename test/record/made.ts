/** Recordings for the tests, made the way `play` makes them: a session, a person's acts, a recorder listening. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestWorld } from '../../src/core/digest.ts';
import { actInRun, createRun, type Run, stepRun } from '../../src/core/run.ts';
import type { Scenario } from '../../src/core/scenario.ts';
import type { Act } from '../../src/core/session.ts';
import { engineVersion } from '../../src/core/version.ts';
import { createRecorder, type Recorder } from '../../src/record/writer.ts';
import { chatter, chatterScenario } from '../fixtures/chatter.ts';

export const folder = (): string => mkdtempSync(join(tmpdir(), 'havoc-'));

/** What a person does: at which event count, and what. */
export interface Deed {
  readonly at: number;
  readonly act: Act;
}

const deeds = (nodes: number): readonly Deed[] => [
  {
    at: nodes + 2,
    act: { type: 'partition', groups: [['N0', 'N1'], Array.from({ length: nodes - 2 }, (_, i) => `N${i + 2}`)] },
  },
  { at: nodes + 5, act: { type: 'crash', node: 'N1' } },
  { at: nodes + 8, act: { type: 'heal' } },
  { at: nodes + 10, act: { type: 'restart', node: 'N1' } },
  { at: nodes + 12, act: { type: 'traitor', node: 'N2', behaviour: 'wrong-value' } },
  { at: nodes + 13, act: { type: 'input', node: 'N2', input: 'say', data: { word: 'naïve' } } },
];

export const recorderFor = (file: string, scenario: Scenario, troubles: string[] = []): Recorder =>
  createRecorder({
    file,
    header: {
      engine: { version: engineVersion, protocol: scenario.protocol, protocolSha256: 'a'.repeat(64) },
      scenario,
      student: 'Ada',
      id: 'test',
      startedAt: '2024-01-01T00:00:00.000Z',
    },
    wallNowMs: () => 0,
    onTrouble: (trouble) => troubles.push(trouble),
  });

/** Plays to the end (or so many events), with a recorder told as a session tells it. */
export function play(scenario: Scenario, script: readonly Deed[], recorder: Recorder, maxEvents = 2000): Run {
  const run = createRun(scenario, chatter);
  const left = [...script];
  let told = 0;
  for (;;) {
    const next = left[0];
    if (next !== undefined && run.trace.length >= next.at) {
      left.shift();
      const i = run.trace.length;
      actInRun(run, next.act);
      recorder.onAct(i, run.world.nowMs, next.act);
    } else if (run.trace.length >= maxEvents || stepRun(run) === null) break;
    for (; told < run.checkpoints.length; told++) {
      const { index, atMs, digest } = run.checkpoints[told] as Run['checkpoints'][number];
      recorder.onCheckpoint(index, atMs, digest);
    }
  }
  return run;
}

export const end = (run: Run, recorder: Recorder): void =>
  recorder.onClose({ events: run.world.events, atMs: run.world.nowMs, digest: digestWorld(run.world) });

/** A whole recording of three talkers, with faults; its bytes. */
export function makeRecording(nodes = 3, script = deeds(nodes)): Uint8Array {
  const file = join(folder(), 'made.jsonl');
  const scenario = chatterScenario(nodes);
  const recorder = recorderFor(file, scenario);
  end(play(scenario, script, recorder), recorder);
  return new Uint8Array(readFileSync(file));
}
