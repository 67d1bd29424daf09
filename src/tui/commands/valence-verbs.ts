/** What can still be decided, by name: shown or not, and kept open by an adversary. */
import type { App } from '../app.ts';
import type { Foresight, Kept } from '../foresight.ts';
import { counted, safe } from '../format.ts';
import type { View } from '../view.ts';
import type { Verb } from './commands.ts';
import { Mistyped } from './read.ts';

/** as many as an adversary chooses when nobody says how many */
const usualEvents = 1000;

function foresightOf(app: App): Foresight {
  const foresight = app.foresight();
  if (foresight === null) throw new Mistyped('valences are not worked out here');
  if (foresight.trouble !== null) throw new Mistyped(safe(foresight.trouble));
  return foresight;
}

async function keep(app: App, foresight: Foresight, events: number): Promise<void> {
  try {
    say(app, await foresight.keep(events));
  } catch (error) {
    app.say(safe(error instanceof Error ? error.message : String(error)), 'bad');
  }
}

function say(app: App, { events, why, longestWait }: Kept): void {
  const ended = why === null ? '' : `, then ${safe(why)}`;
  app.say(
    `kept bivalent for ${counted(events, 'event')}${ended}; a message let ${longestWait} younger ones pass at most`,
  );
}

function keepOrStop(app: App, view: View, word: string | undefined): void {
  if (word !== undefined && !/^[1-9]\d{0,5}$/.test(word)) throw new Mistyped('write for how many events: bivalent 50');
  if (!view.live) throw new Mistyped('this is the past, which cannot be changed');
  if (view.session.hasten === undefined) throw new Mistyped('this is a recording, which is not changed');
  const foresight = foresightOf(app);
  app.store.set({ valence: true });
  if (foresight.keeping !== null) foresight.stop();
  // nobody waits for its end: keys are to stop it
  else void keep(app, foresight, word === undefined ? usualEvents : Number(word));
}

export const valenceVerbs: readonly Verb[] = [
  {
    name: 'valence',
    usage: 'valence [on | off]',
    about: 'what can still be decided: now, and after the arrival of each message',
    run(app, { ui }, [word = ui.valence ? 'off' : 'on']) {
      if (word !== 'on' && word !== 'off') throw new Mistyped('write valence on or valence off');
      foresightOf(app);
      app.store.set({ valence: word === 'on' });
    },
    next: (_, words) => (words.length > 0 ? [] : ['on', 'off'].map((text) => ({ text, about: 'shown or not' }))),
  },
  {
    name: 'bivalent',
    usage: 'bivalent [EVENTS]',
    about: 'an adversary orders the messages so that two decisions stay possible; again: no longer',
    run: (app, view, [word]) => keepOrStop(app, view, word),
    next: () => [],
  },
];
