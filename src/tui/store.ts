/** What the screen itself remembers: focus, selection, prompts. One value, replaced as a whole; nothing of the run is in it. */

import type { App } from './app.ts';
import type { Option } from './commands/fault-verbs.ts';
import { type InspectorUi, idleInspector } from './inspector/parts.ts';
import { type Instrument, idleInstrument } from './instrument.ts';
import { type Keymap, usualKeymap } from './keymap.ts';
import { type NodeList, wholeList } from './node-list.ts';
import type { StopKind } from './travel.ts';

export type Pane = 'nodes' | 'queue' | 'diagram' | 'properties';
export type OverlayKind = 'help' | 'lesson' | 'node' | 'event';

/** A question that the keys answer until Enter or Escape. */
export type Prompt =
  | {
      readonly kind: 'line';
      readonly text: string;
      readonly cursor: number;
      readonly recall: number;
      readonly stem: string | null;
      readonly choice: number;
      /** while going through the history: what the lines must begin with */
      readonly sought?: string;
    }
  | {
      readonly kind: 'pick';
      readonly title: string;
      readonly options: readonly Option[];
      readonly index: number;
      /** several may be marked with space; null: one is picked */
      readonly marked: ReadonlySet<string> | null;
      readonly hint: string;
      done(app: App, picked: readonly string[]): void;
    }
  /** the sides of a partition: by node, its side's number */
  | { readonly kind: 'sides'; readonly sides: readonly number[]; readonly index: number };

export interface Toast {
  readonly text: string;
  readonly tone: 'good' | 'bad' | 'plain';
}

export interface Ui {
  readonly keymap: Keymap;
  /** clicks and the wheel are wanted from the terminal */
  readonly mouse: boolean;
  readonly screen: 'picker' | 'opening' | 'stage';
  readonly columns: number;
  readonly rows: number;
  readonly focus: Pane;
  readonly zoomed: boolean;
  readonly node: number;
  /** which nodes are listed, and in what order */
  readonly list: NodeList;
  /** the nodes that have a column in the diagram beside the selected one, by index; null: all */
  readonly shown: readonly number[] | null;
  /** the selected line of the properties */
  readonly property: number;
  /** the selected message; null: the first of the queue */
  readonly message: number | null;
  /** the selected event; null: none, the diagram follows the run */
  readonly event: number | null;
  /** what is asked of the diagram */
  readonly instrument: Instrument;
  /** how many events are shown while viewing the past; null: the present */
  readonly past: number | null;
  /** what `[` and `]` go by */
  readonly stops: StopKind;
  readonly overlay: { readonly kind: OverlayKind; readonly scroll: number } | null;
  readonly inspector: InspectorUi;
  /** what can still be decided is shown */
  readonly valence: boolean;
  readonly prompt: Prompt | null;
  readonly toast: Toast | null;
  readonly history: readonly string[];
  readonly picker: { readonly list: 'presets' | 'runs'; readonly index: number; readonly query: string };
}

export const initialUi = (screen: Ui['screen'], columns: number, rows: number, keymap: Keymap = usualKeymap): Ui => ({
  keymap,
  mouse: false,
  screen,
  columns,
  rows,
  focus: 'nodes',
  zoomed: false,
  node: 0,
  list: wholeList,
  shown: null,
  property: 0,
  message: null,
  event: null,
  instrument: idleInstrument,
  past: null,
  stops: 'any',
  overlay: null,
  inspector: idleInspector,
  valence: false,
  prompt: null,
  toast: null,
  history: [],
  picker: { list: 'presets', index: 0, query: '' },
});

export interface Store {
  get(): Ui;
  set(change: Partial<Ui>): void;
  subscribe(listener: () => void): () => void;
}

export function createStore(initial: Ui): Store {
  let ui = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => ui,
    set(change) {
      ui = { ...ui, ...change };
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
