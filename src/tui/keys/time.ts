/** Keys that let the run's time pass, and how fast. */
import { nextSpeed, nothingLeft } from '../commands/screen-verbs.ts';
import { type Binding, past } from './binding.ts';

const speedWord = (speed: number): string => (Number.isFinite(speed) ? String(speed) : 'max');

export const timeKeys: readonly Binding[] = [
  {
    name: 'run',
    keys: ['space'],
    shown: 'space',
    command: 'run / stop',
    about: 'lets time pass, or holds it',
    topic: 'time',
    footer: ({ session, live }) => (live && session.running ? 'stop' : 'run'),
    rank: 1,
    whyNot: (view) => (view.live && !view.session.running ? nothingLeft(view) : null),
    run: (app, { session }) => app.run(session.running ? 'stop' : 'run'),
  },
  {
    keys: ['.'],
    shown: '.',
    command: 'step',
    about: 'one event',
    topic: 'time',
    footer: 'step',
    rank: 2,
    whyNot: (view) => past(view) ?? nothingLeft(view),
    run: (app) => app.run('step'),
  },
  {
    name: 'faster',
    keys: ['+', '='],
    shown: '+',
    command: 'speed X',
    about: 'faster',
    topic: 'time',
    footer: 'faster',
    rank: 14,
    run: (app, { session }) => app.run(`speed ${speedWord(nextSpeed(session.speed, 1))}`),
  },
  {
    name: 'slower',
    keys: ['-'],
    shown: '-',
    command: 'speed X',
    about: 'slower',
    topic: 'time',
    run: (app, { session }) => app.run(`speed ${speedWord(nextSpeed(session.speed, -1))}`),
  },
  {
    keys: ['0'],
    shown: '0',
    command: 'speed max',
    about: 'as fast as possible',
    topic: 'time',
    run: (app) => app.run('speed max'),
  },
];
