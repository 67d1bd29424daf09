/** Sorting, filtering and showing nodes: keys and commands both end here. */
import type { App } from './app.ts';
import { counted } from './format.ts';
import { listed, type NodeList, type SortKey, sortKeys, wholeList } from './node-list.ts';
import type { View } from './view.ts';

/** Sets the list anew; the selected node is one of the listed if there are any. */
export function setList(app: App, view: View, change: Partial<NodeList>): void {
  const list = { ...view.ui.list, ...change };
  const nodes = listed(view.world, list);
  const stays = nodes.some(({ index }) => index === view.node.index);
  app.store.set({ list, focus: 'nodes', ...(stays || nodes[0] === undefined ? {} : { node: nodes[0].index }) });
  if (nodes.length === 0) app.say(`no node fits: ${list.filter}`, 'bad');
}

/** The same key once more turns the order round. */
export const sortBy = (app: App, view: View, sort: SortKey, reversed: boolean | null): void =>
  setList(app, view, { sort, reversed: reversed ?? (view.ui.list.sort === sort && !view.ui.list.reversed) });

export function sortByNext(app: App, view: View): void {
  const sort = sortKeys[(sortKeys.indexOf(view.ui.list.sort) + 1) % sortKeys.length] as SortKey;
  setList(app, view, { sort, reversed: false });
  app.say(`nodes by ${sort}`);
}

export const listAll = (app: App, view: View): void => setList(app, view, wholeList);

/** The node so many further on in the list. */
export function moveInList(app: App, view: View, by: number): void {
  const nodes = listed(view.world, view.ui.list);
  const at = nodes.findIndex(({ index }) => index === view.node.index);
  const node = nodes[Math.max(0, Math.min(nodes.length - 1, at < 0 ? 0 : at + by))];
  if (node !== undefined) app.store.set({ node: node.index });
}

/** Gives the selected node a column of its own in the diagram, or takes it away. */
export function toggleShown(app: App, view: View): void {
  const { index, id } = view.node;
  const shown = view.ui.shown ?? [];
  const next = shown.includes(index) ? shown.filter((each) => each !== index) : [...shown, index];
  show(app, next.length === 0 ? null : next);
  app.say(
    next.length === 0
      ? 'the diagram shows every node'
      : next.includes(index)
        ? `the diagram keeps ${id}: ${next.length} of ${view.world.nodes.length} shown, and the selected one`
        : `the diagram lets ${id} go`,
  );
}

export const show = (app: App, shown: readonly number[] | null): void =>
  app.store.set({ shown, instrument: { ...app.store.get().instrument, column: null } });

/** Between every node and those of the list, when it is filtered. */
export function toggleListed(app: App, view: View): void {
  const { shown, list } = view.ui;
  if (shown !== null || list.filter === '') {
    show(app, null);
    app.say('the diagram shows every node');
    return;
  }
  const nodes = listed(view.world, list);
  show(
    app,
    nodes.map(({ index }) => index),
  );
  app.say(`the diagram shows the ${counted(nodes.length, 'node')} listed`);
}
