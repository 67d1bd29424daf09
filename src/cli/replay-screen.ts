/** `replay` on the screen. From there one can go on to other runs, as from the picker. */
import { exitCodes } from './exit-codes.ts';
import type { OpenedRecording } from './open-recording.ts';
import { screenSpeed } from './options.ts';
import { complain } from './output.ts';
import { onScreen } from './play-screen.ts';
import { replaySession } from './reopen.ts';
import type { ReplayOptions } from './replay.ts';

export async function replayOnScreen(opened: OpenedRecording, { speed, paused }: ReplayOptions): Promise<number> {
  const session = replaySession(opened, { speed: speed ?? screenSpeed, paused });
  const exitCode = await onScreen(
    null,
    { overrides: [], inProcess: false, speed, paused },
    { session, file: opened.recording.file },
  );
  for (const trouble of session.troubles) complain(trouble);
  return opened.otherEngine === null ? exitCode : exitCodes.unknown;
}
