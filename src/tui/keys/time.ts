/** Keys that move time: the run's, and the moment that is shown. */
import { goTo, nextSpeed } from '../commands/screen-verbs.ts';
import { type Binding, past } from './binding.ts';

const speedWord = (speed: number): string => (Number.isFinite(speed) ? String(speed) : 'max');

export const timeKeys: readonly Binding[] = [
  {
    keys: ['space'],
    shown: 'space',
    command: 'run / stop',
    about: 'lets time pass, or holds it',
    topic: 'time',
    footer: 'run/stop',
    rank: 1,
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
    whyNot: (view) =>
      past(view) ?? (view.session.quiet ? 'nothing is left to happen: no message on its way, no timer running' : null),
    run: (app) => app.run('step'),
  },
  {
    keys: [',', 'left'],
    shown: '← ,',
    command: 'goto EVENT',
    about: 'one event back into the past',
    topic: 'time',
    footer: 'rewind',
    rank: 8,
    whyNot: ({ world }) => (world.events === 0 ? 'nothing has happened before this' : null),
    run: (app, view) => goTo(app, view, view.world.events - 1),
  },
  {
    keys: ['right'],
    shown: '→',
    command: 'goto EVENT',
    about: 'one event forward, towards the present',
    topic: 'time',
    whyNot: ({ live }) => (live ? 'this is the present: . takes a step' : null),
    run: (app, view) => goTo(app, view, view.world.events + 1),
  },
  {
    keys: ['home'],
    shown: 'Home',
    command: 'goto 0',
    about: 'the start',
    topic: 'time',
    run: (app) => app.run('goto 0'),
  },
  {
    keys: ['end'],
    shown: 'End',
    command: 'live',
    about: 'the present, and follow it',
    topic: 'time',
    run: (app) => app.run('live'),
  },
  {
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
