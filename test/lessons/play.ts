/** Takes a lesson as its reader does: the keys and commands between backquotes in a step are pressed, one after the other. */
import { setImmediate as breath } from 'node:timers/promises';
import { SlicedForesight } from '../../src/cli/foresight.ts';
import type { Session } from '../../src/core/session.ts';
import { openLocalSession } from '../../src/live/local-session.ts';
import type { PacedSession } from '../../src/live/paced-session.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { createApp } from '../../src/tui/app.ts';
import { frameOf } from '../../src/tui/frame.ts';
import { press } from '../../src/tui/input.ts';
import { createStore, initialUi } from '../../src/tui/store.ts';
import { plain } from '../../src/tui/text.ts';

const named: Readonly<Record<string, string>> = {
  Enter: 'enter',
  Esc: 'escape',
  Tab: 'tab',
  Home: 'home',
  End: 'end',
  '←': 'left',
  '→': 'right',
  '↑': 'up',
  '↓': 'down',
};

/** What a step says to press: `1`, `space`, `:crash P1`. */
export const keysIn = (words: string): string[] =>
  [...words.matchAll(/`([^`]+)`/g)].flatMap(([, text = '']) =>
    text.startsWith(':') ? text.split('').map((key) => (key === ' ' ? 'space' : key)) : [named[text] ?? text],
  );

export async function takeLesson(preset: string, columns = 80, rows = 24, seed?: number) {
  const open = async (target: string, settings: readonly string[]): Promise<PacedSession> => {
    const { scenario, protocol } = await loadScenario(target, { overrides: [...settings], seed });
    return openLocalSession({ scenario, protocol, paused: true, speed: Number.POSITIVE_INFINITY });
  };
  const store = createStore(initialUi('stage', columns, rows));
  const foresee = (session: Session, changed: () => void) => new SlicedForesight(session, changed);
  const options = { store, presets: () => [], open, target: preset, foresee, leave() {} };
  const app = createApp(options, await open(preset, []));
  const rest = async (): Promise<void> => {
    do await breath();
    while (store.get().screen === 'opening' || app.session()?.running || app.foresight()?.keeping != null);
    await breath();
  };
  return {
    app,
    lines: (): string[] => frameOf(app).map(plain),
    /** as a pair: what is done, and whether a question is open */
    lesson: () => {
      const taker = app.lesson();
      if (taker === null) throw new Error(`${preset} has no lesson in steps`);
      return taker.now();
    },
    async press(...keys: readonly string[]): Promise<void> {
      for (const key of keys) {
        press(app, key);
        await rest();
      }
    },
  };
}
