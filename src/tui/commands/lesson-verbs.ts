/** What leads through a lesson, and from one run to the next. */
import type { App } from '../app.ts';
import { safe } from '../format.ts';
import { keyOf } from '../keys/binding.ts';
import type { LessonTaker } from '../lesson.ts';
import { lessonScroll } from '../panes/lesson.ts';
import type { View } from '../view.ts';
import type { Verb } from './commands.ts';
import type { Option } from './fault-verbs.ts';
import { Mistyped } from './read.ts';

const parts: Readonly<Record<string, { about: string; run(app: App, taker: LessonTaker): void }>> = {
  next: {
    about: 'the answer, then the next step',
    run(app, taker) {
      if (taker.next()) return;
      const { done, steps } = taker.now();
      if (done.length === steps.length) app.say('the lesson is done: lesson restart begins it anew');
      else app.say(`step ${done.length + 1} is not done yet: do what it says, or go past it with :lesson skip`);
    },
  },
  skip: { about: 'past a step that is not done', run: (_, taker) => taker.skip() },
  restart: { about: 'from its first step', run: (_, taker) => taker.restart() },
  off: { about: 'no lesson on the stage', run: (_, taker) => taker.turn(false) },
  on: { about: 'the lesson on the stage again', run: (_, taker) => taker.turn(true) },
};

const lesson: Verb = {
  name: 'lesson',
  usage: 'lesson [next | skip | restart | off | on]',
  about: "the scenario's steps and text; next: the answer, then the next step",
  run(app, view, [word]) {
    if (word === undefined) {
      const { columns, rows } = view.ui;
      app.store.set({ overlay: { kind: 'lesson', scroll: lessonScroll(view, columns - 2, rows - 3) } });
      return;
    }
    const part = Object.hasOwn(parts, word) ? parts[word] : undefined;
    if (part === undefined) throw new Mistyped(`write lesson, or lesson with one of ${Object.keys(parts).join(', ')}`);
    const taker = app.lesson();
    if (taker === null)
      throw new Mistyped(`this scenario has no lesson in steps: ${keyOf(view, 'lesson')} shows its text`);
    if (!taker.now().on && word !== 'on') throw new Mistyped('the lesson is off: lesson on shows it again');
    part.run(app, taker);
    // what the lesson knows is not the store's: have it drawn
    app.store.set({});
  },
  next: (_, words) => (words.length > 0 ? [] : Object.entries(parts).map(([text, { about }]) => ({ text, about }))),
};

/** What `again` can set: the parameters of the protocol, and a few more. */
function settings({ world }: View): Option[] {
  const { parameters } = world.scenario;
  const own = Object.entries(world.protocol.parameters).flatMap(([name, spec]): Option[] => {
    const now = parameters[name];
    if (spec.kind === 'per-node' || typeof now === 'object') return [];
    const other = spec.kind === 'flag' ? String(now !== true) : `${String(now)}${spec.kind === 'duration' ? 'ms' : ''}`;
    return [{ text: `${safe(name)}=${safe(other)}`, about: safe(spec.about ?? 'parameter') }];
  });
  return [...own, { text: 'seed=1', about: 'other latencies' }, { text: 'network.loss=0.1', about: 'lost messages' }];
}

const again: Verb = {
  name: 'again',
  usage: 'again [name=value ...]',
  about: 'the same scenario from its start, with these settings instead of those of now; a lesson goes on',
  run(app, _, words) {
    const wrong = words.find((word) => !/^[^=]+=/.test(word));
    if (wrong !== undefined) throw new Mistyped(`${safe(wrong)} is no setting; write again voteTimeout=2s`);
    app.again(words.length === 0 ? null : words);
  },
  next: (view) => settings(view),
};

const presets: Verb = {
  name: 'presets',
  usage: 'presets',
  about: 'ends this run and goes back to what there is to play',
  run: (app) => app.choose(),
  next: () => [],
};

export const lessonVerbs: readonly Verb[] = [lesson, again, presets];
