/** Keys that look at the past, and go on from there. */
import * as ask from '../prompts.ts';
import { atPresent, countStops, goBy, jump, noBranch, noStop, stopNames } from '../travel.ts';
import type { View } from '../view.ts';
import { type Binding, keyOf } from './binding.ts';

/** In the past, what moves in it comes first. */
const inPast =
  (past: number, present: number) =>
  ({ live }: View): number =>
    live ? present : past;

export const travelKeys: readonly Binding[] = [
  {
    keys: ['b'],
    shown: 'b',
    command: 'branch',
    about: 'goes on from the past that is shown; the recording keeps what came after it',
    topic: 'time',
    footer: 'branch',
    rank: 1,
    whyNot: noBranch,
    run: (app) => app.run('branch'),
  },
  {
    keys: ['end'],
    shown: 'End',
    command: 'live',
    about: 'the present, and follow it',
    topic: 'time',
    footer: 'present',
    rank: 1,
    whyNot: ({ live, ui }) => (live && ui.event === null ? 'this is the present' : null),
    run: (app) => app.run('live'),
  },
  {
    name: 'back',
    keys: [',', 'left'],
    shown: '← ,',
    command: 'rewind',
    about: 'one event back into the past',
    topic: 'time',
    footer: 'rewind',
    rank: inPast(2, 8),
    whyNot: ({ world }) => (world.events === 0 ? 'nothing has happened before this' : null),
    run: (app, view) => goBy(app, view, -1),
  },
  {
    name: 'forward',
    keys: ['right'],
    shown: '→',
    command: 'forward',
    about: 'one event forward, towards the present',
    topic: 'time',
    footer: 'forward',
    rank: 2,
    whyNot: atPresent,
    run: (app, view) => goBy(app, view, 1),
  },
  {
    name: 'back-to',
    keys: ['[', '{'],
    shown: '[',
    command: 'rewind KIND',
    about: 'back to the fault, decision, violation or mark before',
    topic: 'time',
    footer: ({ ui }) => `last ${stopNames[ui.stops]}`,
    rank: inPast(3, 9),
    whyNot: (view) => noStop(view, view.ui.stops, -1),
    run: (app, view) => jump(app, view, view.ui.stops, -1),
  },
  {
    name: 'forward-to',
    keys: [']', '}'],
    shown: ']',
    command: 'forward KIND',
    about: 'forward to the next such event or mark',
    topic: 'time',
    footer: ({ ui }) => `next ${stopNames[ui.stops]}`,
    rank: 3,
    whyNot: (view) => noStop(view, view.ui.stops, 1),
    run: (app, view) => jump(app, view, view.ui.stops, 1),
  },
  {
    name: 'stops',
    keys: ['K'],
    shown: 'K',
    command: 'stops KIND',
    about: 'by what those two go: faults, decisions, violations, marks, or all of them',
    topic: 'time',
    footer: 'by what',
    rank: 10,
    whyNot: ({ session }) => (countStops(session, 'any') === 0 ? 'nothing of note has happened yet' : null),
    run: (app) => app.run('stops'),
  },
  {
    name: 'start',
    keys: ['home'],
    shown: 'Home',
    command: 'goto 0',
    about: 'the start',
    topic: 'time',
    run: (app) => app.run('goto 0'),
  },
  {
    keys: ['m'],
    shown: 'm',
    command: 'mark WORDS',
    about: 'marks the moment that is shown, with a note: the recording keeps it',
    topic: 'time',
    footer: 'mark',
    rank: 12,
    whyNot: ({ session }) =>
      session.mode === 'replay' ? 'this is a recording: its moments were marked while it was live' : null,
    run: (app) => ask.typed(app, 'mark '),
  },
  {
    keys: ['M'],
    shown: 'M',
    command: 'marks',
    about: 'the marked moments, to go to',
    topic: 'time',
    footer: 'marks',
    rank: 12,
    whyNot: (view) =>
      view.session.marks.length === 0 ? `nothing is marked yet: ${keyOf(view, 'mark')} marks this moment` : null,
    run: (app) => app.run('marks'),
  },
];
