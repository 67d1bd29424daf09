/** `replay` on the screen: the recording as a session, paced by the wall clock. */
import { setTimeout as pause } from 'node:timers/promises';
import { Pace } from '../live/pace.ts';
import { Replayer } from '../record/replay.ts';
import { type Clock, ReplaySession } from '../record/replay-session.ts';
import { runTui } from '../tui/main.tsx';
import { exitCodes } from './exit-codes.ts';
import { UsageError } from './failures.ts';
import type { OpenedRecording } from './open-recording.ts';
import { complain } from './output.ts';
import type { ReplayOptions } from './replay.ts';

export async function replayOnScreen(
  { recording, protocol, otherEngine }: OpenedRecording,
  options: ReplayOptions,
): Promise<number> {
  const clock: Clock = Object.assign(new Pace(options.speed), { rest: (ms: number) => pause(ms) });
  const session = new ReplaySession(new Replayer(recording, protocol), clock, options.paused);
  if (otherEngine !== null) session.troubles.push(`${otherEngine}: what is shown may differ from what was recorded`);
  const open = () => Promise.reject(new UsageError('this is a replay; start havoc anew for another preset'));
  const exitCode = await runTui({
    open,
    start: session,
    presets: () => [],
    paused: options.paused,
    speed: options.speed,
  });
  for (const trouble of session.troubles) complain(trouble);
  return otherEngine === null ? exitCode : exitCodes.unknown;
}
