/** `replay --resume`: goes on with a recording, one that was cut off too. The file stays as it is; a new one has both. */
import { reportRun } from '../core/report.ts';
import type { OpenedRecording } from './open-recording.ts';
import { screenSpeed } from './options.ts';
import { complain, hasScreen, print, printJson } from './output.ts';
import { exitCodeOf, runOrClose } from './play-headless.ts';
import { onScreen } from './play-screen.ts';
import { resume } from './reopen.ts';
import type { ReplayOptions } from './replay.ts';
import { verdictLines } from './transcript.ts';

/** Throws `InputError` or `CannotRecordError`. */
export async function resumeRecording(opened: OpenedRecording, options: ReplayOptions): Promise<number> {
  const { record, speed, paused } = options;
  const wished = { overrides: [], record, paused };
  if (hasScreen() && !options.json) {
    const session = resume(opened, { ...wished, inProcess: false, speed: speed ?? screenSpeed, screen: true });
    return onScreen(null, { ...wished, inProcess: false, speed }, { session, file: opened.recording.file });
  }
  const session = resume(opened, { ...wished, inProcess: true, speed: Number.POSITIVE_INFINITY });
  await runOrClose(session, session.world.nowMs + session.scenario.untilMs);
  const report = reportRun(session.world, session.quiet, session.trace);
  await session.close();
  for (const trouble of session.troubles) complain(trouble);
  complain(`recorded: ${session.recording}`);
  if (options.json) printJson({ recording: session.recording, from: opened.recording.file, report });
  else print(verdictLines(report));
  return exitCodeOf(report);
}
