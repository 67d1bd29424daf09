/** The parts of the inspector: what each is called, when it is there, and what is in it. */
import type { View } from '../view.ts';
import type { Body } from './body.ts';
import { chartBody } from './chart.ts';
import { comingBody } from './coming.ts';
import { liesBody, turnedAt } from './lies.ts';
import { changedInMemory, memoryBody } from './memory.ts';
import { ownEventsBody } from './own-events.ts';
import { storageBody } from './storage.ts';

export const partNames = ['states', 'memory', 'storage', 'coming', 'events', 'lies'] as const;
export type Part = (typeof partNames)[number];

/** What the screen remembers of the inspector; `cursors` by node and part, `folds` by path. */
export interface InspectorUi {
  readonly part: Part;
  /** one part alone, where there would be room for several */
  readonly whole: boolean;
  readonly cursors: Readonly<Record<string, { readonly row: number; readonly key: string }>>;
  readonly folds: ReadonlySet<string>;
}
export const idleInspector: InspectorUi = { part: 'states', whole: false, cursors: {}, folds: new Set() };

export const partsOf = (view: View): readonly Part[] =>
  partNames.filter((part) => part !== 'lies' || turnedAt(view.world, view.node.id) !== null);

/** The part that has the keys: one that is not there gives way to the first. */
export function partOf(view: View): Part {
  const { part } = view.ui.inspector;
  return partsOf(view).includes(part) ? part : 'states';
}

/** A word or two about what is in it, for its title. */
export function partTitle(view: View, part: Part): string {
  const { node, world } = view;
  switch (part) {
    case 'states':
      return 'states';
    case 'memory': {
      const changed = changedInMemory(node);
      return changed === 0 ? 'memory' : `memory ~${changed}`;
    }
    case 'storage':
      return node.crash === null ? 'storage' : 'storage and crash';
    case 'coming': {
      const inbox = [...world.pending.values()].reduce((count, { to }) => count + (to === node.id ? 1 : 0), 0);
      return `coming ${node.timers.length + inbox}`;
    }
    case 'events':
      return 'its events';
    case 'lies':
      return 'lies';
  }
}

export function bodyOf(view: View, part: Part, room: number): Body {
  const { folds } = view.ui.inspector;
  switch (part) {
    case 'states':
      return chartBody(view, room);
    case 'memory':
      return memoryBody(view, room, folds);
    case 'storage':
      return storageBody(view, room, folds);
    case 'coming':
      return comingBody(view, room);
    case 'events':
      return ownEventsBody(view, room);
    case 'lies':
      return liesBody(view, room);
  }
}
