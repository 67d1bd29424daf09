/**
 * The screen's hands: holds the session, the store and the past, turns commands into acts, and says what came of them.
 * Keys, the command line and prompts all end here.
 */
import { type Act, Refusal, type Session } from '../core/session.ts';
import { actText } from './act-text.ts';
import { runCommand } from './commands/commands.ts';
import { createTraceIndex, extendIndex, type TraceIndex } from './diagram/trace-index.ts';
import { safe } from './format.ts';
import type { Store, Toast } from './store.ts';
import { createTimeline, type Timeline } from './timeline.ts';
import { type View, viewOf } from './view.ts';

/** A preset as the picker shows it. */
export interface PresetInfo {
  readonly id: string;
  readonly title: string;
  readonly topic: string;
  readonly summary: string;
  readonly protocol: string;
  readonly path: string;
}

export interface App {
  readonly store: Store;
  readonly presets: readonly PresetInfo[];
  session(): Session | null;
  /** what is shown; null while there is no session */
  view(): View | null;
  index(): TraceIndex;
  /** a command line, as typed */
  run(text: string): void;
  act(act: Act): void;
  say(text: string, tone?: Toast['tone']): void;
  open(id: string): void;
  quit(): void;
}

export interface AppOptions {
  readonly store: Store;
  presets(): readonly PresetInfo[];
  open(id: string): Promise<Session>;
  /** the person wants to leave */
  leave(): void;
  /** a session is there, and its changes are to be shown */
  attached?(session: Session): void;
}

const explain = (error: unknown): string =>
  safe((error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '');

export function createApp(options: AppOptions, start: Session | null): App & { attach(session: Session): void } {
  const { store } = options;
  let session: Session | null = null;
  let presets: readonly PresetInfo[] | null = null;
  let timeline: Timeline | null = null;
  let index = createTraceIndex();

  const app = {
    store,
    get presets() {
      presets ??= options.presets();
      return presets;
    },
    session: () => session,
    index: () => (session === null ? index : extendIndex(index, session.trace)),
    view: () => (session === null || timeline === null ? null : viewOf(session, store.get(), timeline.at)),
    run: (text: string) => runCommand(app, text),
    act(act: Act) {
      void perform(app, act);
    },
    say: (text: string, tone: Toast['tone'] = 'plain') => store.set({ toast: { text, tone } }),
    open(id: string) {
      store.set({ screen: 'opening', toast: null });
      options.open(id).then(
        (opened) => app.attach(opened),
        (error) => store.set({ screen: 'picker', toast: { text: explain(error), tone: 'bad' } }),
      );
    },
    quit: options.leave,
    attach(next: Session) {
      session = next;
      index = createTraceIndex();
      timeline = createTimeline(next.scenario, next.world.protocol, () => next.trace);
      store.set({ screen: 'stage', node: 0, message: null, event: null, past: null, overlay: null, prompt: null });
      options.attached?.(next);
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
