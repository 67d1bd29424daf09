/** `play` on the screen, and the picker: opens sessions for the screen, and says afterwards where the recording is. */
import { join, parse } from 'node:path';
import type { Session } from '../core/session.ts';
import { listRuns } from '../record/runs.ts';
import { listPresetsSoon } from '../scenario/prepared.ts';
import { commandHistory } from '../tui/history-file.ts';
import { runTui } from '../tui/main.tsx';
import { SlicedForesight } from './foresight.ts';
import { type OpenOptions, openSession } from './open-session.ts';
import { screenSpeed } from './options.ts';
import { complain } from './output.ts';
import type { PlayOptions } from './play.ts';
import { loadComfort, recordingsFolder } from './settings-file.ts';

export const playOnScreen = (target: string, options: PlayOptions): Promise<number> =>
  onScreen(target, {
    overrides: options.set,
    seed: options.seed,
    student: options.student,
    salt: options.salt,
    record: typeof options.record === 'string' ? options.record : options.record === false ? null : undefined,
    inProcess: options.inProcess,
    paused: options.paused,
    speed: options.speed,
  });

export const chooseOnScreen = (): Promise<number> => onScreen(null, { overrides: [], inProcess: false, paused: false });

/** A speed that the command line does not name is that of the settings. */
type ScreenOptions = Omit<OpenOptions, 'speed'> & { readonly speed?: number };

/** A recording as it is shown first, or as it goes on. */
export interface Shown {
  readonly session: Session;
  readonly file: string;
}

/** @param target what is played first; null: `shown`, or the picker */
export async function onScreen(
  target: string | null,
  wished: ScreenOptions,
  shown: Shown | null = null,
): Promise<number> {
  const comfort = await loadComfort();
  const folder = recordingsFolder(comfort.settings);
  const speed = wished.speed ?? comfort.settings.speed ?? screenSpeed;
  const options: OpenOptions = { ...wished, speed, recordings: folder };
  const recordings: string[] = [];
  const kept = (session: Session): Session => {
    if (session.mode === 'live' && session.recording !== null) recordings.push(session.recording);
    return session;
  };
  /** A file that was asked for takes one run; those after it get a number. */
  const own = (): OpenOptions => ({ ...options, screen: true, record: numbered(options.record, recordings.length) });
  const open = async (nameOrPath: string, settings: readonly string[] = []): Promise<Session> =>
    kept(await openSession(nameOrPath, { ...own(), overrides: [...options.overrides, ...settings] }));
  const start = target === null ? shown && kept(shown.session) : await open(target);
  const exitCode = await runTui({
    open,
    start,
    target: target ?? undefined,
    recording: shown?.file,
    presets: () => listPresetsSoon(),
    runs: () => listRuns(folder),
    reopen: async (file, how) => kept(await (await import('./reopen.ts')).reopen(file, how, own())),
    foresee: (session, changed) => new SlicedForesight(session, changed),
    history: commandHistory(),
    paused: options.paused,
    speed,
    comfort,
  });
  for (const trouble of comfort.troubles) complain(trouble);
  for (const file of recordings) complain(`recorded; to see it again: havoc replay ${file}`);
  return exitCode;
}

/** `mine.jsonl`, then `mine-2.jsonl` */
function numbered(file: string | null | undefined, before: number): string | null | undefined {
  if (typeof file !== 'string' || before === 0) return file;
  const { dir, name, ext } = parse(file);
  return join(dir, `${name}-${before + 1}${ext}`);
}
