/** Moving in time: to a moment of the past, along what stands out in a run, back to the present, and on from the past. */
import { NotRepeatable } from '../core/history.ts';
import { firstAtLeast, type LandmarkKind, landmarkKinds, landmarksOf } from '../core/landmarks.ts';
import { Refusal, type Session } from '../core/session.ts';
import type { TraceEvent } from '../core/world.ts';
import { actText } from './act-text.ts';
import type { App } from './app.ts';
import { counted, safe, shortName, value } from './format.ts';
import { idleInstrument } from './instrument.ts';
import { keyOf } from './keys/binding.ts';
import type { View } from './view.ts';

/** By what `[` and `]` go. */
export const stopKinds = ['any', ...landmarkKinds, 'mark'] as const;
export type StopKind = (typeof stopKinds)[number];

export const stopNames: Readonly<Record<StopKind, string>> = {
  any: 'landmark',
  fault: 'fault',
  decision: 'decision',
  violation: 'violation',
  mark: 'mark',
};

/** A moment to stop at: how many events have happened, and which of them is what one looks for. */
interface Stop {
  readonly count: number;
  readonly event: number | null;
}

/** Shows the world after `count` events; at the present or beyond: the run itself. Time stands still meanwhile. */
export function goTo(app: App, view: View, count: number, event: number | null = null): void {
  const { session } = view;
  const moment = session.history.moment(count);
  const past = moment >= session.world.events ? null : moment;
  try {
    if (past !== null) session.history.at(past);
  } catch (error) {
    if (!(error instanceof NotRepeatable)) throw error;
    app.say(error.message, 'bad');
    return;
  }
  if (past !== null && session.running) session.setRunning(false);
  const words = stopWords(session, moment, event);
  app.store.set({ past, event, toast: words === '' ? null : { text: words, tone: 'plain' } });
}

/** To the moment before or after the one that is shown. */
export function goBy(app: App, view: View, direction: -1 | 1): void {
  const { history } = view.session;
  const { events } = view.world;
  goTo(app, view, direction < 0 ? history.momentBefore(events) : history.moment(events + 1));
}

const kindsOf = (kind: StopKind): readonly Exclude<StopKind, 'any'>[] =>
  kind === 'any' ? [...landmarkKinds, 'mark'] : [kind];

/** The nearest stop of the kind before or after what is shown; null: there is none. */
export function nearestStop(view: View, kind: StopKind, direction: -1 | 1): Stop | null {
  let best: Stop | null = null;
  for (const each of kindsOf(kind)) {
    const stop = each === 'mark' ? nearestMark(view, direction) : nearestLandmark(view, each, direction);
    if (stop !== null && (best === null || (stop.count - best.count) * direction < 0)) best = stop;
  }
  return best;
}

/** At the present what has just happened lies before what is shown, until it is selected. */
const horizon = ({ live, ui, world }: View): number => world.events + (live && ui.event === null ? 1 : 0);

function nearestLandmark(view: View, kind: LandmarkKind, direction: -1 | 1): Stop | null {
  const { history } = view.session;
  const list = history.landmarks.of(kind);
  const stopAt = (place: number): Stop => {
    const event = list[place] as number;
    return { count: history.moment(event + 1), event };
  };
  const { events } = view.world;
  if (direction > 0) {
    const place = firstAtLeast(list, events);
    return place < list.length ? stopAt(place) : null;
  }
  for (let place = firstAtLeast(list, events) - 1; place >= 0; place--) {
    const stop = stopAt(place);
    if (stop.count < horizon(view)) return stop;
  }
  return null;
}

function nearestMark(view: View, direction: -1 | 1): Stop | null {
  const { events } = view.world;
  const counts = view.session.marks
    .map(({ count }) => count)
    .filter((count) => (direction > 0 ? count > events : count < events));
  if (counts.length === 0) return null;
  return { count: direction > 0 ? Math.min(...counts) : Math.max(...counts), event: null };
}

/** Why there is nothing ahead; null: it is the past that is shown. */
export const atPresent = (view: View): string | null =>
  view.live ? `this is the present: ${keyOf(view, 'step')} takes a step` : null;

/** Why there is nowhere to go by this kind; null: there is. */
export function noStop(view: View, kind: StopKind, direction: -1 | 1): string | null {
  if (direction > 0 && view.live) return atPresent(view);
  if (nearestStop(view, kind, direction) !== null) return null;
  const side = direction < 0 ? 'earlier' : 'later';
  return kind === 'any' ? `nothing of note is ${side}` : `there is no ${side} ${stopNames[kind]}`;
}

