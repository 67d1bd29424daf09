/** What moves the moment that is shown: back and forth, to a place, to the present, and on from the past. */

import { landmarkKinds } from '../../core/landmarks.ts';
import type { Session } from '../../core/session.ts';
import type { App } from '../app.ts';
import { clock, counted, safe } from '../format.ts';
import { keyOf } from '../keys/binding.ts';
import { pickOne } from '../prompts.ts';
import {
  branchHere,
  chooseStops,
  countStops,
  goBy,
  goTo,
  jump,
  markHere,
  noBranch,
  type StopKind,
  stopKinds,
  stopNames,
  stopWords,
} from '../travel.ts';
import type { View } from '../view.ts';
import type { Verb } from './commands.ts';
import type { Option } from './fault-verbs.ts';
import { durationIn, Mistyped } from './read.ts';

const offeredMax = 40;
const kindOptions: readonly Option[] = stopKinds.map((text) => ({ text, about: `by ${stopNames[text]}` }));

function readKind(word: string): StopKind {
  const kind = stopKinds.find((name) => name === word.replace(/s$/, '')) ?? null;
  if (kind === null) throw new Mistyped(`${safe(word)} is none of ${stopKinds.join(', ')}`);
  return kind;
}

const move = (name: string, direction: -1 | 1, about: string): Verb => ({
  name,
  usage: `${name} [fault | decision | violation | mark | any]`,
  about,
  run(app, view, [word]) {
    if (word === undefined || word === 'event') goBy(app, view, direction);
    else jump(app, view, readKind(word), direction);
  },
  next: (_, words) => (words.length > 0 ? [] : [{ text: 'event', about: 'by one event' }, ...kindOptions]),
});

/** The latest landmarks and all marks, as places to go to, ascending. */
function places(session: Session): Option[] {
  const { history, marks } = session;
  const events = [...new Set(landmarkKinds.flatMap((kind) => history.landmarks.of(kind).slice(-offeredMax)))];
  const stops = [
    ...events
      .sort((a, b) => a - b)
      .slice(-offeredMax)
      .map((event) => ({ count: history.moment(event + 1), event })),
    ...marks.map(({ count }) => ({ count, event: null })),
  ].sort((a, b) => a.count - b.count);
  return stops.map(({ count, event }) => ({ text: String(count), about: stopWords(session, count, event) }));
}

function chooseMark(app: App, view: View): void {
  const { marks, history } = view.session;
  if (marks.length === 0)
    throw new Mistyped(`nothing is marked yet: ${keyOf(view, 'mark')} marks the moment that is shown`);
  const options = marks.map(({ count, text }, i) => {
    const atMs = count === 0 ? 0 : (history.event(count - 1)?.atMs ?? 0);
    return { text: `mark ${i + 1}`, about: `after ${counted(count, 'event')}, ${clock(atMs)}  ${safe(text)}` };
  });
  pickOne(app, 'go to which mark?', options, (picked) => {
    const mark = marks[options.findIndex(({ text }) => text === picked)];
    if (mark !== undefined) app.run(`goto ${mark.count}`);
  });
}

function askForStops(app: App, view: View): void {
  const options = stopKinds.map((text) => ({ text, about: `${countStops(view.session, text)} so far` }));
  pickOne(app, `what do ${keyOf(view, 'back-to')} and ${keyOf(view, 'forward-to')} go by?`, options, (picked) =>
    app.run(`stops ${picked}`),
  );
}

function readCount({ session }: View, word: string): number {
  const { events } = session.world;
  if (Number(word) > events)
    throw new Mistyped(`only ${counted(events, 'event')} ${events === 1 ? 'has' : 'have'} happened so far`);
  return Number(word);
}

export const timeVerbs: readonly Verb[] = [
  move('rewind', -1, 'back by one event, or to the fault, decision, violation or mark before'),
  move('forward', 1, 'towards the present by one event, or to the next fault, decision, violation or mark'),
  {
    name: 'goto',
    usage: 'goto 31 | goto 1.2s',
    about: 'shows the past, after so many events or at that time; the run stays as it is',
    run(app, view, [word = '']) {
      const ms = durationIn(word);
      if (ms !== null) goTo(app, view, view.session.history.momentAt(ms));
      else if (/^\d+$/.test(word)) goTo(app, view, readCount(view, word));
      else throw new Mistyped('write goto 31, the number of events, or a time: goto 1.2s');
    },
    next: ({ session }, words) => (words.length > 0 ? [] : places(session)),
  },
  {
    name: 'live',
    usage: 'live',
    about: 'back from the past',
    run: (app, view) => goTo(app, view, Number.POSITIVE_INFINITY),
    next: () => [],
  },
  {
    name: 'branch',
    usage: 'branch',
    about: 'the run goes on from the moment that is shown; what came after it stays in the recording only',
    run(app, view) {
      const why = noBranch(view);
      if (why !== null) throw new Mistyped(why);
      app.wait(branchHere(app, view));
    },
    next: () => [],
  },
  {
    name: 'stops',
    usage: 'stops [fault | decision | violation | mark | any]',
    about: 'by what one goes back and forth: the landmarks',
    run(app, view, [word]) {
      if (word === undefined) askForStops(app, view);
      else chooseStops(app, view, readKind(word));
    },
    next: (_, words) => (words.length > 0 ? [] : kindOptions),
  },
  {
    name: 'mark',
    usage: 'mark [WORDS]',
    about: 'marks the moment that is shown, to be found again',
    run: (app, view, words) => markHere(app, view, words.join(' ')),
    next: () => [],
  },
  { name: 'marks', usage: 'marks', about: 'the marked moments, to go to', run: chooseMark, next: () => [] },
];
