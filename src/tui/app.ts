/**
 * The screen's hands: holds the session, the store and the past, turns commands into acts, and says what came of them.
 * Keys, the command line and prompts all end here.
 */
import { type Act, Refusal, type Session } from '../core/session.ts';
import { actText } from './act-text.ts';
import type { ChallengeWatch } from './challenge.ts';
import { Choices, type Sources } from './choices.ts';
import { runCommand } from './commands/commands.ts';
import { createTraceIndex, type TraceIndex } from './diagram/trace-index.ts';
import type { Foresight } from './foresight.ts';
import { safe } from './format.ts';
import { type CommandHistory, mostLines } from './history-file.ts';
import { idleInstrument } from './instrument.ts';
import { keyOf } from './keys/binding.ts';
import type { LessonTaker } from './lesson.ts';
import { Played } from './played.ts';
import type { Reopening, Runs } from './runs.ts';
import type { Store, Toast, Ui } from './store.ts';
import { announceBranches } from './travel.ts';
import type { View } from './view.ts';

/** A preset as the picker shows it. */
export interface PresetInfo {
  readonly id: string;
  readonly title: string;
  readonly topic: string;
  readonly summary: string;
  readonly protocol: string;
  readonly path: string;
  /** the lesson's text, and how many steps it has */
  readonly learn?: string;
  readonly steps?: number;
  readonly challenge?: boolean;
}

export interface App {
  readonly store: Store;
  readonly presets: readonly PresetInfo[];
  readonly runs: Runs;
  session(): Session | null;
  /** what is shown; null while there is no session */
  view(): View | null;
  index(): TraceIndex;
  /** null: the scenario brings none */
  lesson(): LessonTaker | null;
  /** null: no challenge is played */
  challenge(): ChallengeWatch | null;
  /** null: it cannot be had here */
  foresight(): Foresight | null;
  /** a command line, as typed; settled when it has been carried out, true: as it was meant */
  run(text: string): Promise<boolean>;
  act(act: Act): void;
  /** keeps a line for the history of the command line, also for later sessions */
  remember(line: string): void;
  /** the run and what was asked of it: lines that follow wait for it */
  wait(work: Promise<unknown>): void;
  say(text: string, tone?: Toast['tone']): void;
  open(target: string, settings?: readonly string[]): void;
  /** a recorded run */
  reopen(file: string, how: Reopening): void;
  /** the scenario from its start, with these settings; null: with those of now */
  again(settings: readonly string[] | null): void;
  /** back to what there is to play */
  choose(): void;
  quit(): void;
}

export interface AppOptions extends Sources {
  readonly store: Store;
  reopen?(file: string, how: Reopening): Promise<Session>;
  /** a preset or the path of a scenario, with settings such as `parameters.acks=true` */
  open(target: string, settings: readonly string[]): Promise<Session>;
  /** what the first session plays */
  readonly target?: string;
  /** or what it shows: a recording's file */
  readonly recording?: string;
  /** what was typed in earlier sessions */
  readonly history?: CommandHistory;
  /** what can still be decided in this run; `changed` is called when more is known */
  foresee?(session: Session, changed: () => void): Foresight;
  /** the person wants to leave */
  leave(): void;
  /** a session is there, and its changes are to be shown; `held`: time is not to pass by itself */
  attached?(app: App, session: Session, held: boolean): void;
}

