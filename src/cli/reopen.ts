/** A recording opened from the picker: to be seen again, to go on live from where it ends, or to be played anew. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Session } from '../core/session.ts';
import { openLiveSessionSoon } from '../live/live-session.ts';
import { openLocalSession } from '../live/local-session.ts';
import { Pace } from '../live/pace.ts';
import type { PacedSession } from '../live/paced-session.ts';
import { claimsIn } from '../record/claims.ts';
import { Replayer, replayRecording } from '../record/replay.ts';
import { type Clock, ReplaySession } from '../record/replay-session.ts';
import { copyInto } from '../record/resume.ts';
import type { Reopening } from '../tui/runs.ts';
import { InputError } from './failures.ts';
import { type OpenedRecording, openRecording } from './open-recording.ts';
import { firstFrameMs, type OpenOptions, observe, openLoaded, startRecording } from './open-session.ts';

/** Throws `RecordingError`, `ScenarioError`, `InputError` or `CannotRecordError`. */
export async function reopen(file: string, how: Reopening, options: OpenOptions): Promise<Session> {
  const opened = await openRecording(file);
  if (how === 'replay') return replaySession(opened, options);
  return how === 'resume' ? resume(opened, options) : playAnew(opened, options);
}

/** The recording as a session, paced by the wall clock. */
export function replaySession(
  { recording, protocol, otherEngine }: OpenedRecording,
  { speed, paused }: Pick<OpenOptions, 'speed' | 'paused'>,
): ReplaySession {
  const clock: Clock = Object.assign(new Pace(speed), { rest: (ms: number) => pause(ms) });
  const session = new ReplaySession(new Replayer(recording, protocol), clock, paused);
  if (otherEngine !== null) session.troubles.push(`${otherEngine}: what is shown may differ from what was recorded`);
  return session;
}

/** Goes on live, into a recording of its own that begins with the lines of this one. */
export function resume({ recording, protocol, ref, otherEngine }: OpenedRecording, options: OpenOptions): PacedSession {
  const { file, header } = recording;
  if (otherEngine !== null) throw new InputError(`${file}: ${otherEngine}; it can be seen again, but not go on`);
  const { divergence, world, history, marks, branches } = replayRecording(recording, protocol);
  if (divergence !== null) {
    throw new InputError(`${file}:${divergence.line}:1: it cannot go on, for it cannot be replayed: ${divergence.why}`);
  }
  const { scenario } = header;
  const troubles: string[] = [];
  let tell = (trouble: string): void => void troubles.push(trouble);
  const recorder = startRecording({ scenario, protocol, ref }, { student: header.student, ...options }, (trouble) =>
    tell(trouble),
  );
  if (recorder !== null) copyInto(recorder, recording.entries, world);
  const settings = {
    scenario,
    protocol,
    source: ref,
    world,
    trace: history.trace,
    paused: true,
    speed: options.speed,
    recording: recorder?.file ?? null,
    observer: recorder === null ? undefined : observe(recorder),
  };
  const session = options.inProcess ? openLocalSession(settings) : openLiveSessionSoon(settings, firstFrameMs);
  session.remarks.marks = marks;
  session.remarks.claims = claimsIn(recording);
  session.branches = branches;
  tell = (trouble) => session.trouble(trouble);
  for (const trouble of troubles) session.trouble(trouble);
  return session;
}

/** The recorded scenario live and from its start, with the settings that it was recorded with. */
const playAnew = ({ recording: { header }, protocol, ref }: OpenedRecording, options: OpenOptions): Promise<Session> =>
  openLoaded({ scenario: header.scenario, protocol, ref }, { student: header.student, ...options }, []);