export function jump(app: App, view: View, kind: StopKind, direction: -1 | 1): void {
  const stop = nearestStop(view, kind, direction);
  if (stop === null) {
    app.say(noStop(view, kind, direction) ?? '', 'bad');
    return;
  }
  goTo(app, view, stop.count, stop.event);
}

/** What happened at the event and what is marked after it, in a few words. */
export function stopWords({ history, marks }: Session, count: number, event: number | null): string {
  const shown = event === null ? undefined : history.event(event);
  const happened = shown === undefined ? [] : landmarkWords(shown);
  const marked = marks.filter((mark) => mark.count === count);
  const what = happened.length === 0 ? [] : [`#${event} ${happened.join(', ')}`];
  return [...what, ...marked.map(({ text }) => (text === '' ? 'marked' : `marked: ${safe(text)}`))].join('; ');
}

function landmarkWords(event: TraceEvent): string[] {
  const { choice, node, effects, violated } = event;
  const who = safe(node ?? '');
  return landmarksOf(event).flatMap((kind) => {
    if (kind === 'violation') return violated.map((name) => `violates ${shortName(name)}`);
    if (kind === 'decision')
      return effects.flatMap((effect) => (effect.type === 'decide' ? [`${who} decides ${value(effect.value)}`] : []));
    if (choice.type === 'fail') return [`${who} failed`];
    const isStep = choice.type === 'start' || choice.type === 'deliver' || choice.type === 'fire';
    return [isStep ? `${who} crashes in the middle of its step` : actText(choice)];
  });
}

/** How many stops of the kind there are so far. */
export const countStops = ({ history, marks }: Session, kind: StopKind): number =>
  kindsOf(kind).reduce((sum, each) => sum + (each === 'mark' ? marks.length : history.landmarks.of(each).length), 0);

/** What the keys that go from stop to stop go by from now on. */
export function chooseStops(app: App, view: View, kind: StopKind): void {
  const count = countStops(view.session, kind);
  const what = kind === 'any' ? 'faults, decisions, violations and marks' : `${stopNames[kind]}s`;
  app.store.set({ stops: kind });
  app.say(
    `${keyOf(view, 'back-to')} and ${keyOf(view, 'forward-to')} go by ${what}: ${count === 0 ? 'none' : count} so far`,
  );
}

/** Why the run cannot go on from what is shown; null: it can. */
export function noBranch(view: View): string | null {
  if (view.session.mode === 'replay')
    return 'this is a recording, which is not changed: play its preset to go on from here';
  return view.live
    ? `this is the present, from which the run goes on anyway: go back first (${keyOf(view, 'back')})`
    : null;
}

/** Makes the moment that is shown the present. */
export async function branchHere(app: App, view: View): Promise<void> {
  const { session, world } = view;
  const left = session.world.events - world.events;
  try {
    await session.branch(world.events);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    app.say(error.message, 'bad');
    return;
  }
  app.store.set({ past: null, event: null, message: null, instrument: idleInstrument });
  const kept = session.recording === null ? '' : ', which the recording keeps';
  app.say(
    `the run goes on from here: ${keyOf(view, 'run')}. It leaves ${counted(left, 'event')} behind${kept}`,
    'good',
  );
}

/** Says so when a replayed run goes back. Nobody else is surprised: they pressed the key. */
export function announceBranches(app: App, session: Session): void {
  if (session.mode !== 'replay') return;
  let known = session.branches.length;
  session.subscribe(() => {
    const { branches } = session;
    const last = branches.at(-1);
    if (branches.length > known && last !== undefined)
      app.say(`branch ${branches.length}: after event ${last.from} the run went back to ${last.to}, and on from there`);
    known = branches.length;
  });
}

/** Marks the moment that is shown. */
export function markHere(app: App, view: View, words: string): void {
  const { session, world, live } = view;
  try {
    session.mark(world.events, words);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    app.say(error.message, 'bad');
    return;
  }
  const kept = session.recording === null ? '' : ' in the recording';
  app.say(
    `${live ? 'this moment' : `the moment after ${counted(world.events, 'event')}`} is marked${kept}: ${keyOf(view, 'marks')} lists the marks`,
    'good',
  );
}