const explain = (error: unknown): string =>
  safe((error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '');

export interface OpenApp extends App {
  attach(session: Session): void;
  /** ends the recordings */
  close(): Promise<void>;
}

/** Nothing is selected, asked or explained in a run that has just come onto the stage. */
const freshStage: Partial<Ui> = {
  node: 0,
  message: null,
  event: null,
  past: null,
  overlay: null,
  prompt: null,
  instrument: idleInstrument,
};

/** What is played, to be played again: a preset or a scenario's file with its settings, or what a recording holds. */
type Asked = { readonly target: string; readonly settings: readonly string[] } | { readonly recording: string };

const askedFirst = ({ target, recording }: AppOptions): Asked | null =>
  target !== undefined ? { target, settings: [] } : recording !== undefined ? { recording } : null;

export function createApp(options: AppOptions, start: Session | null): OpenApp {
  const { store } = options;
  let played: Played | null = null;
  let asked = askedFirst(options);
  let isClosed = false;
  let busy: Promise<unknown> = Promise.resolve();
  let closing: Promise<void> = Promise.resolve();
  const complain = (error: unknown): void => app.say(explain(error), 'bad');
  const choices = new Choices(options, () => store.set({}), complain);
  const end = (): Promise<void> => {
    if (played !== null) closing = Promise.all([closing, played.close()]).then(() => {}, complain);
    return closing;
  };
  const opening = (next: Promise<Session>, as: Asked | null, held = false): void => {
    store.set({ screen: 'opening', toast: null });
    const opened = next.then(
      (there) => {
        // whoever left in the meantime waits for nothing: its threads would keep the program alive
        if (isClosed) return there.close();
        asked = as;
        app.attach(there, held);
      },
      (error) =>
        store.set({ screen: played === null ? 'picker' : 'stage', toast: { text: explain(error), tone: 'bad' } }),
    );
    app.wait(opened);
  };

  const app = {
    store,
    get presets() {
      return choices.presets;
    },
    get runs() {
      return choices.runs;
    },
    session: () => played?.session ?? null,
    index: () => played?.index() ?? createTraceIndex(),
    view: () => played?.view(store.get()) ?? null,
    lesson: () => played?.lesson ?? null,
    challenge: () => played?.challenge ?? null,
    foresight: () => played?.foresight ?? null,
    async run(text: string) {
      const understood = runCommand(app, text);
      await busy;
      return understood && store.get().toast?.tone !== 'bad';
    },
    act: (act: Act) => app.wait(perform(app, act)),
    remember: (line: string) => remember(options, line),
    wait(work: Promise<unknown>) {
      busy = Promise.allSettled([busy, work]);
    },
    say: (text: string, tone: Toast['tone'] = 'plain') => store.set({ toast: { text, tone } }),
    open: (target: string, settings: readonly string[] = []) =>
      opening(options.open(target, settings), { target, settings }),
    reopen: (file: string, how: Reopening) =>
      opening(reopened(options, file, how), { recording: file }, how === 'resume'),
    again: (settings: readonly string[] | null) => playAgain(app, asked, settings),
    choose() {
      void end();
      played = null;
      choices.renewRuns(closing);
      store.set({ screen: 'picker', overlay: null, prompt: null, toast: null, past: null });
    },
    quit: options.leave,
    close() {
      isClosed = true;
      return end();
    },
    attach(next: Session, held = false) {
      void end();
      played = new Played(next, store.get, played, options.foresee?.(next, () => store.set({})) ?? null);
      announceBranches(app, next);
      store.set({ screen: 'stage', ...freshStage, valence: next.scenario.valence === true });
      options.attached?.(app, next, held);
    },
  };
  if (start !== null) app.attach(start);
  return app;
}

const reopened = ({ reopen }: AppOptions, file: string, how: Reopening): Promise<Session> =>
  reopen?.(file, how) ?? Promise.reject(new Error('this cannot be opened from here'));

function playAgain(app: App, asked: Asked | null, settings: readonly string[] | null): void {
  if (asked === null) app.say('this cannot be started again from here: play it with havoc play', 'bad');
  else if ('target' in asked) app.open(asked.target, settings ?? asked.settings);
  else if (settings === null) app.reopen(asked.recording, 'again');
  else app.say('the settings are those of the recording: again without any plays it from its start', 'bad');
}

/** A line that was typed, for the person to find again. */
function remember({ store, history: file }: AppOptions, line: string): void {
  const { history } = store.get();
  if (line === '' || history.at(-1) === line) return;
  store.set({ history: [...history.slice(1 - mostLines), line] });
  file?.add(line);
}

/** Does it, and says so; or says why it is not possible. */
async function perform(app: App, act: Act): Promise<void> {
  const session = app.session();
  if (session === null) return;
  if (app.store.get().past !== null) {
    app.say(
      `this is the past, which cannot be changed: ${keyOf({ ui: app.store.get() }, 'live')} brings you back to the run`,
      'bad',
    );
    return;
  }
  try {
    const event = await session.act(act);
    const notes = event.notes.map(safe).join(', ');
    app.say(`#${event.index} ${actText(act)}${notes === '' ? '' : `: ${notes}`}`, 'good');
  } catch (error) {
    app.say(error instanceof Refusal ? explain(error) : `${actText(act)} failed: ${explain(error)}`, 'bad');
  }
}
