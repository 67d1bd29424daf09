/** What keys do in the inspector: the next part, another row, and where a row leads. */
import type { App } from '../app.ts';
import type { View } from '../view.ts';
import { keyOf, type Row } from './body.ts';
import { cursorName, cursorRow } from './cursor.ts';
import { bodyOf, type InspectorUi, type Part, partOf, partsOf } from './parts.ts';
import { headRows, placesOf, widthOf } from './place.ts';

export const isInspecting = ({ ui }: View): boolean => ui.overlay?.kind === 'node';

const set = (app: App, change: Partial<InspectorUi>): void =>
  app.store.set({ inspector: { ...app.store.get().inspector, ...change } });

export function inspect(app: App, part: Part): void {
  set(app, { part });
  app.store.set({ overlay: { kind: 'node', scroll: 0 } });
}

export function nextPart(app: App, view: View, by: 1 | -1): void {
  const parts = partsOf(view);
  set(app, { part: parts[(parts.indexOf(partOf(view)) + by + parts.length) % parts.length] as Part });
}

export const toggleWhole = (app: App, { ui }: View): void => set(app, { whole: !ui.inspector.whole });

function focused(view: View) {
  const part = partOf(view);
  const { columns, rows } = view.ui;
  const room = widthOf(placesOf(view, columns - 2, rows - 3 - headRows), part);
  const body = bodyOf(view, part, room);
  return { part, body, cursor: cursorRow(view, part, body) };
}

export function moveRow(app: App, view: View, by: number): void {
  const { part, body, cursor } = focused(view);
  const { rows, anchor } = body;
  const wish = Math.max(0, Math.min(rows.length - 1, cursor + by));
  const { [cursorName(view, part)]: _, ...others } = view.ui.inspector.cursors;
  // back where it stands by itself, it moves along with what happens
  const left = { row: wish, key: keyOf(rows[wish] as Row, wish) };
  set(app, { cursors: wish === anchor ? others : { ...others, [cursorName(view, part)]: left } });
}

/** Goes where the row leads: to the moment of an event, to the event that sent a message; or opens a value. */
export function follow(app: App, view: View): void {
  const { body, cursor } = focused(view);
  const target = body.rows[cursor]?.target;
  if (target === undefined) app.say('this row leads nowhere: events, messages and folded values do');
  else if (target.kind === 'fold') {
    const folds = new Set(view.ui.inspector.folds);
    if (!folds.delete(target.path)) folds.add(target.path);
    set(app, { folds });
  } else if (target.kind === 'event') {
    app.run(`goto ${target.index + 1}`);
    app.store.set({ event: target.index });
  } else {
    const sentIndex = view.world.pending.get(target.id)?.sentIndex ?? null;
    app.store.set({ overlay: null, focus: 'diagram', event: sentIndex });
  }
}
