/** `play` on the screen, and the picker: opens sessions for the screen, and says afterwards where the recording is. */
import type { Session } from '../core/session.ts';
import { runTui } from '../tui/main.tsx';
import { type OpenOptions, openSession } from './open-session.ts';
import { screenSpeed } from './options.ts';
import { complain } from './output.ts';
import type { PlayOptions } from './play.ts';

export const playOnScreen = (target: string, options: PlayOptions): Promise<number> =>
  onScreen(target, {
    overrides: options.set,
    seed: options.seed,
    student: options.student,
    record: typeof options.record === 'string' ? options.record : options.record === false ? null : undefined,
    inProcess: options.inProcess,
    paused: options.paused,
    speed: options.speed,
  });

export const chooseOnScreen = (): Promise<number> =>
  onScreen(null, { overrides: [], inProcess: false, paused: false, speed: screenSpeed });

async function onScreen(target: string | null, options: OpenOptions): Promise<number> {
  const recordings: string[] = [];
  const open = async (nameOrPath: string): Promise<Session> => {
    const session = await openSession(nameOrPath, { ...options, screen: true });
    if (session.recording !== null) recordings.push(session.recording);
    return session;
  };
  const start = target === null ? null : await open(target);
  const { paused, speed } = options;
  // what reads YAML takes longer to load than all else, and is not needed before somebody chooses
  const reader = () => import('../scenario/load.ts');
  const presets = target === null ? (await reader()).listPresets : async () => (await reader()).listPresets();
  const exitCode = await runTui({ open, start, presets, paused, speed });
  for (const file of recordings) complain(`recorded; to see it again: havoc replay ${file}`);
  return exitCode;
}
