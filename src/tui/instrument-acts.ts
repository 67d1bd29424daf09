/** What is done with the diagram: selecting, comparing, cutting, asking why, showing less of it. Keys and commands both end here. */
import { type Cut, examineCut, moveCut, nearestConsistentCut, straightCut } from '../core/cuts.ts';
import type { App } from './app.ts';
import { type Filter, isEmpty } from './diagram/filter.ts';
import { placeOf } from './diagram/scene.ts';
import { safe, shortName } from './format.ts';
import type { Instrument, Question } from './instrument.ts';
import { geometryFor, shownEvents } from './panes/diagram.ts';
import { explanationOf, questionsOf } from './panes/findings.ts';
import type { View } from './view.ts';

export function setInstrument(app: App, change: Partial<Instrument>): void {
  app.store.set({ instrument: { ...app.store.get().instrument, ...change } });
}

/** Selects the event so many further on among those shown; below the last one nothing: the diagram follows the run. */
export function moveEvent(app: App, view: View, by: number): void {
  const { ui, trace } = view;
  const shown = shownEvents(view, app.index());
  const count = shown === null ? trace.length : placeOf(shown, trace.length - 1) + 1;
  if (count === 0) return;
  const at = ui.event === null ? count : shown === null ? ui.event : placeOf(shown, ui.event);
  const wish = at + by;
  if (wish >= count) app.store.set({ event: null });
  else app.store.set({ event: shown === null ? Math.max(0, wish) : (shown[Math.max(0, wish)] as number) });
}

export function selectEvent(app: App, view: View, index: number): void {
  if (index >= view.trace.length)
    app.say(
      `there is no event ${index}${view.live ? ' yet' : ' before this moment'}: the last is ${view.trace.length - 1}`,
      'bad',
    );
  else app.store.set({ event: index, focus: 'diagram' });
}

/** The event that keys mean: the selected one, or the last. */
export const eventMeant = ({ ui, trace }: View): number => Math.min(ui.event ?? trace.length - 1, trace.length - 1);

export function toggleMark(app: App, view: View): void {
  const event = eventMeant(view);
  const { mark } = view.ui.instrument;
  if (mark === event) {
    setInstrument(app, { mark: null });
    return;
  }
  setInstrument(app, { mark: event });
  app.store.set({ event, focus: 'diagram' });
  app.say(`A is #${event}: select another event, and the two are compared`);
}

/** Draws a straight cut just after the event meant, or takes the cut away. */
export function toggleCut(app: App, view: View): void {
  if (view.ui.instrument.cut !== null) setInstrument(app, { cut: null });
  else drawCut(app, view, eventMeant(view) + 1);
}

export function drawCut(app: App, view: View, events: number): void {
  const place = Math.max(0, Math.min(events, view.trace.length));
  setInstrument(app, { cut: straightCut(view.world.nodes.length, place) });
  app.store.set({ event: place === 0 ? null : place - 1, focus: 'diagram' });
}

/** Moves the cut of one node over its next event, or its last one. */
export function shiftCut(app: App, view: View, node: number, by: 1 | -1): void {
  const { cut } = view.ui.instrument;
  if (cut === null) return;
  const id = view.world.ids[node] as string;
  const moved = moveCut(view.trace, cut, node, id, by);
  if (moved === cut) {
    app.say(`${safe(id)} has no event ${by === 1 ? 'below' : 'above'} the cut`, 'bad');
    return;
  }
  setInstrument(app, { cut: moved });
  const at = moved[node] as number;
  app.store.set({ event: by === 1 ? at - 1 : at, toast: null });
}

/** Puts the cut of one node just after its events up to this one. */
export function placeCut(app: App, view: View, node: number, event: number): void {
  const place = Math.max(0, Math.min(event + 1, view.trace.length));
  const cut = view.ui.instrument.cut ?? straightCut(view.world.nodes.length, view.trace.length);
  setInstrument(app, { cut: cut.map((at, i) => (i === node ? place : at)) });
}

