/** Moving about: which pane has the keys, and what is selected in it. */
import type { App } from './app.ts';
import { safe } from './format.ts';
import type { Pane } from './store.ts';
import type { View } from './view.ts';

const order: readonly Pane[] = ['nodes', 'queue', 'diagram'];

export function focusNext(app: App, by: 1 | -1): void {
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
  const { ui, world, queue, trace } = view;
  if (ui.focus === 'nodes') {
    app.store.set({ node: clamp(ui.node + by, world.nodes.length) });
  } else if (ui.focus === 'queue') {
    const at = queue.findIndex((message) => message.id === view.message?.id);
    app.store.set({ message: queue[clamp(at + by, queue.length)]?.id ?? null });
  } else if (trace.length > 0) {
    const wish = (ui.event ?? trace.length) + by;
    // below the last event there is nothing to select: the diagram follows the run again
    app.store.set({ event: wish >= trace.length ? null : clamp(wish, trace.length) });
  }
}

export function openDetails(app: App, view: View): void {
  const { ui, message } = view;
  if (ui.focus === 'nodes') app.store.set({ overlay: { kind: 'node', scroll: 0 } });
  else if (ui.focus === 'diagram') openEvent(app, view, ui.event ?? view.trace.length - 1);
  else if (message !== null) openEvent(app, view, message.sentIndex);
}

function openEvent(app: App, view: View, index: number): void {
  if (view.trace[index] === undefined) app.say('nothing has happened yet', 'bad');
  else app.store.set({ event: index, overlay: { kind: 'event', scroll: 0 } });
}
