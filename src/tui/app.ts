/**
 * The screen's hands: holds the session, the store and the past, turns commands into acts, and says what came of them.
 * Keys, the command line and prompts all end here.
 */
import { type Json, sameJson } from '../core/json.ts';
import { type Act, Refusal, type Session } from '../core/session.ts';
import { actText } from './act-text.ts';
import { runCommand } from './commands/commands.ts';
import { createTraceIndex, extendIndex, type TraceIndex } from './diagram/trace-index.ts';
import { safe } from './format.ts';
import { type CommandHistory, mostLines } from './history-file.ts';
import { idleInstrument } from './instrument.ts';
import { LessonTaker } from './lesson.ts';
import { noRuns, type Reopening, type Runs } from './runs.ts';
import type { Store, Toast } from './store.ts';
import { announceBranches } from './travel.ts';
import { type View, viewOf } from './view.ts';

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

export interface AppOptions {
  readonly store: Store;
  presets(): readonly PresetInfo[] | Promise<readonly PresetInfo[]>;
  runs?(): Runs;
  reopen?(file: string, how: Reopening): Promise<Session>;
  /** a preset or the path of a scenario, with settings such as `parameters.acks=true` */
  open(target: string, settings: readonly string[]): Promise<Session>;
  /** what the first session plays */
  readonly target?: string;
  /** what was typed in earlier sessions */
  readonly history?: CommandHistory;
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

export function createApp(options: AppOptions, start: Session | null): OpenApp {
  const { store } = options;
  let session: Session | null = null;
  let presets: readonly PresetInfo[] | null = null;
  let runs: Runs | null = null;
  let index = createTraceIndex();
  let branches: Session['branches'] = [];
  let lesson: LessonTaker | null = null;
  let target = options.target ?? null;
  let settings: readonly string[] = [];
  let busy: Promise<unknown> = Promise.resolve();
  let closing: Promise<unknown> = Promise.resolve();

  const end = (ended: Session): void => {
    closing = Promise.all([closing, ended.close()]).catch((error) => app.say(explain(error), 'bad'));
  };
  const opening = (next: Promise<Session>, held = false): void => {
    store.set({ screen: 'opening', toast: null });
    const opened = next.then(
      (there) => app.attach(there, held),
      (error) =>
        store.set({ screen: session === null ? 'picker' : 'stage', toast: { text: explain(error), tone: 'bad' } }),
    );
    app.wait(opened);
  };

  const app = {
    store,
    get presets() {
      if (presets !== null) return presets;
      const found = options.presets();
      presets = found instanceof Promise ? [] : found;
      if (found instanceof Promise)
        found.then(
          (later) => {
            presets = later;
            store.set({});
          },
          (error) => app.say(explain(error), 'bad'),
        );
      return presets;
    },
    get runs() {
      runs ??= options.runs?.() ?? noRuns;
      return runs;
    },
    session: () => session,
    index() {
      if (session === null) return index;
      // a branch left events behind that the index has taken in
      if (session.branches !== branches) index = createTraceIndex(session.world.indexOf);
      branches = session.branches;
      return extendIndex(index, session.trace);
    },
    view: () => (session === null ? null : viewOf(session, store.get(), lesson?.now() ?? null)),
    lesson: () => lesson,
    async run(text: string) {
      const understood = runCommand(app, text);
      await busy;
      return understood && store.get().toast?.tone !== 'bad';
    },
    act: (act: Act) => app.wait(perform(app, act)),
    remember(line: string) {
      const { history } = store.get();
      if (line === '' || history.at(-1) === line) return;
      store.set({ history: [...history.slice(1 - mostLines), line] });
      options.history?.add(line);
    },
    wait(work: Promise<unknown>) {
      busy = Promise.allSettled([busy, work]);
    },
    say: (text: string, tone: Toast['tone'] = 'plain') => store.set({ toast: { text, tone } }),
    open(what: string, changed: readonly string[] = []) {
      opening(
        options.open(what, changed).then((opened) => {
          target = what;
          settings = changed;
          return opened;
        }),
      );
    },
    reopen(file: string, how: Reopening) {
      target = null;
      if (options.reopen === undefined) app.say('this cannot be opened from here', 'bad');
      else opening(options.reopen(file, how), how === 'resume');
    },
    again(changed: readonly string[] | null) {
      if (target === null) app.say('this cannot be started again from here: play it with havoc play', 'bad');
      else app.open(target, changed ?? settings);
    },
    choose() {
      if (session !== null) end(session);
      session = null;
      lesson = null;
      runs = noRuns;
      // what has just been played is in the list once its recording is whole
      closing.then(() => {
        runs = null;
        store.set({});
      });
      store.set({ screen: 'picker', overlay: null, prompt: null, toast: null, past: null });
    },
    quit: options.leave,
    async close() {
      if (session !== null) end(session);
      await closing;
    },
    attach(next: Session, held = false) {
      const steps = next.scenario.lesson ?? [];
      const goesOn =
        lesson !== null &&
        session?.scenario.name === next.scenario.name &&
        sameJson(steps as unknown as Json, lesson.steps as unknown as Json);
      lesson = steps.length === 0 ? null : new LessonTaker(steps, next, store.get, goesOn ? lesson : null);
      if (session !== null) end(session);
      session = next;
      index = createTraceIndex(next.world.indexOf);
      branches = next.branches;
      announceBranches(app, next);
      store.set({
        screen: 'stage',
        node: 0,
        message: null,
        event: null,
        past: null,
        overlay: null,
        prompt: null,
        instrument: idleInstrument,
      });
      options.attached?.(app, next, held);
    },
  };
  if (start !== null) app.attach(start);
  return app;
}

/** Does it, and says so; or says why it is not possible. */
async function perform(app: App, act: Act): Promise<void> {
  const session = app.session();
  if (session === null) return;
  if (app.store.get().past !== null) {
    app.say('this is the past, which cannot be changed: End brings you back to the run', 'bad');
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
