/** Moving about: which pane has the keys, and what is selected in it. */
import type { App } from './app.ts';
import { safe } from './format.ts';
import { follow, isInspecting, moveRow, nextPart, toggleWhole } from './inspector/acts.ts';
import { ask, moveEvent, selectEvent } from './instrument-acts.ts';
import { moveInList } from './node-list-acts.ts';
import { itemsOf } from './panes/property-list.ts';
import type { Pane } from './store.ts';
import type { View } from './view.ts';

const order: readonly Pane[] = ['nodes', 'queue', 'diagram', 'properties'];

export function focusNext(app: App, view: View, by: 1 | -1): void {
  if (isInspecting(view)) {
    nextPart(app, view, by);
    return;
  }
  const at = order.indexOf(app.store.get().focus);
  app.store.set({ focus: order[(at + by + order.length) % order.length] as Pane });
}

export function selectNode(app: App, view: View, index: number): void {
  if (index < view.world.nodes.length) app.store.set({ node: index, focus: 'nodes' });
  else
    app.say(
      `there is no node ${index + 1}: the last is ${view.world.nodes.length}, ${safe(view.world.ids.at(-1) ?? '')}`,
      'bad',
    );
}

const clamp = (wish: number, count: number): number => Math.max(0, Math.min(count - 1, wish));

export function moveSelection(app: App, view: View, by: number): void {
  const { ui, queue } = view;
  if (isInspecting(view)) moveRow(app, view, by);
  else if (ui.focus === 'nodes') moveInList(app, view, by);
  else if (ui.focus === 'queue') {
    const at = queue.findIndex((message) => message.id === view.message?.id);
    app.store.set({ message: queue[clamp(at + by, queue.length)]?.id ?? null });
  } else if (ui.focus === 'properties')
    app.store.set({ property: clamp(ui.property + by, itemsOf(view, app.index()).length) });
  else moveEvent(app, view, by);
}

export function openDetails(app: App, view: View): void {
  const { ui, message } = view;
  if (isInspecting(view)) follow(app, view);
  else if (ui.focus === 'nodes') app.store.set({ overlay: { kind: 'node', scroll: 0 } });
  else if (ui.focus === 'properties') openProperty(app, view);
  else if (ui.focus === 'diagram') openEvent(app, view, ui.event ?? view.trace.length - 1);
  else if (message !== null) openEvent(app, view, message.sentIndex);
  else app.say('nothing is on its way');
}

/** Where what is judged leads: to its explanation, or to the event at which it was settled. */
function openProperty(app: App, view: View): void {
  const item = itemsOf(view, app.index())[view.ui.property];
  if (item?.question !== undefined) ask(app, item.question);
  else if (item?.event !== undefined) selectEvent(app, view, item.event);
  else app.say('this has no place in the run yet: nothing to go to');
}

function openEvent(app: App, view: View, index: number): void {
  if (view.trace[index] === undefined) app.say('nothing has happened yet', 'bad');
  else app.store.set({ event: index, overlay: { kind: 'event', scroll: 0 } });
}

/** The pane alone, or all of them. */
export function toggleZoom(app: App, view: View): void {
  if (isInspecting(view)) toggleWhole(app, view);
  else app.store.set({ zoomed: !view.ui.zoomed });
}
