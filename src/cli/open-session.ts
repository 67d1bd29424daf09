/** Opens a live session for a preset or a file, with its recording. What `play` and the picker share. */
import { basename, join } from 'node:path';
import { nanoid } from 'nanoid';
import { mostNodesWithVectors } from '../core/clocks.ts';
import { challengeMark } from '../core/instance.ts';
import { engineVersion } from '../core/version.ts';
import { openLiveSession, openLiveSessionSoon } from '../live/live-session.ts';
import { openLocalSession } from '../live/local-session.ts';
import type { PacedSession } from '../live/paced-session.ts';
import { CannotRecordError, createRecorder, type Recorder } from '../record/writer.ts';
import type { LoadedScenario } from '../scenario/load.ts';
import { protocolSha256 } from '../scenario/protocols.ts';
import { loadInstance } from './load-instance.ts';

export interface OpenOptions {
  readonly overrides: readonly string[];
  readonly seed?: number;
  readonly student?: string;
  /** instead of the challenge's own, for a student's seed */
  readonly salt?: string;
  /** the file; null: none; undefined: one of its own in recordings/, when that can be written */
  readonly record?: string | null;
  /** the folder of those that have one of their own */
  readonly recordings?: string;
  readonly inProcess: boolean;
  readonly paused: boolean;
  readonly speed: number;
  /** a screen is about to draw its first frame */
  readonly screen?: boolean;
}

/** about as long as the first frame takes */
export const firstFrameMs = 60;

/** Throws `ScenarioError`, `ProtocolError` or `CannotRecordError`. */
export async function openSession(nameOrPath: string, options: OpenOptions): Promise<PacedSession> {
  const troubles: string[] = [];
  const loaded = await loadInstance(nameOrPath, options, (trouble) => troubles.push(trouble));
  return openLoaded(loaded, options, troubles);
}

/** Throws `CannotRecordError`. @param found what there was to be said about it before */
export async function openLoaded(
  loaded: LoadedScenario,
  options: OpenOptions,
  found: readonly string[],
): Promise<PacedSession> {
  const troubles = [...found];
  let session: PacedSession | null = null;
  const onTrouble = (trouble: string): void =>
    void (session === null ? troubles.push(trouble) : session.trouble(trouble));
  const recorder = startRecording(loaded, options, onTrouble);
  const { scenario, protocol, ref } = loaded;
  const { paused, speed } = options;
  const settings = { scenario, protocol, source: ref, paused, speed, recording: recorder?.file ?? null };
  const observer = recorder === null ? undefined : observe(recorder);
  const nodes = Object.keys(scenario.nodes).length;
  const isLarge = nodes > mostNodesWithVectors;
  if (isLarge && !options.inProcess) onTrouble(`${nodes} threads are too many: the run goes on in this process`);
  if (options.inProcess || isLarge) session = openLocalSession({ ...settings, observer });
  else if (options.screen) session = openLiveSessionSoon({ ...settings, observer }, firstFrameMs);
  else session = await openLiveSession({ ...settings, observer });
  for (const trouble of troubles) session.trouble(trouble);
  return session;
}

/** The recorder speaks of pausing, the session of running. */
export const observe = (recorder: Recorder): Parameters<typeof openLocalSession>[0]['observer'] => ({
  onAct: (i, atMs, act) => recorder.onAct(i, atMs, act),
  onCheckpoint: (i, atMs, digest) => recorder.onCheckpoint(i, atMs, digest),
  onPause: (i, atMs, running) => recorder.onPause(i, atMs, !running),
  onNote: (i, atMs, text) => recorder.onNote(i, atMs, text),
  onMark: (i, atMs, text, of) => recorder.onMark(i, atMs, text, of),
  onClaim: (i, atMs, claim) => recorder.onClaim(i, atMs, claim),
  onBranch: (i, atMs, from) => recorder.onBranch(i, atMs, from),
  onClose: (end) => recorder.onClose(end),
});

export function startRecording(
  loaded: LoadedScenario,
  options: OpenOptions,
  onTrouble: (text: string) => void,
): Recorder | null {
  if (options.record === null) return null;
  const { scenario, ref } = loaded;
  const id = nanoid();
  const isOwn = options.record === undefined;
  const name = `havoc-${fileName(scenario.name)}-${id}.jsonl`;
  const file = options.record ?? join(options.recordings ?? 'recordings', name);
  const mark = challengeMark(scenario);
  const header = {
    engine: { version: engineVersion, protocol: scenario.protocol, protocolSha256: protocolSha256(ref) },
    scenario,
    ...(mark === null ? {} : { challenge: { ...mark } }),
    student: options.student,
    id,
    startedAt: new Date().toISOString(),
  };
  try {
    return createRecorder({ file, header, makeFolder: isOwn, wallNowMs: () => performance.now(), onTrouble });
  } catch (error) {
    // only a file that was asked for is worth stopping for
    if (!isOwn || !(error instanceof CannotRecordError)) throw error;
    onTrouble(`not recorded: ${error.message}`);
    return null;
  }
}

const fileName = (name: string): string =>
  basename(name)
    .replaceAll(/[^\w.-]+/g, '-')
    .slice(0, 60);
