/** What the diagram is asked for as an instrument: which events are compared, which cut is drawn, what is explained and shown. */
import type { Cut } from '../core/cuts.ts';
import type { Filter } from './diagram/filter.ts';

/** What `why` explains: a property that is violated, or a node that is blocked. */
export type Question =
  | { readonly kind: 'property'; readonly name: string }
  | { readonly kind: 'blocked'; readonly node: string };

export interface Instrument {
  /** the event that the selected one is compared with */
  readonly mark: number | null;
  readonly cut: Cut | null;
  readonly why: Question | null;
  /** null: every event is shown */
  readonly filter: Filter | null;
  /** the first node of the diagram's window, as long as the same node is selected; null: around the selected node */
  readonly column: { readonly from: number; readonly node: number } | null;
}

export const idleInstrument: Instrument = { mark: null, cut: null, why: null, filter: null, column: null };