export function mendCut(app: App, view: View): void {
  const { cut } = view.ui.instrument;
  if (cut === null) return;
  const { causality } = app.index();
  if (examineCut(causality, view.trace, cut).offences.length === 0) {
    app.say('the cut is consistent already', 'good');
    return;
  }
  const mended = nearestConsistentCut(causality, view.trace, cut);
  setInstrument(app, { cut: mended });
  app.say(`the nearest consistent cut: ${changesText(view, cut, mended)}`, 'good');
}

/** `C takes in #4, P1 leaves out 7 events` */
function changesText({ world, trace }: View, before: Cut, after: Cut): string {
  const own = new Map<string, number[]>(world.ids.map((id) => [id, []]));
  for (let i = Math.min(...before, ...after); i < Math.min(trace.length, Math.max(...before, ...after)); i++) {
    const id = trace[i]?.node ?? null;
    const node = id === null ? -1 : (world.indexOf.get(id) as number);
    if (id !== null && i < (before[node] as number) !== i < (after[node] as number)) own.get(id)?.push(i);
  }
  const parts = world.ids.flatMap((id, node) => {
    const events = own.get(id) as number[];
    if (events.length === 0) return [];
    const way = (after[node] as number) > (before[node] as number) ? 'takes in' : 'leaves out';
    const which = events.length > 3 ? `${events.length} events` : events.map((index) => `#${index}`).join(' ');
    return [`${safe(id)} ${way} ${which}`];
  });
  return parts.join(', ');
}

const sameQuestion = (a: Question, b: Question): boolean =>
  a.kind === 'property' ? b.kind === 'property' && a.name === b.name : b.kind === 'blocked' && a.node === b.node;

export function ask(app: App, question: Question): void {
  setInstrument(app, { why: question });
  const view = app.view();
  if (view === null) return;
  const explanation = explanationOf(view, app.index());
  app.store.set({ focus: 'diagram', ...(explanation === null ? {} : { event: explanation.event }) });
}

/** Explains the first thing that is wrong, the selected node's trouble before that of others; then the next, and so on. */
export function askNext(app: App, view: View): void {
  const questions = questionsOf(view);
  const { why } = view.ui.instrument;
  const now = why === null ? -1 : questions.findIndex((question) => sameQuestion(question, why));
  const own = questions.findIndex((question) => question.kind === 'blocked' && question.node === view.node.id);
  const next = now < 0 ? (own >= 0 && view.ui.focus === 'nodes' ? own : 0) : (now + 1) % questions.length;
  const question = questions[next];
  if (question !== undefined) ask(app, question);
}

export function setFilter(app: App, filter: Filter): void {
  setInstrument(app, { filter: isEmpty(filter) ? null : filter });
  const view = app.view();
  const shown = view === null ? null : shownEvents(view, app.index());
  const { event } = app.store.get();
  // what is selected is in sight: the nearest event before it, where it is not shown itself
  if (shown !== null && event !== null) app.store.set({ event: shown[placeOf(shown, event)] ?? null });
}

/** Scrolls the diagram's columns. */
export function scrollColumns(app: App, view: View, by: number): void {
  const geometry = geometryFor(view, view.ui.columns - 2);
  const most = geometry.nodes - geometry.count;
  setInstrument(app, { column: { from: Math.max(0, Math.min(most, geometry.from + by)), node: view.ui.node } });
}

export const fitsWholly = (view: View): boolean => {
  const geometry = geometryFor(view, view.ui.columns - 2);
  return geometry.count === geometry.nodes;
};

/** What a question is about, in one word, as the command line takes it. */
export const questionWord = (question: Question): string =>
  question.kind === 'blocked' ? question.node : shortName(question.name);

/** Lets go of one thing after the other: the explanation, the cut, the comparison, the selection, the filter. */
export function letGo(app: App, view: View): void {
  const { ui } = view;
  const { why, cut, mark, filter } = ui.instrument;
  if (why !== null) setInstrument(app, { why: null });
  else if (cut !== null) setInstrument(app, { cut: null });
  else if (mark !== null) setInstrument(app, { mark: null });
  else if (ui.event !== null) app.store.set({ event: null });
  else if (filter !== null) setInstrument(app, { filter: null });
  else app.say('there is nothing to let go of: nothing is selected, compared, cut or filtered');
}
