/**
 * Opens the screen and gives the terminal back as it was: after `q`, after signals, and after a mistake of
 * ours. The session is always closed first, so that its recording is whole.
 */
import { render, Text } from 'ink';
import type { Session } from '../core/session.ts';
import { endProgram } from '../scenario/own-process.ts';
import { type App, createApp, type PresetInfo } from './app.ts';
import type { Foresight } from './foresight.ts';
import type { CommandHistory } from './history-file.ts';
import { type Keymap, usualKeymap } from './keymap.ts';
import { createMouse, handleMouse, keysOnly } from './mouse.ts';
import { createPulse } from './pulse.ts';
import type { Reopening, Runs } from './runs.ts';
import { type Pulse, Screen } from './screen.tsx';
import { type Settings, usualSettings } from './settings.ts';
import { createStore, initialUi } from './store.ts';
import { wear } from './theme.ts';
import { listen, type Outcome } from './ways-out.ts';

export type { PresetInfo } from './app.ts';

export interface TuiOptions {
  /** starts a session for a preset's id or the path of a scenario; rejects with one clear line */
  open(presetIdOrPath: string, settings: readonly string[]): Promise<Session>;
  /** what `start` plays, so that it can be played again */
  readonly target?: string;
  /** or the recording that `start` shows */
  readonly recording?: string;
  /** null: the picker */
  readonly start: Session | null;
  /** what the picker offers; asked for when it opens */
  presets(): readonly PresetInfo[] | Promise<readonly PresetInfo[]>;
  /** what was recorded, and one of them opened again */
  runs?(): Runs;
  reopen?(file: string, how: Reopening): Promise<Session>;
  foresee?(session: Session, changed: () => void): Foresight;
  /** the command line's, kept between sessions */
  readonly history?: CommandHistory;
  readonly paused?: boolean;
  readonly speed?: number;
  /** how the person wants it */
  readonly comfort?: Comfort;
}

export interface Comfort {
  readonly settings: Settings;
  readonly keymap: Keymap;
  /** what is wrong with the settings: said once the screen is there */
  readonly troubles: readonly string[];
}

const homeAndErase = '\u001b[H\u001b[J';

/** Draws from now on, in place of whatever stood on the terminal. */
function show(app: App, pulse: Pulse): ReturnType<typeof render> {
  // keys typed from now on are not echoed into the picture
  process.stdin.setRawMode?.(true);
  // the alternate screen opens with the cursor where it was, and all diffs count on a first frame at the upper left
  const begin = (): void => void process.stdout.write(homeAndErase);
  return render(<Screen app={app} pulse={pulse} begin={begin} />, {
    alternateScreen: true,
    incrementalRendering: true,
    interactive: true,
    maxFps: 120,
    exitOnCtrlC: false,
    patchConsole: false,
    stdin: keysOnly(process.stdin, (report) => handleMouse(app, report)),
  });
}

/** Resolves with the exit code once the terminal is the user's again. */
export async function runTui(options: TuiOptions): Promise<number> {
  const { stdout } = process;
  const { settings = usualSettings, keymap = usualKeymap, troubles = [] } = options.comfort ?? {};
  wear(settings);
  const store = createStore(
    initialUi(options.start === null ? 'picker' : 'stage', stdout.columns ?? 80, stdout.rows ?? 24, keymap),
  );
  store.set({ mouse: settings.mouse && process.env.TERM !== 'linux' });
  if (options.history !== undefined) store.set({ history: options.history.load() });
  const pulse = createPulse(store);
  const { promise: left, resolve: leave } = Promise.withResolvers<Outcome>();
  let before: Session | null = null;
  const app = createApp(
    {
      store,
      presets: options.presets,
      open: options.open,
      target: options.target,
      recording: options.recording,
      runs: options.runs,
      reopen: options.reopen,
      foresee: options.foresee,
      history: options.history,
      leave: () => leave({ code: 0 }),
      attached(opened, session, held) {
        // the next run goes as fast as the one before it went
        const speed = before?.speed ?? options.speed;
        if (speed !== undefined) session.setSpeed(speed);
        before = session;
        pulse.watch(session);
        // a lesson says itself when time is to pass, and a challenge is read before it begins
        const waits = opened.lesson()?.now().on === true || opened.challenge() !== null;
        session.setRunning(options.paused !== true && !held && (session.mode === 'replay' || !waits));
      },
    },
    options.start,
  );
  const [trouble, ...more] = troubles;
  // the whole path is told afterwards
  const short = trouble?.replace(/^.*[\\/](?=[^\\/:]+:\d)/, '');
  if (short !== undefined) app.say(`${short}${more.length === 0 ? '' : ` (and ${more.length} more)`}`, 'bad');
  const stopListening = listen(leave, (code) => {
    instance.unmount();
    endProgram(code);
  });
  const instance = show(app, pulse);
  const mouse = createMouse((text) => stdout.write(text));
  const followMouse = (): void => mouse.turn(store.get().mouse);
  const unfollow = store.subscribe(followMouse);
  followMouse();
  const resize = (): void => {
    // a diff against a frame of another size leaves remains: forget it, and draw the whole
    instance.clear();
    stdout.write(homeAndErase);
    store.set({ columns: stdout.columns, rows: stdout.rows });
  };
  stdout.on('resize', resize);
  // what fails while a frame is made ends up with Ink
  const gone = instance.waitUntilExit().then(
    () => {},
    (error: unknown) => leave({ code: 1, error }),
  );
  const outcome = await left;
  unfollow();
  mouse.end();
  stdout.off('resize', resize);
  pulse.stop();
  await app.close();
  // some terminals that were resized meanwhile leave rows of the last frame behind: leave them an empty one
  instance.rerender(<Text> </Text>);
  instance.unmount();
  await gone;
  stopListening();
  if (outcome.error !== undefined) throw outcome.error;
  return outcome.code;
}
