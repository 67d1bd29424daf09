/** What is not done to the run but with it: running, speed, what is shown. */
import type { App } from '../app.ts';
import { past } from '../keys/binding.ts';
import type { View } from '../view.ts';
import type { Verb } from './commands.ts';
import { Mistyped, readNode } from './read.ts';

const speedSteps = [0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 64];

/** The next speed up (1) or down (-1) from the one now. */
export function nextSpeed(now: number, direction: 1 | -1): number {
  const known = direction === 1 ? speedSteps.find((step) => step > now) : speedSteps.findLast((step) => step < now);
  return known ?? (direction === 1 ? Number.POSITIVE_INFINITY : (speedSteps[0] as number));
}

const simple = (name: string, about: string, run: (app: App, view: View) => void): Verb => ({
  name,
  usage: name,
  about,
  run: (app, view) => run(app, view),
  next: () => [],
});

function setSpeed(app: App, view: View, word: string | undefined): void {
  const speed = word === 'max' ? Number.POSITIVE_INFINITY : Number((word ?? '').replace(/x$/, ''));
  if (!(speed > 0)) throw new Mistyped('write speed 4, speed 0.5 or speed max');
  view.session.setSpeed(speed);
  app.say(speed === Number.POSITIVE_INFINITY ? 'as fast as possible' : `speed ${speed}x`);
}

/** Why no event comes next; null: one does. */
export function nothingLeft({ session }: View): string | null {
  if (session.quiet) return 'nothing is left to happen: no message on its way, no timer running';
  return session.ended === true ? 'the recording ends here' : null;
}

async function stepOnce(app: App, view: View): Promise<void> {
  if (!(await view.session.step())) app.say(nothingLeft(view) ?? 'no event came next');
}

export const screenVerbs: readonly Verb[] = [
  simple('run', 'lets time pass', (app, view) => {
    app.store.set({ past: null });
    view.session.setRunning(true);
  }),
  simple('stop', 'holds time', (app, { session }) => {
    session.setRunning(false);
    if (session.quiet) app.say('time is held: what you set off next waits');
  }),
  simple('step', 'one event', (app, view) => {
    const why = past(view);
    if (why !== null) throw new Mistyped(why);
    view.session.setRunning(false);
    app.wait(stepOnce(app, view));
  }),
  {
    name: 'speed',
    usage: 'speed 4 | speed max',
    about: 'virtual time for wall time; max: as fast as possible',
    run: (app, view, [word]) => setSpeed(app, view, word),
    next: (_, words) =>
      words.length > 0 ? [] : ['0.25', '1', '4', '16', 'max'].map((text) => ({ text, about: 'times' })),
  },
  {
    name: 'select',
    usage: 'select NODE',
    about: 'selects a node',
    run: (app, { world }, [word]) =>
      app.store.set({ node: world.indexOf.get(readNode(world, word)) ?? 0, focus: 'nodes' }),
    next: ({ world }, words) => (words.length > 0 ? [] : world.ids.map((text) => ({ text, about: 'node' }))),
  },
  {
    name: 'note',
    usage: 'note WORDS',
    about: 'a remark that the recording keeps',
    run(app, view, words) {
      if (words.length === 0) throw new Mistyped('write what to remember: note here it blocks');
      view.session.note(words.join(' '));
      app.say(
        view.session.recording === null ? 'noted, but this run is not recorded' : 'noted in the recording',
        'good',
      );
    },
    next: () => [],
  },
  simple('help', 'all keys and commands', (app) => app.store.set({ overlay: { kind: 'help', scroll: 0 } })),
  simple('quit', 'ends the recording and leaves', (app) => app.quit()),
];
